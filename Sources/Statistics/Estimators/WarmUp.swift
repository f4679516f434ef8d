/// Where a run stops depending on its empty start, by MSER-5.
///
/// Source: White, Cobb and Spratt, "A Comparison of Five Steady-State Truncation Heuristics for
/// Simulation", WSC 2000. Batch means of five are cut where the standard error of the rest is
/// least. MSER-5 truncates; build the interval from independent replications.
public struct WarmUp: Hashable, Sendable {
  /// What came of the search.
  public enum Status: Hashable, Sendable {
    /// The cut lies in the first half: drop what is before it.
    case warmedUp
    /// The cut lies in the last half: the run is too short, or has no steady state.
    case notWarmedUp
  }

  /// The number of observations to drop, a multiple of the batch size.
  public let truncation: Int
  /// Whether the rest may be used.
  public let status: Status
  /// The statistic at the cut: the estimated squared standard error of the mean of the rest.
  public let statistic: Double

  /// Finds the cut of a sequence of observations.
  ///
  /// Cuts that leave less than a tenth of the run (or five batches) are not considered, because a
  /// handful of nearly equal last batches has a tiny variance by chance.
  ///
  /// - Parameters:
  ///   - observations: At least 10 batches of them, in order of time.
  ///   - batchSize: 5 for MSER-5.
  public init(_ observations: [Double], batchSize: Int = 5) throws(StatisticsError) {
    let place = "WarmUp"
    guard batchSize >= 1 else {
      throw StatisticsError(
        .invalidParameter, "The batch size is \(batchSize); give 1 or more", at: place)
    }
    let batches = observations.count / batchSize
    guard batches >= 10 else {
      throw StatisticsError(
        .tooFewObservations,
        "\(observations.count) observations; give at least \(10 * batchSize)", at: place)
    }
    guard observations.allSatisfy(\.isFinite) else {
      throw StatisticsError(.notFinite, "An observation is not finite", at: place)
    }
    let kept = Swift.max(5, batches / 10)
    var suffix = RunningMoments()
    var best = batches - kept
    var least = Double.infinity
    for batch in stride(from: batches - 1, through: 0, by: -1) {
      let first = batch * batchSize
      var sum = 0.0
      for index in first..<(first + batchSize) { sum += observations[index] }
      suffix.add(sum / Double(batchSize))
      guard suffix.count >= kept else { continue }
      let size = Double(suffix.count)
      let statistic = suffix.variance * (size - 1) / (size * size)
      // The earliest of equal cuts keeps the most data.
      if statistic <= least {
        least = statistic
        best = batch
      }
    }
    truncation = best * batchSize
    status = 2 * best < batches ? .warmedUp : .notWarmedUp
    statistic = least
  }
}
