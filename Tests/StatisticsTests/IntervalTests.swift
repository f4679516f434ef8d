import Numerics
import Statistics
import Testing

/// Intervals against worked examples; their coverage is in CoverageTests.
@Suite
struct IntervalTests {
  @Test
  func replicationIntervalOfAKnownSample() throws {
    let interval = try MeanInterval.replications([1, 2, 3, 4, 5])
    #expect(interval.estimate == 3)
    // 2.7764451 * sqrt(2.5 / 5)
    #expect((interval.halfWidth - 1.9632432).magnitude < 1e-6)
    #expect(interval.confidence == 0.95)
  }

  /// SciPy: ttest_rel gives t = 2.9361010975735193, p = 0.04255412404136129.
  @Test
  func pairedComparisonOfAKnownSample() throws {
    let first = [12.1, 11.8, 12.9, 12.4, 12.6]
    let second = [11.5, 11.9, 12.0, 11.7, 12.2]
    let interval = try MeanInterval.pairedDifference(first, second)
    #expect((interval.estimate - 0.5).magnitude < 1e-12)
    #expect((interval.halfWidth - 0.472811564201984).magnitude < 1e-9)
    let alone = try PairedComparison.family([(first, second)])
    #expect((alone[0].pValue - 0.04255412404136129).magnitude < 1e-9)
    #expect(alone[0].isDecided)
    let family = try PairedComparison.family([(first, second), (first, first)])
    #expect((family[0].adjustedPValue - 2 * 0.04255412404136129).magnitude < 1e-9)
    #expect(!family[0].isDecided)
    #expect(family[1].pValue == 1 && !family[1].isDecided)
  }

  @Test
  func equalDifferencesLeaveNoDoubt() throws {
    let result = try PairedComparison.family([([3, 4, 5], [1, 2, 3])])
    #expect(result[0].pValue == 0 && result[0].isDecided)
    #expect(result[0].difference.halfWidth == 0)
  }

  /// Sorted 0.005, 0.01, 0.03, 0.04 times 4, 3, 2, 1: 0.02, 0.03, 0.06, 0.04; the last is raised to
  /// 0.06, because a larger p-value may not end below a smaller one.
  @Test
  func holmOfAWorkedExample() throws {
    let adjusted = try holmAdjusted([0.01, 0.04, 0.03, 0.005])
    for (value, expected) in zip(adjusted, [0.03, 0.06, 0.06, 0.02]) {
      #expect((value - expected).magnitude < 1e-15)
    }
    #expect(try holmAdjusted([]) == [])
    #expect(try holmAdjusted([0.9, 0.8]) == [1, 1])
    #expect(throws: StatisticsError.self) { try holmAdjusted([0.5, 1.5]) }
  }

  /// Values of SciPy's binomtest(k, n).proportion_ci(0.95).
  @Test(arguments: [
    (0, 10, 0.0, 0.30849710781876294), (5, 10, 0.1870860284474045, 0.8129139715525955),
    (190, 200, 0.9099724622984412, 0.9757658345278917), (10, 10, 0.6915028921812371, 1.0),
  ])
  func proportionInterval(_ k: Int, _ n: Int, _ lower: Double, _ upper: Double) throws {
    let interval = try Statistics.proportionInterval(successes: k, trials: n)
    #expect((interval.lower - lower).magnitude < 1e-9)
    #expect((interval.upper - upper).magnitude < 1e-9)
    #expect(interval.estimate == Double(k) / Double(n))
  }

  /// Binomial(100, 0.9): P(B <= 83) = 0.0206 and P(B >= 96) = 0.0237, so ranks 84 and 96.
  @Test
  func orderStatisticRanksOfAWorkedExample() throws {
    let values = (1...100).reversed().map(Double.init)
    let interval = try PercentileInterval.orderStatistics(values, percentile: 90)
    #expect(interval.lower == 84 && interval.upper == 96 && interval.estimate == 90)
    let many = (1...100_000).map(Double.init)
    #expect(
      try PercentileInterval.orderStatistics(many, percentile: 99.9).estimate == 99_900)
    #expect(throws: StatisticsError.self) {
      try PercentileInterval.orderStatistics([1, 2, 3], percentile: 95)
    }
  }

  /// Sections 8, 10, 12 around 11: sum of squares 11, half-width t sqrt(11 / 6).
  @Test
  func sectioningOfAWorkedExample() throws {
    let interval = try PercentileInterval.sectioning(sections: [8, 10, 12], pooled: 11)
    #expect(interval.estimate == 11)
    #expect((interval.halfWidth - 4.302652729749464 * (11.0 / 6).squareRoot()).magnitude < 1e-8)
  }

  @Test
  func batchMeansOfAWorkedExample() throws {
    // The odd one out at the start is dropped; batch means 1.5, 3.5, 5.5.
    let result = try BatchMeans([99, 1, 2, 3, 4, 5, 6], batches: 3)
    #expect(result.interval.estimate == 3.5 && result.batchSize == 2)
    #expect((result.interval.halfWidth - 4.302652729749464 * 2 / 3.0.squareRoot()).magnitude < 1e-8)
    #expect(result.lagOneCorrelation == 0)
  }

  @Test
  func correlatedBatchesAreNotTrusted() throws {
    var stream = testStream(60)
    var level = 0.0
    let walk = (0..<2000).map { _ in
      level = 0.999 * level + stream.normal()
      return level
    }
    #expect(try !BatchMeans(walk, batches: 30).isTrustworthy)
    let noise = (0..<2000).map { _ in stream.normal() }
    #expect(try BatchMeans(noise, batches: 30).isTrustworthy)
  }

  @Test
  func checkpointsAreFixedAndEndAtTheMaximum() throws {
    let rule = try PrecisionRule(relativeHalfWidth: 0.05, minimum: 5, maximum: 40)
    #expect(rule.checkpoints == [5, 8, 12, 18, 27, 40])
    #expect(try PrecisionRule(relativeHalfWidth: 1, minimum: 7, maximum: 7).checkpoints == [7])
    #expect(try PrecisionRule(relativeHalfWidth: 1, minimum: 2, maximum: 3).checkpoints == [2, 3])
  }

  @Test
  func precisionHasThreeOutcomes() throws {
    let rule = try PrecisionRule(relativeHalfWidth: 0.05, minimum: 5, maximum: 10)
    let wide = Interval(estimate: 100, halfWidth: 6, confidence: 0.95)
    let narrow = Interval(estimate: 100, halfWidth: 5, confidence: 0.95)
    #expect(rule.status(of: wide, after: 5) == .runMore(upTo: 8))
    #expect(rule.status(of: narrow, after: 4) == .runMore(upTo: 5))
    #expect(rule.status(of: narrow, after: 8) == .reached)
    #expect(rule.status(of: wide, after: 10) == .notReached)
    #expect(throws: StatisticsError.self) { try PrecisionRule(relativeHalfWidth: 0) }
    #expect(throws: StatisticsError.self) {
      try PrecisionRule(relativeHalfWidth: 0.1, minimum: 5, maximum: 4)
    }
  }

  @Test
  func unusableSamplesAreRefused() {
    #expect(throws: StatisticsError.self) { try MeanInterval.replications([1]) }
    #expect(throws: StatisticsError.self) { try MeanInterval.replications([1, .nan]) }
    #expect(throws: StatisticsError.self) { try MeanInterval.replications([1, 2], confidence: 1) }
    #expect(throws: StatisticsError.self) { try MeanInterval.pairedDifference([1, 2], [1]) }
    #expect(throws: StatisticsError.self) {
      try PercentileInterval.sectioning([LatencyHistogram(), LatencyHistogram()], percentile: 95)
    }
    #expect(throws: StatisticsError.self) { try PercentileInterval.sectioning([], percentile: 95) }
    #expect(throws: StatisticsError.self) { try BatchMeans([1], batches: 2) }
    #expect(throws: StatisticsError.self) {
      try Statistics.proportionInterval(successes: 3, trials: 2)
    }
  }
}
