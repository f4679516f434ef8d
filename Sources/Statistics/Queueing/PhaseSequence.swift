import Numerics

/// The time to pass through exponential phases in order, some of them skipped at random.
///
/// With every probability 1 it is the hypoexponential distribution; with a wait that happens with
/// probability C and a service it is the sojourn in M/M/c. It is an acyclic phase-type distribution
/// (M. F. Neuts, 1981, "Matrix-Geometric Solutions in Stochastic Models"). The distribution comes
/// from the exponential of its generator by uniformization over a short step and repeated squaring,
/// all of it on non-negative numbers, so equal and nearly equal rates are no special case. (On
/// scaling and squaring: C. Moler and C. Van Loan, 2003, "Nineteen Dubious Ways to Compute the
/// Exponential of a Matrix, Twenty-Five Years Later".)
public struct PhaseSequence: Hashable, Sendable {
  /// One exponential phase.
  public struct Phase: Hashable, Sendable {
    /// Completions per unit of time.
    public let rate: Double
    /// The probability that the phase happens at all.
    public let probability: Double

    /// Describes a phase; the numbers are checked by the sequence.
    public init(rate: Double, probability: Double = 1) {
      self.rate = rate
      self.probability = probability
    }
  }

  /// The phases in order.
  public let phases: [Phase]

  /// Checks the phases.
  /// - Throws: ``QueueingError`` for a rate or probability outside its domain or no phase.
  public init(phases: [Phase]) throws(QueueingError) {
    guard !phases.isEmpty else {
      throw QueueingError(
        code: .invalidInput, message: "give at least one phase", place: "PhaseSequence.phases")
    }
    for (index, phase) in phases.enumerated() {
      try QueueingError.requirePositive(phase.rate, "PhaseSequence.phases[\(index)].rate")
      guard phase.probability >= 0, phase.probability <= 1 else {
        throw QueueingError(
          code: .invalidInput, message: "\(phase.probability) must be from 0 to 1",
          place: "PhaseSequence.phases[\(index)].probability")
      }
    }
    self.phases = phases
  }

  /// The mean: the sum of p / rate.
  public var mean: Double { phases.reduce(0) { $0 + $1.probability / $1.rate } }

  /// The variance: the sum of p (2 - p) / rate^2.
  public var variance: Double {
    phases.reduce(0) {
      $0 + $1.probability * (2 - $1.probability) / ($1.rate * $1.rate)
    }
  }

  /// The probability that the time is at most `time`.
  public func distribution(_ time: Double) -> Double { max(0, 1 - survival(time)) }

  /// The time that a share `probability` does not exceed.
  /// - Throws: ``QueueingError`` unless the probability is between 0 and 1.
  public func percentile(_ probability: Double) throws(QueueingError) -> Double {
    let place = "PhaseSequence.percentile"
    try QueueingError.requireProbability(probability, place)
    guard survival(0) > 1 - probability else { return 0 }
    return try timeAtWhich(
      survivalFallsTo: 1 - probability, startingAt: mean, place: place, survival)
  }

  /// From phase `source` (-1 for the start), the probability that `target` is the next to happen.
  private func step(_ source: Int, _ target: Int) -> Double {
    var probability = phases[target].probability
    for skipped in source + 1..<target { probability *= 1 - phases[skipped].probability }
    return probability
  }

  func survival(_ time: Double) -> Double {
    let time = max(0, time)
    let count = phases.count
    let fastest = phases.reduce(0) { max($0, $1.rate) }
    let jump = fastest * time
    let squarings = jump > 1 ? Int(Double.log2(jump).rounded(.up)) : 0
    let short = time / Double(sign: .plus, exponent: squarings, significand: 1)

    var uniformized = UpperTriangle(count)
    for i in 0..<count {
      uniformized[i, i] = 1 - phases[i].rate / fastest
      for j in i + 1..<max(i + 1, count) {
        uniformized[i, j] = phases[i].rate / fastest * step(i, j)
      }
    }
    var matrix = uniformized.exponential(fastest * short)
    var span = short
    for round in 0...squarings {
      // The diagonal is known exactly; resetting it keeps rounding from doubling each round.
      for i in 0..<count { matrix[i, i] = Double.exp(-phases[i].rate * span) }
      if round < squarings {
        matrix = matrix.times(matrix)
        span *= 2
      }
    }
    var alive = 0.0
    for i in 0..<count {
      let start = step(-1, i)
      for j in i..<count { alive += start * matrix[i, j] }
    }
    return alive
  }
}

/// A square matrix with nothing below the diagonal.
private struct UpperTriangle {
  let count: Int
  private var entries: [Double]

  init(_ count: Int) {
    self.count = count
    entries = [Double](repeating: 0, count: count * count)
  }

  subscript(_ i: Int, _ j: Int) -> Double {
    get { entries[i * count + j] }
    set { entries[i * count + j] = newValue }
  }

  func times(_ other: UpperTriangle) -> UpperTriangle {
    var product = UpperTriangle(count)
    for i in 0..<count {
      for k in i..<count where self[i, k] != 0 {
        for j in k..<count { product[i, j] += self[i, k] * other[k, j] }
      }
    }
    return product
  }

  /// exp(jump (P - 1)) for this P and a jump of at most 1, as a Poisson mixture of powers of P.
  func exponential(_ jump: Double) -> UpperTriangle {
    var sum = UpperTriangle(count)
    var power = UpperTriangle(count)
    for i in 0..<count { power[i, i] = 1 }
    var weight = Double.exp(-jump)
    // Powers below the number of phases fill the far corner; 20 more exhaust a double.
    for m in 0..<count + 20 {
      for i in 0..<count {
        for j in i..<count { sum[i, j] += weight * power[i, j] }
      }
      power = power.times(self)
      weight *= jump / Double(m + 1)
    }
    return sum
  }
}
