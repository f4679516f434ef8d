/// The average of an integer level over simulated time, such as a queue length or pages in use.
///
/// Times are integer nanoseconds and the area under the level is summed in 128-bit integers, so it
/// is exact: a run of any length does not drift, and neither does one split at a warm-up. For a
/// share or another fraction, count in a small unit (thousandths) and divide at the end. Time must
/// not run backwards; an update in the past counts as one at the latest time.
@frozen
public struct TimeWeightedAverage: Hashable, Sendable, BitwiseCopyable {
  /// The current level.
  @inlinable
  public var level: Int64 { current }
  /// The largest level since the start or the last reset.
  @inlinable
  public var maximum: Int64 { highest }

  @usableFromInline var current: Int64
  @usableFromInline var highest: Int64
  @usableFromInline var start: Int64
  @usableFromInline var last: Int64
  @usableFromInline var area: Int128

  /// Starts at a level and a time in nanoseconds.
  @inlinable
  public init(level: Int64 = 0, at time: Int64 = 0) {
    current = level
    highest = level
    start = time
    last = time
    area = 0
  }

  /// Changes the level at a time in nanoseconds.
  @inlinable
  public mutating func update(to level: Int64, at time: Int64) {
    advance(to: time)
    current = level
    if level > highest { highest = level }
  }

  /// Adds to the level at a time in nanoseconds.
  @inlinable
  public mutating func add(_ change: Int64, at time: Int64) {
    update(to: current + change, at: time)
  }

  /// Forgets the past, as at the end of a warm-up, and keeps the level.
  @inlinable
  public mutating func reset(at time: Int64) {
    advance(to: time)
    area = 0
    start = last
    highest = current
  }

  /// The integral of the level from the start or reset to `time`, in level times nanoseconds.
  @inlinable
  public func integral(at time: Int64) -> Int128 {
    time > last ? area + Int128(current) * Int128(time - last) : area
  }

  /// The average from the start or reset to `time`; the level itself when no time has passed.
  @inlinable
  public func average(at time: Int64) -> Double {
    let elapsed = Swift.max(time, last) - start
    guard elapsed > 0 else { return Double(current) }
    let integral = integral(at: time)
    // The quotient first: the integral may not fit the 53 bits of a Double.
    let (quotient, remainder) = integral.quotientAndRemainder(dividingBy: Int128(elapsed))
    return Double(quotient) + Double(remainder) / Double(elapsed)
  }

  @inlinable
  mutating func advance(to time: Int64) {
    guard time > last else { return }
    area += Int128(current) * Int128(time - last)
    last = time
  }
}
