import DiscreteEvents
import Statistics
import Testing
import Virtualization

/// The constants of a kernel come from the host profile, for the host itself and inside guests.
@Suite struct HostKernelTests {
  private static func plan(
    _ host: HostProfile, _ algorithm: SchedulingPolicy.Algorithm = .host
  ) throws -> HostPlan {
    let native = HostFixture.approach(algorithm: algorithm)
    let scenario = HostFixture.scenario(
      host: host, native: native,
      workload: try HostFixture.workload(
        arrival: .poisson(rate: HostFixture.exact(1, .hertz)), user: .deterministic(value: 0.001)),
      guests: 1, seconds: 1, warmup: 0)
    return try HostPlan(scenario: scenario, approach: native, guests: 1, replication: 0)
  }

  private static func fair(cores: Int) -> HostProfile {
    var host = HostFixture.host(cores: cores)
    host.kernel.scheduler = .completelyFair
    host.kernel.parameters = [
      .latency: HostFixture.exact(0.006, .seconds),
      .minimumGranularity: HostFixture.exact(0.000_75, .seconds),
      .wakeupGranularity: HostFixture.exact(0.001, .seconds),
    ]
    return host
  }

  @Test(arguments: [SchedulingPolicy.Algorithm.host, .tokenBucket, .o1])
  func theSliceIsTheHosts(algorithm: SchedulingPolicy.Algorithm) throws {
    var host = HostFixture.host()
    host.kernel.parameters[.slice]?.value = 0.037
    let processors = try Self.plan(host, algorithm).processors
    #expect(processors.entities.map(\.discipline) == [.o1(slice: .milliseconds(37))])
    #expect(processors.policy.parameters[.slice]?.value == 0.037)
  }

  // An algorithm that is no extension of the kernel's has constants of its own.
  @Test func otherAlgorithmsKeepTheirs() throws {
    let fairQueueing = try Self.plan(HostFixture.host(), .startTimeFairQueueing).processors.policy
    #expect(fairQueueing.parameters.isEmpty)
    let stated = SchedulingPolicy(
      algorithm: .o1, parameters: [.slice: HostFixture.exact(0.2, .seconds)])
    #expect(stated.resolved(on: HostFixture.host()) == stated)
  }

  @Test(arguments: [(1, 1.0), (2, 2.0), (4, 3.0), (64, 4.0)])
  func fairConstantsGrowWithTheCoresOfTheHostOnly(cores: Int, factor: Double) throws {
    let processors = try Self.plan(Self.fair(cores: cores)).processors
    #expect(processors.policy.algorithm == .completelyFairGroups)
    #expect(processors.policy.parameters[.latency]?.value == 0.006 * factor)
    #expect(processors.policy.parameters[.minimumGranularity]?.value == 0.000_75 * factor)
    #expect(processors.policy.parameters[.wakeupGranularity]?.value == 0.001 * factor)
    #expect(
      processors.entities.map(\.discipline) == [
        .completelyFair(latency: .milliseconds(6), minimumGranularity: .microseconds(750))
      ])
  }

  @Test func aMissingConstantIsNamed() {
    var host = HostFixture.host()
    host.kernel.parameters = [:]
    let error = #expect(throws: ModelError.self) { try Self.plan(host) }
    #expect(error?.message.contains("`slice`") == true)
  }

  @Test func memoryIsTheHosts() throws {
    var host = HostFixture.host()
    host.kernel.memory.swapCluster.value = 3
    host.kernel.memory.rewrittenShare.value = 0.25
    let model = try MemoryModel(host: host, approach: HostFixture.approach(), classes: [])
    #expect(model.swapCluster == 3)
    #expect(model.writesPerRead == 0.25)
  }
}
