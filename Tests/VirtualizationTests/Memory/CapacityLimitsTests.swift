import ScenarioFormat
import Testing
import Virtualization

@Suite("Capacity limits")
struct CapacityLimitsTests {
  @Test("One VServer install of 500 MB becomes 700 MB for ten unified ones")
  func unifiedDisk() {
    let share = (700.0 - 500) / 9 / 500
    let unified = StoragePolicy(image: .unified, privateShare: plain(share, .share))
    #expect(unified.imageBytes(guests: 1, imageBytes: 500e6) == 500e6)
    #expect(abs(unified.imageBytes(guests: 10, imageBytes: 500e6) - 700e6) < 1)
    let full = StoragePolicy(image: .fullCopy, privateShare: plain(1, .share))
    #expect(full.imageBytes(guests: 10, imageBytes: 500e6) == 5e9)
    let overlay = StoragePolicy(image: .copyOnWrite, privateShare: plain(0.1, .share))
    #expect(overlay.imageBytes(guests: 10, imageBytes: 500e6) == 1e9)
    for policy in [unified, full, overlay] {
      #expect(policy.imageBytes(guests: 0, imageBytes: 500e6) == 0)
    }
  }

  @Test("Classes with the same workload share one image")
  func imagesByWorkload() throws {
    let web = try MemoryFixtures.guest("web", image: 100, data: 10)
    var large = web
    large.id = "large"
    let mail = try MemoryFixtures.guest("mail", image: 1000, data: 1)
    let unified = StoragePolicy(image: .unified, privateShare: plain(0.1, .share))
    // web and large: 100 + 4 x 10 + 5 x 10 data; mail: 1000 + 1.
    #expect(abs(unified.bytes(classes: [web, large, mail], counts: [2, 3, 1]) - 1191) < 1e-9)
  }

  @Test(
    "Unification never raises what guests use, and never lowers how many fit",
    arguments: [1, 2, 10, 100])
  func unificationNeverHurts(guests: Int) throws {
    let guest = try MemoryFixtures.guest(text: 4 * mebibyte, data: mebibyte)
    func limits(_ sharesFiles: Bool, _ image: StoragePolicy.Image) throws -> CapacityLimits {
      try CapacityLimits(
        host: MemoryFixtures.host(disk: 1e10, lowMemory: 832 * mebibyte),
        approach: MemoryFixtures.approach(
          "ve", .pool, sharesFiles: sharesFiles, image: image, privateShare: 0.3),
        classes: [guest])
    }
    let copies = try limits(false, .fullCopy)
    let unified = try limits(true, .unified)
    for use in unified.uses(guests: guests) {
      let other = try #require(
        copies.uses(guests: guests).first { $0.resource == use.resource })
      #expect(use.used <= other.used, "\(use.resource.name)")
    }
    let fewest = try #require(copies.firstBinding(maximumGuests: 1000).first)
    let most = unified.firstBinding(maximumGuests: 1000).first?.guests ?? 1000
    #expect(fewest.guests <= most)
  }

  @Test("More memory never lowers capacity or hits", arguments: MemoryFixtures.everyPolicy)
  func moreMemoryNeverHurts(approach: ApproachProfile) throws {
    let guest = try MemoryFixtures.guest(
      memory: 40 * mebibyte, text: 2 * mebibyte, files: 20000, preset: .veBasic)
    var capacity = 0
    var hits = 0.0
    for size in stride(from: 450.0, through: 1400, by: 50) {
      let host = MemoryFixtures.host(memory: size * mebibyte, swap: 200 * mebibyte)
      let limits = try CapacityLimits(host: host, approach: approach, classes: [guest])
      let fits = limits.firstBinding(maximumGuests: 2000).first { $0.isHard }?.guests ?? 2000
      #expect(fits >= capacity)
      capacity = fits
      let memory = try MemoryFixtures.simulation(approach, host: host, guest, guests: 8)
      let ratio = memory.hitRatio(guest: 0)
      let disk = (1 - ratio) * (1 - memory.hostHitRatio(guest: 0))
      #expect(1 - disk >= hits - 0.011)
      hits = max(hits, 1 - disk)
    }
    #expect(capacity > 8)
  }

  @Test(
    "Arithmetic and the simulation agree on the last guest that fits",
    arguments: MemoryFixtures.everyPolicy)
  func agreesWithSimulation(approach: ApproachProfile) throws {
    let host = MemoryFixtures.host(
      memory: 600 * mebibyte, swap: 100 * mebibyte, base: 30 * mebibyte)
    let classes = [
      try MemoryFixtures.guest("a", count: 3, memory: 40 * mebibyte, spare: 3),
      try MemoryFixtures.guest("b", count: 1, memory: 64 * mebibyte, base: 20 * mebibyte),
    ]
    let limits = try CapacityLimits(host: host, approach: approach, classes: classes)
    let binding = try #require(
      limits.firstBinding(maximumGuests: 5000).first { $0.isHard && $0.resource != .diskSpace })
    func run(_ guests: Int) throws -> MemorySimulation {
      try MemorySimulation(
        host: host, approach: approach, classes: classes,
        assignment: GuestMix.assignment(classes: classes, total: guests))
    }
    let memory = try run(binding.guests)
    #expect(memory.ledger.isBalanced)
    let error = #expect(throws: MemoryError.self) { try run(binding.guests + 1) }
    #expect(error?.code == .hostFull)
  }

  @Test("Each ceiling binds where its own arithmetic says")
  func ceilings() throws {
    let host = MemoryFixtures.host(
      memory: 8192 * mebibyte, disk: 20 * 500 * mebibyte, lowMemory: 12 * mebibyte,
      processCeiling: 80)
    let guest = try MemoryFixtures.guest(baseProcesses: 8, kernelPerProcess: 65536)
    func bindings(_ approach: ApproachProfile) throws -> [CapacityResource: Int] {
      let limits = try CapacityLimits(host: host, approach: approach, classes: [guest])
      let found = limits.firstBinding(maximumGuests: 1000)
      #expect(found.map(\.guests) == found.map(\.guests).sorted())
      return Dictionary(uniqueKeysWithValues: found.map { ($0.resource, $0.guests) })
    }
    let containers = try bindings(MemoryFixtures.approach("ve", .beancounters))
    #expect(containers[.diskSpace] == 20)
    // 12 MiB / (8 x 64 KiB) and 80 / 8.
    #expect(containers[.lowMemory] == 24)
    #expect(containers[.processes] == 10)
    // Under Xen neither the processes nor their kernel objects are the host's.
    let xen = try bindings(
      MemoryFixtures.approach("xen", .reservation, cache: .perGuest, processesPerProcess: 0))
    #expect(xen[.lowMemory] == nil)
    #expect(xen[.processes] == nil)
    #expect(xen[.memory] == 128)
    // One host process per guest process, and four more.
    let uml = try bindings(
      MemoryFixtures.approach("uml", .touchOnDemand, cache: .double, processesPerGuest: 4))
    #expect(uml[.processes] == 6)
    #expect(uml[.lowMemory] == 16)
  }

  @Test("Under a driver domain the host has no kernel of its own beside it")
  func driverDomain() throws {
    let library = RealProfiles.library
    let guest = try MemoryFixtures.guest(memory: 96 * mebibyte, image: 1, data: 0)
    func fits(_ approach: String, _ host: String, memory: Double) throws -> Int? {
      var guest = guest
      guest.limits.memoryBytes = memory * mebibyte
      let limits = try CapacityLimits(
        host: library.host(host), approach: library.approach(approach), classes: [guest])
      return limits.firstBinding(maximumGuests: 4000).first { $0.resource == .memory }?.guests
    }
    // (8192 - 128) / 96.02: the 150 MiB of the host's own kernel are not there.
    #expect(try fits("xen-pv-32", "server-2006", memory: 96) == 83)
    // A guest of 24 MiB does not hold a kernel of 2024.
    #expect(throws: MemoryError.self) {
      try CapacityLimits(
        host: library.host("server-2024"), approach: library.approach("xen-pv-64"),
        classes: [try MemoryFixtures.guest(memory: 24 * mebibyte, base: 40 * mebibyte)])
    }
    // Its kernel is the one that a guest of KVM has on the same host, and of 2003 on one of 2006.
    func kernel(_ approach: String, _ host: String) throws -> Int {
      try MemoryModel(
        host: library.host(host), approach: library.approach(approach), classes: [guest]
      ).guestKernelPages
    }
    #expect(try kernel("xen-pv-64", "server-2024") == 45 * 256)
    #expect(try kernel("kvm", "server-2024") == 45 * 256)
    #expect(try kernel("xen-pv-64", "server-2006") == 1026)
  }

  @Test("Guests' own swap space and memory files are on the disk")
  func swapSpace() throws {
    let guest = try MemoryFixtures.guest(image: 500e6, data: 20e6)
    func fits(_ approach: ApproachProfile) throws -> Int? {
      let limits = try CapacityLimits(
        host: MemoryFixtures.host(memory: 65536 * mebibyte, disk: 40e9), approach: approach,
        classes: [guest])
      return limits.firstBinding(maximumGuests: 1000).first { $0.resource == .diskSpace }?.guests
    }
    // 40 GB by 520 MB; by as much and 64 MiB of swap; by as much and 64 MiB of memory.
    #expect(try fits(MemoryFixtures.approach("ve", .pool)) == 76)
    var hosted = MemoryFixtures.approach("xen", .reservation, cache: .perGuest)
    #expect(try fits(hosted) == 68)
    hosted.storage.memoryFile = true
    #expect(try fits(hosted) == 61)
  }

  @Test(
    "A shortage is told with as many places as it takes to see it",
    arguments: [(8.05, "8.05"), (8.001, "8.001"), (8.000_01, "8.00001"), (16, "16")])
  func shortage(needed: Double, text: String) {
    let gibibyte = 1_073_741_824.0
    let use = ResourceUse(
      resource: .memory, used: needed * gibibyte, capacity: 8 * gibibyte, isHard: true,
      explanation: "each 128 MiB")
    #expect(
      use.shortage(guests: 63)
        == "63 guests need \(text) GiB of memory and there are 8 GiB (each 128 MiB)")
  }

  @Test("Uses are ordered by how tight they are, and say how much room is left")
  func ordered() throws {
    let guest = try MemoryFixtures.guest(data: mebibyte, preset: .veBasic)
    let limits = try CapacityLimits(
      host: MemoryFixtures.host(disk: 20 * 501 * mebibyte),
      approach: MemoryFixtures.approach("ve", .beancounters), classes: [guest])
    let uses = limits.uses(guests: 16)
    #expect(uses.map(\.utilization) == uses.map(\.utilization).sorted(by: >))
    let disk = try #require(uses.first)
    #expect(disk.resource == .diskSpace)
    #expect(abs(disk.utilization - 0.8) < 1e-12)
    #expect(abs(disk.headroom - 0.25) < 1e-12)
    #expect(uses.contains { $0.resource == .beancounter(.numproc, guestClass: "web") })
    #expect(uses.allSatisfy { !$0.explanation.isEmpty && !$0.resource.name.isEmpty })
  }

  @Test("Loaded guests need more than idle ones")
  func loaded() throws {
    let guest = try MemoryFixtures.guest(spare: 2, preset: .veBasic)
    let approach = MemoryFixtures.approach("ve", .beancounters)
    let host = MemoryFixtures.host()
    let idle = try CapacityLimits(host: host, approach: approach, classes: [guest])
    let busy = try CapacityLimits(
      host: host, approach: approach, classes: [guest], busyWorkers: [12])
    func used(_ limits: CapacityLimits, _ resource: CapacityResource) -> Double {
      limits.uses(guests: 10).first { $0.resource == resource }?.used ?? -1
    }
    // Ten workers more of 1 MiB each in each of ten guests, 16 KiB of kernel memory per worker, and
    // 7168 bytes for each of twelve connections.
    let more = used(busy, .memoryAndSwap) - used(idle, .memoryAndSwap)
    let exact = 10 * (10 * (mebibyte + 16384) + 12 * 7168)
    #expect(more >= exact && more <= exact + 10 * 4096)
    #expect(used(busy, .beancounter(.numproc, guestClass: "web")) == 20)
    #expect(used(busy, .beancounter(.numtcpsock, guestClass: "web")) == 12)
  }
}

@Suite("Guest mix")
struct GuestMixTests {
  @Test("A larger total keeps everybody's class and the proportions")
  func prefixes() throws {
    let classes = [
      try MemoryFixtures.guest("a", count: 5), try MemoryFixtures.guest("b", count: 3),
      try MemoryFixtures.guest("c", count: 0), try MemoryFixtures.guest("d", count: 2),
    ]
    let all = GuestMix.assignment(classes: classes, total: 200)
    for total in 0...200 {
      #expect(GuestMix.assignment(classes: classes, total: total) == Array(all.prefix(total)))
      let counts = GuestMix.counts(classes: classes, total: total)
      for (index, guest) in classes.enumerated() {
        #expect(abs(Double(counts[index]) - Double(total * guest.count) / 10) <= 1)
      }
    }
    #expect(GuestMix.counts(classes: classes, total: 10) == [5, 3, 0, 2])
    #expect(GuestMix.counts(classes: classes, total: 1_000_000_000_001)[1] == 300_000_000_000)
    #expect(GuestMix.assignment(classes: [], total: 3).isEmpty)
    #expect(GuestMix.assignment(classes: classes, total: -1).isEmpty)
  }
}

extension GuestMixTests {
  @Test(
    "Counted without looking at each guest, the classes are as many as counted one by one",
    arguments: [
      [1, 1, 1], [7], [1, 1, 1000], [3, 0, 3, 3, 0, 2], [1, 999, 500, 1, 1], [0, 0], [],
      Array(repeating: 1, count: 40), Array(1...40),
    ])
  func counted(weights: [Int]) throws {
    let classes = try weights.enumerated().map {
      try MemoryFixtures.guest("\($0)", count: $1)
    }
    var counts = weights.map { _ in 0 }
    #expect(GuestMix.counts(classes: classes, total: -1) == counts)
    #expect(GuestMix.counts(classes: classes, total: 0) == counts)
    for (total, index) in GuestMix.assignment(classes: classes, total: 700).enumerated() {
      counts[index] += 1
      #expect(GuestMix.counts(classes: classes, total: total + 1) == counts)
    }
  }

  @Test("The search for what binds costs no more where the search may go far")
  func bindingFarBelowTheMaximum() throws {
    let limits = try CapacityLimits(
      host: MemoryFixtures.host(memory: 600 * mebibyte, swap: 100 * mebibyte),
      approach: MemoryFixtures.approach("vm", .reservation),
      classes: [
        try MemoryFixtures.guest("a", count: 3, memory: 40 * mebibyte),
        try MemoryFixtures.guest("b", count: 1, memory: 64 * mebibyte),
      ])
    let near = limits.firstBinding(maximumGuests: 1_000)
    #expect(near.first.map { (5...15).contains($0.guests) } == true)
    #expect(limits.firstBinding(maximumGuests: 1_000_000_000_000).first == near.first)
  }
}

@Suite("Memory map")
struct MemoryMapTests {
  @Test("The map adds up to memory and tells private from shared", arguments: [1, 5, 10])
  func addsUp(guests: Int) throws {
    let guest = try MemoryFixtures.guest(text: 2 * mebibyte, common: 1)
    let host = MemoryFixtures.host(base: 10 * mebibyte)
    let map = try MemoryMap.at(
      guests: guests, host: host, approach: MemoryFixtures.approach("ve", .pool),
      classes: [guest])
    #expect(map.rows.map(\.kind) == FrameKind.allCases)
    #expect(map.rows.reduce(0) { $0 + $1.bytes } == 1024 * mebibyte)
    #expect(map.bytes(.host) == 10 * mebibyte)
    // One copy of the text and of all files, however many guests.
    #expect(map.bytes(.shared) == 2 * mebibyte + 1000 * 16384)
    // 4 MiB of anonymous memory and eight processes' kernel objects each.
    #expect(map.privateBytesPerGuest == 4 * mebibyte + 8 * 16384)
    #expect(map.guests == guests)
    #expect(map[.anonymousActive] == Double(guests) * 2 * mebibyte)
  }
}
