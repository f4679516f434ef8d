/// An instant on the simulated clock, in whole nanoseconds since the start of the run.
///
/// Integers make ties exact: two events computed along different ways meet at the same instant or
/// they do not, whatever the order of the additions. The range is about 292 years either side of
/// zero. All arithmetic saturates at the ends of the range instead of trapping, so an absurd input
/// ends as ``max``.
@frozen
public struct SimulationTime: Comparable, Hashable, Sendable, BitwiseCopyable {
  /// Nanoseconds since the start of the run.
  public var nanoseconds: Int64

  /// Makes the instant that lies the given number of nanoseconds after the start.
  @inlinable
  public init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  /// Makes the instant nearest to a number of seconds after the start.
  ///
  /// Halves round to even; values beyond the range become the nearest end of it, and
  /// not-a-number becomes zero.
  @inlinable
  @inline(__always)
  public init(seconds: Double) {
    self.init(nanoseconds: nearestNanoseconds(seconds))
  }

  /// The start of the run.
  @inlinable
  public static var zero: SimulationTime { SimulationTime(nanoseconds: 0) }

  /// The last representable instant, where all times beyond the range end up.
  ///
  /// A run to an earlier instant leaves events that stand here pending, so for such a run they
  /// never come. A run without an end takes them as any other, after all earlier ones and in the
  /// order of their scheduling: ``Simulation/run(until:maximumEvents:)`` to `max`,
  /// ``Simulation/step()`` and ``Simulation/run(maximumEvents:)``. What shall never happen is best
  /// not scheduled, or cancelled.
  @inlinable
  public static var max: SimulationTime { SimulationTime(nanoseconds: .max) }

  /// Seconds since the start, exact to 53 bits.
  @inlinable
  public var seconds: Double { Double(nanoseconds) / 1e9 }

  /// Orders instants from earlier to later.
  @inlinable
  public static func < (left: SimulationTime, right: SimulationTime) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  /// The time from one instant to another, negative when the left one is earlier; saturates.
  @inlinable
  public static func - (left: SimulationTime, right: SimulationTime) -> SimulationDuration {
    SimulationDuration(nanoseconds: saturatingDifference(left.nanoseconds, right.nanoseconds))
  }

  /// The instant a duration later; saturates.
  @inlinable
  public static func + (left: SimulationTime, right: SimulationDuration) -> SimulationTime {
    SimulationTime(nanoseconds: saturatingSum(left.nanoseconds, right.nanoseconds))
  }

  /// The instant a duration earlier; saturates.
  @inlinable
  public static func - (left: SimulationTime, right: SimulationDuration) -> SimulationTime {
    SimulationTime(nanoseconds: saturatingDifference(left.nanoseconds, right.nanoseconds))
  }

  /// Moves the instant later by a duration; saturates.
  @inlinable
  public static func += (left: inout SimulationTime, right: SimulationDuration) {
    left = left + right
  }

  /// Moves the instant earlier by a duration; saturates.
  @inlinable
  public static func -= (left: inout SimulationTime, right: SimulationDuration) {
    left = left - right
  }
}

extension SimulationTime: CustomStringConvertible {
  /// The instant in seconds, as in `1.5 s`.
  public var description: String { "\(seconds) s" }
}
