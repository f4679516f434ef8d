package import Statistics

/// Combines replication noise and parameter uncertainty into one interval.
///
/// Replications run with nominal parameters; each parameter draw runs once more with the random
/// numbers of one of those replications, so the difference between the two is the effect of the
/// parameters alone. The variance of the estimate is the replications' variance over their number
/// plus the mean squared effect of the draws; degrees of freedom by Satterthwaite. Source of the
/// split: the law of total variance; of the degrees of freedom: F. E. Satterthwaite, "An approximate
/// distribution of estimates of variance components", Biometrics Bulletin 2(6), 1946.
package struct Estimation: Sendable {
  /// The confidence of intervals.
  package let confidence: Double

  package init(confidence: Double) { self.confidence = confidence }

  /// An estimate whose value is the mean of its replications.
  package func mean(_ replications: [Double], draws: [Double]) throws(StatisticsError) -> Estimate {
    let moments = RunningMoments(replications)
    return try estimate(
      moments.mean, sections: replications, center: moments.mean, draws: draws)
  }

  /// An estimate made from all replications together, such as a pooled percentile, with the same
  /// figure of each replication for its noise (sectioning).
  package func pooled(
    _ value: Double, sections: [Double], draws: [Double]
  ) throws(StatisticsError) -> Estimate {
    try estimate(value, sections: sections, center: value, draws: draws)
  }

  private func estimate(
    _ value: Double, sections: [Double], center: Double, draws: [Double]
  ) throws(StatisticsError) -> Estimate {
    let count = Double(sections.count)
    guard sections.count >= 2 else {
      return Estimate(
        value: value, low: value, high: value, confidence: confidence, noiseShare: 1,
        replications: sections.count, draws: draws.count)
    }
    let noise = sections.reduce(0) { $0 + ($1 - center) * ($1 - center) } / (count * (count - 1))
    var effect = 0.0
    for (index, drawn) in draws.enumerated() where index < sections.count {
      effect += (drawn - sections[index]) * (drawn - sections[index])
    }
    let used = Double(min(draws.count, sections.count))
    if used > 0 { effect /= used }
    let variance = noise + effect
    guard variance > 0 else {
      return Estimate(
        value: value, low: value, high: value, confidence: confidence, noiseShare: 1,
        replications: sections.count, draws: draws.count)
    }
    let freedom =
      variance * variance
      / (noise * noise / (count - 1) + (used > 0 ? effect * effect / used : 0))
    let law = ReferenceDistribution.studentT(degreesOfFreedom: max(1, freedom))
    let half = try law.quantile((1 + confidence) / 2) * variance.squareRoot()
    return Estimate(
      value: value, low: value - half, high: value + half, confidence: confidence,
      noiseShare: noise / variance, replications: sections.count, draws: draws.count)
  }
}
