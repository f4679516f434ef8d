/// A distribution of non-negative durations, sizes or demands, in the caller's unit.
///
/// Make one with the throwing factories, such as
/// `Distribution.gamma(mean:coefficientOfVariation:)`: they check the parameters once and work out
/// what each draw needs, so a value that exists is valid and ``draw(_:)`` neither fails nor
/// allocates. Keep a distribution where it is used and draw in place; copying ``empirical(_:)``
/// costs a reference count.
@frozen
public enum Distribution: Hashable, Sendable {
  /// Always the same number.
  case deterministic(Deterministic)
  /// Uniform between two ends.
  case uniform(Uniform)
  /// Exponential.
  case exponential(Exponential)
  /// The sum of k exponentials of one mean.
  case erlang(Erlang)
  /// One of two exponentials.
  case hyperexponential(Hyperexponential)
  /// Gamma.
  case gamma(Gamma)
  /// The exponential of a normal number.
  case lognormal(Lognormal)
  /// Pareto from a minimum upwards.
  case pareto(Pareto)
  /// Pareto cut off at a maximum.
  case boundedPareto(BoundedPareto)
  /// Interpolated between observed quantiles.
  case empirical(Empirical)

  /// One random number.
  @inlinable
  public func draw(_ stream: inout RandomStream) -> Double {
    switch self {
    case .deterministic(let law): law.value
    case .uniform(let law): law.draw(&stream)
    case .exponential(let law): law.draw(&stream)
    case .erlang(let law): law.draw(&stream)
    case .hyperexponential(let law): law.draw(&stream)
    case .gamma(let law): law.draw(&stream)
    case .lognormal(let law): law.draw(&stream)
    case .pareto(let law): law.draw(&stream)
    case .boundedPareto(let law): law.draw(&stream)
    case .empirical(let law): law.draw(&stream)
    }
  }

  /// The mean; infinite for a Pareto of shape 1 or less.
  public var mean: Double {
    switch self {
    case .deterministic(let law): law.value
    case .uniform(let law): law.mean
    case .exponential(let law): law.mean
    case .erlang(let law): law.mean
    case .hyperexponential(let law): law.mean
    case .gamma(let law): law.mean
    case .lognormal(let law): law.mean
    case .pareto(let law): law.mean
    case .boundedPareto(let law): law.mean
    case .empirical(let law): law.mean
    }
  }

  /// The variance; infinite for a Pareto of shape 2 or less.
  public var variance: Double {
    switch self {
    case .deterministic: 0
    case .uniform(let law): law.variance
    case .exponential(let law): law.mean * law.mean
    case .erlang(let law): law.variance
    case .hyperexponential(let law): law.variance
    case .gamma(let law): law.variance
    case .lognormal(let law): law.variance
    case .pareto(let law): law.variance
    case .boundedPareto(let law): law.variance
    case .empirical(let law): law.variance
    }
  }

  /// The variance over the squared mean, the c2 of queueing formulas; 0 for a mean of 0.
  public var squaredCoefficientOfVariation: Double {
    let mean = mean
    return mean == 0 ? 0 : variance / (mean * mean)
  }

  /// The same shape with every number multiplied by `factor`.
  ///
  /// - Throws: ``StatisticsError`` when `factor` is not finite and positive.
  public func scaled(by factor: Double) throws(StatisticsError) -> Distribution {
    try requirePositive(factor, "The scale factor", at: "Distribution.scaled(by:)")
    return switch self {
    case .deterministic(let law): .deterministic(try Deterministic(law.value * factor))
    case .uniform(let law):
      .uniform(try Uniform(lower: law.lower * factor, upper: law.upper * factor))
    case .exponential(let law): .exponential(try Exponential(mean: law.mean * factor))
    case .erlang(let law): .erlang(try Erlang(mean: law.mean * factor, stages: law.stages))
    case .hyperexponential(let law): .hyperexponential(try law.scaled(by: factor))
    case .gamma(let law):
      .gamma(try Gamma(shape: law.shape, scale: law.scale * factor))
    case .lognormal(let law):
      .lognormal(
        try Lognormal(
          mean: law.mean * factor, coefficientOfVariation: law.coefficientOfVariation))
    case .pareto(let law):
      .pareto(try Pareto(minimum: law.minimum * factor, shape: law.shape))
    case .boundedPareto(let law):
      .boundedPareto(
        try BoundedPareto(
          minimum: law.minimum * factor, maximum: law.maximum * factor, shape: law.shape))
    case .empirical(let law): .empirical(try law.scaled(by: factor))
    }
  }
}
