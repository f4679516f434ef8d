/// Count, mean, variance and range of a sequence of numbers, in one pass.
///
/// Welford's recurrence, which does not cancel digits (Technometrics 4(3), 1962). Merge partial
/// results in index order: floating-point sums depend on their order.
@frozen
public struct RunningMoments: Hashable, Sendable, BitwiseCopyable {
  /// The number of values.
  public private(set) var count: Int
  /// The mean; 0 without values.
  public private(set) var mean: Double
  /// The smallest value; infinity without values.
  public private(set) var minimum: Double
  /// The largest value; minus infinity without values.
  public private(set) var maximum: Double
  private var squares: Double

  /// Starts without values.
  public init() {
    count = 0
    mean = 0
    minimum = .infinity
    maximum = -.infinity
    squares = 0
  }

  /// Summarizes values in their order.
  public init(_ values: some Sequence<Double>) {
    self.init()
    for value in values { add(value) }
  }

  /// Adds one value.
  public mutating func add(_ value: Double) {
    count += 1
    let before = value - mean
    mean += before / Double(count)
    squares += before * (value - mean)
    minimum = Swift.min(minimum, value)
    maximum = Swift.max(maximum, value)
  }

  /// Adds what another summary saw after this one (Chan, Golub and LeVeque, 1979).
  public mutating func merge(_ later: RunningMoments) {
    guard later.count > 0 else { return }
    guard count > 0 else {
      self = later
      return
    }
    let total = Double(count + later.count)
    let shift = later.mean - mean
    squares += later.squares + shift * shift * Double(count) * Double(later.count) / total
    mean += shift * Double(later.count) / total
    count += later.count
    minimum = Swift.min(minimum, later.minimum)
    maximum = Swift.max(maximum, later.maximum)
  }

  /// The unbiased variance; 0 for fewer than two values.
  public var variance: Double { count > 1 ? Swift.max(0, squares) / Double(count - 1) : 0 }
  /// The square root of the variance.
  public var standardDeviation: Double { variance.squareRoot() }
  /// The standard error of the mean of independent values; 0 for fewer than two.
  public var standardError: Double {
    count > 1 ? (variance / Double(count)).squareRoot() : 0
  }
}
