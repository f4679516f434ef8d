extension Distribution {
  /// A constant.
  @frozen
  public struct Deterministic: Hashable, Sendable, BitwiseCopyable {
    /// The constant.
    public let value: Double

    /// Makes a constant of 0 or more.
    public init(_ value: Double) throws(StatisticsError) {
      try requireNonNegative(value, "The value", at: "Distribution.deterministic")
      self.value = value
    }
  }

  /// A uniform law between two ends.
  @frozen
  public struct Uniform: Hashable, Sendable, BitwiseCopyable {
    /// The lower end, 0 or more.
    public let lower: Double
    /// The upper end, above the lower one.
    public let upper: Double

    /// Makes the law from its ends.
    public init(lower: Double, upper: Double) throws(StatisticsError) {
      try requireNonNegative(lower, "The lower end", at: "Distribution.uniform")
      try requirePositive(upper, "The upper end", at: "Distribution.uniform")
      guard lower < upper else {
        throw StatisticsError(
          .invalidParameter, "The lower end \(lower) is not below the upper end \(upper)",
          at: "Distribution.uniform")
      }
      self.lower = lower
      self.upper = upper
    }

    /// One random number.
    @inlinable
    public func draw(_ stream: inout RandomStream) -> Double {
      lower + (upper - lower) * stream.uniform()
    }

    /// The mean.
    public var mean: Double { 0.5 * (lower + upper) }
    /// The variance.
    public var variance: Double { (upper - lower) * (upper - lower) / 12 }
  }

  /// An exponential law.
  @frozen
  public struct Exponential: Hashable, Sendable, BitwiseCopyable {
    /// The mean.
    public let mean: Double

    /// Makes the law from its mean.
    public init(mean: Double) throws(StatisticsError) {
      try requirePositive(mean, "The mean", at: "Distribution.exponential")
      self.mean = mean
    }

    /// One random number.
    @inlinable
    public func draw(_ stream: inout RandomStream) -> Double { mean * stream.exponential() }
  }

  /// An Erlang law: the sum of equal exponential stages.
  @frozen
  public struct Erlang: Hashable, Sendable, BitwiseCopyable {
    /// The mean of the sum.
    public let mean: Double
    /// The number of stages.
    public let stages: Int
    @usableFromInline let sampler: GammaSampler

    /// Makes the law from its mean and its number of stages.
    public init(mean: Double, stages: Int) throws(StatisticsError) {
      try requirePositive(mean, "The mean", at: "Distribution.erlang")
      guard stages >= 1 else {
        throw StatisticsError(
          .invalidParameter, "\(stages) stages; give 1 or more", at: "Distribution.erlang")
      }
      self.mean = mean
      self.stages = stages
      sampler = GammaSampler(shape: Double(stages))
    }

    /// One random number.
    @inlinable
    public func draw(_ stream: inout RandomStream) -> Double {
      // Up to eight exponentials are cheaper than one gamma number.
      guard stages <= 8 else { return mean / Double(stages) * sampler.draw(&stream) }
      var sum = 0.0
      for _ in 0..<stages { sum += stream.exponential() }
      return mean / Double(stages) * sum
    }

    /// The variance.
    public var variance: Double { mean * mean / Double(stages) }
  }

  /// A two-phase hyperexponential law: exponential with one of two means.
  @frozen
  public struct Hyperexponential: Hashable, Sendable, BitwiseCopyable {
    /// The probability of the first phase.
    public let probability: Double
    /// The mean of the first phase.
    public let firstMean: Double
    /// The mean of the second phase.
    public let secondMean: Double

    /// Makes the law with balanced means: both phases contribute half of the mean.
    ///
    /// Source: Whitt, "Approximating a Point Process by a Renewal Process, I", Operations Research
    /// 30(1), 1982: p = (1 + sqrt((c2 - 1) / (c2 + 1))) / 2, phase means m / 2p and m / 2(1 - p).
    public init(mean: Double, squaredCoefficientOfVariation c2: Double) throws(StatisticsError) {
      try requirePositive(mean, "The mean", at: "Distribution.hyperexponential")
      guard c2.isFinite, c2 >= 1 else {
        throw StatisticsError(
          .invalidParameter,
          "The squared coefficient of variation is \(c2); give 1 or more, or use gamma below 1",
          at: "Distribution.hyperexponential")
      }
      probability = 0.5 * (1 + ((c2 - 1) / (c2 + 1)).squareRoot())
      firstMean = 0.5 * mean / probability
      secondMean = 0.5 * mean / (1 - probability)
    }

    /// Makes the law from its phases.
    public init(
      probability: Double, firstMean: Double, secondMean: Double
    ) throws(StatisticsError) {
      let place = "Distribution.hyperexponential"
      try requireProbability(probability, "The probability of the first phase", at: place)
      try requirePositive(firstMean, "The mean of the first phase", at: place)
      try requirePositive(secondMean, "The mean of the second phase", at: place)
      self.probability = probability
      self.firstMean = firstMean
      self.secondMean = secondMean
    }

    /// One random number.
    @inlinable
    public func draw(_ stream: inout RandomStream) -> Double {
      let mean = stream.uniform() < probability ? firstMean : secondMean
      return mean * stream.exponential()
    }

    /// The mean.
    public var mean: Double { probability * firstMean + (1 - probability) * secondMean }

    /// The variance.
    public var variance: Double {
      let second =
        probability * firstMean * firstMean + (1 - probability) * secondMean * secondMean
      return 2 * second - mean * mean
    }

    func scaled(by factor: Double) throws(StatisticsError) -> Hyperexponential {
      try Hyperexponential(
        probability: probability, firstMean: firstMean * factor, secondMean: secondMean * factor)
    }
  }
}
