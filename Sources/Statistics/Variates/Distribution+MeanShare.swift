import Numerics

extension Distribution {
  /// The share of the mean that comes from values so large that one of `count` draws exceeds them.
  ///
  /// What so many draws show of the mean is this share short of it as often as not: none of them
  /// may be so large, or one much larger. 1 where the mean is infinite, 0 where it is 0.
  ///
  /// Each is the partial expectation above the quantile at 1 - 1/count over the mean, in closed
  /// form; for the gamma law E[X; X > x] = k theta Q(k + 1, x / theta) (Johnson, Kotz and
  /// Balakrishnan, "Continuous Univariate Distributions", volume 1, 1994).
  ///
  /// - Throws: ``StatisticsError`` where GSL finds no quantile.
  package func shareOfMean(ofLargestIn count: Double) throws(StatisticsError) -> Double {
    let mean = mean
    guard mean.isFinite else { return 1 }
    guard mean > 0 else { return 0 }
    let rare = 1 / max(count, 2)
    let share: Double
    switch self {
    case .deterministic: share = rare
    case .uniform(let law):
      let quantile = law.upper - (law.upper - law.lower) * rare
      share = rare * (quantile + law.upper) / 2 / mean
    case .exponential: share = rare * (1 - Double.log(rare))
    case .erlang(let law): share = try Self.gammaShare(Double(law.stages), rare)
    case .gamma(let law): share = try Self.gammaShare(law.shape, rare)
    case .hyperexponential(let law): share = law.shareOfMean(above: rare)
    case .lognormal(let law):
      let quantile = try ReferenceDistribution.normal.quantile(1 - rare)
      share = try ReferenceDistribution.normal.tail(quantile - law.spread)
    case .pareto(let law): share = Double.pow(rare, (law.shape - 1) / law.shape)
    case .boundedPareto(let law): share = law.shareOfMean(above: rare)
    case .empirical(let law): share = law.shareOfMean(above: rare)
    }
    return min(max(share, 0), 1)
  }

  private static func gammaShare(
    _ shape: Double, _ rare: Double
  ) throws(StatisticsError) -> Double {
    let quantile = try ReferenceDistribution.gamma(shape: shape, scale: 1).quantile(1 - rare)
    return try ReferenceDistribution.gamma(shape: shape + 1, scale: 1).tail(quantile)
  }
}

extension Distribution.Hyperexponential {
  fileprivate func shareOfMean(above rare: Double) -> Double {
    let phases = [(probability, firstMean), (1 - probability, secondMean)]
    func tail(_ value: Double) -> Double {
      phases.reduce(0) { $0 + $1.0 * Double.exp(-value / $1.1) }
    }
    // The larger phase alone would be there; halving brackets the quantile to the last digit.
    var (low, high) = (0.0, max(firstMean, secondMean) * -Double.log(rare))
    for _ in 0..<200 {
      let middle = (low + high) / 2
      if tail(middle) > rare { low = middle } else { high = middle }
    }
    let part = phases.reduce(0) { $0 + $1.0 * (high + $1.1) * Double.exp(-high / $1.1) }
    return part / mean
  }
}

extension Distribution.BoundedPareto {
  fileprivate func shareOfMean(above rare: Double) -> Double {
    let cut = Double.pow(minimum / maximum, shape)
    let quantile = minimum * Double.pow(1 - (1 - rare) * (1 - cut), -1 / shape)
    guard abs(shape - 1) > 1e-9 else {
      return Double.log(maximum / quantile) / Double.log(maximum / minimum)
    }
    func power(_ value: Double) -> Double { Double.pow(value / maximum, 1 - shape) }
    return (power(quantile) - 1) / (power(minimum) - 1)
  }
}

extension Distribution.Empirical {
  fileprivate func shareOfMean(above rare: Double) -> Double {
    let start = 1 - rare
    var part = 0.0
    for (low, high) in zip(quantiles, quantiles.dropFirst()) where high.probability > start {
      let width = high.probability - low.probability
      let from = max(low.probability, start)
      guard width > 0 else { continue }
      let value = low.value + (high.value - low.value) * (from - low.probability) / width
      part += (high.probability - from) * (value + high.value) / 2
    }
    return part / mean
  }
}
