import Experiments
import Statistics
import Testing
import Virtualization

@Suite("Analytic twin")
struct AnalyticTwinTests {
  /// Guests with one request per second each: so much computation, then as much work of a driver
  /// domain of one processor.
  private static func driverDomain(
    cores: Double, computation: Double, backend: Double
  ) throws -> (scenario: Scenario, approach: ApproachProfile) {
    var approach = ExperimentFixture.approach("xen", .processorSharing)
    approach.topology.deviceService = .driverDomain
    approach.topology.driverDomainProcessors = ExperimentFixture.exact(1)
    for index in approach.paths.indices where approach.paths[index].operation == .diskRead {
      approach.paths[index].hops.append(
        Hop(
          .backendWork, at: .driverDomain, in: .backend, status: .assumed, source: "test fixture"))
    }
    let workload = try ExperimentFixture.workload(
      .poisson(rate: ExperimentFixture.exact(1, .hertz)), user: .exponential(mean: computation),
      diskReads: 1)
    var scenario = ExperimentFixture.scenario(
      [approach], workload, guests: 1, seconds: 100, response: 10)
    scenario.host = ExperimentFixture.host(diskSeconds: 1e-9)
    scenario.host.processors.cores = ExperimentFixture.exact(cores)
    scenario.host.primitives.append(
      Primitive(.backendWork, price: ExperimentFixture.exact(backend, .seconds)))
    return (scenario, approach)
  }

  /// Guests and driver domain ask the one core for 0.1 s a request: 0.1 / (1 - 0.8) with 8 guests,
  /// and no steady state from 10 on, although each half alone would load it by 50 % only.
  @Test("A driver domain's work is load of the cores it shares with the guests")
  func sharedCore() throws {
    let (scenario, approach) = try Self.driverDomain(cores: 1, computation: 0.05, backend: 0.05)
    let eight = try #require(
      try AnalyticTwin(scenario, approach, guests: 8).answer(ofClass: 0)?.meanResponse)
    #expect(abs(eight - 0.5) < 1e-3)
    let ten = try #require(try AnalyticTwin(scenario, approach, guests: 10).answer(ofClass: 0))
    #expect(ten.meanResponse == nil)
    #expect(ten.percentileResponse == nil)
  }

  /// On four cores a domain of one processor is full first: 0.05 / (1 - 0.9) behind 18 guests whose
  /// 0.02 s wait for nobody, and full with 20.
  @Test("A driver domain with fewer processors than cores is a limit of its own")
  func ownLimit() throws {
    let (scenario, approach) = try Self.driverDomain(cores: 4, computation: 0.02, backend: 0.05)
    let answer = try #require(
      try AnalyticTwin(scenario, approach, guests: 18).answer(ofClass: 0)?.meanResponse)
    #expect(abs(answer - 0.52) < 1e-3)
    let full = try #require(try AnalyticTwin(scenario, approach, guests: 20).answer(ofClass: 0))
    #expect(full.meanResponse == nil)
  }
}

@Suite("Where the analytic twin is silent")
struct AnalyticTwinAbsenceTests {
  /// A server that is busy for 0.7 of the time: 2.33 requests in the mean, 0.7^W of them find W
  /// workers busy.
  private static func scenario(
    _ algorithm: SchedulingPolicy.Algorithm = .completelyFairGroups
  ) throws -> Scenario {
    let workload = try ExperimentFixture.workload(
      .poisson(rate: ExperimentFixture.exact(0.35, .hertz)), user: .exponential(mean: 1))
    let approach = ExperimentFixture.approach("native", algorithm)
    var scenario = ExperimentFixture.scenario(
      [approach], workload, guests: 1, seconds: 100, response: 30)
    scenario.guests.append(scenario.guests[0])
    scenario.guests[1].id = "other"
    return scenario
  }

  private static func absence(_ scenario: Scenario) throws -> String? {
    try AnalyticTwin(scenario, scenario.native, guests: scenario.guestCount).absence
  }

  @Test func silentOnlyWhereItMatters() throws {
    var scenario = try Self.scenario()
    #expect(try Self.absence(scenario) == nil)
    scenario.guests[0].limits.processorLimit = 0.2
    #expect(try #require(try Self.absence(scenario)).contains("`cpu-limit` of guest"))
    // A scheduler without limits ignores them, and so may the twin.
    var without = try Self.scenario(.o1)
    without.guests[0].limits.processorLimit = 0.2
    without.guests[0].limits.weight = 3
    #expect(try Self.absence(without) == nil)
  }

  @Test func unequalWeights() throws {
    var scenario = try Self.scenario()
    for index in 0..<2 { scenario.guests[index].limits.weight = 3 }
    #expect(try Self.absence(scenario) == nil)
    scenario.guests[0].limits.weight = 1
    #expect(try #require(try Self.absence(scenario)).contains("weights"))
  }

  @Test func bursts() throws {
    var scenario = try Self.scenario()
    scenario.guests[1].workload.arrival = .bursty(
      rate: ExperimentFixture.exact(0.35, .hertz), peakToMean: ExperimentFixture.exact(4),
      burstSeconds: ExperimentFixture.exact(10, .seconds))
    #expect(try #require(try Self.absence(scenario)).contains("bursts"))
    #expect(AnalyticTwin.absence(in: scenario)?.contains("bursts") == true)
  }

  /// Each class has 0.35 / (1 - 0.7) = 1.17 requests in the mean: 0.54^W of them find W workers
  /// busy, 1.3 % with 7 and 0.7 % with 8.
  @Test(arguments: [(1.0, true), (7, true), (8, false), (100, false)])
  func workers(number: Double, isSilent: Bool) throws {
    var scenario = try Self.scenario()
    for index in 0..<2 { scenario.guests[index].workload.workers = ExperimentFixture.exact(number) }
    #expect((try Self.absence(scenario)?.contains("workers") == true) == isSilent)
  }

  @Test("The answers say so in place of a number")
  func answers() async throws {
    var scenario = try Self.scenario()
    scenario.guests[0].limits.processorLimit = 0.9
    scenario.controls.seconds = 2_000
    scenario.controls.maximumGuests = 8
    scenario.controls.maximumReplications = 5
    let study = try await StudyRunner(scenario, questions: Question.allCases, jobs: 2).run()
    let overhead = try #require(study.overhead?.approaches.first?.classes.first)
    #expect(overhead.twin == nil)
    #expect(overhead.twinAbsence?.contains("cpu-limit") == true)
    let density = try #require(study.density?.approaches.first)
    #expect(density.twinGuests == nil)
    #expect(density.twinAbsence?.contains("cpu-limit") == true)
  }
}
