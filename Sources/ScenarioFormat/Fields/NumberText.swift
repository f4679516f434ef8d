import Virtualization

/// Reads decimal numbers as people write them, and refuses what could be read in two ways.
enum NumberText {
  enum Outcome {
    case number(Double)
    /// Not a number; the text says what to do instead.
    case refused(String)
  }

  /// Reads a number and moves its decimal point by `shift` places, correctly rounded.
  static func read(_ text: Substring, shift: Int = 0) -> Outcome {
    let bytes = Array(text.utf8)
    var index = 0
    func digits() -> Range<Int> {
      let start = index
      while index < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) {
        index += 1
      }
      return start..<index
    }
    if index < bytes.count, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") {
      index += 1
    }
    let whole = digits()
    if whole.isEmpty {
      return .refused("\(quoted(text)) is not a number; write digits, such as `0.5` or `20`")
    }
    if whole.count > 1, bytes[whole.lowerBound] == UInt8(ascii: "0") {
      let plain = text.drop { $0 == "0" || $0 == "+" }
      let shown = plain.first?.isNumber == true ? plain : "0" + plain
      return .refused(
        "\(quoted(text)) begins with 0 and may be meant in base 8; write `\(printable(shown))`")
    }
    if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
      index += 1
      if digits().isEmpty {
        return .refused("\(quoted(text)) ends in a point; write digits after it")
      }
    }
    var mantissaEnd = index
    var exponent = 0
    if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
      mantissaEnd = index
      index += 1
      let start = index
      if index < bytes.count, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+")
      {
        index += 1
      }
      let places = digits()
      guard !places.isEmpty, places.count <= 4,
        let value = Int(String(decoding: bytes[start..<index], as: UTF8.self))
      else { return .refused("\(quoted(text)) has no readable exponent") }
      exponent = value
    }
    guard index == bytes.count else {
      let separators = Set("_,'".utf8)
      return .refused(
        separators.contains(bytes[index])
          ? "\(quoted(text)) has a separator between digits; write the digits alone"
          : "\(quoted(text)) is not a number")
    }
    let mantissa = String(decoding: bytes[0..<mantissaEnd], as: UTF8.self)
    guard let value = Double(mantissa + "e\(exponent + shift)"), value.isFinite else {
      return .refused("\(quoted(text)) is too large a number")
    }
    return .number(value)
  }

  /// A number or a fraction such as `1/4096`.
  static func readFraction(_ text: String) -> Outcome {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2 else { return read(Substring(text)) }
    switch (read(parts[0].trimmed), read(parts[1].trimmed)) {
    case (.number(let above), .number(let below)):
      guard below != 0 else { return .refused("\(quoted(text)) divides by 0") }
      return .number(above / below)
    case (.refused(let why), _), (_, .refused(let why)): return .refused(why)
    }
  }

  /// The shortest text that reads back as exactly this number with its point moved back, without an
  /// exponent where that stays readable.
  static func write(_ value: Double, shift: Int = 0) -> String {
    guard value != 0, value.isFinite else { return "0" }
    var text = value.magnitude.description
    var exponent = shift
    if let mark = text.firstIndex(of: "e") {
      exponent += Int(text[text.index(after: mark)...]) ?? 0
      text = String(text[..<mark])
    }
    if let point = text.firstIndex(of: ".") {
      exponent -= text.distance(from: point, to: text.endIndex) - 1
      text.remove(at: point)
    }
    while text.hasSuffix("0"), text.count > 1 {
      text.removeLast()
      exponent += 1
    }
    while text.hasPrefix("0"), text.count > 1 { text.removeFirst() }
    let sign = value < 0 ? "-" : ""
    switch exponent {
    case 0...12: return sign + text + String(repeating: "0", count: exponent)
    case -24..<0:
      let places = -exponent
      if text.count > places {
        let point = text.index(text.endIndex, offsetBy: -places)
        return sign + text[..<point] + "." + text[point...]
      }
      guard places - text.count <= 6 else { return sign + text + "e\(exponent)" }
      return sign + "0." + String(repeating: "0", count: places - text.count) + text
    default: return sign + text + "e\(exponent)"
    }
  }
}

extension Substring {
  /// Without spaces at both ends.
  var trimmed: Substring {
    var result = drop { $0 == " " || $0 == "\t" }
    while result.last == " " || result.last == "\t" { result.removeLast() }
    return result
  }
}

/// The `range:` of a quantity or of a hop's count.
enum RangeText {
  /// `20 %` or `[0.8, 1.2]` as factors of the low and the high end; nil when it is neither.
  static func factors(_ tree: Tree) -> ClosedRange<Double>? {
    switch tree.content {
    case .scalar(let text, _):
      guard let share = try? Measure.read(text, .share).get(), (0...1).contains(share) else {
        return nil
      }
      return (1 - share)...(1 + share)
    case .list(let ends):
      guard ends.count == 2, let low = ends[0].text, let high = ends[1].text,
        case .number(let from) = NumberText.read(Substring(low)),
        case .number(let to) = NumberText.read(Substring(high)),
        from >= 0, from <= 1, to >= 1, to <= 1_000
      else { return nil }
      return from...to
    case .mapping: return nil
    }
  }

  static let advice =
    "write a share of at most 100 %, such as `20 %`, or two factors around 1, such as `[0.5, 2]`"
}
