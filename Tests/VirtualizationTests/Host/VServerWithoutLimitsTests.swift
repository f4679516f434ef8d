import DiscreteEvents
import Statistics
import Testing
import Virtualization

/// Contexts of Linux-VServer that set no flag of its scheduler are nothing but processes to it.
@Suite struct VServerWithoutLimitsTests {
  private static func scenario(fair: Bool, limit: Double? = nil) throws -> Scenario {
    var host = HostFixture.host()
    if fair {
      host.kernel.scheduler = .completelyFair
      host.kernel.parameters = [
        .latency: HostFixture.exact(0.006, .seconds),
        .minimumGranularity: HostFixture.exact(0.000_75, .seconds),
        .wakeupGranularity: HostFixture.exact(0.001, .seconds),
      ]
    }
    // Short and long ones, so that bonuses, slices and preemption all matter; 90 % busy.
    let workload = try HostFixture.workload(
      arrival: .poisson(rate: HostFixture.exact(3, .hertz)),
      user: .lognormal(mean: 0.03, coefficientOfVariation: 3))
    var scenario = HostFixture.scenario(
      host: host, native: HostFixture.approach(algorithm: .host), workload: workload, guests: 10,
      seconds: 60, warmup: 5)
    scenario.guests[0].limits.processorLimit = limit
    return scenario
  }

  /// What a run comes to: its requests, the sum of their responses to the last bit, and
  /// preemptions.
  private static func outcome(
    _ scenario: Scenario, _ scheduling: SchedulingPolicy
  ) throws -> [Double] {
    var approach = scenario.native
    approach.scheduling = scheduling
    let result = try HostFixture.run(scenario, approach)
    let served = result.classes[0]
    return [Double(served.finished), served.sojournSeconds, Double(result.processors.preemptions)]
  }

  private static func buckets(_ mode: SchedulingPolicy.BucketMode?) -> SchedulingPolicy {
    SchedulingPolicy(algorithm: .tokenBucket, mode: mode, parameters: [:])
  }

  @Test(arguments: [false, true], [nil, SchedulingPolicy.BucketMode.hard, .idleTime])
  func withoutLimitsItIsTheHostsScheduler(
    fair: Bool, mode: SchedulingPolicy.BucketMode?
  ) throws {
    let scenario = try Self.scenario(fair: fair)
    let native = try Self.outcome(scenario, scenario.native.scheduling)
    #expect(native[0] > 1_000 && native[2] > 100)
    #expect(try Self.outcome(scenario, Self.buckets(mode)) == native)
  }

  // A limit of ten cores is a bucket that is never empty: `sched_hard` alone changes no priority.
  @Test func alsoAboveEveryDemand() throws {
    let scenario = try Self.scenario(fair: false, limit: 10)
    let native = try Self.outcome(scenario, scenario.native.scheduling)
    #expect(try Self.outcome(scenario, Self.buckets(.hard)) == native)
    #expect(try Self.outcome(scenario, Self.buckets(.soft)) != native)
  }

  @Test func onAFairHostALimitBringsTheArraysBack() throws {
    let scenario = try Self.scenario(fair: true, limit: 0.5)
    let native = scenario.native
    var approach = native
    approach.scheduling = Self.buckets(.hard)
    let plan = try HostPlan(scenario: scenario, approach: approach, guests: 10, replication: 0)
    #expect(plan.processors.policy.algorithm == .tokenBucket)
  }
}
