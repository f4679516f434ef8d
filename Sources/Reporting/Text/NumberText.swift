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

  /// A time in a given unit, or in the one that fits it: "0.250 ms".
  package static func duration(_ seconds: Double, in unit: TimeUnit?) -> String {
    guard let unit, seconds.isFinite else { return duration(seconds) }
    return number(seconds, in: unit) + " " + unit.rawValue
  }

  /// A time in a unit for small parts, or in a larger one from 1000 of it on.
  package static func duration(_ seconds: Double, atLeast unit: TimeUnit) -> String {
    duration(seconds, in: abs(seconds) * unit.perSecond < 999.5 ? unit : nil)
  }

  /// A time with its interval in a given unit, or in the one that fits it: "0.250 ms [0.240,
  /// 0.262]".
  package static func duration(
    _ value: Double, low: Double, high: Double, in unit: TimeUnit?
  ) -> String {
    guard let unit, value.isFinite, low.isFinite, high.isFinite else {
      return duration(value, low: low, high: high)
    }
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

  /// A time beyond a limit, with so many digits that it is not taken for the limit: "200.3 ms".
  package static func duration(_ seconds: Double, unlike limit: Double) -> String {
    apart(seconds, limit) { duration($0, digits: $1) }
  }

  /// A share beyond a limit, with so many digits that it is not taken for the limit: "5.03 %".
  package static func percent(_ share: Double, unlike limit: Double) -> String {
    if percent(share) != percent(limit) { return percent(share) }
    return apart(share, limit) { significant($0 * 100, digits: $1) + " %" }
  }

  private static func apart(
    _ value: Double, _ limit: Double, _ text: (Double, Int) -> String
  ) -> String {
    let digits = (3...9).first { text(value, $0) != text(limit, $0) } ?? 3
    return text(value, digits)
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

  /// One unit in which times that stand beside each other can all be read, with one to three digits
  /// before the point or two zeros behind it at most; nil where they are too far apart for one.
  package static func shared(_ seconds: [Double]) -> TimeUnit? {
    let sizes = seconds.map { abs($0) }.filter { $0.isFinite && $0 > 0 }
    guard let least = sizes.min(), let most = sizes.max() else { return .seconds }
    // Large units have large numbers of the smaller ones: from the one of the middle time upwards.
    let middle = common(seconds).perSecond
    return allCases.first {
      $0.perSecond <= middle && most * $0.perSecond < 999.5 && least * $0.perSecond >= 0.01
    } ?? (middle == 1 && least >= 0.01 ? .seconds : nil)
  }

  /// A unit for each of several figures that stand beside each other: the same for all, or one for
  /// each figure, or none where each time needs its own.
  package static func beside(_ figures: [[Double]]) -> [TimeUnit?] {
    if let one = shared(figures.flatMap { $0 }) { return figures.map { _ in one } }
    return figures.map(shared)
  }

  /// The unit of a table of parts: microseconds, unless the largest sum is too long for it.
  package static func parts(of sums: [Double]) -> TimeUnit {
    let most = sums.filter(\.isFinite).max() ?? 0
    return most < 0.1 ? .microseconds : most < 100 ? .milliseconds : .seconds
  }

  /// The unit in words.
  package var name: String {
    switch self {
    case .nanoseconds: "nanoseconds"
    case .microseconds: "microseconds"
    case .milliseconds: "milliseconds"
    case .seconds: "seconds"
    }
  }

  /// The largest unit of which a time is at least 0.9995, so that rounding never shows "1000 us".
  package static func fitting(_ seconds: Double) -> TimeUnit {
    for unit in allCases.reversed() where abs(seconds) * unit.perSecond >= 0.9995 { return unit }
    return .nanoseconds
  }
}
