/// The rules by which a host's memory is divided.
///
/// They say what a guest in a given state holds, and what is left for caches and swap: pure
/// functions of counts, shared by runs and by capacity arithmetic.
///
/// Simplifications: caches are as large as space allows at once (the time to fill them is not
/// modeled), pages come back from swap at once when space returns, and reclaim takes idle pages of
/// all guests in the same proportion, as one list in order of use would.
package struct MemoryModel: Sendable {
  package let kind: MemoryPolicy.Kind
  package let pageCache: MemoryPolicy.PageCache
  /// Whether guests have kernels, caches and swap of their own.
  package let hasGuestKernels: Bool
  /// Whether one copy of common files serves all guests, in the cache that they share.
  package let sharesFiles: Bool
  package let totalPages: Int
  package let swapPages: Int
  package let basePages: Int
  package let hypervisorPages: Int
  package let guestKernelPages: Int
  package let monitorPages: Int
  /// Whether the host may swap them.
  let monitorSwaps: Bool
  package let facts: [GuestFacts]
  /// Pages of files that one guest of each class can have on its account: its own, and an equal
  /// part of those that it shares with the others of its class.
  private let chargeablePages: [Int]
  private let perProcessBytes: Double
  private let hostProcessesPerGuest: Double
  private let hostProcessesPerProcess: Double
  private let floorShare: Double
  private let touchedShare: Double
  let admission: AdmissionPolicy?
  /// Pages that one read from swap brings in, and one write to it takes out.
  package let swapCluster: Double
  /// Writes to swap for each read from it, once every page has been there.
  package let writesPerRead: Double

  /// The rules of an approach on a host for classes of guests.
  ///
  /// - Parameter counts: guests of each class, which decide how far balloons are blown up; nil for
  ///   as far as they go.
  /// - Parameter requestRates: requests per second of one guest of each class; nil as for
  ///   ``GuestFacts``.
  package init(
    host: HostProfile, approach: ApproachProfile, classes: [GuestClass],
    counts: [Int]? = nil, requestRates: [Double]? = nil
  ) throws(MemoryError) {
    let policy = approach.memory
    let assumptions = host.kernel.memory
    let page = Double(MemoryLedger.pageBytes)
    hasGuestKernels = policy.kind == .reservation || policy.kind == .touchOnDemand
    let guestKernel =
      hasGuestKernels
      ? assumptions.guestKernelBytes ?? policy.guestKernelBytes : policy.guestKernelBytes
    for (name, quantity) in [
      ("memory", host.memory.bytes), ("swap", host.memory.swapBytes),
      ("base", host.memory.baseBytes), ("hypervisor", policy.hostOverheadBytes),
      ("guest kernel", guestKernel), ("monitor", policy.monitorBytes),
      ("per process", policy.perProcessBytes),
    ] {
      guard quantity.value >= 0, quantity.value <= 1e15 else {
        throw MemoryError(
          .invalidValue, "\(name) is \(quantity.value) bytes; give a number of 0 or more",
          at: approach.id)
      }
    }
    kind = policy.kind
    pageCache = policy.pageCache
    sharesFiles =
      policy.pageCache == .double
      ? approach.storage.image != .fullCopy : policy.sharesIdenticalFiles
    totalPages = Int(clamping: host.memory.bytes.value / page)
    swapPages = Int(clamping: host.memory.swapBytes.value / page)
    // Above a hypervisor, the kernel and daemons of a driver domain are the approach's
    // `host-overhead`, and there are no others.
    let hasDriverDomain =
      policy.kind == .reservation && approach.topology.deviceService == .driverDomain
    basePages = hasDriverDomain ? 0 : GuestFrames.pages(host.memory.baseBytes.value / page)
    hypervisorPages = GuestFrames.pages(policy.hostOverheadBytes.value / page)
    guestKernelPages = GuestFrames.pages(guestKernel.value / page)
    monitorPages = GuestFrames.pages(policy.monitorBytes.value / page)
    monitorSwaps = policy.monitorSwaps
    perProcessBytes = policy.perProcessBytes.value
    hostProcessesPerGuest = policy.hostProcessesPerGuest.value
    hostProcessesPerProcess = policy.hostProcessesPerProcess.value
    touchedShare = policy.touchedShare?.value ?? 0
    admission = policy.admission
    floorShare = assumptions.cacheFloor.value
    swapCluster = max(1, assumptions.swapCluster.value)
    writesPerRead = min(1, max(0, assumptions.rewrittenShare.value))
    var facts: [GuestFacts] = []
    for (index, guest) in classes.enumerated() {
      facts.append(
        try GuestFacts(guest, assumptions: assumptions, requestRate: requestRates?[index]))
    }
    for index in facts.indices {
      facts[index].isCachedByHost =
        policy.pageCache == .double
        && !(classes[index].limits.directIO ?? approach.storage.directIO)
    }
    if policy.kind == .reservation, let floor = policy.balloonFloor?.value {
      let share = Self.balloonShare(
        facts, counts: counts, monitor: monitorPages,
        available: totalPages - basePages - hypervisorPages)
      for index in facts.indices where facts[index].memoryPages < Int.max {
        let whole = Double(facts[index].memoryPages)
        facts[index].memoryPages = Int(clamping: (whole * max(floor, share)).rounded(.down))
      }
    }
    self.facts = facts
    let shares = sharesFiles
    chargeablePages = facts.indices.map { index in
      let common = shares ? facts[index].commonShare : 0
      let guests = Double(max(1, counts?[index] ?? 1))
      return GuestFrames.pages(Double(facts[index].filePages) * (1 - common + common / guests))
    }
  }

  /// The share of their memory that guests can all have; 0 where it is not known how many they are.
  private static func balloonShare(
    _ facts: [GuestFacts], counts: [Int]?, monitor: Int, available: Int
  ) -> Double {
    guard let counts else { return 0 }
    var wanted = 0.0
    var monitors = 0.0
    for index in facts.indices {
      wanted += Double(facts[index].memoryPages) * Double(counts[index])
      monitors += Double(monitor) * Double(counts[index])
    }
    return wanted > 0 ? max(0, min(1, (Double(available) - monitors) / wanted)) : 1
  }

  /// Workers that exist: those that serve a request, or the spare ones if they are more.
  func workers(_ state: GuestState, _ facts: GuestFacts) -> Int {
    max(facts.spareWorkers, Int(state.busyWorkers))
  }

  /// Processes of a guest.
  func processes(_ state: GuestState, _ facts: GuestFacts) -> Int {
    facts.baseProcesses + workers(state, facts)
  }

  /// Processes that the host's kernel sees for a guest.
  func hostProcesses(_ state: GuestState, _ facts: GuestFacts) -> Double {
    hostProcessesPerGuest + hostProcessesPerProcess * Double(processes(state, facts))
  }

  /// Bytes that the host's kernel keeps for a guest's processes and sockets.
  func hostKernelBytes(_ state: GuestState, _ facts: GuestFacts) -> Double {
    let own =
      hostProcesses(state, facts) * facts.kernelBytesPerProcess
      + Double(processes(state, facts)) * perProcessBytes
    return hasGuestKernels ? own : own + Double(state.connections) * facts.bytesPerConnection
  }

  /// Bytes that a guest's own kernel keeps for its processes and sockets.
  func guestKernelObjectBytes(_ state: GuestState, _ facts: GuestFacts) -> Double {
    guard hasGuestKernels else { return 0 }
    return Double(processes(state, facts)) * facts.kernelBytesPerProcess
      + Double(state.connections) * facts.bytesPerConnection
  }

  /// The frames of a guest; nil where neither its memory nor its swap holds what it runs.
  ///
  /// Inside a virtual machine and inside a control group the same order holds as in the host: the
  /// cache shrinks to its floor, then idle pages go to swap, then active ones.
  package func frames(of state: GuestState) -> GuestFrames? {
    let facts = self.facts[Int(state.classIndex)]
    var frames = GuestFrames()
    let page = Double(MemoryLedger.pageBytes)
    let anonymous =
      facts.baseAnonymousPages + Double(workers(state, facts)) * facts.workerAnonymousPages
    frames.active = GuestFrames.pages(anonymous * facts.activeShare)
    frames.idle = max(0, GuestFrames.pages(anonymous) - frames.active)
    let hostObjects = GuestFrames.pages(hostKernelBytes(state, facts) / page)
    let guestObjects = GuestFrames.pages(guestKernelObjectBytes(state, facts) / page)
    frames.kernelObjects = hostObjects + guestObjects
    frames.guestObjects = guestObjects
    frames.monitor = monitorPages
    frames.guestKernel = guestKernelPages
    frames.text = hasGuestKernels || !sharesFiles ? facts.textPages : 0
    frames.cacheCeiling = GuestFrames.ceilingCap

    if hasGuestKernels {
      guard facts.memoryPages < Int.max else { return nil }
      let fixed = frames.guestKernel + guestObjects + frames.text
      guard
        let cache = frames.reclaim(
          fixed: fixed, capacity: facts.memoryPages, wantedCache: facts.filePages,
          floorShare: floorShare, swap: facts.guestSwapPages)
      else { return nil }
      let room = facts.memoryPages - fixed - frames.active - frames.idle
      frames.dirty = min(state.dirtyPages, room)
      frames.cache = min(cache, room - frames.dirty) + frames.dirty
      let used = fixed + frames.active + frames.idle + frames.cache
      switch kind {
      case .reservation: frames.unused = facts.memoryPages - used
      default:
        let once = min(
          facts.memoryPages - used, max(0, facts.diskPages - frames.cache - frames.text))
        let filled = used + Int(clamping: (Double(once) * touchedShare).rounded())
        frames.unused = max(filled, state.touchedPages) - used
      }
    } else if kind == .controlGroup, facts.memoryPages < Int.max {
      let fixed = frames.kernelObjects + frames.text
      guard
        let cache = frames.reclaim(
          fixed: fixed, capacity: facts.memoryPages,
          wantedCache: chargeablePages[Int(state.classIndex)], floorShare: floorShare,
          swap: swapPages)
      else { return nil }
      let room = facts.memoryPages - fixed - frames.active - frames.idle
      frames.dirty = min(state.dirtyPages, room)
      frames.cacheCeiling = min(cache, room - frames.dirty)
    } else {
      frames.dirty = state.dirtyPages
    }
    return frames
  }

  /// Pages of a guest's own cache that are not dirty; without a kernel of its own those that may be
  /// on its account.
  func ownCache(_ frames: GuestFrames) -> Int {
    hasGuestKernels ? frames.cache - frames.dirty : frames.cacheCeiling
  }

  /// Why a guest does not hold what it runs, in figures.
  package func tooSmall(_ state: GuestState, at guestClass: String) -> MemoryError {
    let facts = self.facts[Int(state.classIndex)]
    guard facts.memoryPages < Int.max else {
      return MemoryError(
        .guestTooSmall, "its memory has no size, but its kernel needs one; give it a finite size",
        at: guestClass)
    }
    let workers = workers(state, facts)
    let anonymous = facts.baseAnonymousPages + Double(workers) * facts.workerAnonymousPages
    let kernel =
      Double(guestKernelPages)
      + ((hostKernelBytes(state, facts) + guestKernelObjectBytes(state, facts))
      / Double(MemoryLedger.pageBytes)).rounded(.up)
    let swap = hasGuestKernels ? facts.guestSwapPages : swapPages
    func mebibytes(_ pages: Double) -> String {
      let size = pages * Double(MemoryLedger.pageBytes) / 1_048_576
      return "\((size * 10).rounded() / 10) MiB"
    }
    return MemoryError(
      .guestTooSmall,
      "it needs \(mebibytes(kernel + Double(facts.textPages) + anonymous)) for its kernel, its "
        + "programs, \(facts.baseProcesses) base processes and \(workers) workers, and has "
        + "\(mebibytes(Double(facts.memoryPages))) and \(mebibytes(Double(swap))) of swap space; "
        + "give it more memory", at: guestClass)
  }

  /// Pages that the host has supplied to a guest with memory of its own.
  func suppliedPages(_ frames: GuestFrames) -> Int {
    guard kind == .touchOnDemand else { return 0 }
    return frames.guestKernel + frames.guestObjects + frames.text + frames.active + frames.idle
      + frames.cache + frames.unused
  }

  /// Pages of program text held once for all guests.
  func sharedTextPages(counts: [Int]) -> Int {
    guard !hasGuestKernels, sharesFiles else { return 0 }
    var pages = 0
    for index in facts.indices where counts[index] > 0 { pages += facts[index].textPages }
    return pages
  }

  /// Pages that a cache for all guests' files would fill.
  func wantedSharedCache(counts: [Int]) -> Int {
    var pages = 0.0
    for index in facts.indices
    where counts[index] > 0 && (!hasGuestKernels || facts[index].isCachedByHost) {
      let files = Double(facts[index].filePages)
      let common = sharesFiles ? facts[index].commonShare : 0
      pages += files * common + files * (1 - common) * Double(counts[index])
    }
    return Int(clamping: min(pages, Double(GuestFrames.ceilingCap)).rounded(.up))
  }

  /// Pages below which the host's file cache is not shrunk; none where frames are reserved, since a
  /// cache below guests has no claim on them.
  func cacheFloor(_ totals: GuestFrames, wantedCache: Int) -> Int {
    kind == .reservation
      ? 0
      : min(Int(clamping: Double(totalPages) * floorShare), min(wantedCache, totals.cacheCeiling))
  }

  /// What the host does about the frames that guests hold; nil where memory and swap are exhausted.
  func pressure(_ totals: GuestFrames, sharedText: Int, wantedCache wanted: Int) -> HostPressure? {
    var pressure = HostPressure()
    let fixed =
      basePages + hypervisorPages + sharedText + totals.kernelObjects + totals.guestKernel
      + totals.monitor + totals.text
    let held = fixed + totals.active + totals.idle + totals.cache + totals.unused
    let cacheable = min(wanted, totals.cacheCeiling)
    let floor = cacheFloor(totals, wantedCache: wanted)
    var deficit = max(0, held + floor - totalPages)
    pressure.swapUsed = kind == .controlGroup ? totals.swappedActive + totals.swappedIdle : 0
    if deficit > 0 {
      guard kind != .reservation else { return nil }
      pressure.swappedUnused = Self.take(totals.unused, &deficit)
      pressure.swappedIdle = Self.take(totals.idle, &deficit)
      pressure.swappedCache = Self.take(totals.cache, &deficit)
      let kernels = swappableKernels(totals)
      let working = totals.active + kernels
      let swapped = Self.take(working, &deficit)
      pressure.swappedKernels = Self.part(of: swapped, kernels, in: working)
      pressure.swappedActive = swapped - pressure.swappedKernels
      pressure.swapUsed += pressure.swappedPages
      if deficit > 0 { return nil }
    }
    guard pressure.swapUsed <= swapPages else { return nil }
    let room = totalPages - held + pressure.swappedPages
    if !hasGuestKernels { pressure.dirty = min(totals.dirty, room) }
    pressure.cache = min(cacheable, room - pressure.dirty)
    return pressure
  }

  static func take(_ available: Int, _ deficit: inout Int) -> Int {
    let taken = min(available, deficit)
    deficit -= taken
    return taken
  }

  /// What is a group's when some of a whole are taken as if at random: no more than it and, of the
  /// others, no more than they are.
  private static func part(of taken: Int, _ group: Int, in whole: Int) -> Int {
    guard whole > 0 else { return 0 }
    let share = Int(clamping: (Double(taken) * Double(group) / Double(whole)).rounded())
    return min(max(share, taken - (whole - group)), min(group, taken))
  }
}

extension GuestFrames {
  /// Makes anonymous pages and a cache fit into a memory; returns the cache's pages, or nil where
  /// memory and swap do not suffice.
  mutating func reclaim(
    fixed: Int, capacity: Int, wantedCache: Int, floorShare: Double, swap: Int
  ) -> Int? {
    let floor = min(Int(clamping: Double(capacity) * floorShare), wantedCache)
    let deficit = max(0, fixed + active + idle + floor - capacity)
    swappedIdle = min(deficit, idle)
    swappedActive = min(deficit - swappedIdle, active)
    guard swappedIdle + swappedActive == deficit, deficit <= swap else { return nil }
    idle -= swappedIdle
    active -= swappedActive
    return min(wantedCache, capacity - fixed - active - idle)
  }
}

/// Where the host's memory stands: its file cache, and what it swapped out of guests.
package struct HostPressure: BitwiseCopyable, Sendable, Hashable {
  /// Pages of the host's file cache, but for dirty ones.
  package var cache = 0
  /// Pages that guests without kernels of their own have written to and that are not on the disk.
  package var dirty = 0
  package var swappedUnused = 0
  package var swappedIdle = 0
  package var swappedCache = 0
  package var swappedActive = 0
  /// Pages of guests' kernels and programs, and of their monitors, that the host has in swap.
  package var swappedKernels = 0
  /// Pages of the host's swap in use.
  package var swapUsed = 0

  /// No pressure.
  package init() {}

  /// Frames taken from guests.
  var swappedPages: Int {
    swappedUnused + swappedIdle + swappedCache + swappedActive + swappedKernels
  }
}
