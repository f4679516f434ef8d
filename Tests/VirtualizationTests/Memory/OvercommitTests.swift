import Testing
import Virtualization

@Suite("Overcommitted memory")
struct OvercommitTests {
  /// A host of 100 MiB, all of whose guests' pages are anonymous: 10 MiB idle and 10 active each.
  private func pool(
    _ kind: MemoryPolicy.Kind = .pool, swap: Double = 100 * mebibyte, memory: Double = .infinity,
    guests: Int, files: Double? = nil, preset: BeancounterPreset = .unlimited
  ) throws -> MemorySimulation {
    try MemoryFixtures.simulation(
      MemoryFixtures.approach("pool", kind),
      host: MemoryFixtures.host(
        memory: 100 * mebibyte, swap: swap, sockets: (0, 0)),
      try MemoryFixtures.guest(
        memory: memory, base: 20 * mebibyte, worker: 2 * mebibyte, baseProcesses: 1,
        kernelPerProcess: 0, files: files, preset: preset), guests: guests)
  }

  @Test("Demand beyond memory takes the cache, then idle pages, then active ones")
  func orderOfReclaim() throws {
    // 15.6 MiB of files, half of them common, for up to nine guests.
    let two = try pool(guests: 2, files: 1000)
    let wanted = Int((500.0 * 16384 * 3 / 4096).rounded(.up))
    #expect(two.pressure.cache == wanted)
    #expect(two.pressure.swapUsed == 0)
    let four = try pool(guests: 4, files: 1000)
    #expect(four.pressure.cache == (100 - 80) * 256)
    #expect(four.pressure.swapUsed == 0)
    #expect(four.hitRatio(guest: 0) < 1)
    let floor = 256
    let six = try pool(guests: 6, files: 1000)
    #expect(six.pressure.cache == floor)
    #expect(six.pressure.swappedIdle == 20 * 256 + floor)
    #expect(six.pressure.swappedActive == 0)
    #expect(six.swapReadsPerRequest(guest: 0).total == 0)
    let nine = try pool(guests: 9, files: 1000)
    #expect(nine.pressure.swappedIdle == 80 * 256 + floor)
    #expect(nine.pressure.swappedActive == 0)
    let more = try pool(swap: 300 * mebibyte, guests: 12, files: 1000)
    #expect(more.pressure.swappedIdle == 120 * 256)
    #expect(more.pressure.swappedActive == 20 * 256 + floor)
  }

  @Test("Reads from swap are the pages a request touches, times the share swapped, over 8")
  func swapReads() throws {
    let memory = try pool(swap: 300 * mebibyte, guests: 12)
    #expect(memory.pressure.swappedActive == 20 * 256)
    // A worker of 2 MiB, half of it active: 256 pages; 20 of 120 MiB active pages are in swap.
    #expect(abs(memory.swapReadsPerRequest(guest: 0).total - 256.0 * (20.0 / 120) / 8) < 1e-12)
  }

  @Test("Where memory and swap are exhausted, the request that asks fails")
  func whoAsksFails() throws {
    // Five guests of 20 MiB fill the host; swap has room for two workers of 2 MiB.
    var memory = try pool(swap: 4 * mebibyte, guests: 5)
    #expect(memory.startRequest(guest: 3) == .granted)
    #expect(memory.startRequest(guest: 4) == .granted)
    let before = (memory.ledger, memory.totals)
    #expect(memory.startRequest(guest: 0) == .outOfMemory)
    #expect(memory.startRequest(guest: 3) == .outOfMemory)
    #expect((memory.ledger, memory.totals) == before)
    memory.endRequest(guest: 3)
    #expect(memory.startRequest(guest: 0) == .granted)
    #expect(memory.startRequest(guest: 3) == .outOfMemory)
  }

  @Test("Beancounters count a kill by overdraft, and only for guests within their guarantee")
  func beancounterOrder() throws {
    let small = try MemoryFixtures.guest(
      "small", base: 16 * mebibyte, worker: 4 * mebibyte, baseProcesses: 1, kernelPerProcess: 0,
      files: nil, preset: .veBasic)
    let large = try MemoryFixtures.guest(
      "large", base: 60 * mebibyte, worker: 4 * mebibyte, baseProcesses: 1, kernelPerProcess: 0,
      files: nil, preset: .vpsBasic)
    var memory = try MemorySimulation(
      host: MemoryFixtures.host(
        memory: 100 * mebibyte, swap: 8 * mebibyte, sockets: (0, 0)),
      approach: MemoryFixtures.approach("ve", .beancounters), classes: [small, large],
      assignment: [0, 0, 1])
    // 16 + 16 + 60 = 92 of 108 MiB: three workers in the first guest, one in the large one.
    for _ in 0..<3 { #expect(memory.startRequest(guest: 0) == .granted) }
    #expect(memory.startRequest(guest: 2) == .granted)
    // The first guest holds 28 MiB, above the 24 that ve-basic spares; the large one 64 of 102.
    #expect(memory.beancounters(guest: 0)?.oomOverdraft == 4 * 256)
    // Guest 1 has allocated 1.5 x 16 MiB = 24 MiB, its whole guarantee: one worker is beyond it.
    #expect(memory.startRequest(guest: 1) == .beyondGuarantee)
    let kills = { (memory: MemorySimulation) in
      (0..<3).map { memory.beancounters(guest: $0)?[.oomguarpages].failcnt }
    }
    #expect(kills(memory) == [0, 0, 0])
    // Guest 2 is within its 132 MiB: the kill is not its own, though it is the largest.
    #expect(memory.startRequest(guest: 2) == .outOfMemory)
    #expect(kills(memory) == [1, 0, 0])
    #expect(memory.refusals(.oomguarpages) == 1)
    memory.endRequest(guest: 0)
    #expect(memory.startRequest(guest: 2) == .granted)
    // Now guest 0 is at what is spared, and nobody above it: the one that asks counts it.
    #expect(memory.beancounters(guest: 0)?.oomOverdraft == 0)
    #expect(memory.startRequest(guest: 2) == .outOfMemory)
    #expect(kills(memory) == [1, 0, 1])
  }

  @Test("A refusal by a beancounter is counted and changes nothing else")
  func refusals() throws {
    let guest = try MemoryFixtures.guest(
      worker: 4096, baseProcesses: 60, kernelPerProcess: 1024, preset: .veBasic)
    var memory = try MemoryFixtures.simulation(
      MemoryFixtures.approach("ve", .beancounters), guest, guests: 2)
    for _ in 0..<5 { #expect(memory.startRequest(guest: 1) == .granted) }
    let ledger = memory.ledger
    #expect(memory.startRequest(guest: 1) == .refused(.numproc))
    #expect(memory.ledger == ledger)
    #expect(memory.beancounters(guest: 1)?[.numproc].failcnt == 1)
    #expect(memory.beancounters(guest: 1)?[.numproc].held == 65)
    #expect(memory.refusals(.numproc) == 1)
    memory.endRequest(guest: 1)
    #expect(memory.startRequest(guest: 1) == .granted)
    #expect(memory.startRequest(guest: 0) == .granted)
  }

  @Test("A control group swaps and kills inside itself while the host has room")
  func groupLimit() throws {
    var memory = try pool(.controlGroup, swap: 12 * mebibyte, memory: 24 * mebibyte, guests: 2)
    #expect(memory.pressure.swapUsed == 0)
    for _ in 0..<2 { #expect(memory.startRequest(guest: 0) == .granted) }
    #expect(memory.pressure.swapUsed == 0)
    for _ in 0..<6 { #expect(memory.startRequest(guest: 0) == .granted) }
    #expect(memory.pressure.swapUsed == 12 * 256)
    #expect(memory.startRequest(guest: 0) == .outOfMemory)
    #expect(memory.startRequest(guest: 1) == .granted)
    #expect(memory.ledger[.free] > 40 * 256)
  }

  @Test("A virtual machine swaps on its own disk and then fails by itself")
  func insideTheMachine() throws {
    let guest = try MemoryFixtures.guest(
      memory: 32 * mebibyte, base: 20 * mebibyte, worker: 2 * mebibyte, kernelPerProcess: 0,
      files: nil)
    var memory = try MemoryFixtures.simulation(
      MemoryFixtures.approach(
        "xen", .reservation, cache: .perGuest, guestKernel: 4 * mebibyte, processesPerProcess: 0),
      host: MemoryFixtures.host(sockets: (0, 0)), guest, guests: 4)
    for _ in 0..<4 { #expect(memory.startRequest(guest: 0) == .granted) }
    #expect(memory.memoryMap.guestSwapBytes == 0)
    for _ in 0..<16 { #expect(memory.startRequest(guest: 0) == .granted) }
    #expect(memory.memoryMap.guestSwapBytes == 32 * mebibyte)
    #expect(memory.memoryMap.swapBytes == 0)
    #expect(memory.startRequest(guest: 0) == .outOfMemory)
    #expect(memory.swapReadsPerRequest(guest: 0).own > 0)
    #expect(memory.swapReadsPerRequest(guest: 1).total == 0)
  }

  @Test("Numbers that make no sense are refused with the place")
  func badNumbers() throws {
    let native = MemoryFixtures.approach("native", .pool)
    for guest in [
      try MemoryFixtures.guest("bad", memory: -1), try MemoryFixtures.guest("bad", base: -1),
      try MemoryFixtures.guest("bad", active: 1.5), try MemoryFixtures.guest("bad", worker: .nan),
      try MemoryFixtures.guest("bad", baseProcesses: .infinity),
    ] {
      let error = #expect(throws: MemoryError.self) {
        try MemoryFixtures.simulation(native, guest, guests: 1)
      }
      #expect(error?.code == .invalidValue)
      #expect(error?.place == "bad")
    }
    for files in [
      try MemoryFixtures.guest(files: 0), try MemoryFixtures.guest(fileBytes: 0),
      try MemoryFixtures.guest(zipf: -1), try MemoryFixtures.guest(common: 2),
    ] {
      let error = #expect(throws: MemoryError.self) {
        try MemoryFixtures.simulation(native, files, guests: 1)
      }
      #expect(error?.code == .invalidValue)
    }
    let error = #expect(throws: MemoryError.self) {
      try MemoryFixtures.simulation(
        MemoryFixtures.approach("ve", .beancounters),
        try MemoryFixtures.guest(baseProcesses: 66, preset: .veBasic), guests: 1)
    }
    #expect(error?.code == .guestTooSmall)
    #expect(error?.message.contains("numproc") == true)
    let small = #expect(throws: MemoryError.self) {
      try CapacityLimits(
        host: MemoryFixtures.host(),
        approach: MemoryFixtures.approach("vm", .reservation, guestKernel: 32 * mebibyte),
        classes: [try MemoryFixtures.guest(memory: mebibyte)])
    }
    #expect(small?.code == .guestTooSmall)
    #expect(small?.message.contains("and has 1.0 MiB and") == true)
    #expect(throws: MemoryError.self) {
      try MemorySimulation(
        host: MemoryFixtures.host(), approach: native, classes: [], assignment: [0])
    }
  }
}
