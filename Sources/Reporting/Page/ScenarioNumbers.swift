import Statistics
import Virtualization

/// Every number that a scenario rests on, with status and source, in a fixed order.
struct ScenarioNumbers {
  /// A number and whose it is.
  struct Entry {
    var owner: String
    var name: String
    var value: String
    var range: String
    var status: Status
    var source: String
  }

  private(set) var entries: [Entry] = []

  init(_ scenario: Scenario) {
    add(scenario.host)
    var workloads: [String] = []
    for guests in scenario.guests where !workloads.contains(guests.workload.id) {
      workloads.append(guests.workload.id)
      add(guests.workload)
    }
    for approach in scenario.approaches { add(approach) }
  }

  /// The owners in the order of their first numbers.
  var owners: [String] {
    var owners: [String] = []
    for entry in entries where owners.last != entry.owner { owners.append(entry.owner) }
    return owners
  }

  private mutating func add(_ owner: String, _ name: String, _ quantity: Quantity?) {
    guard let quantity else { return }
    let ends = [quantity.low, quantity.high].map { Self.text($0, quantity.unit) }
    entries.append(
      Entry(
        owner: owner, name: name, value: Self.text(quantity.value, quantity.unit),
        range: quantity.low == quantity.high ? "" : ends.joined(separator: " to "),
        status: quantity.status, source: quantity.source))
  }

  /// The mean of a distribution with what is said of its scale.
  private mutating func add(
    _ owner: String, _ name: String, _ law: Distribution, _ unit: Unit, _ scale: Quantity
  ) {
    var mean = scale.scaled(by: law.mean)
    mean.unit = unit
    add(owner, name, mean)
  }

  private static func text(_ value: Double, _ unit: Unit) -> String {
    switch unit {
    case .seconds: NumberText.duration(value)
    case .secondsPerByte: NumberText.duration(value) + " per byte"
    case .bytes: NumberText.bytes(value)
    case .bytesPerSecond: NumberText.bytes(value) + "/s"
    case .hertz: NumberText.trimmed(value) + " Hz"
    case .count: NumberText.trimmed(value)
    case .share: NumberText.percent(value)
    }
  }

  private mutating func add(_ host: HostProfile) {
    let owner = "host \(host.id)"
    add(owner, "cores", host.processors.cores)
    add(owner, "speed relative to the reference", host.processors.speed)
    add(owner, "cache of a core", host.processors.cacheBytes)
    add(owner, "ways of that cache", host.processors.cacheWays)
    add(owner, "memory", host.memory.bytes)
    add(owner, "swap space", host.memory.swapBytes)
    add(owner, "memory of the host's own software", host.memory.baseBytes)
    add(owner, "low memory", host.memory.lowMemoryBytes)
    add(owner, "disk space for images", host.disk.capacityBytes)
    add(owner, "disk channels", host.disk.channels)
    add(owner, "disk positioning time", host.disk.positioningTime)
    add(owner, "variation of the positioning time", host.disk.positioningVariation)
    add(owner, "disk transfer rate", host.disk.transferRate)
    add(owner, "link rate", host.network.rate)
    add(owner, "bytes of a full packet", host.network.segmentBytes)
    add(owner, "timer ticks", host.kernel.tickRate)
    add(owner, "process ceiling", host.kernel.processCeiling)
    for parameter in SchedulingPolicy.Parameter.allCases {
      add(owner, "kernel scheduler: \(parameter.rawValue)", host.kernel.parameters[parameter])
    }
    add(owner, "least share of the page cache", host.kernel.memory.cacheFloor)
    add(owner, "pages of one swap request", host.kernel.memory.swapCluster)
    add(owner, "swapped pages written to again", host.kernel.memory.rewrittenShare)
    add(owner, "swap space of a guest kernel", host.kernel.memory.guestSwap)
    add(owner, "pages allocated per page touched", host.kernel.memory.allocatedPerTouched)
    add(owner, "kernel memory of a socket", host.kernel.memory.socketBytes)
    add(owner, "socket buffer in each direction", host.kernel.memory.socketBufferBytes)
    add(owner, "open files of a process", host.kernel.memory.filesPerProcess)
    add(
      owner, "directory cache of an open file", host.kernel.memory.directoryCacheBytesPerFile)
    for primitive in host.primitives {
      let service = primitive.service.map { " of \($0.title)" } ?? ""
      let approach = primitive.approach.map { " under \($0)" } ?? ""
      add(owner, "price: \(primitive.mechanism.title)\(service)\(approach)", primitive.price)
    }
  }

  private mutating func add(_ workload: Workload) {
    let owner = "workload \(workload.id)"
    let scales = workload.scales
    switch workload.arrival {
    case .poisson(let rate): add(owner, "requests per second and guest", rate)
    case .bursty(let rate, let peakToMean, let burstSeconds, let shareInBursts):
      add(owner, "requests per second and guest", rate)
      add(owner, "peak to mean", peakToMean)
      add(owner, "length of a burst", burstSeconds)
      add(owner, "share of requests in bursts", shareInBursts)
    case .closed(let users, let thinkTime):
      add(owner, "users", users)
      add(owner, "mean think time", thinkTime, .seconds, scales.thinkTime)
    }
    add(
      owner, "mean user computation of a request, at the reference speed",
      workload.userComputation, .seconds, scales.userComputation)
    add(owner, "mean size of a response", workload.responseBytes, .bytes, scales.response)
    for count in workload.operations {
      add(owner, "\(count.operation.title) per request", count.count)
    }
    if let files = workload.files {
      add(owner, "files", files.count)
      add(owner, "mean file size", files.meanBytes)
      add(owner, "Zipf exponent of the files", files.zipfExponent)
      add(owner, "files alike in all guests", files.commonShare)
    }
    let processes = workload.processes
    add(owner, "processes without load", processes.baseProcesses)
    add(owner, "anonymous memory without load", processes.baseAnonymousBytes)
    add(owner, "anonymous memory of a worker", processes.workerAnonymousBytes)
    add(owner, "spare workers", processes.spareWorkers)
    add(owner, "anonymous memory touched in a minute", processes.activeShare)
    add(owner, "program text", processes.textBytes)
    add(owner, "kernel memory of a process", processes.kernelBytesPerProcess)
    add(owner, "sockets of a worker", processes.socketsPerWorker)
    add(owner, "system image", processes.imageBytes)
    add(owner, "private data on disk", processes.dataBytes)
    add(owner, "working set", workload.workingSetBytes)
    if let background = workload.background {
      add(owner, "period of background work", background.period)
      add(owner, "user time of a round of background work", background.userSeconds)
      for count in background.operations {
        add(owner, "\(count.operation.title) per round of background work", count.count)
      }
    }
    add(owner, "workers", workload.workers)
    add(owner, "requests that may wait", workload.backlog)
  }

  private mutating func add(_ approach: ApproachProfile) {
    let owner = "approach \(approach.id)"
    add(owner, "kernel slowdown", approach.kernelSlowdown)
    add(owner, "user slowdown", approach.userSlowdown)
    add(owner, "cores of one guest", approach.topology.guestProcessors)
    add(owner, "processors of the driver domain", approach.topology.driverDomainProcessors)
    add(
      owner, "working set of a driver domain or thread", approach.topology.backendWorkingSetBytes)
    add(owner, "timer ticks of a guest kernel", approach.guestKernel.tickRate)
    for parameter in SchedulingPolicy.Parameter.allCases {
      add(owner, "scheduler: \(parameter.rawValue)", approach.scheduling.parameters[parameter])
    }
    add(owner, "memory of a guest kernel", approach.memory.guestKernelBytes)
    add(owner, "memory of a monitor", approach.memory.monitorBytes)
    add(owner, "memory of hypervisor and driver domain", approach.memory.hostOverheadBytes)
    add(owner, "host memory of a process", approach.memory.perProcessBytes)
    add(owner, "host processes of a guest", approach.memory.hostProcessesPerGuest)
    add(owner, "host processes of a process", approach.memory.hostProcessesPerProcess)
    add(owner, "private part of a shared image", approach.storage.privateShare)
    for path in approach.paths {
      for hop in path.hops { add(hop, of: path.operation, owner: owner) }
    }
  }

  private mutating func add(_ hop: Hop, of operation: Operation, owner: String) {
    var count = NumberText.trimmed(hop.count.constant)
    for attribute in Attribute.allCases where hop.count.slope[attribute] != 0 {
      count += " + \(NumberText.trimmed(hop.count.slope[attribute])) x \(attribute.name)"
    }
    let ends = [hop.countRange.lowerBound, hop.countRange.upperBound]
    entries.append(
      Entry(
        owner: owner, name: "path of \(operation.title): \(hop.mechanism.title)", value: count,
        range: ends[0] == ends[1]
          ? "" : ends.map { NumberText.trimmed($0) }.joined(separator: " to ") + " times",
        status: hop.status, source: hop.source))
  }
}
