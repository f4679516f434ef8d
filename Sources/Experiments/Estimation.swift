import Numerics
package import Statistics
import Virtualization

/// Combines replication noise and parameter uncertainty into one interval.
///
/// Replications run with nominal parameters; each parameter draw runs once more with the random
/// numbers of one of those replications, so the difference between the two is the effect of the
/// parameters alone. The variance of the estimate is the replications' variance over their number
/// plus the mean squared effect of the draws; degrees of freedom by Satterthwaite. Source of the
/// split: the law of total variance; of the degrees of freedom: F. E. Satterthwaite, "An
/// approximate distribution of estimates of variance components", Biometrics Bulletin 2(6), 1946.
///
/// Prices are factors of what they price, so where all figures are positive the effect of a draw is
/// a ratio and the interval is symmetric on the logarithmic scale. Without draws, or where a figure
/// is zero, the interval is symmetric on the linear scale and ends at zero: no time is negative.
///
/// A replication or a draw in which there was no figure, because the guests did not fit, never
/// settled or asked nothing, is given as NaN and left out, with a replication the draws that repeat
/// it.
package struct Estimation: Sendable {
  /// The confidence of intervals.
  package let confidence: Double

  /// The replications whose random numbers the draws repeat in turn; fewer where there are fewer.
  package let repeated: Int

  package init(confidence: Double, repeated: Int = .max) {
    self.confidence = confidence
    self.repeated = repeated
  }

  init(_ controls: RunControls) {
    self.init(confidence: controls.confidence, repeated: Self.repeated(controls))
  }

  /// The most replications that draws repeat; more would pair them hardly better.
  private static let mostRepeated = 10

  /// The replications that the draws of a study repeat: those that every approach has.
  static func repeated(_ controls: RunControls) -> Int {
    min(controls.minimumReplications, mostRepeated)
  }

  /// An estimate whose value is the mean of its replications.
  package func mean(_ replications: [Double], draws: [Double]) throws(StatisticsError) -> Estimate {
    try pooled(RunningMoments(replications).mean, sections: replications, draws: draws)
  }

  /// An estimate made from all replications together, such as a pooled percentile, with the same
  /// figure of each replication for its noise (sectioning).
  ///
  /// Figures that are nowhere negative are taken for ones that cannot be, such as times and shares.
  package func pooled(
    _ value: Double, sections: [Double], draws: [Double]
  ) throws(StatisticsError) -> Estimate {
    let figures = Figures(value: value, sections: sections, draws: draws, repeated)
    var estimate = try estimate(
      figures, isLogarithmic: figures.isPositive && !figures.pairs.isEmpty)
    if figures.isNowhereNegative { estimate.low = max(0, estimate.low) }
    return estimate
  }

  /// A difference between two figures, with the two-sided p-values of its being zero.
  ///
  /// The interval is on the logarithmic scale where it is certain at the level that no draw
  /// reverses the sign: the next of n + 1 exchangeable draws is beyond all others with probability
  /// 1 / (n + 1). Without any variance a difference is certain: the p-value is 0, or 1 for no
  /// difference. A single replication decides nothing.
  package func difference(
    _ value: Double, sections: [Double], draws: [Double]
  ) throws(StatisticsError) -> Difference {
    let sign = value < 0 ? -1.0 : 1.0
    let figures = Figures(
      value: value * sign, sections: sections.map { $0 * sign }, draws: draws.map { $0 * sign },
      repeated)
    let reversals = figures.pairs.count { $0.drawn <= 0 }
    let isCertain =
      reversals == 0 && 1 / Double(figures.pairs.count + 1) <= (1 - confidence) * (1 + 1e-9)
    var estimate = try estimate(figures, isLogarithmic: isCertain && figures.isPositive)
    if sign < 0 { estimate = estimate.negated }
    return Difference(
      estimate: estimate, noisePValue: try pValue(figures, withDraws: false),
      combinedPValue: try pValue(figures, withDraws: true), reversals: reversals,
      isSignCertain: isCertain)
  }

  /// A difference with what speaks for and against its sign.
  package struct Difference: Sendable {
    package var estimate: Estimate
    /// The p-value against the noise of replications alone.
    package var noisePValue: Double
    /// The p-value against noise and uncertain parameters together, both taken as normal.
    package var combinedPValue: Double
    /// Draws of the parameters in which the sign is another.
    package var reversals: Int
    /// Whether there are enough draws, and none of them reverses the sign.
    package var isSignCertain: Bool
  }

  // MARK: The spread

  /// A value, the figure of each replication that has one, and of each draw beside the replication
  /// that it repeats.
  private struct Figures {
    var value: Double
    var sections: [Double]
    var pairs: [(section: Double, drawn: Double)]

    init(value: Double, sections: [Double], draws: [Double], _ repeated: Int) {
      self.value = value
      self.sections = sections.filter { !$0.isNaN }
      let cycle = max(1, min(repeated, sections.count))
      pairs = draws.enumerated().compactMap { index, drawn in
        guard !sections.isEmpty, !drawn.isNaN else { return nil }
        let section = sections[index % cycle]
        return section.isNaN ? nil : (section, drawn)
      }
    }

    var isPositive: Bool {
      value > 0 && pairs.allSatisfy { $0.section > 0 && $0.drawn > 0 }
    }

    var isNowhereNegative: Bool {
      value >= 0 && sections.allSatisfy { $0 >= 0 } && pairs.allSatisfy { $0.drawn >= 0 }
    }
  }

  private struct Spread {
    /// The variance of the estimate, or of its logarithm, and the part of it that is noise.
    var variance: Double
    var noise: Double
    var freedom: Double
  }

  private func pValue(_ figures: Figures, withDraws: Bool) throws(StatisticsError) -> Double {
    guard figures.sections.count >= 2, figures.value != 0 else { return 1 }
    var figures = figures
    if !withDraws { figures.pairs = [] }
    guard let spread = spread(figures, isLogarithmic: false) else { return 0 }
    let law = ReferenceDistribution.studentT(degreesOfFreedom: spread.freedom)
    return min(1, 2 * (try law.tail(figures.value.magnitude / spread.variance.squareRoot())))
  }

  private func estimate(
    _ figures: Figures, isLogarithmic: Bool
  ) throws(StatisticsError) -> Estimate {
    let value = figures.value
    var estimate = Estimate(
      value: value, low: value, high: value, confidence: confidence, noiseShare: 1,
      replications: figures.sections.count, draws: figures.pairs.count)
    guard let spread = spread(figures, isLogarithmic: isLogarithmic) else { return estimate }
    let law = ReferenceDistribution.studentT(degreesOfFreedom: spread.freedom)
    let half = try law.quantile((1 + confidence) / 2) * spread.variance.squareRoot()
    estimate.low = isLogarithmic ? value * Double.exp(-half) : value - half
    estimate.high = isLogarithmic ? value * Double.exp(half) : value + half
    estimate.noiseShare = spread.noise / spread.variance
    return estimate
  }

  /// How far the estimate may be off; nil with fewer than two replications or without any variance.
  private func spread(_ figures: Figures, isLogarithmic: Bool) -> Spread? {
    let sections = figures.sections
    let count = Double(sections.count)
    guard sections.count >= 2 else { return nil }
    let scale = isLogarithmic ? figures.value : 1
    let noise =
      sections.reduce(0) { sum, section in
        let deviation = (section - figures.value) / scale
        return sum + deviation * deviation
      } / (count * (count - 1))
    var effect = 0.0
    for pair in figures.pairs {
      let shift =
        isLogarithmic ? Double.log(pair.drawn / pair.section) : pair.drawn - pair.section
      effect += shift * shift
    }
    let used = Double(figures.pairs.count)
    if used > 0 { effect /= used }
    let variance = noise + effect
    guard variance > 0 else { return nil }
    let freedom =
      variance * variance
      / (noise * noise / (count - 1) + (used > 0 ? effect * effect / used : 0))
    return Spread(variance: variance, noise: noise, freedom: max(1, freedom))
  }
}
