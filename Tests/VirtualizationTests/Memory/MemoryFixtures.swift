import Statistics
import Virtualization

/// A quantity for tests.
func plain(_ value: Double, _ unit: Unit = .bytes) -> Quantity {
  Quantity(value, unit, status: .assumed, source: "test")
}

let mebibyte = 1_048_576.0

/// Hosts, approaches and guests with round numbers, whose arithmetic can be done by hand.
enum MemoryFixtures {
  static let assumptions = MemoryAssumptions(
    cacheFloor: plain(0.01, .share),
    swapCluster: plain(8, .count),
    rewrittenShare: plain(0.7, .share),
    guestSwap: plain(1, .share),
    dirtyExpiry: plain(30, .seconds), flusherPeriod: plain(5, .seconds),
    dirtyBackground: plain(0.1, .share), dirtyLimit: plain(0.4, .share),
    flushedPages: plain(1024, .count),
    allocatedPerTouched: plain(1.5, .count),
    socketBytes: plain(2048, .bytes),
    socketBufferBytes: plain(2560, .bytes),
    filesPerProcess: plain(16, .count),
    directoryCacheBytesPerFile: plain(384, .bytes))

  static func host(
    memory: Double = 1024 * mebibyte, swap: Double = 512 * mebibyte, base: Double = 0,
    disk: Double = 1e12, lowMemory: Double? = nil, processCeiling: Double? = nil,
    sockets: (bytes: Double, buffers: Double) = (2048, 2560)
  ) -> HostProfile {
    var assumptions = assumptions
    assumptions.socketBytes = plain(sockets.bytes)
    assumptions.socketBufferBytes = plain(sockets.buffers)
    return HostProfile(
      id: "host", title: "host", year: 2006,
      processors: Processors(
        cores: plain(1, .count), speed: plain(1, .count), cacheBytes: plain(1e6)),
      memory: HostMemory(
        bytes: plain(memory), swapBytes: plain(swap), baseBytes: plain(base),
        lowMemoryBytes: lowMemory.map { plain($0) }),
      disk: DiskProfile(
        kind: .rotational, capacityBytes: plain(disk), channels: plain(1, .count),
        positioningTime: plain(0.005, .seconds), positioningVariation: plain(0.5, .count),
        transferRate: plain(5e7, .bytesPerSecond)),
      network: NetworkProfile(rate: plain(1.25e8, .bytesPerSecond), segmentBytes: plain(1448)),
      kernel: HostKernel(
        scheduler: .o1, tickRate: plain(1000, .hertz), isTickless: false,
        wordBits: lowMemory == nil ? 64 : 32,
        processCeiling: processCeiling.map { plain($0, .count) },
        parameters: [.slice: plain(0.1, .seconds)], memory: assumptions),
      primitives: [])
  }

  static func approach(
    _ id: String, _ kind: MemoryPolicy.Kind, cache: MemoryPolicy.PageCache = .shared,
    sharesFiles: Bool = true, guestKernel: Double = 0, monitor: Double = 0, overhead: Double = 0,
    perProcess: Double = 0, processesPerGuest: Double = 0, processesPerProcess: Double = 1,
    image: StoragePolicy.Image = .fullCopy, privateShare: Double = 0
  ) -> ApproachProfile {
    let guestKernels = kind == .reservation || kind == .touchOnDemand
    return ApproachProfile(
      id: id, title: id, firstYear: 2000, lastYear: nil, paths: [],
      kernelSlowdown: plain(1, .count), userSlowdown: plain(1, .count),
      topology: Topology(
        kernelPerGuest: guestKernels, guestProcessors: nil, deviceService: .inKernel,
        driverDomainProcessors: nil),
      scheduling: SchedulingPolicy(algorithm: .host, parameters: [:]),
      memory: MemoryPolicy(
        kind: kind, pageCache: cache, sharesIdenticalFiles: sharesFiles,
        guestKernelBytes: plain(guestKernel), monitorBytes: plain(monitor),
        hostOverheadBytes: plain(overhead), perProcessBytes: plain(perProcess),
        hostProcessesPerGuest: plain(processesPerGuest, .count),
        hostProcessesPerProcess: plain(processesPerProcess, .count)),
      storage: StoragePolicy(image: image, privateShare: plain(privateShare, .share)), notes: [])
  }

  static func guest(
    _ id: String = "web", count: Int = 1, memory: Double = 64 * mebibyte,
    base: Double = 4 * mebibyte,
    worker: Double = mebibyte, spare: Double = 0, baseProcesses: Double = 8,
    active: Double = 0.5, text: Double = 0, kernelPerProcess: Double = 16384,
    files: Double? = 1000, fileBytes: Double = 16384, zipf: Double = 0.8, common: Double = 0.5,
    image: Double = 500 * mebibyte, data: Double = 0, preset: BeancounterPreset = .unlimited
  ) throws -> GuestClass {
    let constant = try Distribution.deterministic(value: 0.001)
    return GuestClass(
      id: id,
      workload: Workload(
        id: id, title: id, arrival: .poisson(rate: plain(10, .hertz)), operations: [],
        userComputation: constant, responseBytes: constant,
        files: files.map {
          FileSet(
            count: plain($0, .count), meanBytes: plain(fileBytes),
            zipfExponent: plain(zipf, .count), commonShare: plain(common, .share))
        },
        processes: ProcessDemand(
          baseProcesses: plain(baseProcesses, .count), baseAnonymousBytes: plain(base),
          workerAnonymousBytes: plain(worker), spareWorkers: plain(spare, .count),
          activeShare: plain(active, .share), textBytes: plain(text),
          kernelBytesPerProcess: plain(kernelPerProcess), socketsPerWorker: plain(1, .count),
          imageBytes: plain(image), dataBytes: plain(data)),
        workingSetBytes: plain(1e5), background: nil, workers: plain(50, .count),
        backlog: plain(100, .count), source: "test"),
      count: count,
      limits: GuestLimits(
        weight: 1, processorLimit: nil, memoryBytes: memory, processors: 1, beancounters: preset))
  }

  static func simulation(
    _ approach: ApproachProfile, host: HostProfile = host(), _ guest: GuestClass, guests: Int
  ) throws -> MemorySimulation {
    try MemorySimulation(
      host: host, approach: approach, classes: [guest],
      assignment: Array(repeating: 0, count: guests))
  }

  /// Guests that count with their memory, or half or a quarter of it; 96 MiB for the host.
  static func admission(_ rule: AdmissionPolicy.Rule) -> AdmissionPolicy {
    AdmissionPolicy(
      rule: rule, keptForHostBytes: plain(96 * mebibyte),
      swapSomeShare: plain(0.5, .share), swapMostShare: plain(0.75, .share))
  }

  /// A hosted monitor that admits guests by reserved memory, which they fill in the long run.
  private static let hosted: ApproachProfile = {
    var hosted = approach(
      "hosted", .touchOnDemand, cache: .double, guestKernel: 8 * mebibyte, monitor: mebibyte,
      processesPerGuest: 2, processesPerProcess: 0)
    hosted.memory.touchedShare = plain(1, .share)
    hosted.memory.admission = admission(.swapMost)
    return hosted
  }()

  /// One approach of every memory policy and cache.
  static let everyPolicy: [ApproachProfile] = [
    approach("native", .pool), approach("ve", .beancounters),
    approach("ve-copies", .beancounters, sharesFiles: false),
    approach("group", .controlGroup),
    approach(
      "xen", .reservation, cache: .perGuest, guestKernel: 6 * mebibyte, monitor: 20480,
      overhead: 64 * mebibyte, processesPerProcess: 0),
    approach(
      "uml", .touchOnDemand, cache: .double, guestKernel: 8 * mebibyte, monitor: mebibyte,
      perProcess: 8192, processesPerGuest: 4, image: .copyOnWrite, privateShare: 0.1),
    approach(
      "uml-direct", .touchOnDemand, cache: .perGuest, guestKernel: 8 * mebibyte,
      processesPerGuest: 4, processesPerProcess: 0),
    hosted,
  ]
}

extension MemoryLedger {
  /// Whether every frame is of exactly one kind and swap is within its size.
  var isBalanced: Bool {
    var sum = 0
    for kind in FrameKind.allCases {
      if self[kind] < 0 { return false }
      sum += self[kind]
    }
    return sum == total && (0...swapTotal).contains(swapUsed)
  }
}
