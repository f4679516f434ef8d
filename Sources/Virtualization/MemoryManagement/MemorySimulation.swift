/// The memory of a host during one run.
///
/// Make one per run, tell it when requests of guests come and go, and ask it for hit ratios and for
/// the reads that swapping costs. Every change is O(1) (but the container that an out-of-memory
/// kill would hit is looked for among all) and allocates nothing; `ledger` holds every frame of the
/// host at every instant.
package struct MemorySimulation: Sendable {
  /// The rules.
  package let model: MemoryModel
  /// Guests of each class.
  package let counts: [Int]
  /// Every frame of the host by kind.
  package private(set) var ledger: MemoryLedger
  /// What the host does about the frames that guests hold.
  package private(set) var pressure = HostPressure()
  /// What all guests hold together.
  package private(set) var totals = GuestFrames()
  var states: [GuestState]
  private(set) var held: [GuestFrames]
  var accounts: [BeancounterSet]
  /// What is cached of guests' files.
  private(set) var caches: FileCaches
  /// By class: pages of guests' own caches, or of what their groups may have cached; and their
  /// mean.
  private var guestCachePages: [Int]
  private var meanGuestCache: [Int]
  /// How long files stay on the account of each guest's group; empty where there are no groups.
  var groups: [GroupCache] = []
  /// Pages that went to swap for the first time and whose writes are on nobody's account yet.
  var firstWrites = (own: FirstWrites(alreadySwapped: 0), host: FirstWrites(alreadySwapped: 0))
  let sharedText: Int
  private let wantedCache: Int

  /// The memory of a host with guests that run what they run without load.
  ///
  /// - Parameters:
  ///   - assignment: the class of each guest, as an index into `classes` (`GuestMix.assignment`).
  ///   - requestRates: requests per second of one guest of each class; nil as for ``GuestFacts``.
  /// - Throws: `MemoryError` where a number is absurd, a guest is too small for what it runs
  ///   without load, or the host too small for so many guests.
  package init(
    host: HostProfile, approach: ApproachProfile, classes: [GuestClass], assignment: [Int],
    requestRates: [Double]? = nil
  ) throws(MemoryError) {
    var counts = classes.map { _ in 0 }
    for index in assignment {
      guard classes.indices.contains(index) else {
        throw MemoryError(
          .invalidValue, "guest of class \(index) among \(classes.count)", at: approach.id)
      }
      counts[index] += 1
    }
    self.counts = counts
    model = try MemoryModel(
      host: host, approach: approach, classes: classes, counts: counts,
      requestRates: requestRates)
    try model.admit(counts, at: approach.id)
    ledger = MemoryLedger(frames: model.totalPages, swapPages: model.swapPages)
    caches = try FileCaches(classes: classes, counts: counts, model: model)
    sharedText = model.sharedTextPages(counts: counts)
    wantedCache = model.wantedSharedCache(counts: counts)
    guestCachePages = counts.map { _ in 0 }
    meanGuestCache = guestCachePages
    states = assignment.map { GuestState(classIndex: Int32($0)) }
    held = []
    held.reserveCapacity(states.count)
    accounts = []

    let initial = try Self.initialFrames(model, classes)
    for guest in states.indices {
      let frames = initial[assignment[guest]]
      held.append(frames)
      totals += frames
      guestCachePages[assignment[guest]] += model.ownCache(frames)
      states[guest].touchedPages = model.suppliedPages(frames)
    }
    guard
      let pressure = model.pressure(totals, sharedText: sharedText, wantedCache: wantedCache)
    else {
      throw MemoryError(
        .hostFull,
        "\(assignment.count) guests do not fit into \(model.totalPages) pages of memory and "
          + "\(model.swapPages) of swap; give fewer guests, smaller ones or more memory",
        at: approach.id)
    }
    if model.kind == .beancounters {
      let prepared = try Self.initialAccounts(model, classes, initial, host.kernel.memory)
      accounts = assignment.map { prepared[$0] }
    }
    self.pressure = pressure
    let swapped = swappedPages
    firstWrites = (
      FirstWrites(alreadySwapped: swapped.own), FirstWrites(alreadySwapped: swapped.host)
    )
    if model.kind == .controlGroup { groups = held.map { _ in GroupCache() } }
    updateCaches()
    for guest in groups.indices { updateGroup(guest) }
    settleLedger()
  }

  /// The share of a guest's file reads that its own cache, or the cache that all share, serves; 1
  /// for a workload without a file set.
  package func hitRatio(guest: Int32) -> Double {
    let index = Int(guest)
    let classIndex = Int(states[index].classIndex)
    guard let catalog = caches.catalogs[classIndex] else { return 1 }
    guard groups.isEmpty else { return groupHitRatio(index) }
    guard model.hasGuestKernels else { return caches.ratios[classIndex] }
    return catalog.hitRatio(
      cacheBytes: Double(model.ownCache(held[index])) * Double(MemoryLedger.pageBytes))
  }

  /// The share of a guest's reads from its disk that the host's cache below serves; 0 where there
  /// is none.
  package func hostHitRatio(guest: Int32) -> Double {
    let classIndex = Int(states[Int(guest)].classIndex)
    guard model.hasGuestKernels, model.facts[classIndex].isCachedByHost else { return 0 }
    return caches.ratios[classIndex]
  }

  /// A guest's beancounters with the memory rows as of now; nil under other approaches.
  package func beancounters(guest: Int32) -> BeancounterSet? {
    guard !accounts.isEmpty else { return nil }
    var account = accounts[Int(guest)]
    account.follow(held[Int(guest)], of: totals, pressure)
    return account
  }

  /// Refusals by a beancounter, summed over guests.
  package func refusals(_ resource: BeancounterResource) -> Int {
    var sum = 0
    for index in accounts.indices { sum += accounts[index][resource].failcnt }
    return sum
  }

  /// What a guest is doing and holding.
  package func guest(_ guest: Int32) -> (state: GuestState, frames: GuestFrames) {
    (states[Int(guest)], held[Int(guest)])
  }
}

extension MemorySimulation {
  mutating func admit(_ index: Int, _ next: GuestState) -> MemoryGrant {
    guard let frames = model.frames(of: next) else { return .outOfMemory }
    var sum = totals
    sum -= held[index]
    sum += frames
    guard let after = model.pressure(sum, sharedText: sharedText, wantedCache: wantedCache) else {
      return exhausted(index)
    }
    commit(index, next, frames, sum, after)
    return .granted
  }

  /// Giving back always succeeds: less is held than before.
  mutating func release(_ index: Int, _ next: GuestState) {
    guard let frames = model.frames(of: next) else { return }
    var sum = totals
    sum -= held[index]
    sum += frames
    guard let after = model.pressure(sum, sharedText: sharedText, wantedCache: wantedCache) else {
      return
    }
    commit(index, next, frames, sum, after)
  }

  private mutating func commit(
    _ index: Int, _ next: GuestState, _ frames: GuestFrames, _ sum: GuestFrames,
    _ after: HostPressure
  ) {
    let classIndex = Int(next.classIndex)
    guestCachePages[classIndex] += model.ownCache(frames) - model.ownCache(held[index])
    states[index] = next
    states[index].touchedPages = model.suppliedPages(frames)
    held[index] = frames
    totals = sum
    pressure = after
    let swapped = swappedPages
    firstWrites.own.note(swapped: swapped.own)
    firstWrites.host.note(swapped: swapped.host)
    if !accounts.isEmpty { accounts[index].follow(frames, of: sum, after) }
    updateCaches()
    if !groups.isEmpty { updateGroup(index) }
    settleLedger()
  }

  /// Pages in swap: where one kernel serves all guests, all are its own.
  private var swappedPages: (own: Int, host: Int) {
    model.hasGuestKernels
      ? (totals.swapped, pressure.swappedPages) : (totals.swapped + pressure.swappedPages, 0)
  }

  private mutating func updateCaches() {
    if model.kind == .controlGroup || model.pageCache == .double {
      for index in counts.indices where counts[index] > 0 {
        meanGuestCache[index] = guestCachePages[index] / counts[index]
      }
    }
    if !model.hasGuestKernels {
      let isGroups = model.kind == .controlGroup
      // Groups that all have what their limits allow are not held back by the host at all.
      let room =
        isGroups && pressure.cache >= min(wantedCache, totals.cacheCeiling)
        ? GuestFrames.ceilingCap : pressure.cache
      caches.updateShared(pages: room, limits: isGroups ? meanGuestCache : nil)
    } else if model.pageCache == .double {
      caches.updateHost(pages: pressure.cache, guestPages: meanGuestCache)
    }
  }

  /// Gives every frame its kind: first what shrinks, then what grows, both through the free frames.
  private mutating func settleLedger() {
    settle(growing: false)
    settle(growing: true)
    ledger.setSwap(pressure.swapUsed)
  }

  private mutating func settle(growing: Bool) {
    let isHostCache = model.hasGuestKernels
    let common =
      isHostCache
      ? 0
      : min(pressure.cache, Int(clamping: (Double(pressure.cache) * caches.commonPart).rounded()))
    set(.hostBase, model.basePages, growing)
    set(.hypervisor, model.hypervisorPages, growing)
    let kernels = model.residentKernels(totals, swapped: pressure.swappedKernels)
    set(.monitor, kernels.monitor, growing)
    set(.guestKernel, kernels.guestKernel, growing)
    set(.kernelObjects, kernels.kernelObjects, growing)
    set(.programTextShared, sharedText, growing)
    set(.programTextPrivate, kernels.text, growing)
    set(.anonymousActive, totals.active - pressure.swappedActive, growing)
    set(.anonymousIdle, totals.idle - pressure.swappedIdle, growing)
    set(.guestFree, totals.unused - pressure.swappedUnused, growing)
    set(.fileCacheShared, common, growing)
    set(
      .fileCachePrivate,
      isHostCache
        ? totals.cache - pressure.swappedCache : pressure.cache - common + pressure.dirty, growing)
    set(.hostFileCache, isHostCache ? pressure.cache : 0, growing)
  }

  private mutating func set(_ kind: FrameKind, _ frames: Int, _ growing: Bool) {
    if (frames > ledger[kind]) == growing { ledger.resize(kind, to: frames) }
  }

  func share(_ part: Int, of whole: Int) -> Double { pageShare(part, of: whole) }

  private static func initialFrames(_ model: MemoryModel, _ classes: [GuestClass])
    throws(MemoryError) -> [GuestFrames]
  {
    var initial: [GuestFrames] = []
    for (index, guest) in classes.enumerated() {
      let state = GuestState(classIndex: Int32(index))
      guard let frames = model.frames(of: state) else {
        throw model.tooSmall(state, at: guest.id)
      }
      initial.append(frames)
    }
    return initial
  }

  private static func initialAccounts(
    _ model: MemoryModel, _ classes: [GuestClass], _ initial: [GuestFrames],
    _ assumptions: MemoryAssumptions
  ) throws(MemoryError) -> [BeancounterSet] {
    var accounts: [BeancounterSet] = []
    for (index, guest) in classes.enumerated() {
      var account = BeancounterSet(guest.limits.beancounters.configuration)
      if let refusing = account.charge(model.facts[index].baseDemand(assumptions), .hard) {
        throw MemoryError(
          .guestTooSmall,
          "\(guest.limits.beancounters.rawValue) refuses its processes without load: "
            + "\(refusing.name) has a barrier of \(account[refusing].barrier); choose a larger "
            + "preset or fewer spare workers",
          at: guest.id)
      }
      account.setResidency(resident: initial[index].active + initial[index].idle, swapped: 0)
      accounts.append(account)
    }
    return accounts
  }
}

func pageShare(_ part: Int, of whole: Int) -> Double {
  whole > 0 ? Double(part) / Double(whole) : 0
}

extension BeancounterSet {
  /// Brings the rows that follow residency up to date with a guest's pages.
  ///
  /// A method of the account rather than of the simulation, because that one would hold a second
  /// reference to all accounts while one of them changes, and so copy them.
  fileprivate mutating func follow(
    _ frames: GuestFrames, of totals: GuestFrames, _ pressure: HostPressure
  ) {
    let swapped =
      Double(frames.active) * pageShare(pressure.swappedActive, of: totals.active)
      + Double(frames.idle) * pageShare(pressure.swappedIdle, of: totals.idle)
    let inSwap = Int(clamping: swapped.rounded())
    setResidency(resident: frames.active + frames.idle - inSwap, swapped: inSwap)
  }
}
