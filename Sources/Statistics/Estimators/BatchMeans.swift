/// The interval for the mean of one long run, by non-overlapping batch means.
///
/// The option for a single run; independent replications are the default. Drop the warm-up first.
/// The interval holds only while the batch means are nearly uncorrelated: look at
/// ``lagOneCorrelation`` and make the batches longer when ``isTrustworthy`` is false.
public struct BatchMeans: Hashable, Sendable {
  /// The mean with its interval.
  public let interval: Interval
  /// The observations per batch.
  public let batchSize: Int
  /// The number of batches.
  public let batches: Int
  /// The correlation of neighboring batch means.
  public let lagOneCorrelation: Double

  /// Whether the correlation of neighbors is within what independent batches show by chance.
  ///
  /// One-sided at 5 %: the correlation of B independent batches has a standard error near 1 /
  /// sqrt(B).
  public var isTrustworthy: Bool { lagOneCorrelation * Double(batches).squareRoot() <= 1.645 }

  /// Cuts a run into equal batches; observations that do not fill one are dropped at the start.
  ///
  /// - Parameters:
  ///   - observations: The run after its warm-up, in order of time.
  ///   - batches: 10 to 30 are usual (Schmeiser, Operations Research 30(3), 1982).
  ///   - confidence: The level.
  public init(
    _ observations: [Double], batches: Int = 20, confidence: Double = 0.95
  ) throws(StatisticsError) {
    let place = "BatchMeans"
    guard batches >= 2, observations.count >= batches else {
      throw StatisticsError(
        .tooFewObservations,
        "\(observations.count) observations in \(batches) batches; give at least 2 batches of 1",
        at: place)
    }
    let size = observations.count / batches
    let skipped = observations.count - size * batches
    let means = (0..<batches).map { batch in
      let first = skipped + batch * size
      return RunningMoments(observations[first..<(first + size)]).mean
    }
    interval = try MeanInterval.interval(of: means, confidence: confidence, at: place)
    batchSize = size
    self.batches = batches
    var products = 0.0
    var squares = 0.0
    for index in means.indices {
      let deviation = means[index] - interval.estimate
      squares += deviation * deviation
      if index > 0 { products += deviation * (means[index - 1] - interval.estimate) }
    }
    lagOneCorrelation = squares == 0 ? 0 : products / squares
  }
}
