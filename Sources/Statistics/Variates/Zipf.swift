public import Numerics

/// Zipf popularity: rank k of 1 to `items` with probability proportional to k^-exponent.
///
/// Drawn by rejection-inversion, in constant time and memory for any number of items. Source:
/// Hoermann and Derflinger, "Rejection-Inversion to Generate Variates from Monotone Discrete
/// Distributions", ACM TOMACS 6(3), 1996.
@frozen
public struct Zipf: Hashable, Sendable, BitwiseCopyable {
  /// The number of ranks.
  public let items: Int
  /// The exponent; 0 is uniform, web objects lie near 0.6 to 1.
  public let exponent: Double
  @usableFromInline let areaAtFirst: Double
  @usableFromInline let areaAtLast: Double
  @usableFromInline let shortcut: Double

  /// Makes the law for 1 to 2^52 items and an exponent of 0 to 100.
  public init(items: Int, exponent: Double) throws(StatisticsError) {
    guard items >= 1, items <= 1 << 52 else {
      throw StatisticsError(.invalidParameter, "\(items) items; give 1 to 2^52", at: "Zipf")
    }
    guard exponent >= 0, exponent <= 100 else {
      throw StatisticsError(
        .invalidParameter, "The exponent is \(exponent); give 0 to 100", at: "Zipf")
    }
    self.items = items
    self.exponent = exponent
    areaAtFirst = Zipf.area(1.5, exponent) - 1
    areaAtLast = Zipf.area(Double(items) + 0.5, exponent)
    shortcut =
      2
      - Zipf.inverseArea(
        Zipf.area(2.5, exponent) - Zipf.weight(2, exponent), exponent)
  }

  /// One random rank, from 1.
  @inlinable
  public func draw(_ stream: inout RandomStream) -> Int {
    let last = Double(items)
    while true {
      let u = areaAtLast + stream.uniform() * (areaAtFirst - areaAtLast)
      let x = Zipf.inverseArea(u, exponent)
      let rank = Swift.max(1, Swift.min(last, (x + 0.5).rounded(.down)))
      if rank - x <= shortcut
        || u >= Zipf.area(rank + 0.5, exponent) - Zipf.weight(rank, exponent)
      {
        return Int(rank)
      }
    }
  }

  /// x^-s, the continuous hat over the weights.
  @inlinable
  static func weight(_ x: Double, _ exponent: Double) -> Double {
    Double.exp(-exponent * Double.log(x))
  }

  /// The integral of the hat from 1 to x: (x^(1 - s) - 1) / (1 - s), and ln x at s = 1.
  @inlinable
  static func area(_ x: Double, _ exponent: Double) -> Double {
    let logarithm = Double.log(x)
    let y = (1 - exponent) * logarithm
    // expm1(y) / y tends to 1 + y / 2, which is exact to rounding here.
    let ratio = y.magnitude > 1e-8 ? Double.expMinusOne(y) / y : 1 + 0.5 * y
    return logarithm * ratio
  }

  /// The inverse of ``area(_:_:)``.
  @inlinable
  static func inverseArea(_ area: Double, _ exponent: Double) -> Double {
    let y = Swift.max(-1, area * (1 - exponent))
    let ratio = y.magnitude > 1e-8 ? Double.log(onePlus: y) / y : 1 - 0.5 * y
    return Double.exp(area * ratio)
  }
}
