import DiscreteEvents
import Statistics
import Testing
import Virtualization

@Suite("The whole host keeps its books and agrees with exact results")
struct HostSimulationTests {
  /// Requests with system calls, packets both ways and a trip to the disk now and then.
  static func mixed(rate: Double, guests: Int, price: Double = 2e-5) throws -> Scenario {
    let workload = try HostFixture.workload(
      arrival: .poisson(rate: HostFixture.exact(rate, .hertz)),
      user: .exponential(mean: 0.02),
      operations: [
        OperationCount(
          .packetReceive, count: HostFixture.exact(1), attributes: Attributes([.bytes: 300])),
        OperationCount(.systemCall, count: HostFixture.exact(12)),
        OperationCount(
          .diskRead, count: HostFixture.exact(0.2), attributes: Attributes([.bytes: 4096])),
        OperationCount(.packetSend, count: HostFixture.exact(1), movesResponse: true),
      ], responseBytes: 8000)
    return HostFixture.scenario(
      host: HostFixture.host(cores: 2, price: price, refill: 1e-9),
      native: HostFixture.approach(algorithm: .firstComeFirstServed), workload: workload,
      guests: guests,
      seconds: 60, warmup: 10)
  }

  static let driver = HostFixture.approach(
    "driver-domain", algorithm: .borrowedVirtualTime,
    paths: [
      Path(
        .packetSend,
        hops: [
          Hop(.kernelWork, at: .guestKernel, status: .assumed, source: "test"),
          Hop(.notification, at: .hypervisor, isShared: true, status: .assumed, source: "test"),
          Hop(.backendWork, at: .driverDomain, in: .backend, status: .assumed, source: "test"),
        ])
    ], service: .driverDomain, guestProcessors: 1)

  @Test("Every nanosecond of a response is somewhere", arguments: [false, true])
  func attributionIsComplete(withDriver: Bool) throws {
    let scenario = try Self.mixed(rate: 8, guests: 8)
    let result = try HostFixture.run(scenario, withDriver ? Self.driver : nil)
    let guests = result.classes[0]
    #expect(result.isStable)
    #expect(guests.finished > 3000)
    #expect(guests.residual < 1e-5)
    let work = guests.processor[.kernelWork] + guests.processor[.userExecution]
    #expect(guests.workSeconds > 0.9 * work)
    #expect(guests.workSeconds < 1.1 * guests.processor.total)
  }

  @Test(
    "Core time is conserved to the nanosecond and Little's law holds", arguments: [false, true])
  func booksAreBalanced(withDriver: Bool) throws {
    let scenario = try Self.mixed(rate: 9, guests: 8)
    let result = try HostFixture.run(scenario, withDriver ? Self.driver : nil)
    let counters = result.processors
    for core in counters.busy.indices {
      let sum =
        counters.busy[core] + counters.switching[core] + counters.refill[core]
        + counters.idle[core]
      #expect(sum == counters.elapsed)
    }
    #expect(abs(result.populationIntegral - result.timeInSystem) < 1e-6)
  }

  @Test("The same seed gives the same run, another replication another one")
  func runsAreReproducible() throws {
    let scenario = try Self.mixed(rate: 8, guests: 4)
    let first = try HostFixture.run(scenario)
    let second = try HostFixture.run(scenario)
    let other = try HostFixture.run(scenario, replication: 1)
    #expect(first.classes[0].sojournSeconds == second.classes[0].sojournSeconds)
    #expect(first.eventsHandled == second.eventsHandled)
    #expect(first.classes[0].sojournSeconds != other.classes[0].sojournSeconds)
  }

  @Test("A guest more does not shift anybody else's requests")
  func randomNumbersAreCommon() throws {
    let workload = try HostFixture.workload(
      arrival: .poisson(rate: HostFixture.exact(3, .hertz)), user: .exponential(mean: 0.01))
    var scenario = HostFixture.scenario(
      host: HostFixture.host(cores: 32), native: HostFixture.approach(), workload: workload,
      guests: 1, seconds: 60, warmup: 5)
    var other = scenario.guests[0]
    other.id = "other"
    scenario.guests.append(other)
    let together = try HostFixture.run(scenario)
    scenario.guests[1].count = 0
    let alone = try HostFixture.run(scenario)
    #expect(together.classes[1].finished > 100)
    #expect(together.classes[0].sojournSeconds == alone.classes[0].sojournSeconds)
    #expect(together.classes[0].finished == alone.classes[0].finished)
  }

  @Test(
    "One core, Poisson arrivals, exponential service: M/M/1",
    arguments: [(0.5, 2.0), (0.8, 5.0), (0.9, 10.0)])
  func singleServer(rho: Double, exact: Double) throws {
    let workload = try HostFixture.workload(
      arrival: .poisson(rate: HostFixture.exact(rho, .hertz)), user: .exponential(mean: 1))
    let scenario = HostFixture.scenario(
      host: HostFixture.host(), native: HostFixture.approach(), workload: workload, guests: 1,
      seconds: 20_000, warmup: 2_000)
    var moments = RunningMoments()
    for replication in 0..<50 {
      let guests = try HostFixture.run(scenario, replication: replication).classes[0]
      moments.add(guests.sojournSeconds / Double(guests.finished))
    }
    #expect(abs(moments.mean - exact) <= 3 * moments.standardError)
  }

  @Test(
    "Users who think, one processor-sharing core, one disk: exact mean-value analysis",
    arguments: [(1, 0.15), (5, 0.20351276), (10, 0.33177963), (20, 1.01190304)])
  func closedNetwork(users: Int, exact: Double) throws {
    let workload = try HostFixture.workload(
      arrival: .closed(
        users: HostFixture.exact(Double(users)), thinkTime: .exponential(mean: 1)),
      user: .exponential(mean: 0.1),
      operations: [OperationCount(.diskRead, count: HostFixture.exact(1))])
    let scenario = HostFixture.scenario(
      host: HostFixture.host(), native: HostFixture.approach(algorithm: .processorSharing),
      workload: workload, guests: 1, seconds: 2_000, warmup: 100)
    var moments = RunningMoments()
    for replication in 0..<50 {
      let guests = try HostFixture.run(scenario, replication: replication).classes[0]
      moments.add(guests.sojournSeconds / Double(guests.finished))
    }
    #expect(abs(moments.mean - exact) <= 3 * moments.standardError)
  }
}
