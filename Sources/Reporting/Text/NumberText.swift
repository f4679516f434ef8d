import Foundation

/// Numbers as people read them, always with a point for the decimal mark and ASCII units.
package enum NumberText {
  /// Shown where there is no number.
  package static let none = "-"

  /// A number with a given count of significant digits, without an exponent.
  package static func significant(_ value: Double, digits: Int = 3) -> String {
    guard value.isFinite else { return value.isNaN ? none : value < 0 ? "-inf" : "inf" }
    guard value != 0 else { return "0" }
    let decimals = max(0, digits - 1 - magnitude(value, digits: digits))
    return String(format: "%.\(min(decimals, 12))f", value)
  }

  /// A number with three significant digits at most, without zeros at its end.
  package static func trimmed(_ value: Double) -> String {
    var text = significant(value)
    guard text.contains(".") else { return text }
    while text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
    return text
  }

  /// A time in the unit that leaves one to three digits before the point, such as "12.3 ms".
  package static func duration(_ seconds: Double, digits: Int = 3) -> String {
    guard seconds.isFinite else { return seconds.isNaN ? none : significant(seconds) }
    guard seconds != 0 else { return "0 s" }
    let unit = TimeUnit.fitting(seconds)
    return significant(seconds * unit.perSecond, digits: digits) + " " + unit.rawValue
  }

  /// A time in microseconds without its unit, for the cells of a table that names the unit.
  package static func microseconds(_ seconds: Double) -> String {
    significant(seconds * 1e6)
  }

  /// A time with its interval in one unit: "12.3 ms [11.9, 12.8]".
  package static func duration(_ value: Double, low: Double, high: Double) -> String {
    guard value.isFinite, low.isFinite, high.isFinite else { return duration(value) }
    let unit = TimeUnit.fitting(max(abs(value), abs(low), abs(high)))
    let parts = [value, low, high].map { significant($0 * unit.perSecond) }
    return "\(parts[0]) \(unit.rawValue) [\(parts[1]), \(parts[2])]"
  }

  /// A time in a given unit: "1170 us".
  package static func duration(_ seconds: Double, in unit: TimeUnit) -> String {
    seconds.isFinite ? number(seconds, in: unit) + " " + unit.rawValue : duration(seconds)
  }

  /// A time with its interval in a given unit: "1170 us [1050, 1290]".
  package static func duration(
    _ value: Double, low: Double, high: Double, in unit: TimeUnit
  ) -> String {
    guard value.isFinite, low.isFinite, high.isFinite else { return duration(value, in: unit) }
    return "\(duration(value, in: unit)) [\(number(low, in: unit)), \(number(high, in: unit))]"
  }

  /// A time in a unit that stands elsewhere, as in the heading of a table.
  package static func number(_ seconds: Double, in unit: TimeUnit) -> String {
    significant(seconds * unit.perSecond)
  }

  /// A share as a percentage: "62 %", "9.4 %", "0.04 %".
  package static func percent(_ share: Double) -> String {
    guard share.isFinite else { return none }
    let value = share * 100
    let size = abs(value)
    // A level such as 99.9 must not turn into 100.
    let isNearWhole = size < 100 && size >= 99.05 && size != size.rounded()
    let decimals = value == 0 ? 0 : size < 0.995 ? 2 : size < 9.95 || isNearWhole ? 1 : 0
    return String(format: "%.\(decimals)f", value) + " %"
  }

  /// A confidence level: "95 %", "99.9 %".
  package static func level(_ confidence: Double) -> String {
    confidence.isFinite ? String(format: "%.6g", confidence * 100) + " %" : none
  }

  /// A margin in whole percent: "+9 %".
  package static func margin(_ share: Double) -> String {
    guard share.isFinite else { return none }
    return (share < 0 ? "" : "+") + String(format: "%.0f", share * 100) + " %"
  }

  /// Bytes in the binary unit that leaves few digits: "1.5 GiB".
  package static func bytes(_ value: Double) -> String {
    guard value.isFinite else { return none }
    let units = ["B", "KiB", "MiB", "GiB", "TiB"]
    var scaled = value
    var index = 0
    while abs(scaled) >= 1024, index < units.count - 1 {
      scaled /= 1024
      index += 1
    }
    return significant(scaled) + " " + units[index]
  }

  /// The shortest digits that read back as the same number; empty where it is not finite.
  package static func exact(_ value: Double) -> String {
    guard value.isFinite else { return "" }
    if value == value.rounded(), abs(value) < 1e15 { return String(Int(value)) }
    return value.description
  }

  /// "p95", "p99.9".
  package static func percentileName(_ percentile: Double) -> String { "p" + exact(percentile) }

  /// "1 guest", "2 guests".
  package static func count(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  /// The power of ten of the leading digit after rounding, so that 9.996 counts as 10.0.
  private static func magnitude(_ value: Double, digits: Int) -> Int {
    let power = Int(log10(abs(value)).rounded(.down))
    let scale = pow(10, Double(digits - 1 - power))
    return (abs(value) * scale).rounded() >= pow(10, Double(digits)) ? power + 1 : power
  }
}

/// The units in which times are printed.
package enum TimeUnit: String, CaseIterable, Sendable {
  case nanoseconds = "ns"
  case microseconds = "us"
  case milliseconds = "ms"
  case seconds = "s"

  /// How many of the unit make a second.
  package var perSecond: Double {
    switch self {
    case .nanoseconds: 1e9
    case .microseconds: 1e6
    case .milliseconds: 1e3
    case .seconds: 1
    }
  }

  /// One unit for times that stand beside each other: the one that fits the middle one.
  package static func common(_ seconds: [Double]) -> TimeUnit {
    let sizes = seconds.map { abs($0) }.filter { $0.isFinite && $0 > 0 }.sorted()
    return sizes.isEmpty ? .seconds : fitting(sizes[(sizes.count - 1) / 2])
  }

  /// A unit for each of several figures that stand beside each other: the same for all, unless some
  /// time would have more than five digits before the point in it, or lose all it says behind it.
  package static func beside(_ figures: [[Double]]) -> [TimeUnit] {
    let one = common(figures.flatMap { $0 })
    let isReadable = figures.joined().allSatisfy {
      let size = abs($0) * one.perSecond
      return size == 0 || !size.isFinite || (size >= 1e-3 && size < 1e5)
    }
    return figures.map { isReadable ? one : common($0) }
  }

  /// The largest unit of which a time is at least 0.9995, so that rounding never shows "1000 us".
  package static func fitting(_ seconds: Double) -> TimeUnit {
    for unit in allCases.reversed() where abs(seconds) * unit.perSecond >= 0.9995 { return unit }
    return .nanoseconds
  }
}
