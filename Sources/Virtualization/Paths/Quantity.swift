/// How far a number can be trusted.
public enum Status: String, CaseIterable, Sendable, Hashable, Codable {
  /// Measured on the machine that is modeled.
  case measured
  /// Taken from a named publication.
  case published
  /// Neither: an informed guess, which must carry a range.
  case assumed
}

/// The unit of a quantity, as it is written in profile files.
public enum Unit: String, CaseIterable, Sendable, Hashable, Codable {
  case seconds = "s"
  case secondsPerByte = "s/byte"
  case bytes = "byte"
  case bytesPerSecond = "byte/s"
  case hertz = "Hz"
  case count = ""
  case share = "share"
}

/// A number of a profile: its value, unit, range, status and source.
public struct Quantity: Sendable, Hashable {
  /// The nominal value, in `unit`.
  public var value: Double
  /// The unit of `value`, `low` and `high`.
  public var unit: Unit
  /// The lower end of the range that the value plausibly lies in; equal to `value` where certain.
  public var low: Double
  /// The upper end of that range.
  public var high: Double
  /// How far the number can be trusted.
  public var status: Status
  /// Where the number comes from, precisely enough to look it up or redo the arithmetic.
  public var source: String
  /// The part of the uncertainty that it shares with other quantities; nil for none.
  public var common: CommonFactor?

  /// A quantity; without a range, the value is taken as exact.
  public init(
    _ value: Double, _ unit: Unit, low: Double? = nil, high: Double? = nil, status: Status,
    source: String
  ) {
    self.value = value
    self.unit = unit
    self.low = low ?? value
    self.high = high ?? value
    self.status = status
    self.source = source
    common = nil
  }

  /// The same quantity multiplied by a factor without unit.
  public func scaled(by factor: Double) -> Quantity {
    var result = self
    result.value *= factor
    result.low *= factor
    result.high *= factor
    return result
  }
}

/// An uncertain factor that several quantities contain, such as the speed of the host on which all
/// of them were scaled: drawn once for all that name it.
///
/// The range of a quantity holds the factor's: its own is what remains when `low` and `high` are
/// divided by those of the factor.
public struct CommonFactor: Sendable, Hashable {
  /// What the factor is called in all quantities that contain it.
  public var name: String
  /// The low end of its range, about a nominal factor of 1.
  public var low: Double
  /// The high end of its range.
  public var high: Double

  /// A common factor; `low` is positive and at most 1, `high` at least 1.
  public init(name: String, low: Double, high: Double) {
    self.name = name
    self.low = low
    self.high = high
  }
}
