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
