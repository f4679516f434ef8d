/// When a study has run enough replications.
///
/// The decision falls only at fixed checkpoints and only on the replications before them, in
/// replication order, so it does not depend on threads. Looking at few checkpoints also keeps the
/// loss of coverage that any sequential stopping brings small.
public struct PrecisionRule: Hashable, Sendable {
  /// What to do at a checkpoint.
  public enum Status: Hashable, Sendable {
    /// The interval is narrow enough: stop.
    case reached
    /// Run up to the given number of replications and ask again.
    case runMore(upTo: Int)
    /// The maximum was run without reaching the precision; a result of its own, not a failure.
    case notReached
  }

  /// The half-width asked for, over the estimate.
  public let relativeHalfWidth: Double
  /// The level of the interval.
  public let confidence: Double
  /// The replications run before the first decision.
  public let minimum: Int
  /// The most replications.
  public let maximum: Int

  /// Makes a rule.
  ///
  /// - Parameters:
  ///   - relativeHalfWidth: For example 0.05.
  ///   - confidence: For example 0.95.
  ///   - minimum: At least 2; from 5 the intervals are usable.
  ///   - maximum: At least `minimum`.
  public init(
    relativeHalfWidth: Double, confidence: Double = 0.95, minimum: Int = 5, maximum: Int = 100
  ) throws(StatisticsError) {
    let place = "PrecisionRule"
    try requirePositive(relativeHalfWidth, "The relative half-width", at: place)
    try requireProbability(confidence, "The confidence", at: place)
    guard minimum >= 2, maximum >= minimum else {
      throw StatisticsError(
        .invalidParameter,
        "\(minimum) to \(maximum) replications; give at least 2, and a maximum that is no less",
        at: place)
    }
    self.relativeHalfWidth = relativeHalfWidth
    self.confidence = confidence
    self.minimum = minimum
    self.maximum = maximum
  }

  /// The numbers of replications at which the rule decides, each about half as many again.
  public var checkpoints: [Int] {
    var points = [minimum]
    var point = minimum
    while point < maximum {
      point = point > maximum - point / 2 - 1 ? maximum : point + Swift.max(1, (point + 1) / 2)
      points.append(point)
    }
    return points
  }

  /// Decides after `replications` runs, a number out of ``checkpoints``.
  ///
  /// - Parameter interval: The interval of the metric from exactly those replications, at
  ///   ``confidence``.
  public func status(of interval: Interval, after replications: Int) -> Status {
    if replications >= minimum, interval.relativeHalfWidth <= relativeHalfWidth { return .reached }
    if let next = checkpoints.first(where: { $0 > replications }) { return .runMore(upTo: next) }
    return .notReached
  }
}
