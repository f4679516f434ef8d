import Statistics
import Testing
import Virtualization

@Suite("Swapping costs reads and writes, and shifts nobody's random numbers")
struct HostSwappingTests {
  static let users = 300.0

  /// Users who each ask once, with trips to the disk that chance decides; 200 MiB of active memory.
  static func scenario(memory: Double) throws -> Scenario {
    var workload = try HostFixture.workload(
      arrival: .closed(
        users: HostFixture.exact(users), thinkTime: .uniform(lower: 500, upper: 990)),
      user: .exponential(mean: 0.01),
      operations: [
        OperationCount(
          .diskRead, count: HostFixture.exact(3.5), attributes: Attributes([.bytes: 4096]))
      ])
    let exact = HostFixture.exact
    workload.processes.baseAnonymousBytes = exact(200 * mebibyte, .bytes)
    workload.processes.workerAnonymousBytes = exact(mebibyte, .bytes)
    workload.processes.spareWorkers = exact(20, .count)
    workload.processes.activeShare = exact(1, .share)
    var host = HostFixture.host(cores: 2, price: 2e-5)
    // So fast that what is touched beside requests leaves them room.
    host.disk.positioningTime = exact(0.0005, .seconds)
    host.disk.transferRate = exact(1e8, .bytesPerSecond)
    host.memory.bytes = exact(memory, .bytes)
    host.memory.swapBytes = exact(1e9, .bytes)
    return HostFixture.scenario(
      host: host, native: HostFixture.approach(), workload: workload, guests: 1, seconds: 999,
      warmup: 0)
  }

  @Test("A request's later draws are the same whether it swaps or not")
  func drawsStayAligned() throws {
    let ample = try HostFixture.run(Self.scenario(memory: 1e9))
    let short = try HostFixture.run(Self.scenario(memory: 165 * mebibyte))
    let (calm, swapping) = (ample.classes[0], short.classes[0])
    #expect(calm.finished == Int(Self.users))
    #expect(swapping.finished == Int(Self.users))
    #expect(calm.swapReads == 0)
    #expect(swapping.swapReads > 1000)
    // The same trips with the same positioning times, to the nanosecond.
    let swaps =
      swapping.swapReads + swapping.swapWrites + swapping.touchReads + swapping.touchWrites
    // One of what is touched beside requests may be under way at the end.
    #expect((0...1).contains(ample.diskCompletions + swaps - short.diskCompletions))
    #expect(calm.touchReads + calm.touchWrites == 0)
    #expect(swapping.response[.diskService] == calm.response[.diskService])
    // A sum in another order of completion.
    let computed = [swapping, calm].map { $0.processor[.userExecution] }
    #expect(abs(computed[0] - computed[1]) < 1e-9)
    #expect(swapping.response[.swapping] > 1)
    #expect(swapping.residual < 1e-6)
  }

  @Test("Pages that change are written out before others come in")
  func writes() throws {
    let found = try HostFixture.run(Self.scenario(memory: 165 * mebibyte)).classes[0]
    // 220 MiB wanted, 165 there: a quarter of the 256 pages that a worker touches, 8 at a time.
    let reads = 256 * 0.25 / 8
    #expect(abs(Double(found.swapReads) / Self.users - reads) < 0.1 * reads)
    // Workers beyond the spare ones add first writes; there are hardly any.
    let share = Double(found.swapWrites) / Double(found.swapReads)
    #expect(abs(share - 0.7) < 0.05)
  }

  @Test("A page that goes to swap for the first time is written once")
  func firstWrites() throws {
    var memory = try MemoryFixtures.simulation(
      MemoryFixtures.approach("pool", .pool),
      host: MemoryFixtures.host(
        memory: 100 * mebibyte, swap: 100 * mebibyte, sockets: (0, 0)),
      try MemoryFixtures.guest(
        memory: .infinity, base: 20 * mebibyte, worker: 2 * mebibyte, baseProcesses: 1,
        kernelPerProcess: 0, files: nil), guests: 5)
    #expect(memory.takeFirstWrites().own == 0)
    // Memory is full: a worker of 2 MiB drives as many idle pages out, 64 clusters of 8.
    #expect(memory.startRequest(guest: 0) == .granted)
    #expect(memory.pressure.swappedIdle == 512)
    #expect(memory.takeFirstWrites().own == 64)
    #expect(memory.takeFirstWrites().own == 0)
    // What is in swap already has its copy there.
    memory.endRequest(guest: 0)
    #expect(memory.startRequest(guest: 1) == .granted)
    #expect(memory.takeFirstWrites().own == 0)
    #expect(memory.startRequest(guest: 2) == .granted)
    #expect(memory.takeFirstWrites().own == 64)
    #expect(memory.swapReadsPerRequest(guest: 0).total == 0)
    #expect(memory.swapWritesPerRequest(guest: 0).total == 0)
  }
}
