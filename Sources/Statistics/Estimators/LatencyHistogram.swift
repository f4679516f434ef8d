import Histogram

/// A high-dynamic-range histogram of latencies in nanoseconds.
///
/// It keeps counts, so histograms of replications merge exactly and in any order; percentiles are
/// read from the merged counts and never averaged. A value is known to the stated number of decimal
/// digits and reported as the upper end of its cell. Count from the intended arrival, or waiting
/// time goes missing (coordinated omission).
public struct LatencyHistogram: Sendable, Equatable {
  /// How finely a histogram tells values apart.
  public struct Resolution: Hashable, Sendable {
    /// Values below this many nanoseconds are not told apart; rounded down to a power of 2.
    public let lowest: Int64
    /// Values above this many nanoseconds count as this one, and in ``LatencyHistogram/clamped``.
    public let highest: Int64
    /// The significant decimal digits, 1 to 4.
    public let digits: Int

    /// Makes a resolution; the default spans 1 ns to 2^50 ns (13 days) at 3 digits in 328 KiB.
    public init(
      lowest: Int64 = 1, highest: Int64 = (1 << 50) - 1, digits: Int = 3
    ) throws(StatisticsError) {
      let place = "LatencyHistogram.Resolution"
      guard lowest >= 1, lowest <= 1 << 40, highest / 2 >= lowest, highest < 1 << 60 else {
        throw StatisticsError(
          .invalidParameter,
          "The range \(lowest) to \(highest) ns is not usable; give 1 to 2^40 ns for the lowest "
            + "and at least its double, below 2^60 ns, for the highest", at: place)
      }
      guard digits >= 1, digits <= 4 else {
        throw StatisticsError(.invalidParameter, "\(digits) digits; give 1 to 4", at: place)
      }
      self.init(unchecked: lowest, highest, digits)
    }

    private init(unchecked lowest: Int64, _ highest: Int64, _ digits: Int) {
      self.lowest = lowest
      self.highest = highest
      self.digits = digits
    }

    /// 1 ns to 13 days at 3 digits, in 328 KiB: for one latency of one run.
    public static let fine = Resolution(unchecked: 1, (1 << 50) - 1, 3)
    /// 1 us to 13 days at 2 digits, in about 35 KiB: where thousands are kept.
    public static let coarse = Resolution(unchecked: 1024, (1 << 50) - 1, 2)
  }

  private var histogram: Histogram<UInt64>
  private var total: Int128
  private var beyond: UInt64
  /// How finely values are told apart.
  public let resolution: Resolution

  /// Starts empty.
  public init(_ resolution: Resolution = .fine) {
    self.resolution = resolution
    histogram = Histogram<UInt64>(
      lowestDiscernibleValue: UInt64(resolution.lowest),
      highestTrackableValue: UInt64(resolution.highest),
      numberOfSignificantValueDigits: SignificantDigits(rawValue: Int8(resolution.digits)) ?? .three
    )
    total = 0
    beyond = 0
  }

  /// Counts one latency in nanoseconds; below 0 counts as 0, above the range as the highest.
  ///
  /// Neither allocates nor counts references; about 13 ns on the machine it was written on.
  public mutating func record(_ nanoseconds: Int64) {
    let value = Swift.max(0, nanoseconds)
    total += Int128(value)
    if value > resolution.highest {
      beyond += 1
      histogram.record(UInt64(truncatingIfNeeded: resolution.highest))
    } else {
      histogram.record(UInt64(truncatingIfNeeded: value))
    }
  }

  /// Adds the counts of another histogram of the same resolution.
  public mutating func merge(_ other: LatencyHistogram) throws(StatisticsError) {
    guard resolution == other.resolution else {
      throw StatisticsError(
        .invalidParameter, "The histograms differ in resolution; record both with the same one",
        at: "LatencyHistogram.merge(_:)")
    }
    histogram.add(other.histogram)
    total += other.total
    beyond += other.beyond
  }

  /// Forgets all counts, as at the end of a warm-up.
  public mutating func reset() {
    histogram.reset()
    total = 0
    beyond = 0
  }

  /// The number of latencies counted.
  public var count: Int { Int(histogram.totalCount) }
  /// The number of latencies above the range; percentiles that reach into them are infinite.
  public var clamped: Int { Int(beyond) }
  /// The exact mean in nanoseconds; 0 when empty.
  public var mean: Double { count == 0 ? 0 : Double(total) / Double(count) }
  /// The largest latency in nanoseconds, to the resolution; 0 when empty, infinite when clamped.
  public var maximum: Double { beyond > 0 ? .infinity : Double(histogram.max) }

  /// The latency in nanoseconds that `percentile` percent (0 to 100) of all stay at or below.
  ///
  /// - Returns: The upper end of the cell; infinity when the percentile lies among latencies above
  ///   the range, of which only that is known; nil when the histogram is empty.
  public func percentile(_ percentile: Double) -> Double? {
    guard count > 0 else { return nil }
    let value = histogram.valueAtPercentile(percentile)
    return isOpenEnded(value) ? .infinity : Double(value)
  }

  /// The share of latencies at or below a bound in nanoseconds, to the resolution; nil when empty.
  public func share(atOrBelow nanoseconds: Int64) -> Double? {
    guard count > 0 else { return nil }
    if nanoseconds < 0 { return 0 }
    guard !isOpenEnded(UInt64(nanoseconds)), nanoseconds < resolution.highest else {
      return Double(count - clamped) / Double(count)
    }
    return histogram.percentileAtOrBelowValue(UInt64(nanoseconds)) / 100
  }

  /// The cells that hold values, ascending: upper end in nanoseconds and count.
  ///
  /// The last one has no upper end (infinity) when latencies lie above the range.
  public var cells: [(upperBound: Double, count: Int)] {
    histogram.recordedValues().map {
      (
        isOpenEnded($0.value)
          ? .infinity : Double(histogram.highestEquivalentForValue($0.value)), Int($0.count)
      )
    }
  }

  /// Whether a value lies in the last cell while that also holds what lies above the range.
  private func isOpenEnded(_ value: UInt64) -> Bool {
    beyond > 0
      && value >= histogram.lowestEquivalentForValue(UInt64(truncatingIfNeeded: resolution.highest))
  }
}
