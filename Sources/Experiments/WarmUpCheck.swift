package import Statistics

/// Whether runs had left their empty start behind when measuring began.
package enum WarmUpCheck {
  /// Whether the number of requests in the system was steady while it was measured.
  ///
  /// MSER-5 looks at the mean over replications (Welch's method); where it would cut in the last
  /// half, the halves are compared. On a nearly empty system that cut is chance, so a drift must
  /// also stand against noise at 99 % and be larger than the precision asked for.
  ///
  /// - Parameters:
  ///   - populations: For each replication, the number at equal distances of time.
  ///   - precision: The least drift that matters, relative to the mean number.
  package static func isSteady(
    _ populations: [[Double]], precision: Double
  ) throws(StatisticsError) -> Bool {
    let length = populations.map(\.count).min() ?? 0
    guard populations.count >= 2, length >= 50 else { return true }
    var mean = [Double](repeating: 0, count: length)
    var drift = RunningMoments()
    var level = RunningMoments()
    for population in populations {
      for index in mean.indices {
        mean[index] += population[index] / Double(populations.count)
      }
      let first = RunningMoments(population[..<(length / 2)]).mean
      let second = RunningMoments(population[(length / 2)..<length]).mean
      drift.add(second - first)
      level.add((first + second) / 2)
    }
    guard try WarmUp(mean).status == .notWarmedUp else { return true }
    guard drift.mean.magnitude > precision * level.mean, drift.standardError > 0 else {
      return true
    }
    let law = ReferenceDistribution.studentT(degreesOfFreedom: Double(drift.count - 1))
    return 2 * (try law.tail(drift.mean.magnitude / drift.standardError)) > 0.01
  }
}
