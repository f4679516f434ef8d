/// A field of a line with the place where it begins.
struct DelimitedField {
  var text: String
  /// Counted from 1, in bytes.
  var column: Int
}

/// Splits text into lines and those into fields between semicolons, in one pass over the bytes.
///
/// Blanks around a field are dropped. A field may stand in double quotes, a quote inside it is
/// doubled, and a quoted field ends on its line: the tools that write these files never break one.
struct DelimitedLines {
  enum Line {
    case fields([DelimitedField])
    case malformed(column: Int, String)
  }

  private let bytes: [UInt8]
  private let limits: TraceLimits
  private var position: Int
  /// The number of the line that `next` returned last.
  private(set) var number = 0

  init(_ bytes: [UInt8], limits: TraceLimits) {
    self.bytes = bytes
    self.limits = limits
    position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  mutating func next() -> Line? {
    guard position < bytes.count else { return nil }
    number += 1
    let start = position
    var end = start
    while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
    position = end + 1
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return split(start, end)
  }

  private func split(_ start: Int, _ end: Int) -> Line {
    var fields: [DelimitedField] = []
    var index = start
    while true {
      while index < end, isBlank(bytes[index]) { index += 1 }
      let column = index - start + 1
      var text: [UInt8] = []
      if index < end, bytes[index] == UInt8(ascii: "\"") {
        index += 1
        var isClosed = false
        while index < end {
          let byte = bytes[index]
          index += 1
          if byte == UInt8(ascii: "\"") {
            guard index < end, bytes[index] == byte else {
              isClosed = true
              break
            }
            index += 1
          }
          text.append(byte)
        }
        guard isClosed else { return .malformed(column: column, "the quote is not closed") }
        while index < end, isBlank(bytes[index]) { index += 1 }
        guard index == end || bytes[index] == UInt8(ascii: ";") else {
          return .malformed(column: index - start + 1, "text follows a closing quote")
        }
      } else {
        let first = index
        while index < end, bytes[index] != UInt8(ascii: ";") { index += 1 }
        var last = index
        while last > first, isBlank(bytes[last - 1]) { last -= 1 }
        if last - first <= limits.fieldBytes { text = Array(bytes[first..<last]) }
        if last - first > limits.fieldBytes {
          return .malformed(
            column: column, "a field is longer than \(limits.fieldBytes) bytes")
        }
      }
      guard text.count <= limits.fieldBytes else {
        return .malformed(column: column, "a field is longer than \(limits.fieldBytes) bytes")
      }
      guard fields.count < limits.fields else {
        return .malformed(column: column, "the line has more than \(limits.fields) fields")
      }
      fields.append(DelimitedField(text: String(decoding: text, as: UTF8.self), column: column))
      guard index < end else { return .fields(fields) }
      index += 1
    }
  }

  private func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }
}

/// Reading of single values, strict about what is a number and what a time.
enum TraceText {
  /// A plain decimal number; nil for anything else, also for `nan`, `inf` and hexadecimal.
  static func number(_ text: String) -> Double? {
    guard !text.isEmpty, text.utf8.count <= 40,
      text.utf8.allSatisfy({ isDigit($0) || "+-.eE".utf8.contains($0) }),
      text.utf8.contains(where: isDigit), let value = Double(text), value.isFinite
    else { return nil }
    return value
  }

  /// What to say about text that should have been a number.
  static func notANumber(_ text: String) -> String {
    let shown = shown(text)
    if text.utf8.contains(UInt8(ascii: ",")), number(text.replacing(",", with: ".")) != nil {
      return "\(shown) has a decimal comma; export again with LC_ALL=C"
    }
    return text.isEmpty ? "the value is missing" : "\(shown) is not a number"
  }

  /// Seconds since the epoch of `2026-11-22 11:00:26 UTC` or of a number of seconds.
  static func time(_ text: String) -> (seconds: Double, isUTC: Bool)? {
    if let seconds = number(text) { return isTime(seconds) ? (seconds, true) : nil }
    let parts = text.split(separator: " ")
    guard parts.count == 2 || (parts.count == 3 && parts[2] == "UTC") else { return nil }
    guard let date = integers(parts[0], separator: "-"),
      let clock = integers(parts[1], separator: ":")
    else { return nil }
    let (year, month, day) = date
    let (hour, minute, second) = clock
    guard (1970...9999).contains(year), (1...12).contains(month), (1...31).contains(day),
      (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second)
    else { return nil }
    let days = daysSinceEpoch(year: year, month: month, day: day)
    return (Double(days * 86_400 + hour * 3_600 + minute * 60 + second), parts.count == 3)
  }

  /// Whether seconds since the epoch lie in the years 1970 to 9999.
  static func isTime(_ seconds: Double) -> Bool { seconds >= 1 && seconds < 253_402_300_800 }

  /// What to say about text that should have been a time.
  static func notATime(_ text: String) -> String {
    "\(shown(text)) is not a time between 1970 and 9999; row left out"
  }

  private static func integers(_ text: Substring, separator: Character) -> (Int, Int, Int)? {
    let parts = text.split(separator: separator, omittingEmptySubsequences: false)
    guard parts.count == 3, parts.allSatisfy({ $0.utf8.allSatisfy(isDigit) && $0.count <= 4 }),
      let a = Int(parts[0]), let b = Int(parts[1]), let c = Int(parts[2])
    else { return nil }
    return (a, b, c)
  }

  /// Days from 1970-01-01 in the proleptic Gregorian calendar, which needs no time zone data.
  private static func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int {
    // Years are counted from March, so that the leap day is a year's last.
    let shifted = month > 2 ? year : year - 1
    let monthFromMarch = (month + 9) % 12
    let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
    return 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
  }

  static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  /// Text of a file as it may stand in a message: short, without control characters.
  static func shown(_ text: String) -> String {
    var result = "`"
    for (index, scalar) in text.unicodeScalars.enumerated() {
      if index == 60 {
        result += "..."
        break
      }
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate:
        result += "\\u{" + String(scalar.value, radix: 16) + "}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "`"
  }
}
