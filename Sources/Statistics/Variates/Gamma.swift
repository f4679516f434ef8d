public import Numerics

/// Draws gamma numbers of scale 1 with the constants of the method worked out once.
///
/// Source: Marsaglia and Tsang, "A Simple Method for Generating Gamma Variables", ACM TOMS 26(3),
/// 2000. Shapes below 1 are drawn at shape + 1 and multiplied by U^(1 / shape), as given there.
@frozen
@usableFromInline
struct GammaSampler: Hashable, Sendable, BitwiseCopyable {
  @usableFromInline let d: Double
  @usableFromInline let c: Double
  /// 1 / shape for shapes below 1, otherwise 0.
  @usableFromInline let boost: Double

  init(shape: Double) {
    let raised = shape < 1 ? shape + 1 : shape
    d = raised - 1.0 / 3
    c = 1 / (9 * d).squareRoot()
    boost = shape < 1 ? 1 / shape : 0
  }

  @inlinable
  func draw(_ stream: inout RandomStream) -> Double {
    while true {
      let x = stream.normal()
      let t = 1 + c * x
      if t <= 0 { continue }
      let v = t * t * t
      let u = stream.uniform()
      let square = x * x
      // The squeeze avoids both logarithms in about 98 % of the draws.
      if u < 1 - 0.0331 * square * square
        || Double.log(u) < 0.5 * square + d * (1 - v + Double.log(v))
      {
        return boost == 0 ? d * v : d * v * Double.pow(stream.uniform(), boost)
      }
    }
  }
}

extension Distribution {
  /// A gamma law.
  @frozen
  public struct Gamma: Hashable, Sendable, BitwiseCopyable {
    /// The shape: 1 over the squared coefficient of variation.
    public let shape: Double
    /// The scale: the mean over the shape.
    public let scale: Double
    @usableFromInline let sampler: GammaSampler

    /// Makes the law from shape and scale.
    ///
    /// Shapes below about 0.01 put so much mass near 0 that many draws underflow to exactly 0.
    public init(shape: Double, scale: Double) throws(StatisticsError) {
      try requirePositive(shape, "The shape", at: "Distribution.gamma")
      try requirePositive(scale, "The scale", at: "Distribution.gamma")
      self.shape = shape
      self.scale = scale
      sampler = GammaSampler(shape: shape)
    }

    /// Makes the law from its mean and its coefficient of variation.
    public init(mean: Double, coefficientOfVariation: Double) throws(StatisticsError) {
      try requirePositive(mean, "The mean", at: "Distribution.gamma")
      try requirePositive(
        coefficientOfVariation, "The coefficient of variation", at: "Distribution.gamma")
      let c2 = coefficientOfVariation * coefficientOfVariation
      try self.init(shape: 1 / c2, scale: mean * c2)
    }

    /// One random number.
    @inlinable
    public func draw(_ stream: inout RandomStream) -> Double { scale * sampler.draw(&stream) }

    /// The mean.
    public var mean: Double { shape * scale }
    /// The variance.
    public var variance: Double { shape * scale * scale }
  }

  /// A lognormal law.
  @frozen
  public struct Lognormal: Hashable, Sendable, BitwiseCopyable {
    /// The mean of the law itself.
    public let mean: Double
    /// The standard deviation of the law itself over its mean.
    public let coefficientOfVariation: Double
    /// The mean of the logarithm.
    public let location: Double
    /// The standard deviation of the logarithm.
    public let spread: Double

    /// Makes the law from its mean and its coefficient of variation.
    ///
    /// With c2 the squared coefficient of variation, the logarithm has the variance ln(1 + c2) and
    /// the mean ln(mean) - ln(1 + c2) / 2.
    public init(mean: Double, coefficientOfVariation: Double) throws(StatisticsError) {
      try requirePositive(mean, "The mean", at: "Distribution.lognormal")
      try requirePositive(
        coefficientOfVariation, "The coefficient of variation", at: "Distribution.lognormal")
      self.mean = mean
      self.coefficientOfVariation = coefficientOfVariation
      let variance = Double.log(onePlus: coefficientOfVariation * coefficientOfVariation)
      spread = variance.squareRoot()
      location = Double.log(mean) - 0.5 * variance
    }

    /// One random number.
    @inlinable
    public func draw(_ stream: inout RandomStream) -> Double {
      Double.exp(location + spread * stream.normal())
    }

    /// The variance.
    public var variance: Double {
      let deviation = mean * coefficientOfVariation
      return deviation * deviation
    }
  }
}
