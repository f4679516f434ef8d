package import Statistics

/// The difference between two approaches in one figure, from the same replications and draws.
///
/// Common random numbers and common parameter draws cancel from the difference what both approaches
/// share; two intervals side by side would keep it and decide too rarely.
package struct PairDifference: Sendable, Equatable {
  package var first: String
  package var second: String
  /// The first's figure minus the second's, in the figure's unit, with the interval of this pair
  /// alone.
  package var difference: Estimate
  /// The two-sided p-values of there being no difference, against the noise of replications alone
  /// and against noise and uncertain parameters, corrected for the number of pairs by Holm's
  /// method.
  package var noisePValue: Double
  package var combinedPValue: Double
  /// Draws of the parameters in which the order of the two is the other one.
  package var reversals: Int
  /// Whether it is decided which of the two is greater, at the level of the difference.
  ///
  /// It is where the order stands against noise, and either no draw out of enough reverses it or it
  /// stands against noise and parameters together. Enough draws are so many that one more, such as
  /// the truth, falls beyond them all with a probability of at most the risk: 19 at 95 %.
  package var isDecided: Bool

  package init(
    first: String, second: String, difference: Estimate, noisePValue: Double,
    combinedPValue: Double, reversals: Int, isDecided: Bool
  ) {
    self.first = first
    self.second = second
    self.difference = difference
    self.noisePValue = noisePValue
    self.combinedPValue = combinedPValue
    self.reversals = reversals
    self.isDecided = isDecided
  }

  /// Whether this is the pair of two approaches, in either order.
  package func isPair(_ a: String, _ b: String) -> Bool {
    (first == a && second == b) || (first == b && second == a)
  }
}

/// One figure of one approach: nominal replications and parameter draws, in their order.
///
/// Approaches may have different numbers of replications. A pair is judged by those that both have,
/// and its difference is then theirs: that of figures from unlike replications would have noise
/// that pairing does not see.
package struct PairedFigure: Sendable {
  package var approach: String
  /// A figure of all replications together; nil for the mean of `sections`.
  package var value: Double?
  package var sections: [Double]
  package var draws: [Double]

  package init(approach: String, value: Double?, sections: [Double], draws: [Double]) {
    self.approach = approach
    self.value = value
    self.sections = sections
    self.draws = draws
  }

  /// Minus another figure, replication by replication and draw by draw.
  private func minus(
    _ other: PairedFigure, _ estimation: Estimation
  ) throws(StatisticsError) -> Estimation.Difference {
    let sections = zip(sections, other.sections).map(Self.difference)
    let draws = zip(draws, other.draws).map(Self.difference)
    if self.sections.count == other.sections.count, let value, let otherValue = other.value {
      return try estimation.difference(
        Self.difference(value, otherValue), sections: sections, draws: draws)
    }
    let mean = RunningMoments(sections.filter { !$0.isNaN }).mean
    return try estimation.difference(mean, sections: sections, draws: draws)
  }

  /// The first minus the second; none where it is so small a part of them that the order of
  /// additions may have made it.
  private static func difference(_ first: Double, _ second: Double) -> Double {
    let difference = first - second
    return abs(difference) <= rounding * max(abs(first), abs(second)) ? 0 : difference
  }

  /// The relative difference that is rounding: sums of millions of terms are off by less.
  private static var rounding: Double { 1e-9 }

  /// The differences of all pairs in families that are judged together, in the order given.
  ///
  /// Families are corrected as one: with four classes of guests, the pairs of all four.
  package static func differences(
    _ families: [[PairedFigure]], _ estimation: Estimation
  ) throws(StatisticsError) -> [[PairDifference]] {
    var pairs: [(family: Int, first: String, second: String, of: Estimation.Difference)] = []
    for (family, figures) in families.enumerated() {
      for (index, first) in figures.enumerated() {
        for second in figures[(index + 1)...] {
          let difference = try first.minus(second, estimation)
          pairs.append((family, first.approach, second.approach, difference))
        }
      }
    }
    let noise = try holmAdjusted(pairs.map(\.of.noisePValue))
    let combined = try holmAdjusted(pairs.map(\.of.combinedPValue))
    let risk = 1 - estimation.confidence
    var result: [[PairDifference]] = families.map { _ in [] }
    for (index, pair) in pairs.enumerated() {
      let standsAgainstParameters = pair.of.isSignCertain || combined[index] <= risk
      result[pair.family].append(
        PairDifference(
          first: pair.first, second: pair.second, difference: pair.of.estimate,
          noisePValue: noise[index], combinedPValue: combined[index],
          reversals: pair.of.reversals,
          isDecided: noise[index] <= risk && standsAgainstParameters))
    }
    return result
  }
}

extension NativeComparison {
  /// An approach against native, out of all pairs; nil without such a pair.
  init?(of approach: String, against native: String, _ pairs: ClassPairs) {
    func difference(_ pairs: [PairDifference]) -> (Estimate, isDecided: Bool)? {
      guard let pair = pairs.first(where: { $0.isPair(approach, native) }) else { return nil }
      return (pair.first == approach ? pair.difference : pair.difference.negated, pair.isDecided)
    }
    guard let response = difference(pairs.response), let processor = difference(pairs.processor)
    else { return nil }
    self.init(
      response: response.0, processor: processor.0, responseDiffers: response.isDecided,
      processorDiffers: processor.isDecided)
  }
}
