import Numerics
import Statistics
import Testing

/// The pieces that measure a run, each against numbers worked out by hand.
@Suite
struct EstimatorTests {
  @Test
  func momentsOfAKnownSample() {
    let moments = RunningMoments([2, 4, 4, 4, 5, 5, 7, 9])
    #expect(moments.mean == 5)
    #expect((moments.variance - 32.0 / 7).magnitude < 1e-12)
    #expect(moments.minimum == 2 && moments.maximum == 9)
    #expect(RunningMoments().variance == 0 && RunningMoments([3]).standardError == 0)
  }

  @Test
  func momentsSurviveALargeOffset() {
    let moments = RunningMoments([4, 7, 13, 16].map { $0 + 1e9 })
    #expect(moments.variance == 30)
  }

  @Test
  func mergedMomentsEqualThoseOfTheWhole() {
    var stream = testStream(40)
    let values = (0..<1000).map { _ in stream.exponential() }
    let whole = RunningMoments(values)
    for cut in [0, 1, 500, 1000] {
      var merged = RunningMoments(values[..<cut])
      merged.merge(RunningMoments(values[cut...]))
      #expect(merged.count == whole.count)
      #expect((merged.mean - whole.mean).magnitude < 1e-13)
      #expect((merged.variance - whole.variance).magnitude < 1e-12)
      #expect(merged.maximum == whole.maximum && merged.minimum == whole.minimum)
    }
  }

  @Test
  func timeWeightedAverageOfAKnownPath() {
    var average = TimeWeightedAverage(level: 1, at: 10)
    average.add(2, at: 20)
    average.add(-3, at: 50)
    #expect(average.integral(at: 60) == 1 * 10 + 3 * 30)
    #expect(average.average(at: 60) == 2)
    #expect(average.maximum == 3 && average.level == 0)
    #expect(TimeWeightedAverage(level: 7, at: 5).average(at: 5) == 7)
  }

  @Test
  func aResetForgetsThePastAndKeepsTheLevel() {
    var average = TimeWeightedAverage(level: 100, at: 0)
    average.update(to: 4, at: 1_000)
    average.reset(at: 2_000)
    #expect(average.maximum == 4)
    average.update(to: 6, at: 3_000)
    #expect(average.average(at: 4_000) == 5)
    // Too late for 1_000: it counts at 3_000, so 4 and 9 last equally long.
    average.update(to: 9, at: 1_000)
    #expect(average.average(at: 4_000) == 6.5)
  }

  /// Ten years of nanoseconds at terabyte levels: a Double would have lost the last step.
  @Test
  func theIntegralIsExact() {
    let year: Int64 = 31_536_000_000_000_000
    var average = TimeWeightedAverage(level: 1 << 40, at: 0)
    var expected: Int128 = 0
    for step in 1...10 {
      average.update(to: 1 << 40 + Int64(step), at: Int64(step) * year + 1)
    }
    expected += Int128(1 << 40) * Int128(year + 1)
    for step in 1...9 { expected += Int128(1 << 40 + Int64(step)) * Int128(year) }
    #expect(average.integral(at: 10 * year + 1) == expected)
    #expect(average.integral(at: 10 * year + 2) == expected + Int128(1 << 40 + Int64(10)))
  }

  @Test(arguments: [500, 900, 950, 990, 999])
  func histogramPercentilesAreWithinTheirResolution(_ perMille: Int) throws {
    let percentile = Double(perMille) / 10
    var stream = testStream(41)
    var histogram = LatencyHistogram()
    let values = (0..<100_000).map { _ in Int64(stream.exponential(mean: 3e6)) }
    for value in values { histogram.record(value) }
    let sorted = values.sorted()
    let exact = Double(sorted[perMille * 100 - 1])
    let read = try #require(histogram.percentile(percentile))
    #expect(read >= exact && read <= exact * 1.001 + 1)
    #expect(histogram.mean == Double(values.reduce(0, +)) / 100_000)
    #expect(histogram.count == 100_000)
    let share = try #require(histogram.share(atOrBelow: Int64(read)))
    #expect(share >= percentile / 100 - 1e-12 && share < percentile / 100 + 0.005)
    #expect(histogram.cells.reduce(0) { $0 + $1.count } == 100_000)
  }

  @Test
  func mergedHistogramsEqualOneHistogram() throws {
    var stream = testStream(42)
    var parts = [LatencyHistogram](repeating: LatencyHistogram(.coarse), count: 3)
    var whole = LatencyHistogram(.coarse)
    for index in 0..<3000 {
      let value = Int64(stream.exponential(mean: 1e8))
      parts[index % 3].record(value)
      whole.record(value)
    }
    var forward = LatencyHistogram(.coarse)
    for part in parts { try forward.merge(part) }
    var backward = LatencyHistogram(.coarse)
    for part in parts.reversed() { try backward.merge(part) }
    #expect(forward == whole && backward == whole)
    #expect(throws: StatisticsError.self) { try forward.merge(LatencyHistogram(.fine)) }
  }

  @Test("Percentiles of latencies as long as any objective are as fine as those of short ones")
  func histogramHoldsTheLongestObjective() throws {
    for histogram in [LatencyHistogram(.fine), LatencyHistogram(.coarse)] {
      var histogram = histogram
      for second in 1...100 { histogram.record(Int64(second) * 10_000_000_000_000) }
      let median = try #require(histogram.percentile(50))
      #expect(histogram.clamped == 0 && abs(median / 5e14 - 1) < 0.01)
      let last = try #require(histogram.percentile(100))
      #expect(abs(last / 1e15 - 1) < 0.01 && histogram.share(atOrBelow: 2 << 50) == 1)
    }
  }

  @Test("Merged, the percentile of clamped latencies stays above every number")
  func histogramMergesClamped() throws {
    var whole = LatencyHistogram()
    for _ in 0..<90 { whole.record(1_000_000) }
    var part = LatencyHistogram()
    for _ in 0..<10 { part.record(.max) }
    try whole.merge(part)
    #expect(whole.clamped == 10 && whole.percentile(95) == .infinity)
    #expect(try #require(whole.percentile(90)) < 1_001_000)
    #expect(throws: StatisticsError.self) {
      try PercentileInterval.sectioning([whole, whole], percentile: 95)
    }
  }

  @Test
  func histogramEdges() throws {
    var histogram = LatencyHistogram(try .init(lowest: 1, highest: 1000, digits: 2))
    #expect(histogram.percentile(50) == nil && histogram.share(atOrBelow: 5) == nil)
    histogram.record(-5)
    histogram.record(5000)
    #expect(histogram.clamped == 1 && histogram.count == 2)
    #expect(histogram.mean == 2500)
    #expect(histogram.percentile(50) == 0)
    #expect(histogram.share(atOrBelow: -1) == 0)
    // All that is known of the second latency is that it is above the range.
    #expect(histogram.percentile(99) == .infinity && histogram.maximum == .infinity)
    #expect(histogram.share(atOrBelow: 5000) == 0.5 && histogram.share(atOrBelow: .max) == 0.5)
    #expect(histogram.cells.map(\.upperBound) == [0, .infinity])
    histogram.reset()
    #expect(histogram.count == 0 && histogram.clamped == 0 && histogram.mean == 0)
    #expect(throws: StatisticsError.self) { try LatencyHistogram.Resolution(lowest: 0) }
    #expect(throws: StatisticsError.self) { try LatencyHistogram.Resolution(highest: 1) }
    #expect(throws: StatisticsError.self) { try LatencyHistogram.Resolution(digits: 9) }
  }

  @Test
  func intervalsSayTheirLevel() {
    let interval = Interval(estimate: 12.5, lower: 11.9, upper: 13.1, confidence: 0.95)
    #expect(interval.description == "12.5 [11.9, 13.1] at 95 %")
    #expect((interval.relativeHalfWidth - 0.048).magnitude < 1e-12)
    #expect(interval.contains(11.9) && !interval.contains(13.2))
    #expect(Interval(estimate: 0, halfWidth: 1, confidence: 0.9).relativeHalfWidth == .infinity)
    #expect(Interval(estimate: 0, halfWidth: 0, confidence: 0.9).relativeHalfWidth == 0)
  }
}
