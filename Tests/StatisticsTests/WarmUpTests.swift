import Numerics
import Statistics
import Testing

@Suite
struct WarmUpTests {
  /// Waiting times of M/M/1 customers, by Lindley's recurrence.
  static func waits(
    load: Double, customers: Int, initialBacklog: Double = 0, stream: inout RandomStream
  ) -> [Double] {
    var wait = initialBacklog
    return (0..<customers).map { _ in
      let now = wait
      wait = max(0, wait + stream.exponential() - stream.exponential(mean: 1 / load))
      return now
    }
  }

  /// The definition, in quadratic time: the least of sum (y - mean)^2 / (n - d)^2 over the cuts d.
  static func reference(_ observations: [Double]) -> Int {
    let means = (0..<(observations.count / 5)).map { batch in
      observations[(5 * batch)..<(5 * batch + 5)].reduce(0, +) / 5
    }
    var best = (cut: 0, value: Double.infinity)
    for cut in 0...(means.count - max(5, means.count / 10)) {
      let rest = means[cut...]
      let mean = rest.reduce(0, +) / Double(rest.count)
      let value =
        rest.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rest.count * rest.count)
      if value < best.value { best = (cut, value) }
    }
    return 5 * best.cut
  }

  @Test(arguments: 0..<20)
  func cutIsTheOneOfTheDefinition(_ seed: UInt64) throws {
    var stream = testStream(50, replication: UInt32(seed))
    let run = WarmUpTests.waits(
      load: 0.8, customers: 2000, initialBacklog: 40, stream: &stream)
    #expect(try WarmUp(run).truncation == WarmUpTests.reference(run))
  }

  /// A backlog of 300 shrinks by 1 / 0.7 - 1 per customer, so it is gone after about 700.
  @Test
  func aTransientIsCutOff() throws {
    var cuts: [Int] = []
    for seed in 0..<20 {
      var stream = testStream(51, replication: UInt32(seed))
      let run = WarmUpTests.waits(
        load: 0.7, customers: 10_000, initialBacklog: 300, stream: &stream)
      let warmUp = try WarmUp(run)
      #expect(warmUp.status == .warmedUp)
      cuts.append(warmUp.truncation)
      let kept = RunningMoments(run[warmUp.truncation...]).mean
      let all = RunningMoments(run).mean
      // E[Wq] = rho / (1 - rho) = 2.33; without the cut the transient adds about 10.
      #expect((kept - 7.0 / 3).magnitude < 1.5 && all > 8)
    }
    cuts.sort()
    #expect(cuts[0] > 400)
    #expect(cuts[10] > 600 && cuts[10] < 1000)
  }

  @Test
  func aRunWithoutSteadyStateIsNotWarmedUp() throws {
    for seed in 0..<20 {
      var stream = testStream(52, replication: UInt32(seed))
      let run = WarmUpTests.waits(load: 1.5, customers: 5000, stream: &stream)
      #expect(try WarmUp(run).status == .notWarmedUp)
    }
  }

  @Test
  func aRunStationaryFromTheStartIsKept() throws {
    for seed in 0..<20 {
      var stream = testStream(53, replication: UInt32(seed))
      let run = (0..<2000).map { _ in stream.normal() + 10 }
      let warmUp = try WarmUp(run)
      #expect(warmUp.status == .warmedUp && warmUp.truncation < 600)
    }
    #expect(try WarmUp([Double](repeating: 3, count: 100)).truncation == 0)
  }

  @Test
  func unusableRunsAreRefused() {
    #expect(throws: StatisticsError.self) { try WarmUp([Double](repeating: 1, count: 49)) }
    #expect(throws: StatisticsError.self) { try WarmUp([1, 2], batchSize: 0) }
    #expect(throws: StatisticsError.self) {
      try WarmUp([Double](repeating: 1, count: 60) + [.nan])
    }
  }
}
