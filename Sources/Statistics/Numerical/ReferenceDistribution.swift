import CGSL

/// The laws that intervals and tests are built on: distribution functions and quantiles by GSL.
///
/// Use it for estimation and as an oracle, never per event: a call costs from 50 ns to several
/// microseconds. Random numbers come from ``Distribution`` and ``RandomStream``.
public enum ReferenceDistribution: Hashable, Sendable {
  /// The standard normal law.
  case normal
  /// Student's t.
  case studentT(degreesOfFreedom: Double)
  /// Chi-squared.
  case chiSquared(degreesOfFreedom: Double)
  /// Fisher's F.
  case fisherF(numerator: Double, denominator: Double)
  /// Beta on (0, 1).
  case beta(a: Double, b: Double)
  /// Gamma.
  case gamma(shape: Double, scale: Double)

  /// The value with probability `probability`, between 0 and 1, of a number at or below it.
  ///
  /// - Throws: ``StatisticsError`` for a bad argument, or when GSL's iteration fails or does not
  ///   lead back to `probability`.
  public func quantile(_ probability: Double) throws(StatisticsError) -> Double {
    let place = "ReferenceDistribution.quantile(_:) of \(self)"
    try requireProbability(probability, "The probability", at: place)
    try validate(at: place)
    let value = try GSL.finite(rawQuantile(probability), at: place)
    // GSL's inverse of beta and F stops silently at a bad value for some arguments.
    let back = try GSL.finite(rawCumulative(value), at: place)
    let nearest = Swift.min(probability, 1 - probability)
    guard (back - probability).magnitude <= 1e-6 * nearest + 1e-13 else {
      throw StatisticsError(
        .noConvergence, "GSL's quantile at \(probability) leads back to \(back)", at: place)
    }
    return value
  }

  /// The probability of a number at or below `value`.
  public func cumulative(_ value: Double) throws(StatisticsError) -> Double {
    let place = "ReferenceDistribution.cumulative(_:) of \(self)"
    try validate(at: place)
    guard value.isFinite else {
      throw StatisticsError(
        .invalidParameter, "The value is \(value); give a finite number", at: place)
    }
    return try GSL.finite(rawCumulative(value), at: place)
  }

  /// The probability of a number above `value`, exact in the far tail.
  public func tail(_ value: Double) throws(StatisticsError) -> Double {
    let place = "ReferenceDistribution.tail(_:) of \(self)"
    try validate(at: place)
    guard value.isFinite else {
      throw StatisticsError(
        .invalidParameter, "The value is \(value); give a finite number", at: place)
    }
    let result: Double =
      switch self {
      case .normal: gsl_cdf_ugaussian_Q(value)
      case .studentT(let degrees): gsl_cdf_tdist_Q(value, degrees)
      case .chiSquared(let degrees): gsl_cdf_chisq_Q(value, degrees)
      case .fisherF(let numerator, let denominator): gsl_cdf_fdist_Q(value, numerator, denominator)
      case .beta(let a, let b): gsl_cdf_beta_Q(value, a, b)
      case .gamma(let shape, let scale): gsl_cdf_gamma_Q(value, shape, scale)
      }
    return try GSL.finite(result, at: place)
  }

  private func validate(at place: String) throws(StatisticsError) {
    GSL.prepare()
    switch self {
    case .normal: break
    case .studentT(let degrees), .chiSquared(let degrees):
      try requirePositive(degrees, "The degrees of freedom", at: place)
    case .fisherF(let numerator, let denominator):
      try requirePositive(numerator, "The numerator's degrees of freedom", at: place)
      try requirePositive(denominator, "The denominator's degrees of freedom", at: place)
    case .beta(let a, let b):
      try requirePositive(a, "The parameter a", at: place)
      try requirePositive(b, "The parameter b", at: place)
    case .gamma(let shape, let scale):
      try requirePositive(shape, "The shape", at: place)
      try requirePositive(scale, "The scale", at: place)
    }
  }

  private func rawQuantile(_ p: Double) -> Double {
    switch self {
    case .normal: gsl_cdf_ugaussian_Pinv(p)
    case .studentT(let degrees): gsl_cdf_tdist_Pinv(p, degrees)
    case .chiSquared(let degrees): gsl_cdf_chisq_Pinv(p, degrees)
    case .fisherF(let numerator, let denominator): gsl_cdf_fdist_Pinv(p, numerator, denominator)
    case .beta(let a, let b): gsl_cdf_beta_Pinv(p, a, b)
    case .gamma(let shape, let scale): gsl_cdf_gamma_Pinv(p, shape, scale)
    }
  }

  private func rawCumulative(_ x: Double) -> Double {
    switch self {
    case .normal: gsl_cdf_ugaussian_P(x)
    case .studentT(let degrees): gsl_cdf_tdist_P(x, degrees)
    case .chiSquared(let degrees): gsl_cdf_chisq_P(x, degrees)
    case .fisherF(let numerator, let denominator): gsl_cdf_fdist_P(x, numerator, denominator)
    case .beta(let a, let b): gsl_cdf_beta_P(x, a, b)
    case .gamma(let shape, let scale): gsl_cdf_gamma_P(x, shape, scale)
    }
  }
}
