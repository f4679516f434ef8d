import Testing
import Virtualization

@Suite("Memory of virtual machines in the long run")
struct GuestMemoryTests {
  /// A guest of 64 MiB with 12 in use: 8 by its kernel and 4 by processes.
  private func guest(
    image: Double = 500 * mebibyte, files: Double? = nil
  ) throws -> GuestClass {
    try MemoryFixtures.guest(kernelPerProcess: 0, files: files, image: image)
  }

  private func machine(
    touched: Double? = nil, cache: MemoryPolicy.PageCache = .perGuest
  ) -> ApproachProfile {
    var approach = MemoryFixtures.approach(
      "vm", .touchOnDemand, cache: cache, guestKernel: 8 * mebibyte, monitor: mebibyte,
      processesPerProcess: 0, image: .copyOnWrite)
    approach.memory.touchedShare = touched.map { plain($0, .share) }
    return approach
  }

  private func fits(_ approach: ApproachProfile, _ guest: GuestClass) throws -> CapacityBinding {
    let limits = try CapacityLimits(
      host: MemoryFixtures.host(), approach: approach, classes: [guest])
    return try #require(limits.firstBinding(maximumGuests: 1000).first { $0.isHard })
  }

  /// 1024 MiB of memory and 512 of swap hold 1536 / 65 guests of full size with their monitor.
  ///
  /// Of those that hold what they use, their kernels included, it holds 1536 / 13; of the monitor's
  /// 1 MiB, which cannot be swapped, there is room for more.
  @Test(
    "A guest's kernel fills its memory with files that it reads once, as far as there are any",
    arguments: [(nil, 500, 118), (1.0, 500, 23), (0.5, 500, 39), (1.0, 10, 66), (0.0, 500, 118)])
  func touched(share: Double?, image: Double, expected: Int) throws {
    let guest = try guest(image: image * mebibyte)
    let approach = machine(touched: share)
    let binding = try fits(approach, guest)
    #expect(binding.resource == .memoryAndSwap)
    #expect(binding.guests == expected)
    let memory = try MemoryFixtures.simulation(approach, guest, guests: expected)
    #expect(memory.ledger.isBalanced)
    #expect(throws: MemoryError.self) {
      try MemoryFixtures.simulation(approach, guest, guests: expected + 1)
    }
    let filled = min(52, image) * (share ?? 0) * 256
    let few = try MemoryFixtures.simulation(approach, guest, guests: 3)
    #expect(few.ledger[.guestFree] == 3 * Int(filled.rounded()))
  }

  @Test("What the kernel filled makes room for workers first, and for nobody else")
  func workersUseWhatIsThere() throws {
    var memory = try MemoryFixtures.simulation(
      machine(touched: 1), host: MemoryFixtures.host(sockets: (0, 0)), guest(), guests: 2)
    let free = memory.ledger[.free]
    for _ in 0..<10 { #expect(memory.startRequest(guest: 0) == .granted) }
    #expect(memory.ledger[.free] == free)
    #expect(memory.ledger[.guestFree] == (2 * 52 - 10) * 256)
    for _ in 0..<10 { memory.endRequest(guest: 0) }
    #expect(memory.ledger[.free] == free)
  }

  @Test("Where all memory must fit, nothing is swapped, whatever monitors and the host hold")
  func admittedWithoutSwapping() throws {
    var approach = machine(touched: 1, cache: .double)
    approach.memory.monitorBytes = plain(24 * mebibyte)
    approach.memory.hostOverheadBytes = plain(30 * mebibyte)
    approach.memory.hostProcessesPerGuest = plain(2, .count)
    approach.memory.admission = MemoryFixtures.admission(.fitAll)
    // 8192 less 150, 30 and 1 % for the host, by 64 + 24 and two processes of 16 KiB: 90.06.
    let host = MemoryFixtures.host(
      memory: 8192 * mebibyte, swap: 8192 * mebibyte, base: 150 * mebibyte)
    let guest = try MemoryFixtures.guest(files: 1_000_000)
    let limits = try CapacityLimits(host: host, approach: approach, classes: [guest])
    let binding = try #require(limits.firstBinding(maximumGuests: 1000).first)
    #expect(binding.resource == .reservedHostMemory && binding.guests == 90)
    let memory = try MemoryFixtures.simulation(approach, host: host, guest, guests: 90)
    #expect(memory.pressure.swapUsed == 0)
  }

  /// 1024 MiB less 96 for the host, for guests of 64 MiB that count as 80, 48 or 32 with 16 of
  /// monitor.
  @Test(
    "Virtual machines are admitted by reserved host memory",
    arguments: [
      (AdmissionPolicy.Rule.fitAll, 11, "100 %"), (.swapSome, 19, "50 %"),
      (.swapMost, 29, "25 %"),
    ])
  func admission(rule: AdmissionPolicy.Rule, expected: Int, share: String) throws {
    var approach = machine()
    approach.memory.monitorBytes = plain(16 * mebibyte)
    approach.memory.admission = MemoryFixtures.admission(rule)
    let binding = try fits(approach, guest())
    #expect(binding.resource == .reservedHostMemory && binding.guests == expected)
    #expect(binding.resource.name == "reserved host memory")
    #expect(binding.explanation.contains("of reserved host memory and there are 928 MiB"))
    let memory = try MemoryFixtures.simulation(approach, guest(), guests: expected)
    #expect(memory.ledger.isBalanced)
    let error = #expect(throws: MemoryError.self) {
      try MemoryFixtures.simulation(approach, guest(), guests: expected + 1)
    }
    #expect(error?.code == .hostFull)
    #expect(error?.message.contains("of reserved host memory and there are 928 MiB") == true)
    #expect(error?.message.contains("only if \(share) of every guest's memory") == true)
    #expect(error?.message.contains("`\(rule.rawValue)`") == true)
  }

  @Test("Direct input and output take the host's copies of images away, and nothing else")
  func directIO() throws {
    let guest = try guest(files: 1000)
    let double = machine(cache: .double)
    let cached = try MemoryFixtures.simulation(double, guest, guests: 4)
    let copies = cached.ledger[.hostFileCache]
    #expect(copies == Int((500.0 * 16384 * 5 / 4096).rounded(.up)))
    #expect(cached.hostHitRatio(guest: 0) > 0)
    var direct = double
    direct.storage.directIO = true
    var past = guest
    past.limits.directIO = true
    let without = try MemoryFixtures.simulation(machine(cache: .perGuest), guest, guests: 4)
    for memory in [
      try MemoryFixtures.simulation(direct, guest, guests: 4),
      try MemoryFixtures.simulation(double, past, guests: 4),
    ] {
      #expect(memory.ledger[.hostFileCache] == 0)
      #expect(memory.ledger[.free] == cached.ledger[.free] + copies)
      #expect(memory.hostHitRatio(guest: 0) == 0)
      #expect(memory.hitRatio(guest: 0) == cached.hitRatio(guest: 0))
      #expect(memory.ledger == without.ledger)
    }
    past.limits.directIO = false
    #expect(try MemoryFixtures.simulation(direct, past, guests: 4).ledger == cached.ledger)
  }

  @Test("Of two classes, only the images of the one that asks for it are past the cache")
  func directIOByClass() throws {
    var classes = [try guest(files: 1000), try guest(files: 2000)]
    classes[0].id = "past"
    classes[0].limits.directIO = true
    let memory = try MemorySimulation(
      host: MemoryFixtures.host(), approach: machine(cache: .double), classes: classes,
      assignment: [0, 1, 0, 1])
    #expect(memory.ledger[.hostFileCache] == Int((1000.0 * 16384 * 3 / 4096).rounded(.up)))
    #expect(memory.hostHitRatio(guest: 0) == 0)
    #expect(memory.hostHitRatio(guest: 1) > 0)
  }

  /// Six guests of 8 + 4 + 15.6 MiB on 110: the host swaps 12 MiB of idle pages, then cached files.
  @Test("A cached file that the host has in swap is read from there, and its frame is paid for")
  func swappedCache() throws {
    var guest = try guest(files: 1000)
    guest.workload.operations = [
      OperationCount(.fileRead, count: plain(2, .count), attributes: Attributes())
    ]
    let host = MemoryFixtures.host(memory: 110 * mebibyte, swap: 200 * mebibyte)
    let memory = try MemoryFixtures.simulation(machine(), host: host, guest, guests: 6)
    let cached = 1000 * 16384 / 4096
    #expect(memory.pressure.swappedIdle == 6 * 512)
    let swapped = 6 * (9 * 256 + 1024 + cached) - 110 * 256 - 6 * 512
    #expect(memory.pressure.swappedCache == swapped)
    #expect(memory.pressure.swappedActive == 0)
    // The guest knows nothing of it: all files are in its cache.
    #expect(memory.hitRatio(guest: 0) == 1)
    let files = try #require(guest.workload.files)
    let resident = 1 - Double(swapped) / Double(6 * cached)
    let missing = 1 - (try FileCatalog(files: files)).hitRatio(cacheBytes: resident * 1000 * 16384)
    #expect(missing > 0.05)
    #expect(abs(memory.swappedHitRatio(guest: 0) - missing) < 1e-12)
    // Two files in a request, of four pages: a read from swap for each that is there.
    #expect(abs(memory.swapReadsPerRequest(guest: 0).total - 2 * missing) < 1e-12)
    #expect(abs(memory.swapWritesPerRequest(guest: 0).total - 2 * missing * 0.7) < 1e-12)
    let ample = try MemoryFixtures.simulation(machine(), guest, guests: 6)
    #expect(ample.hitRatio(guest: 0) == 1 && ample.swapReadsPerRequest(guest: 0).total == 0)
  }

  /// Six guests of 65 MiB with their monitors on 300, each with 78 MiB of files, of which it caches
  /// 52.
  @Test("A file that goes into frames which the host has in swap brings them back first")
  func staleReads() throws {
    var guest = try guest(files: 5000)
    guest.workload.operations = [
      OperationCount(.fileRead, count: plain(2, .count), attributes: Attributes())
    ]
    let host = MemoryFixtures.host(memory: 300 * mebibyte, swap: 200 * mebibyte)
    let memory = try MemoryFixtures.simulation(machine(), host: host, guest, guests: 6)
    let frames = memory.guest(0).frames
    let lost = memory.pressure.swappedCache + memory.pressure.swappedUnused
    #expect(lost > 0 && memory.pressure.swappedActive == 0)
    let missed = 1 - memory.hitRatio(guest: 0)
    #expect(missed > 0.02)
    let share = Double(lost) / Double(6 * (frames.cache + frames.unused))
    #expect(abs(memory.staleReadRatio(guest: 0) - missed * share) < 1e-12)
    // Two files in a request, of four pages each: one read brings a file's frames back.
    let files = memory.swappedHitRatio(guest: 0) + missed * share
    #expect(abs(memory.swapReadsPerRequest(guest: 0).total - 2 * files) < 1e-12)
    // Where the host has the frames in memory, a file that is not cached costs no swapping.
    let ample = try MemoryFixtures.simulation(machine(), guest, guests: 6)
    #expect(ample.hitRatio(guest: 0) < 0.98 && ample.swapReadsPerRequest(guest: 0).total == 0)
  }

  /// One kernel for all drops a page of a file instead of sending it to swap.
  @Test("Without kernels of their own guests have no stale reads")
  func noStaleReadsInOneKernel() throws {
    let guest = try MemoryFixtures.guest(
      memory: .infinity, base: 20 * mebibyte, worker: 2 * mebibyte, baseProcesses: 1,
      kernelPerProcess: 0, files: 1000)
    let memory = try MemoryFixtures.simulation(
      MemoryFixtures.approach("pool", .pool),
      host: MemoryFixtures.host(memory: 100 * mebibyte, swap: 100 * mebibyte), guest, guests: 6)
    #expect(memory.pressure.swappedIdle > 0 && memory.hitRatio(guest: 0) < 1)
    #expect(memory.staleReadRatio(guest: 0) == 0)
  }
}
