import Numerics

extension Distribution {
  /// The probability of a number above `value`; NaN where GSL has no answer.
  public func tail(_ value: Double) -> Double {
    if value < 0 { return 1 }
    switch self {
    case .deterministic(let law): return law.value > value ? 1 : 0
    case .uniform(let law):
      return Swift.min(1, Swift.max(0, (law.upper - value) / (law.upper - law.lower)))
    case .exponential(let law): return Double.exp(-value / law.mean)
    case .erlang(let law):
      let stages = Double(law.stages)
      return Self.gammaTail(shape: stages, scale: law.mean / stages, value)
    case .hyperexponential(let law):
      return law.probability * Double.exp(-value / law.firstMean)
        + (1 - law.probability) * Double.exp(-value / law.secondMean)
    case .gamma(let law): return Self.gammaTail(shape: law.shape, scale: law.scale, value)
    case .lognormal(let law):
      guard value > 0 else { return 1 }
      let normal = ReferenceDistribution.normal
      return (try? normal.tail((Double.log(value) - law.location) / law.spread)) ?? .nan
    case .pareto(let law):
      return value <= law.minimum ? 1 : Double.pow(law.minimum / value, law.shape)
    case .boundedPareto(let law):
      if value <= law.minimum { return 1 }
      guard value < law.maximum else { return 0 }
      let end = Double.pow(law.minimum / law.maximum, law.shape)
      return (Double.pow(law.minimum / value, law.shape) - end) / (1 - end)
    case .empirical(let law): return law.tail(value)
    }
  }

  /// The mean of a number rounded up to whole steps, in steps: the sum of P(X > k step) over k >=
  /// 0.
  ///
  /// The first 4096 terms are added one by one, and from there on the sum is taken as the integral
  /// of the tail with half of its first term (Euler and Maclaurin), by Simpson's rule on the
  /// logarithm.
  /// - Returns: infinity where the mean is infinite.
  public func meanCeiling(step: Double) -> Double {
    guard mean.isFinite, step > 0 else { return .infinity }
    if case .deterministic(let law) = self { return (law.value / step).rounded(.up) }
    var sum = 0.0
    for k in 0..<Self.termsOneByOne {
      let term = tail(Double(k) * step)
      sum += term
      if term < 1e-14 { return sum }
    }
    var start = Double(Self.termsOneByOne) * step
    sum += 0.5 * tail(start)
    // One octave after the other, until what is left changes nothing.
    for _ in 0..<1000 {
      let part = octave(from: start) / step
      sum += part
      start *= 2
      if part < 1e-9 * sum { break }
    }
    return sum
  }

  private static var termsOneByOne: Int { 4096 }

  /// The integral of the tail from `start` to twice that.
  private func octave(from start: Double) -> Double {
    let panels = 64
    let width = Double.log(2) / Double(panels)
    var sum = 0.0
    for point in 0...panels {
      let x = start * Double.exp(Double(point) * width)
      let weight = point == 0 || point == panels ? 1.0 : point % 2 == 1 ? 4 : 2
      sum += weight * x * tail(x)
    }
    return sum * width / 3
  }

  private static func gammaTail(shape: Double, scale: Double, _ value: Double) -> Double {
    (try? ReferenceDistribution.gamma(shape: shape, scale: scale).tail(value)) ?? .nan
  }
}

extension Distribution.Empirical {
  /// The probability of a number above `value`.
  func tail(_ value: Double) -> Double {
    var above = 1.0
    for (low, high) in zip(quantiles, quantiles.dropFirst()) {
      if value < low.value { break }
      let mass = high.probability - low.probability
      if value >= high.value {
        above = 1 - high.probability
      } else {
        above = 1 - low.probability - mass * (value - low.value) / (high.value - low.value)
      }
    }
    return above
  }
}
