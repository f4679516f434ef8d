import Statistics

/// Whether runs had left their empty start behind when measuring began.
enum WarmUpCheck {
  /// Whether the number of requests in the system was steady while it was measured.
  ///
  /// MSER-5 looks at the mean over replications (Welch's method); where it would cut in the last
  /// half, the halves are compared. On a nearly empty system that cut is chance, so a drift must
  /// also stand against noise at 99 % and be larger than the precision asked for.
  static func isSteady(
    _ summaries: [RunSummary], precision: Double
  ) throws(StatisticsError) -> Bool {
    let length = summaries.map(\.population.count).min() ?? 0
    guard summaries.count >= 2, length >= 50 else { return true }
    var mean = [Double](repeating: 0, count: length)
    var drift = RunningMoments()
    var level = RunningMoments()
    for summary in summaries {
      for index in mean.indices {
        mean[index] += summary.population[index] / Double(summaries.count)
      }
      let first = RunningMoments(summary.population[..<(length / 2)]).mean
      let second = RunningMoments(summary.population[(length / 2)..<length]).mean
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
