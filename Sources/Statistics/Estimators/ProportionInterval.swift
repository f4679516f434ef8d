/// The interval for a probability from counted successes, by Clopper and Pearson.
///
/// Exact in the sense that it never covers less than its level. Source: Clopper and Pearson,
/// Biometrika 26(4), 1934, through the beta law.
public func proportionInterval(
  successes: Int, trials: Int, confidence: Double = 0.95
) throws(StatisticsError) -> Interval {
  let place = "proportionInterval"
  try requireProbability(confidence, "The confidence", at: place)
  guard trials >= 1, successes >= 0, successes <= trials else {
    throw StatisticsError(
      .invalidParameter,
      "\(successes) successes of \(trials) trials; give 0 or more of at least 1", at: place)
  }
  let risk = 0.5 * (1 - confidence)
  let hits = Double(successes)
  let misses = Double(trials - successes)
  let lower =
    successes == 0 ? 0 : try ReferenceDistribution.beta(a: hits, b: misses + 1).quantile(risk)
  let upper =
    successes == trials
    ? 1 : try ReferenceDistribution.beta(a: hits + 1, b: misses).quantile(1 - risk)
  return Interval(
    estimate: hits / Double(trials), lower: lower, upper: upper, confidence: confidence)
}
