/// The comparison of one pair of alternatives within a family of comparisons.
public struct PairedComparison: Hashable, Sendable {
  /// The mean of first minus second, with its interval at the family's level for this pair alone.
  public let difference: Interval
  /// The two-sided p-value of the paired t test.
  public let pValue: Double
  /// The p-value corrected for the whole family by Holm's method.
  public let adjustedPValue: Double
  /// Whether the sign of the difference is decided at the family's level.
  public let isDecided: Bool

  /// Compares pairs of alternatives, run by run, and corrects for their number.
  ///
  /// - Parameters:
  ///   - pairs: For each comparison both sequences, in replication order under common random
  ///     numbers.
  ///   - confidence: The level that holds for all decisions together.
  public static func family(
    _ pairs: [(first: [Double], second: [Double])], confidence: Double = 0.95
  ) throws(StatisticsError) -> [PairedComparison] {
    let place = "PairedComparison.family"
    var intervals: [Interval] = []
    var values: [Double] = []
    for pair in pairs {
      let differences = try pairedDifferences(pair.first, pair.second, at: place)
      intervals.append(
        try MeanInterval.interval(of: differences, confidence: confidence, at: place))
      let moments = RunningMoments(differences)
      if moments.standardError == 0 {
        // Equal differences leave no doubt, whichever way they point.
        values.append(moments.mean == 0 ? 1 : 0)
        continue
      }
      let t = moments.mean.magnitude / moments.standardError
      let law = ReferenceDistribution.studentT(degreesOfFreedom: Double(moments.count - 1))
      values.append(Swift.min(1, 2 * (try law.tail(t))))
    }
    let adjusted = try holmAdjusted(values)
    return zip(intervals, zip(values, adjusted)).map { interval, p in
      PairedComparison(
        difference: interval, pValue: p.0, adjustedPValue: p.1, isDecided: p.1 <= 1 - confidence)
    }
  }
}

/// P-values corrected for their number by Holm's step-down method, in the given order.
///
/// The j-th smallest of m is multiplied by m - j + 1, and none may fall below one before it. Reject
/// what stays at or below the family's risk. Source: Holm, Scandinavian Journal of Statistics 6(2),
/// 1979.
public func holmAdjusted(_ pValues: [Double]) throws(StatisticsError) -> [Double] {
  guard pValues.allSatisfy({ $0 >= 0 && $0 <= 1 }) else {
    throw StatisticsError(
      .invalidParameter, "A p-value lies outside 0 to 1", at: "holmAdjusted")
  }
  let order = pValues.indices.sorted { (pValues[$0], $0) < (pValues[$1], $1) }
  var adjusted = [Double](repeating: 1, count: pValues.count)
  var running = 0.0
  for (position, index) in order.enumerated() {
    running = Swift.max(running, Swift.min(1, Double(pValues.count - position) * pValues[index]))
    adjusted[index] = running
  }
  return adjusted
}
