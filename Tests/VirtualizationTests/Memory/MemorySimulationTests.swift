import Testing
import Virtualization

@Suite("Memory of a run")
struct MemorySimulationTests {
  @Test(
    "Frames sum to memory, caches and shares stay in range, whatever comes and goes",
    arguments: MemoryFixtures.everyPolicy, [UInt64(1), 2, 3])
  func framesSumToMemory(approach: ApproachProfile, seed: UInt64) throws {
    let classes = [
      try MemoryFixtures.guest("web", count: 2, memory: 40 * mebibyte, spare: 2, preset: .veBasic),
      try MemoryFixtures.guest(
        "mail", count: 1, memory: 48 * mebibyte, worker: 3 * mebibyte, text: 2 * mebibyte,
        preset: .vpsBasic),
    ]
    let host = MemoryFixtures.host(
      memory: 700 * mebibyte, swap: 60 * mebibyte, base: 20 * mebibyte)
    var memory = try MemorySimulation(
      host: host, approach: approach, classes: classes,
      assignment: GuestMix.assignment(classes: classes, total: 9))
    #expect(memory.ledger.isBalanced)
    let unloaded = memory.ledger
    let unloadedTotals = memory.totals
    var random = seed
    func draw(_ bound: UInt64) -> UInt64 {
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (random >> 33) % bound
    }
    var active = Array(repeating: 0, count: 9)
    var denied = 0
    for step in 0..<6000 {
      let guest = Int(draw(9))
      let id = Int32(guest)
      // Two phases: load grows, then it falls.
      if draw(10) < (step < 3000 ? 7 : 3) {
        if memory.startRequest(guest: id) == .granted { active[guest] += 1 } else { denied += 1 }
      } else {
        // Of a guest without a request, where it changes nothing, too.
        memory.endRequest(guest: id)
        active[guest] = max(0, active[guest] - 1)
      }
      try #require(memory.ledger.isBalanced)
      try #require(memory.framesAgree)
      let ratio = memory.hitRatio(guest: id)
      let below = memory.hostHitRatio(guest: id)
      try #require((0...1).contains(ratio) && (0...1).contains(below))
      let reads = memory.swapReadsPerRequest(guest: id)
      let facts = memory.model.facts[Int(memory.guest(id).state.classIndex)]
      // All that a request touches, eight pages to a read, is in swap at most.
      let most = facts.pagesPerRequest / 8 * (1 + 1e-12)
      try #require(reads.own >= 0 && reads.host >= 0 && reads.total <= most)
    }
    #expect(denied > 0, "the run never reached a limit, so it tested little")
    for guest in 0..<9 {
      for _ in 0..<active[guest] { memory.endRequest(guest: Int32(guest)) }
    }
    if approach.memory.kind != .touchOnDemand {
      #expect(memory.ledger.differsOnlyInCacheSplit(from: unloaded))
      #expect(memory.totals == unloadedTotals)
    }
    if let account = memory.beancounters(guest: 0) {
      let fresh = try MemorySimulation(
        host: host, approach: approach, classes: classes,
        assignment: GuestMix.assignment(classes: classes, total: 9)
      ).beancounters(guest: 0)
      for resource in BeancounterResource.allCases {
        #expect(account[resource].held == fresh?[resource].held, "\(resource.name)")
      }
    }
  }

  @Test("Without footprints a pool equals native, frame by frame")
  func zeroFootprintIsNative() throws {
    let guest = try MemoryFixtures.guest(memory: .infinity, text: mebibyte)
    let native = try MemoryFixtures.simulation(
      MemoryFixtures.approach("native", .pool), guest, guests: 10)
    for kind in [MemoryPolicy.Kind.pool, .beancounters, .controlGroup] {
      var other = try MemoryFixtures.simulation(
        MemoryFixtures.approach("other", kind), guest, guests: 10)
      #expect(other.ledger == native.ledger)
      #expect(other.hitRatio(guest: 0) == native.hitRatio(guest: 0))
      var same = native
      for _ in 0..<5 {
        #expect(other.startRequest(guest: 3) == same.startRequest(guest: 3))
      }
      #expect(other.ledger == same.ledger)
    }
  }

  @Test("One virtual machine that owns the host hits as much as native")
  func wholeHostIsNative() throws {
    let guest = try MemoryFixtures.guest(
      memory: 64 * mebibyte, files: 20000, fileBytes: 8192)
    let host = MemoryFixtures.host(memory: 64 * mebibyte)
    let native = try MemoryFixtures.simulation(
      MemoryFixtures.approach("native", .pool), host: host, guest, guests: 1)
    let xen = try MemoryFixtures.simulation(
      MemoryFixtures.approach("xen", .reservation, cache: .perGuest, processesPerProcess: 0),
      host: host, guest, guests: 1)
    #expect(native.hitRatio(guest: 0) < 0.95)
    #expect(abs(native.hitRatio(guest: 0) - xen.hitRatio(guest: 0)) < 1e-9)
  }

  @Test("Xen's reservations: 20 kB of hypervisor state and the whole memory per domain")
  func xenReservation() throws {
    let guest = try MemoryFixtures.guest(memory: 64 * mebibyte)
    let xen = MemoryFixtures.approach(
      "xen", .reservation, cache: .perGuest, guestKernel: 6 * mebibyte, monitor: 20480,
      overhead: 64 * mebibyte, processesPerProcess: 0)
    // (1024 - 64) MiB / (64 MiB + 20 kB) = 14.995: fourteen domains, not fifteen.
    let fourteen = try MemoryFixtures.simulation(xen, guest, guests: 14)
    #expect(fourteen.ledger[.free] == (1024 - 64 - 14 * 64) * 256 - 14 * 5)
    #expect(fourteen.ledger[.monitor] == 14 * 5)
    #expect(fourteen.ledger[.guestKernel] == 14 * 6 * 256)
    #expect(throws: MemoryError.self) {
      try MemoryFixtures.simulation(xen, guest, guests: 15)
    }
  }

  /// (1024 - 64) MiB for domains of 64 MiB whose balloons leave at least half: 30 fit instead of
  /// 15.
  @Test("Balloons give all guests the same share of their memory", arguments: [10, 15, 20, 30])
  func balloons(guests: Int) throws {
    let guest = try MemoryFixtures.guest(memory: 64 * mebibyte)
    var xen = MemoryFixtures.approach(
      "xen", .reservation, cache: .perGuest, guestKernel: 6 * mebibyte, overhead: 64 * mebibyte,
      processesPerProcess: 0)
    xen.memory.balloonFloor = plain(0.5, .share)
    let memory = try MemoryFixtures.simulation(xen, guest, guests: guests)
    let share = min(1, 960.0 / Double(guests) / 64)
    let pages = Int((64 * 256 * share).rounded(.down))
    #expect(memory.ledger[.free] == 960 * 256 - guests * pages)
    #expect(memory.ledger.isBalanced)
    let limits = try CapacityLimits(
      host: MemoryFixtures.host(), approach: xen, classes: [guest])
    let binding = try #require(limits.firstBinding(maximumGuests: 100).first)
    #expect(binding.resource == .memory && binding.isHard && binding.guests == 30)
    #expect(binding.explanation.contains("at least 50 %"))
    #expect(throws: MemoryError.self) { try MemoryFixtures.simulation(xen, guest, guests: 31) }
  }

  @Test("Less memory means a smaller cache: a balloon costs hits")
  func balloonShrinksTheCache() throws {
    let guest = try MemoryFixtures.guest(memory: 64 * mebibyte, files: 20000, fileBytes: 8192)
    var xen = MemoryFixtures.approach(
      "xen", .reservation, cache: .perGuest, guestKernel: 6 * mebibyte, processesPerProcess: 0)
    let host = MemoryFixtures.host()
    let whole = try MemoryFixtures.simulation(xen, host: host, guest, guests: 16)
    xen.memory.balloonFloor = plain(0.5, .share)
    let same = try MemoryFixtures.simulation(xen, host: host, guest, guests: 16)
    let less = try MemoryFixtures.simulation(xen, host: host, guest, guests: 24)
    #expect(whole.hitRatio(guest: 0) == same.hitRatio(guest: 0))
    #expect(less.hitRatio(guest: 0) < same.hitRatio(guest: 0))
  }

  @Test("Under UML common files are cached N + 1 times, with direct input and output N times")
  func cachedOncePerKernel() throws {
    let files = 4.0 * mebibyte
    let guest = try MemoryFixtures.guest(
      memory: 64 * mebibyte, files: 1024, fileBytes: 4096, common: 1)
    let pages = Int(files / 4096)
    func uml(_ cache: MemoryPolicy.PageCache) -> ApproachProfile {
      MemoryFixtures.approach(
        "uml", .touchOnDemand, cache: cache, guestKernel: mebibyte, image: .copyOnWrite)
    }
    let double = try MemoryFixtures.simulation(uml(.double), guest, guests: 10)
    #expect(double.ledger[.fileCachePrivate] == 10 * pages)
    #expect(double.ledger[.hostFileCache] == pages)
    let direct = try MemoryFixtures.simulation(uml(.perGuest), guest, guests: 10)
    #expect(direct.ledger[.fileCachePrivate] + direct.ledger[.hostFileCache] == 10 * pages)
    let shared = try MemoryFixtures.simulation(
      MemoryFixtures.approach("ve", .beancounters), guest, guests: 10)
    #expect(shared.ledger[.fileCacheShared] + shared.ledger[.fileCachePrivate] == pages)
    // Full images hide from the host that files are alike: 2 N copies.
    let full = try MemoryFixtures.simulation(
      MemoryFixtures.approach("uml", .touchOnDemand, cache: .double, image: .fullCopy), guest,
      guests: 10)
    #expect(full.ledger[.fileCachePrivate] + full.ledger[.hostFileCache] == 20 * pages)
  }

  @Test("Touched memory is not given back, reserved and pooled memory is")
  func touchedStaysTouched() throws {
    let guest = try MemoryFixtures.guest(memory: 64 * mebibyte, files: nil)
    var memory = try MemoryFixtures.simulation(
      MemoryFixtures.approach("uml", .touchOnDemand, cache: .perGuest), guest, guests: 2)
    let before = memory.ledger[.free]
    for _ in 0..<10 { #expect(memory.startRequest(guest: 0) == .granted) }
    let grown = memory.ledger[.free]
    #expect(grown < before - 10 * 250)
    for _ in 0..<10 { memory.endRequest(guest: 0) }
    #expect(memory.ledger[.free] >= grown)
    #expect(memory.ledger[.free] <= grown + 50)
    #expect(memory.ledger[.guestFree] >= 10 * 256)
  }
}

extension MemorySimulation {
  /// Whether the ledger says what guests and pressure add up to.
  fileprivate var framesAgree: Bool {
    ledger[.anonymousActive] == totals.active - pressure.swappedActive
      && ledger[.anonymousIdle] == totals.idle - pressure.swappedIdle
      && ledger[.guestFree] == totals.unused - pressure.swappedUnused
      && ledger[.kernelObjects] + ledger[.guestKernel] + ledger[.monitor]
        + ledger[.programTextPrivate] == totals.kernelObjects + totals.guestKernel
        + totals.monitor + totals.text - pressure.swappedKernels
      && ledger.swapUsed == pressure.swapUsed
      && ledger[.fileCacheShared] + ledger[.fileCachePrivate] + ledger[.hostFileCache]
        == totals.cache - pressure.swappedCache + pressure.cache
  }
}

extension MemoryLedger {
  /// Whether two ledgers are alike up to which cached pages are common, which is worked out again
  /// only when the cache has moved by 1 %.
  fileprivate func differsOnlyInCacheSplit(from other: MemoryLedger) -> Bool {
    for kind in FrameKind.allCases where kind != .fileCacheShared && kind != .fileCachePrivate {
      if self[kind] != other[kind] { return false }
    }
    return swapUsed == other.swapUsed
  }
}
