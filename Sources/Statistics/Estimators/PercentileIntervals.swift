import CGSL

/// Intervals for percentiles, which no averaging of percentiles gives.
public enum PercentileInterval {
  /// The interval between two order statistics of independent observations.
  ///
  /// The ends are the closest ranks whose binomial coverage reaches the level on each side, so the
  /// interval needs no shape of the law and is slightly too wide rather than too narrow. Successive
  /// latencies of one run are not independent: use ``sectioning(_:percentile:confidence:)`` for
  /// them. Source: Conover, "Practical Nonparametric Statistics", 3rd ed., section 3.2.
  ///
  /// - Parameters:
  ///   - observations: Independent values, in any order.
  ///   - percentile: Between 0 and 100, both excluded.
  ///   - confidence: The level.
  public static func orderStatistics(
    _ observations: [Double], percentile: Double, confidence: Double = 0.95
  ) throws(StatisticsError) -> Interval {
    let place = "PercentileInterval.orderStatistics"
    try requireProbability(percentile / 100, "The percentile over 100", at: place)
    try requireProbability(confidence, "The confidence", at: place)
    guard observations.allSatisfy(\.isFinite), observations.count < 1 << 31 else {
      throw StatisticsError(.notFinite, "An observation is not finite", at: place)
    }
    let sorted = observations.sorted()
    guard
      let ranks = try ranks(
        count: sorted.count, probability: percentile / 100, risk: 0.5 * (1 - confidence), at: place)
    else {
      throw StatisticsError(
        .tooFewObservations,
        "\(sorted.count) observations cannot bound percentile \(percentile) at this confidence; "
          + "give more", at: place)
    }
    // One ulp less, so that 99.9 % of 1000 is rank 999 although 99.9 is not exact in binary.
    let rank = Int((percentile.nextDown * Double(sorted.count) / 100).rounded(.up))
    return Interval(
      estimate: sorted[Swift.max(1, rank) - 1], lower: sorted[ranks.lower - 1],
      upper: sorted[ranks.upper - 1], confidence: confidence)
  }

  /// The interval by sectioning: the percentile of all replications together, with the scatter of
  /// the replications' own percentiles around it.
  ///
  /// half-width = t(R - 1) sqrt(sum (q_i - q)^2 / (R (R - 1))) with q from the merged histogram.
  /// Centering on q rather than on the mean of the q_i keeps the small-sample bias of the q_i out
  /// of the estimate. Source: Asmussen and Glynn, "Stochastic Simulation", 2007, section III.5a.
  ///
  /// - Parameters:
  ///   - replications: One histogram per replication, at least two, none empty, in replication
  ///     order.
  ///   - percentile: Between 0 and 100, both excluded.
  ///   - confidence: The level.
  public static func sectioning(
    _ replications: [LatencyHistogram], percentile: Double, confidence: Double = 0.95
  ) throws(StatisticsError) -> Interval {
    let place = "PercentileInterval.sectioning"
    try requireProbability(percentile / 100, "The percentile over 100", at: place)
    guard let first = replications.first else {
      throw StatisticsError(
        .tooFewObservations, "No replications; give at least 2", at: place)
    }
    var merged = LatencyHistogram(first.resolution)
    var sections: [Double] = []
    for (index, replication) in replications.enumerated() {
      guard let value = replication.percentile(percentile) else {
        throw StatisticsError(
          .tooFewObservations, "Replication \(index) has no latencies; run it longer", at: place)
      }
      try merged.merge(replication)
      sections.append(value)
    }
    return try sectioning(
      sections: sections, pooled: merged.percentile(percentile) ?? 0, confidence: confidence)
  }

  /// The interval by sectioning, from percentiles that are known already.
  public static func sectioning(
    sections: [Double], pooled: Double, confidence: Double = 0.95
  ) throws(StatisticsError) -> Interval {
    let place = "PercentileInterval.sectioning"
    try requireProbability(confidence, "The confidence", at: place)
    guard sections.count >= 2 else {
      throw StatisticsError(
        .tooFewObservations, "\(sections.count) replications; give at least 2", at: place)
    }
    guard pooled.isFinite, sections.allSatisfy(\.isFinite) else {
      throw StatisticsError(.notFinite, "A percentile is not finite", at: place)
    }
    var squares = 0.0
    for section in sections { squares += (section - pooled) * (section - pooled) }
    let count = Double(sections.count)
    let t = try studentFactor(confidence, degreesOfFreedom: count - 1)
    return Interval(
      estimate: pooled, halfWidth: t * (squares / (count * (count - 1))).squareRoot(),
      confidence: confidence)
  }

  /// The largest lower and smallest upper rank (from 1) that each miss with at most `risk`.
  ///
  /// With B observations at or below the percentile, the lower end misses when B < lower and the
  /// upper end when B >= upper.
  private static func ranks(
    count: Int, probability: Double, risk: Double, at place: String
  ) throws(StatisticsError) -> (lower: Int, upper: Int)? {
    GSL.prepare()
    let trials = UInt32(count)
    var lower = 0
    var beyond = count + 1
    while beyond - lower > 1 {
      let rank = lower + (beyond - lower) / 2
      let missed = try GSL.finite(
        gsl_cdf_binomial_P(UInt32(rank - 1), probability, trials), at: place)
      if missed <= risk { lower = rank } else { beyond = rank }
    }
    var short = 0
    var upper = count + 1
    while upper - short > 1 {
      let rank = short + (upper - short) / 2
      let missed = try GSL.finite(
        gsl_cdf_binomial_Q(UInt32(rank - 1), probability, trials), at: place)
      if missed <= risk { upper = rank } else { short = rank }
    }
    return lower >= 1 && upper <= count ? (lower, upper) : nil
  }
}
