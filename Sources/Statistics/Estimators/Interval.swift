import Numerics

/// An estimate with a confidence interval and the level it holds at.
///
/// Ends may lie unevenly around the estimate, as those of a percentile do. Print it with its level:
/// ``description`` does.
public struct Interval: Hashable, Sendable, CustomStringConvertible {
  /// The point estimate.
  public var estimate: Double
  /// The lower end.
  public var lower: Double
  /// The upper end.
  public var upper: Double
  /// The confidence level, such as 0.95.
  public var confidence: Double

  /// Makes an interval from its parts.
  public init(estimate: Double, lower: Double, upper: Double, confidence: Double) {
    self.estimate = estimate
    self.lower = lower
    self.upper = upper
    self.confidence = confidence
  }

  /// Makes an interval that reaches `halfWidth` to both sides of the estimate.
  public init(estimate: Double, halfWidth: Double, confidence: Double) {
    self.init(
      estimate: estimate, lower: estimate - halfWidth, upper: estimate + halfWidth,
      confidence: confidence)
  }

  /// Half the distance between the ends.
  public var halfWidth: Double { 0.5 * (upper - lower) }

  /// The half-width over the magnitude of the estimate; infinite around 0, and 0 for no width at
  /// all.
  public var relativeHalfWidth: Double {
    halfWidth == 0 ? 0 : halfWidth / estimate.magnitude
  }

  /// Whether `value` lies in the interval, ends included.
  public func contains(_ value: Double) -> Bool { lower <= value && value <= upper }

  /// For example `12.5 [11.9, 13.1] at 95 %`, to six significant digits.
  public var description: String {
    func short(_ value: Double) -> String {
      guard value != 0, value.isFinite else { return "\(value)" }
      let digits = 5 - Int(Double.log10(value.magnitude).rounded(.down))
      guard digits >= 0 else { return "\(value.rounded())" }
      let unit = Double.pow(10, digits)
      return unit.isFinite ? "\((value * unit).rounded() / unit)" : "\(value)"
    }
    let level = (confidence * 100_000).rounded() / 1000
    let text = Int(exactly: level).map { "\($0)" } ?? "\(level)"
    return "\(short(estimate)) [\(short(lower)), \(short(upper))] at \(text) %"
  }
}
