import Statistics
import Testing
import Virtualization

@Suite("What guests keep active comes back from swap whether requests come or not")
struct TouchingTests {
  private static func exact(_ value: Double, _ unit: Unit = .count) -> Quantity {
    HostFixture.exact(value, unit)
  }

  /// A guest with 80 MiB of active base and four spare workers of 10 MiB, on a pool of 100 MiB.
  static func scenario(
    rate: Double, memory: Double = 100, positioning: Double = 0.001, price: Double = 0
  ) throws -> Scenario {
    var workload = try HostFixture.workload(
      arrival: .poisson(rate: exact(rate, .hertz)), user: .deterministic(value: 0.0001))
    workload.processes.baseAnonymousBytes = exact(80 * mebibyte, .bytes)
    workload.processes.workerAnonymousBytes = exact(10 * mebibyte, .bytes)
    workload.processes.spareWorkers = exact(4)
    workload.processes.activeShare = exact(1, .share)
    workload.workers = exact(4)
    var host = HostFixture.host(price: price)
    host.disk.positioningTime = exact(positioning, .seconds)
    host.memory.bytes = exact(memory * mebibyte, .bytes)
    host.memory.swapBytes = exact(1e9, .bytes)
    return HostFixture.scenario(
      host: host, native: HostFixture.approach(), workload: workload, guests: 1, seconds: 1200,
      warmup: 120)
  }

  // A sixth of 120 MiB is in swap: of 20,480 pages of the base 1 / 6, 8 at a time, in a minute. Of
  // 10,240 of workers the same, if no request comes; at one each second all four are in use.
  @Test("Pages of the base, and of workers without requests", arguments: [(0.001, 120.0), (1, 80)])
  func rates(rate: Double, mebibytes: Double) throws {
    let result = try HostFixture.run(Self.scenario(rate: rate))
    let found = result.classes[0]
    let reads = mebibytes * 256 / 6 / 8 / 60 * 1200
    #expect(abs(Double(found.touchReads) / reads - 1) < 0.05)
    #expect(abs(Double(found.touchWrites) / Double(found.touchReads) - 0.7) < 0.03)
    #expect(result.isStable)
    #expect(found.residual < 1e-6)
  }

  @Test("The mean demands hold them")
  func demand() throws {
    let scenario = try Self.scenario(rate: 0.001, price: 1e-5)
    let demand = try HostPlan(
      scenario: scenario, approach: scenario.native, guests: 1, replication: 0
    ).meanDemands()[0].background
    // 0.06 of the four workers are used in a minute.
    let reads = (80 + (4 - 0.06) * 10) * 256 / 6 / 8 / 60
    let visit = 0.001 + 8 * 4096 / 1e12
    #expect(abs(demand.disk / (reads * 1.7 * visit) - 1) < 1e-9)
    // A read of 10 us and eight faults of 10 us each, and 0.7 writes of 10 us.
    #expect(abs(demand.processor / (reads * (10e-6 + 80e-6 + 7e-6)) - 1) < 1e-9)
  }

  @Test("Nothing of it happens where nothing is in swap")
  func nothingSwapped() throws {
    let ample = try HostFixture.run(Self.scenario(rate: 1, memory: 130))
    var without = try Self.scenario(rate: 1, memory: 130)
    without.host.memory.swapBytes = Self.exact(0, .bytes)
    #expect(ample.classes[0].touchReads == 0)
    #expect(try HostFixture.run(without).eventsHandled == ample.eventsHandled)
  }

  @Test("Where the disk cannot bring back what is active, guests thrash")
  func thrashing() throws {
    // 53 reads a second and 37 writes of 20 ms each.
    let result = try HostFixture.run(Self.scenario(rate: 0.1, memory: 20, positioning: 0.02))
    #expect(result.areTouchesBehind)
    #expect(!result.isStable)
    #expect(result.diskUtilization > 0.99)
  }

  @Test("Swapping takes processor time: for a request its visits and eight faults for each read")
  func processorTime() throws {
    let found = try HostFixture.run(Self.scenario(rate: 1, price: 1e-5)).classes[0]
    let calm = try HostFixture.run(Self.scenario(rate: 1, memory: 130, price: 1e-5)).classes[0]
    func work(_ result: ClassResult) -> Double {
      result.processor[.kernelWork] / Double(result.finished)
    }
    // 2,560 pages of a worker, a sixth in swap: 53 reads of nine times 10 us, 37 writes of 10 us;
    // and a wake-up of 10 us after each visit that finds the guest idle.
    let reads = 2560.0 / 6 / 8
    let least = reads * (90e-6 + 0.7 * 10e-6)
    let most = least + reads * 1.7 * 10e-6
    let more = work(found) - work(calm)
    #expect(more > 0.97 * least && more < 1.03 * most)
    #expect(found.residual < 1e-6)
  }
}
