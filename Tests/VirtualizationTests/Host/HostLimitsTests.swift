import DiscreteEvents
import Statistics
import Testing
import Virtualization

@Suite("Runs that cannot end well end with an error that says so")
struct HostLimitsTests {
  private static func scenario(
    arrival: Arrival, user: Distribution, guests: Int = 1, seconds: Double = 10,
    algorithm: SchedulingPolicy.Algorithm = .o1
  ) throws -> Scenario {
    HostFixture.scenario(
      host: HostFixture.host(), native: HostFixture.approach(algorithm: algorithm),
      workload: try HostFixture.workload(arrival: arrival, user: user), guests: guests,
      seconds: seconds, warmup: 0)
  }

  private static func plan(_ scenario: Scenario) throws -> HostPlan {
    try HostPlan(
      scenario: scenario, approach: scenario.native, guests: scenario.guestCount, replication: 0)
  }

  @Test("More users than pending events is an error before the run, and no answer")
  func tooManyUsers() throws {
    let arrival = Arrival.closed(
      users: HostFixture.exact(1e6), thinkTime: try .deterministic(value: 1))
    let plan = try Self.plan(
      Self.scenario(arrival: arrival, user: .deterministic(value: 1), guests: 40))
    let error = try #require(throws: ModelError.self) { try HostSimulation.run(plan) }
    #expect(error.code == .tooManyEvents)
    #expect(error.message.hasPrefix("more than 16777215 pending events"))
  }

  @Test("A run ends when its budget of events is used up, and not before")
  func budget() throws {
    let arrival = Arrival.poisson(rate: HostFixture.exact(1000, .hertz))
    let plan = try Self.plan(Self.scenario(arrival: arrival, user: .deterministic(value: 1e-4)))
    let whole = try HostSimulation.run(plan)
    #expect(try HostSimulation.run(plan, budget: whole.eventsHandled + 1).isStable)
    let error = try #require(throws: ModelError.self) {
      try HostSimulation.run(plan, budget: 1000)
    }
    #expect(error.code == .tooManyEvents)
    #expect(error.message.hasPrefix("more than 1000 events by 0."))
  }

  @Test("Requests that take no time at all are found out")
  func standstill() throws {
    let arrival = Arrival.closed(
      users: HostFixture.exact(1), thinkTime: try .deterministic(value: 0))
    let plan = try Self.plan(Self.scenario(arrival: arrival, user: .deterministic(value: 0)))
    let error = try #require(throws: ModelError.self) { try HostSimulation.run(plan) }
    #expect(error.code == .tooManyEvents)
    #expect(error.message.hasPrefix("time stands still at 0.0 s"))
  }

  @Test("A run ends soon after its task is cancelled")
  func cancellation() async throws {
    let arrival = Arrival.closed(
      users: HostFixture.exact(1), thinkTime: try .deterministic(value: 1e-9))
    let plan = try Self.plan(
      Self.scenario(arrival: arrival, user: .deterministic(value: 1e-9), seconds: 1e6))
    let task = Task { try HostSimulation.run(plan) }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test("Memory that does not suffice and numbers that mean nothing are told apart")
  func codes() throws {
    let arrival = Arrival.poisson(rate: HostFixture.exact(1, .hertz))
    var scenario = try Self.scenario(arrival: arrival, user: .deterministic(value: 1e-4))
    scenario.guests[0].workload.files = FileSet(
      count: HostFixture.exact(1e10), meanBytes: HostFixture.exact(1e4, .bytes),
      zipfExponent: HostFixture.exact(1), commonShare: HostFixture.exact(0, .share))
    let invalid = try #require(throws: ModelError.self) {
      try HostSimulation.run(Self.plan(scenario))
    }
    #expect(invalid.code == .invalidValue)
    scenario.guests[0].workload.files = nil
    scenario.guests[0].workload.processes.kernelBytesPerProcess = HostFixture.exact(1e12, .bytes)
    let full = try #require(throws: ModelError.self) {
      try HostSimulation.run(Self.plan(scenario))
    }
    #expect(full.code == .doesNotFit)
  }

  @Test("Work far beyond the clock's range, and very long queues of it, are added up right")
  func wideSums() throws {
    let poisson = Arrival.poisson(rate: HostFixture.exact(1, .hertz))
    let endless = try HostFixture.run(
      Self.scenario(arrival: poisson, user: .deterministic(value: 1e10), seconds: 100))
    #expect(endless.unfinished > 0 && !endless.isStable)
    #expect(endless.classes[0].workSeconds > 9e9 * Double(endless.unfinished))
    let closed = Arrival.closed(
      users: HostFixture.exact(10_000), thinkTime: try .deterministic(value: 1000))
    let crowded = try HostFixture.run(
      Self.scenario(
        arrival: closed, user: .deterministic(value: 1000), seconds: 1e7,
        algorithm: .processorSharing))
    // All share the core, each for as long as the run; the time integral is beyond 2^63 ns.
    #expect(crowded.populationIntegral > 9.8e10 && crowded.populationIntegral < 1e11)
    #expect(abs(crowded.populationIntegral / crowded.timeInSystem - 1) < 1e-12)
  }

  @Test(
    "Numbers turn into whole ones within the type's range",
    arguments: [
      (1e300, Int64.max), (-1e300, .min), (.nan, 0), (-2.9, -2), (0x1p63, .max), (-0x1p63, .min),
      (.infinity, .max), (4096.5, 4096),
    ])
  func conversion(value: Double, whole: Int64) {
    #expect(Int64(clamping: value) == whole)
    #expect(Int(clamping: value) == Int(whole))
    #expect(Int32(clamping: value) == Int32(clamping: whole))
  }
}
