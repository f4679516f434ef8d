public import Numerics

extension Distribution {
  /// A Pareto law of the first kind: P(X > x) = (minimum / x)^shape.
  @frozen
  public struct Pareto: Hashable, Sendable, BitwiseCopyable {
    /// The smallest value.
    public let minimum: Double
    /// The tail index; the mean is infinite up to 1, the variance up to 2.
    public let shape: Double

    /// Makes the law from its minimum and its tail index.
    public init(minimum: Double, shape: Double) throws(StatisticsError) {
      try requirePositive(minimum, "The minimum", at: "Distribution.pareto")
      try requirePositive(shape, "The shape", at: "Distribution.pareto")
      self.minimum = minimum
      self.shape = shape
    }

    /// Makes the law from its mean and a tail index above 1.
    public init(mean: Double, shape: Double) throws(StatisticsError) {
      try requirePositive(mean, "The mean", at: "Distribution.pareto")
      guard shape.isFinite, shape > 1 else {
        throw StatisticsError(
          .invalidParameter,
          "The shape is \(shape), where no mean exists; give a shape above 1, or the minimum",
          at: "Distribution.pareto")
      }
      try self.init(minimum: mean * (shape - 1) / shape, shape: shape)
    }

    /// One random number.
    @inlinable
    public func draw(_ stream: inout RandomStream) -> Double {
      // U^(-1/shape) is the exponential of an exponential number.
      minimum * Double.exp(stream.exponential() / shape)
    }

    /// The mean; infinite for shapes up to 1.
    public var mean: Double { shape > 1 ? shape * minimum / (shape - 1) : .infinity }

    /// The variance; infinite for shapes up to 2.
    public var variance: Double {
      guard shape > 2 else { return .infinity }
      return minimum * minimum * shape / ((shape - 1) * (shape - 1) * (shape - 2))
    }
  }

  /// A Pareto law conditioned to stay at or below a maximum.
  @frozen
  public struct BoundedPareto: Hashable, Sendable, BitwiseCopyable {
    /// The smallest value.
    public let minimum: Double
    /// The largest value.
    public let maximum: Double
    /// The tail index.
    public let shape: Double
    /// 1 - (minimum / maximum)^shape.
    @usableFromInline let mass: Double

    /// Makes the law from its ends and its tail index.
    public init(minimum: Double, maximum: Double, shape: Double) throws(StatisticsError) {
      try requirePositive(minimum, "The minimum", at: "Distribution.boundedPareto")
      try requirePositive(maximum, "The maximum", at: "Distribution.boundedPareto")
      try requirePositive(shape, "The shape", at: "Distribution.boundedPareto")
      guard minimum < maximum else {
        throw StatisticsError(
          .invalidParameter, "The minimum \(minimum) is not below the maximum \(maximum)",
          at: "Distribution.boundedPareto")
      }
      self.minimum = minimum
      self.maximum = maximum
      self.shape = shape
      mass = -Double.expMinusOne(shape * Double.log(minimum / maximum))
    }

    /// One random number.
    @inlinable
    public func draw(_ stream: inout RandomStream) -> Double {
      let tail = Double.log(onePlus: -stream.uniform() * mass)
      return Swift.min(maximum, minimum * Double.exp(-tail / shape))
    }

    /// The mean.
    public var mean: Double { moment(1) }

    /// The variance.
    public var variance: Double { moment(2) - moment(1) * moment(1) }

    /// E[X^k] = shape min^shape (min^(k - shape) - max^(k - shape)) / ((shape - k) mass).
    private func moment(_ k: Double) -> Double {
      // Written with expm1, so that shapes at and near k lose no digits.
      let ratio = Double.log(maximum / minimum)
      let exponent = (k - shape) * ratio
      let growth = exponent == 0 ? 1 : Double.expMinusOne(exponent) / exponent
      return shape * Double.pow(minimum, k) * growth * ratio / mass
    }
  }
}
