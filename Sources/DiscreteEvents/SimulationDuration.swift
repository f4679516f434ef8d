/// A length of simulated time, in whole nanoseconds; may be negative.
///
/// All arithmetic saturates at the ends of the range instead of trapping, so an absurd input ends
/// as ``max``, and an event scheduled that much later stands at ``SimulationTime/max``.
@frozen
public struct SimulationDuration: Comparable, Hashable, Sendable, BitwiseCopyable {
  /// The length in nanoseconds.
  public var nanoseconds: Int64

  /// Makes a duration from whole nanoseconds.
  @inlinable
  public init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  /// Makes the duration nearest to a number of seconds.
  ///
  /// Halves round to even; values beyond the range (about 292 years) become the nearest end
  /// of it, and not-a-number becomes zero.
  @inlinable
  @inline(__always)
  public init(seconds: Double) {
    self.init(nanoseconds: nearestNanoseconds(seconds))
  }

  /// No time at all.
  @inlinable
  public static var zero: SimulationDuration { SimulationDuration(nanoseconds: 0) }

  /// The longest representable duration; longer than any run that ends at an instant before
  /// ``SimulationTime/max``, so it serves as "for ever" there.
  @inlinable
  public static var max: SimulationDuration { SimulationDuration(nanoseconds: .max) }

  /// The length in seconds, exact to 53 bits.
  @inlinable
  public var seconds: Double { Double(nanoseconds) / 1e9 }

  /// Orders durations from shorter to longer.
  @inlinable
  public static func < (left: SimulationDuration, right: SimulationDuration) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  /// The sum of two durations; saturates.
  @inlinable
  public static func + (left: Self, right: Self) -> Self {
    Self(nanoseconds: saturatingSum(left.nanoseconds, right.nanoseconds))
  }

  /// The difference of two durations; saturates.
  @inlinable
  public static func - (left: Self, right: Self) -> Self {
    Self(nanoseconds: saturatingDifference(left.nanoseconds, right.nanoseconds))
  }

  /// The same length with the opposite sign; saturates.
  @inlinable
  public static prefix func - (value: Self) -> Self { .zero - value }

  /// The duration a whole number of times; saturates.
  @inlinable
  public static func * (left: Self, right: Int) -> Self {
    let (product, overflow) = left.nanoseconds.multipliedReportingOverflow(by: Int64(right))
    if overflow { return Self(nanoseconds: (left.nanoseconds < 0) == (right < 0) ? .max : .min) }
    return Self(nanoseconds: product)
  }

  /// The duration a whole number of times; saturates.
  @inlinable
  public static func * (left: Int, right: Self) -> Self { right * left }

  /// The duration times a real factor, to the nearest nanosecond; saturates.
  @inlinable
  public static func * (left: Self, right: Double) -> Self {
    Self(nanoseconds: nearestInteger(Double(left.nanoseconds) * right))
  }

  /// The duration in equal parts, rounded towards zero; division by zero saturates.
  @inlinable
  public static func / (left: Self, right: Int) -> Self {
    if right == 0 {
      return left.nanoseconds == 0
        ? .zero : Self(nanoseconds: left.nanoseconds > 0 ? .max : .min)
    }
    let (quotient, overflow) = left.nanoseconds.dividedReportingOverflow(by: Int64(right))
    return overflow ? .max : Self(nanoseconds: quotient)
  }

  /// How many times one duration fits into another, as a real number; zero by zero is not a number.
  @inlinable
  public static func / (left: Self, right: Self) -> Double {
    Double(left.nanoseconds) / Double(right.nanoseconds)
  }

  /// Lengthens the duration; saturates.
  @inlinable
  public static func += (left: inout Self, right: Self) { left = left + right }

  /// Shortens the duration; saturates.
  @inlinable
  public static func -= (left: inout Self, right: Self) { left = left - right }
}

extension SimulationDuration: CustomStringConvertible {
  /// The length in seconds, as in `0.25 s`.
  public var description: String { "\(seconds) s" }
}

@inlinable
func saturatingSum(_ left: Int64, _ right: Int64) -> Int64 {
  let (sum, overflow) = left.addingReportingOverflow(right)
  if _fastPath(!overflow) { return sum }
  return right < 0 ? .min : .max
}

@inlinable
func saturatingDifference(_ left: Int64, _ right: Int64) -> Int64 {
  let (difference, overflow) = left.subtractingReportingOverflow(right)
  if _fastPath(!overflow) { return difference }
  return right < 0 ? .max : .min
}

@inlinable
@inline(__always)
func nearestNanoseconds(_ seconds: Double) -> Int64 { nearestInteger(seconds * 1e9) }

@inlinable
@inline(__always)
func nearestInteger(_ value: Double) -> Int64 {
  // Adding 1.5 * 2^52 pushes the fraction out of the significand, so the hardware rounds, and
  // leaves the integer in the low bits: no call to `rounded()`, no checked conversion. Draws come
  // here.
  if _fastPath(value.magnitude < 0x1p51) {
    return Int64(bitPattern: (value + 0x1.8p52).bitPattern &- (0x1.8p52).bitPattern)
  }
  return nearestIntegerFar(value)
}

@usableFromInline
func nearestIntegerFar(_ value: Double) -> Int64 {
  if value.magnitude < 0x1p63 { return Int64(value.rounded(.toNearestOrEven)) }
  if value.isNaN { return 0 }
  return value < 0 ? .min : .max
}
