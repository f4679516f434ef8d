/// Intervals for means by Student's t.
public enum MeanInterval {
  /// The interval for the mean of independent replications.
  ///
  /// - Parameters:
  ///   - replications: One number per replication, at least two, in replication order.
  ///   - confidence: The level, such as 0.95.
  public static func replications(
    _ replications: [Double], confidence: Double = 0.95
  ) throws(StatisticsError) -> Interval {
    try interval(of: replications, confidence: confidence, at: "MeanInterval.replications")
  }

  /// The interval for the mean of first minus second, run by run with common random numbers.
  public static func pairedDifference(
    _ first: [Double], _ second: [Double], confidence: Double = 0.95
  ) throws(StatisticsError) -> Interval {
    let place = "MeanInterval.pairedDifference"
    let differences = try pairedDifferences(first, second, at: place)
    return try interval(of: differences, confidence: confidence, at: place)
  }

  static func interval(
    of values: [Double], confidence: Double, at place: String
  ) throws(StatisticsError) -> Interval {
    try requireProbability(confidence, "The confidence", at: place)
    guard values.count >= 2 else {
      throw StatisticsError(
        .tooFewObservations, "\(values.count) replications; give at least 2", at: place)
    }
    guard values.allSatisfy(\.isFinite) else {
      throw StatisticsError(.notFinite, "A replication's value is not finite", at: place)
    }
    let moments = RunningMoments(values)
    let t = try studentFactor(confidence, degreesOfFreedom: Double(values.count - 1))
    return Interval(
      estimate: moments.mean, halfWidth: t * moments.standardError, confidence: confidence)
  }
}

/// The t quantile of a two-sided interval.
func studentFactor(
  _ confidence: Double, degreesOfFreedom: Double
) throws(StatisticsError) -> Double {
  try ReferenceDistribution.studentT(degreesOfFreedom: degreesOfFreedom)
    .quantile(0.5 + 0.5 * confidence)
}

/// The differences of two sequences of equal length.
func pairedDifferences(
  _ first: [Double], _ second: [Double], at place: String
) throws(StatisticsError) -> [Double] {
  guard first.count == second.count else {
    throw StatisticsError(
      .invalidParameter,
      "\(first.count) and \(second.count) values do not pair; give the same replications of both",
      at: place)
  }
  return zip(first, second).map { $0 - $1 }
}
