import Statistics
import Testing
import Virtualization

@Suite("Image files that are opened for direct input and output")
struct DirectInputOutputTests {
  /// One guest whose cache holds a part of its files, and a host with room for all of them.
  private static func scenario() throws -> Scenario {
    let exact = HostFixture.exact
    var workload = try HostFixture.workload(
      arrival: .poisson(rate: exact(4, .hertz)), user: .exponential(mean: 0.001),
      operations: [OperationCount(.fileRead, count: exact(1, .count), attributes: Attributes())])
    workload.files = FileSet(
      count: exact(2000, .count), meanBytes: exact(16384, .bytes), zipfExponent: exact(0.8, .count),
      commonShare: exact(0, .share))
    var scenario = HostFixture.scenario(
      host: HostFixture.host(cores: 2, price: 2e-5), native: HostFixture.approach(),
      workload: workload, guests: 1, seconds: 2000, warmup: 20)
    scenario.guests[0].limits.memoryBytes = 8 * mebibyte
    return scenario
  }

  private static func machine(_ cache: MemoryPolicy.PageCache, direct: Bool) -> ApproachProfile {
    var approach = HostFixture.approach("vm")
    approach.topology.kernelPerGuest = true
    approach.memory.kind = .touchOnDemand
    approach.memory.pageCache = cache
    approach.storage = StoragePolicy(
      image: .copyOnWrite, privateShare: HostFixture.exact(0.1, .share), directIO: direct)
    return approach
  }

  @Test("The disk reads what the guest's own cache misses, and no less")
  func disk() throws {
    let scenario = try Self.scenario()
    let cached = try HostFixture.run(scenario, Self.machine(.double, direct: false))
    let direct = try HostFixture.run(scenario, Self.machine(.double, direct: true))
    let without = try HostFixture.run(scenario, Self.machine(.perGuest, direct: false))
    let memory = try MemorySimulation(
      host: scenario.host, approach: Self.machine(.double, direct: true),
      classes: scenario.guests, assignment: [0])
    let miss = 1 - memory.hitRatio(guest: 0)
    #expect(miss > 0.3 && miss < 0.9)
    let requests = Double(direct.classes[0].finished)
    let expected = requests * miss
    // Four standard deviations of a binomial number.
    let tolerance = 4 * (expected * (1 - miss)).squareRoot()
    #expect(abs(Double(direct.diskCompletions) - expected) < tolerance)
    #expect(direct.diskCompletions == without.diskCompletions)
    #expect(direct.classes[0].sojournSeconds == without.classes[0].sojournSeconds)
    #expect(cached.diskCompletions < direct.diskCompletions / 20)
    #expect(direct.memory[.hostFileCache] == 0 && cached.memory[.hostFileCache] > 0)
    #expect(direct.classes[0].residual < 0.01 && cached.classes[0].residual < 0.01)
  }
}
