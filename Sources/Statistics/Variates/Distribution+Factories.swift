extension Distribution {
  /// Always `value`, which is 0 or more.
  public static func deterministic(value: Double) throws(StatisticsError) -> Distribution {
    .deterministic(try Deterministic(value))
  }

  /// Uniform between `lower` and `upper`.
  public static func uniform(lower: Double, upper: Double) throws(StatisticsError) -> Distribution {
    .uniform(try Uniform(lower: lower, upper: upper))
  }

  /// Exponential with the given mean.
  public static func exponential(mean: Double) throws(StatisticsError) -> Distribution {
    .exponential(try Exponential(mean: mean))
  }

  /// The sum of `stages` exponentials; the squared coefficient of variation is 1 / stages.
  public static func erlang(mean: Double, stages: Int) throws(StatisticsError) -> Distribution {
    .erlang(try Erlang(mean: mean, stages: stages))
  }

  /// Two exponentials with balanced means; the squared coefficient of variation is 1 or more.
  public static func hyperexponential(
    mean: Double, squaredCoefficientOfVariation: Double
  ) throws(StatisticsError) -> Distribution {
    .hyperexponential(
      try Hyperexponential(
        mean: mean, squaredCoefficientOfVariation: squaredCoefficientOfVariation))
  }

  /// Gamma by its mean and its coefficient of variation.
  public static func gamma(
    mean: Double, coefficientOfVariation: Double
  ) throws(StatisticsError) -> Distribution {
    .gamma(try Gamma(mean: mean, coefficientOfVariation: coefficientOfVariation))
  }

  /// Lognormal by its own mean and coefficient of variation, not those of its logarithm.
  public static func lognormal(
    mean: Double, coefficientOfVariation: Double
  ) throws(StatisticsError) -> Distribution {
    .lognormal(try Lognormal(mean: mean, coefficientOfVariation: coefficientOfVariation))
  }

  /// Pareto: P(X > x) = (minimum / x)^shape.
  public static func pareto(
    minimum: Double, shape: Double
  ) throws(StatisticsError) -> Distribution {
    .pareto(try Pareto(minimum: minimum, shape: shape))
  }

  /// Pareto by its mean, for shapes above 1.
  public static func pareto(mean: Double, shape: Double) throws(StatisticsError) -> Distribution {
    .pareto(try Pareto(mean: mean, shape: shape))
  }

  /// Pareto conditioned to stay at or below `maximum`.
  public static func boundedPareto(
    minimum: Double, maximum: Double, shape: Double
  ) throws(StatisticsError) -> Distribution {
    .boundedPareto(try BoundedPareto(minimum: minimum, maximum: maximum, shape: shape))
  }

  /// Linear interpolation in a table of quantiles from probability 0 to probability 1.
  public static func empirical(
    quantiles: [Empirical.Quantile]
  ) throws(StatisticsError) -> Distribution {
    .empirical(try Empirical(quantiles: quantiles))
  }

  /// The law of observed values, kept as at most `tableSize` quantiles.
  public static func empirical(
    samples: [Double], tableSize: Int = 256
  ) throws(StatisticsError) -> Distribution {
    .empirical(try Empirical(samples: samples, tableSize: tableSize))
  }

  /// Deterministic, Erlang-like gamma, exponential or hyperexponential: the usual two-moment
  /// choice.
  ///
  /// A squared coefficient of variation of 0 gives a constant, below 1 a gamma, 1 an exponential
  /// and above 1 a two-phase hyperexponential with balanced means.
  public static func fitting(
    mean: Double, squaredCoefficientOfVariation c2: Double
  ) throws(StatisticsError) -> Distribution {
    try requireNonNegative(
      c2, "The squared coefficient of variation", at: "Distribution.fitting(mean:)")
    if c2 == 0 { return try deterministic(value: mean) }
    if c2 < 1 { return try gamma(mean: mean, coefficientOfVariation: c2.squareRoot()) }
    if c2 == 1 { return try exponential(mean: mean) }
    return try hyperexponential(mean: mean, squaredCoefficientOfVariation: c2)
  }
}
