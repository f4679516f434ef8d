import DiscreteEvents
import ScenarioFormat
import Statistics
import Testing
import Virtualization

@Suite("Ticks of idle guests take their time and stand in nobody's way")
struct IdleTickTests {
  /// Guests whose kernels tick 1000 times a second, each tick costing one price.
  static func approach(_ algorithm: SchedulingPolicy.Algorithm = .o1) -> ApproachProfile {
    var approach = HostFixture.approach("ticking", algorithm: algorithm)
    approach.topology.kernelPerGuest = true
    approach.guestKernel = GuestKernel(
      tickRate: HostFixture.exact(1000, .hertz), ticksWhenIdle: true)
    return approach
  }

  /// Guests of one user each, or without any request.
  static func run(
    guests: Int = 1, cores: Int = 1, price: Double = 2e-5, work: Double = 0.005,
    think: Double = 1e9, period: Double? = nil, seconds: Double = 300,
    algorithm: SchedulingPolicy.Algorithm = .o1
  ) throws -> RunResult {
    var workload = try HostFixture.workload(
      arrival: .closed(
        users: HostFixture.exact(1), thinkTime: try .exponential(mean: think)),
      user: .deterministic(value: work))
    if let period {
      workload.background = BackgroundWork(
        period: HostFixture.exact(period, .seconds), userSeconds: HostFixture.exact(0, .seconds),
        operations: [])
    }
    var host = HostFixture.host(cores: cores, price: price)
    host.kernel.tickRate = HostFixture.exact(0, .hertz)
    let scenario = HostFixture.scenario(
      host: host, native: HostFixture.approach(), workload: workload, guests: guests,
      seconds: seconds, warmup: 10)
    return try HostFixture.run(scenario, approach(algorithm))
  }

  @Test(
    "Idle guests take their rate times the price of a tick",
    arguments: [1e-5, 1e-6, 1e-8], [1, 5, 100])
  func utilization(price: Double, guests: Int) throws {
    let result = try Self.run(guests: guests, cores: 4, price: price)
    let expected = Double(guests) * 300 * 1000 * price
    #expect(abs(result.processorUtilization * 4 * 300 / expected - 1) < 0.01)
    #expect(abs(result.classes[0].background.total / expected - 1) < 0.01)
    #expect(result.isStable)
  }

  @Test("Real guests take theirs", arguments: ["uml-skas0", "uml-skas3", "vmware-workstation"])
  func realGuests(_ id: String) throws {
    let host = try RealProfiles.library.host("server-2006")
    var workload = try RealProfiles.library.workload("idle-vps")
    workload.background = nil
    let approach = try RealProfiles.library.approach(id)
    let scenario = try RealProfiles.scenario(
      host: host, workload: workload, guests: 20, rate: 1e-9, seconds: 100)
    let plan = try HostPlan(scenario: scenario, approach: approach, guests: 20, replication: 0)
    let result = try HostSimulation.run(plan)
    let expected = try plan.meanDemands()[0].background.processor * 20 * 100
    let used = result.processors.entityTime.reduce(0.0) { $0 + $1.seconds }
    #expect(expected > 0)
    #expect(abs(used / expected - 1) < 0.01)
  }

  @Test(
    "A lone request waits a fraction of a millisecond at most, whatever the period of rounds",
    arguments: [nil, 0.1, 60])
  func loneRequest(period: Double?) throws {
    let result = try Self.run(think: 0.3, period: period)
    let guests = result.classes[0]
    #expect(guests.finished > 500)
    // Waking up and 5 ms of work, with 1000 ticks in each of its seconds.
    let alone = (0.005 + 2e-5) * 1.02
    let longest = try #require(guests.responses.percentile(100)) / 1e9
    #expect(longest > alone - 1e-9)
    #expect(longest < alone + 0.0003)
    #expect(guests.residual < 1e-6)
  }

  @Test("A guest at work takes no idle ticks")
  func atWork() throws {
    let result = try Self.run(cores: 2, work: 0.05, think: 0.05)
    let busy = result.classes[0].response.total / 300
    #expect(busy > 0.4 && busy < 0.6)
    let expected = (1 - busy) * 300 * 1000 * 2e-5
    #expect(abs(result.classes[0].background.total / expected - 1) < 0.01)
  }

  @Test("More ticks than there is time for make the run unstable")
  func overload() throws {
    #expect(try Self.run(guests: 45, seconds: 30).isStable)
    #expect(try !Self.run(guests: 60, seconds: 30).isStable)
  }

  @Test("Cheap ticks of many guests take few events")
  func events() throws {
    let result = try Self.run(guests: 1000, cores: 4, price: 1e-7, seconds: 20)
    // Two for each slice of a tenth of a second, and samples.
    #expect(result.eventsHandled < 1000 * 10 * 30 * 2 + 10_000)
    #expect(result.eventsHandled > 1000 * 10 * 30)
  }

  @Test("What passes through a core leaves it as it was")
  func transient() throws {
    let work = 0.05
    let plain = try Self.run(cores: 1, work: work, think: 0.05, algorithm: .firstComeFirstServed)
    // Each request pays for waking up; ticks between two of them make none a switch.
    #expect(plain.processors.entitySwitches == 0)
    #expect(plain.classes[0].response[.kernelWork] > 0)
  }
}
