import Numerics
import Statistics
import Testing

/// The share of intervals that hold the true value, over many seeds, against binomial bounds.
@Suite
struct CoverageTests {
  /// Whether a count of hits is what a procedure with exactly `level` would show, at 99.9 %.
  private func isExact(_ hits: Int, of seeds: Int, level: Double) throws -> Bool {
    try proportionInterval(successes: hits, trials: seeds, confidence: 0.999).contains(level)
  }

  @Test(arguments: [0.8, 0.95])
  func replicationIntervalCovers(_ level: Double) throws {
    var hits = 0
    for seed in 0..<1000 {
      var stream = testStream(70, replication: UInt32(seed))
      let sample = (0..<10).map { _ in stream.normal(mean: 7, standardDeviation: 3) }
      if try MeanInterval.replications(sample, confidence: level).contains(7) { hits += 1 }
    }
    #expect(try isExact(hits, of: 1000, level: level))
  }

  @Test
  func pairedDifferenceCoversUnderCommonNumbers() throws {
    var hits = 0
    var narrower = 0
    for seed in 0..<400 {
      var stream = testStream(71, replication: UInt32(seed))
      let common = (0..<12).map { _ in stream.normal(mean: 20, standardDeviation: 5) }
      let first = common.map { $0 + 1 + stream.normal() }
      let second = common.map { $0 + stream.normal() }
      let interval = try MeanInterval.pairedDifference(first, second)
      if interval.contains(1) { hits += 1 }
      let single = try MeanInterval.replications(first)
      if interval.halfWidth < single.halfWidth { narrower += 1 }
    }
    #expect(try isExact(hits, of: 400, level: 0.95))
    #expect(narrower == 400)
  }

  /// Order statistics may only over-cover: the ranks are chosen so, and 200 values leave little
  /// slack.
  @Test
  func orderStatisticsCover() throws {
    let exact = -Double.log(0.05)
    var hits = 0
    for seed in 0..<600 {
      var stream = testStream(72, replication: UInt32(seed))
      let sample = (0..<200).map { _ in stream.exponential() }
      if try PercentileInterval.orderStatistics(sample, percentile: 95).contains(exact) {
        hits += 1
      }
    }
    let seen = try proportionInterval(successes: hits, trials: 600, confidence: 0.999)
    #expect(seen.upper > 0.95 && seen.lower < 0.98)
  }

  @Test
  func sectioningCovers() throws {
    let exact = -1e7 * Double.log(0.05)
    var hits = 0
    for seed in 0..<300 {
      var stream = testStream(73, replication: UInt32(seed))
      let replications = (0..<10).map { _ in
        var histogram = LatencyHistogram(.fine)
        for _ in 0..<2000 { histogram.record(Int64(stream.exponential(mean: 1e7))) }
        return histogram
      }
      if try PercentileInterval.sectioning(replications, percentile: 95).contains(exact) {
        hits += 1
      }
    }
    #expect(try isExact(hits, of: 300, level: 0.95))
  }

  @Test
  func batchMeansCoverOnceBatchesAreLong() throws {
    var hits = 0
    for seed in 0..<400 {
      var stream = testStream(74, replication: UInt32(seed))
      // First-order autoregression, started in its stationary law; the mean is 5.
      var level = stream.normal() / (1 - 0.25).squareRoot()
      let run = (0..<4000).map { _ in
        level = 0.5 * level + stream.normal()
        return 5 + level
      }
      if try BatchMeans(run, batches: 20).interval.contains(5) { hits += 1 }
    }
    #expect(try isExact(hits, of: 400, level: 0.95))
  }

  /// Rejecting at most 5 % of families of five comparisons that do not differ.
  @Test
  func holmKeepsTheFamilyRisk() throws {
    var families = 0
    for seed in 0..<600 {
      var stream = testStream(75, replication: UInt32(seed))
      let pairs = (0..<5).map { _ in
        (
          first: (0..<10).map { _ in stream.normal() },
          second: (0..<10).map { _ in stream.normal() }
        )
      }
      if try PairedComparison.family(pairs).contains(where: \.isDecided) { families += 1 }
    }
    let seen = try proportionInterval(successes: families, trials: 600, confidence: 0.999)
    #expect(seen.lower < 0.05 && seen.upper > 0.03)
  }
}
