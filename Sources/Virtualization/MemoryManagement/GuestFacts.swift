internal import Statistics

/// What one class of guests asks of memory, in pages and objects, worked out once.
package struct GuestFacts: BitwiseCopyable, Sendable {
  package var baseProcesses: Int
  package var spareWorkers: Int
  package var baseAnonymousPages: Double
  package var workerAnonymousPages: Double
  package var activeShare: Double
  package var kernelBytesPerProcess: Double
  package var bytesPerConnection: Double
  package var textPages: Int
  /// Memory of the virtual machine, or limit of the control group, in pages; `Int.max` for none.
  package var memoryPages: Int
  /// Pages of swap space that the guest has on its own disk.
  package var guestSwapPages: Int
  /// Pages of the guest's file set.
  package var filePages: Int
  /// The share of those that is alike in all guests of the class.
  package var commonShare: Double
  /// Reads of files per second and guest; only ratios between classes matter.
  package var readRate: Double
  /// Files that one request reads.
  package var fileReadsPerRequest: Double
  /// Pages of a file.
  package var pagesPerFile: Double
  /// Pages of all that the guest has on its disk.
  package var diskPages: Int
  /// Whether the host caches what the guest reads from its disk.
  package var isCachedByHost = false
  /// Anonymous pages that one request touches.
  package var pagesPerRequest: Double
  /// Sockets of one connection.
  package var socketsPerConnection: Int
  /// What starting a worker charges.
  package var workerDemand: BeancounterDemand
  /// What opening a connection charges where the barrier holds.
  package var connectionDemand: BeancounterDemand
  /// What opening a connection charges where only the limit holds.
  package var connectionBuffers: BeancounterDemand

  /// The facts of a class, after checking its numbers.
  ///
  /// - Parameter requestRate: requests per second of one guest; nil for as many as it would make if
  ///   its users waited for nothing but their own computation.
  package init(
    _ guest: GuestClass, assumptions: MemoryAssumptions, requestRate: Double? = nil
  ) throws(MemoryError) {
    let demand = guest.workload.processes
    let page = Double(MemoryLedger.pageBytes)
    for (name, quantity) in [
      ("base processes", demand.baseProcesses), ("base anonymous bytes", demand.baseAnonymousBytes),
      ("worker anonymous bytes", demand.workerAnonymousBytes),
      ("spare workers", demand.spareWorkers), ("active share", demand.activeShare),
      ("text bytes", demand.textBytes), ("kernel bytes per process", demand.kernelBytesPerProcess),
      ("sockets per worker", demand.socketsPerWorker),
    ] {
      guard quantity.value >= 0, quantity.value <= 1e15 else {
        throw MemoryError(
          .invalidValue, "\(name) is \(quantity.value); give a number of 0 or more", at: guest.id)
      }
    }
    guard demand.activeShare.value <= 1 else {
      throw MemoryError(
        .invalidValue, "active share is \(demand.activeShare.value); give at most 1", at: guest.id)
    }
    guard guest.limits.memoryBytes > 0 else {
      throw MemoryError(
        .invalidValue, "memory is \(guest.limits.memoryBytes) bytes; give a positive size",
        at: guest.id)
    }

    func pages(_ bytes: Double) -> Int { GuestFrames.pages(bytes / page) }
    baseProcesses = Int(clamping: demand.baseProcesses.value.rounded())
    spareWorkers = Int(clamping: demand.spareWorkers.value.rounded())
    baseAnonymousPages = demand.baseAnonymousBytes.value / page
    workerAnonymousPages = demand.workerAnonymousBytes.value / page
    activeShare = demand.activeShare.value
    kernelBytesPerProcess = demand.kernelBytesPerProcess.value
    textPages = pages(demand.textBytes.value)
    memoryPages =
      guest.limits.memoryBytes < 1e15 ? Int(clamping: guest.limits.memoryBytes / page) : Int.max
    guestSwapPages =
      memoryPages == Int.max ? 0 : Int(clamping: Double(memoryPages) * assumptions.guestSwap.value)
    filePages = 0
    commonShare = 0
    readRate = 0
    fileReadsPerRequest = 0
    pagesPerFile = 0
    diskPages = pages(max(0, demand.imageBytes.value) + max(0, demand.dataBytes.value))
    if let files = guest.workload.files {
      filePages = pages(files.count.value.rounded() * files.meanBytes.value)
      commonShare = files.commonShare.value
      let reads = guest.workload.fileReadsPerRequest
      let rate =
        (reads > 0 ? reads : 1) * (requestRate ?? guest.workload.undisturbedRequestRate)
      readRate = rate > 0 && rate.isFinite ? rate : 1
      fileReadsPerRequest = guest.workload.fileReadsPerRequest
      pagesPerFile = files.meanBytes.value / page
    }
    pagesPerRequest = workerAnonymousPages * activeShare

    socketsPerConnection = max(1, Int(clamping: demand.socketsPerWorker.value.rounded()))
    let sockets = Double(socketsPerConnection)
    let buffers = assumptions.socketBufferBytes.value
    bytesPerConnection = sockets * (assumptions.socketBytes.value + 2 * buffers)

    workerDemand = BeancounterDemand()
    workerDemand[.numproc] = 1
    workerDemand[.kmemsize] = Int(clamping: kernelBytesPerProcess.rounded(.up))
    workerDemand[.privvmpages] = Int(
      clamping: (workerAnonymousPages * assumptions.allocatedPerTouched.value).rounded(.up))
    let files = assumptions.filesPerProcess.value
    workerDemand[.numfile] = Int(clamping: files.rounded(.up))
    workerDemand[.dcachesize] = Int(
      clamping: (files * assumptions.directoryCacheBytesPerFile.value).rounded(.up))
    connectionDemand = BeancounterDemand()
    connectionDemand[.numtcpsock] = socketsPerConnection
    connectionDemand[.kmemsize] = Int(
      clamping: (sockets * assumptions.socketBytes.value).rounded(.up))
    connectionDemand[.numfile] = socketsPerConnection
    connectionBuffers = BeancounterDemand()
    connectionBuffers[.tcpsndbuf] = Int(clamping: (sockets * buffers).rounded(.up))
    connectionBuffers[.tcprcvbuf] = connectionBuffers[.tcpsndbuf]
  }

  /// What a guest without load charges.
  func baseDemand(_ assumptions: MemoryAssumptions) -> BeancounterDemand {
    let processes = baseProcesses + spareWorkers
    var demand = BeancounterDemand()
    demand[.numproc] = processes
    for resource in [BeancounterResource.kmemsize, .numfile, .dcachesize] {
      demand[resource] = processes * workerDemand[resource]
    }
    demand[.privvmpages] =
      Int(clamping: (baseAnonymousPages * assumptions.allocatedPerTouched.value).rounded(.up))
      + spareWorkers * workerDemand[.privvmpages]
    return demand
  }
}

extension Workload {
  /// Files that one request reads.
  var fileReadsPerRequest: Double {
    var reads = 0.0
    for entry in operations where entry.operation == .fileRead { reads += entry.count.value }
    return reads
  }
}

/// What changes about one guest's memory while it runs.
package struct GuestState: BitwiseCopyable, Sendable {
  /// The class of the guest.
  package var classIndex: Int32
  /// Workers that serve a request.
  package var busyWorkers: Int32 = 0
  /// Connections open.
  package var connections: Int32 = 0
  /// Pages written to whose contents are not on the disk yet.
  package var dirtyPages = 0
  /// The most pages that the guest ever used, where the host supplies them on first touch.
  package var touchedPages = 0

  /// A guest without load.
  package init(classIndex: Int32) { self.classIndex = classIndex }
}

/// The frames that guests hold, by use: of one guest, or summed over guests.
package struct GuestFrames: BitwiseCopyable, Sendable, Hashable {
  /// Objects of the host's kernel and of the guest's own.
  package var kernelObjects = 0
  /// Those of them that are in the guest's own memory.
  package var guestObjects = 0
  package var guestKernel = 0
  package var monitor = 0
  package var text = 0
  package var active = 0
  package var idle = 0
  /// The guest's own page cache, dirty pages included.
  package var cache = 0
  /// Cached pages that are not on the disk yet: the guest's own kernel's, or those on its account.
  package var dirty = 0
  package var unused = 0
  /// Anonymous pages swapped out inside the guest or its control group.
  package var swappedActive = 0
  package var swappedIdle = 0
  /// Pages swapped out inside the guest or its control group.
  package var swapped: Int { swappedActive + swappedIdle }
  /// The most that files on the guest's account may take of a cache shared by all; `ceilingCap` for
  /// no limit.
  package var cacheCeiling = 0

  /// Whole frames for a number of pages, up; never more than can be added up over all guests.
  static func pages(_ count: Double) -> Int {
    Int(clamping: min(count.rounded(.up), 0x1p38))
  }

  /// What stands for "no limit" of `cacheCeiling`: large, but safe to add up.
  package static let ceilingCap = 1 << 40

  /// No frames.
  package init() {}

  package static func += (a: inout GuestFrames, b: GuestFrames) { a.add(b, 1) }
  package static func -= (a: inout GuestFrames, b: GuestFrames) { a.add(b, -1) }

  /// Adds another's frames a number of times.
  package mutating func add(_ other: GuestFrames, _ times: Int) {
    kernelObjects += times * other.kernelObjects
    guestObjects += times * other.guestObjects
    guestKernel += times * other.guestKernel
    monitor += times * other.monitor
    text += times * other.text
    active += times * other.active
    idle += times * other.idle
    cache += times * other.cache
    dirty += times * other.dirty
    unused += times * other.unused
    swappedActive += times * other.swappedActive
    swappedIdle += times * other.swappedIdle
    cacheCeiling += times * other.cacheCeiling
  }
}
