package import Virtualization

/// Numbers with units, as text and as values in the model's base units.
package enum Measure {
  package struct Refusal: Error, Hashable {
    package var isUnit: Bool
    package var message: String
  }

  /// One way of writing a unit: a decimal shift and a factor that lead to the base unit.
  struct Symbol {
    var name: String
    var shift = 0
    var factor = 1.0
  }

  static let times: [Symbol] = [
    Symbol(name: "s"), Symbol(name: "ms", shift: -3), Symbol(name: "us", shift: -6),
    Symbol(name: "ns", shift: -9), Symbol(name: "\u{B5}s", shift: -6),
    Symbol(name: "\u{3BC}s", shift: -6), Symbol(name: "min", factor: 60),
    Symbol(name: "h", factor: 3_600), Symbol(name: "d", factor: 86_400),
  ]
  static let sizes: [Symbol] = [
    Symbol(name: "B"), Symbol(name: "byte"), Symbol(name: "bytes"), Symbol(name: "kB", shift: 3),
    Symbol(name: "MB", shift: 6), Symbol(name: "GB", shift: 9), Symbol(name: "TB", shift: 12),
    Symbol(name: "KiB", factor: 1_024), Symbol(name: "MiB", factor: 1_048_576),
    Symbol(name: "GiB", factor: 1_073_741_824), Symbol(name: "TiB", factor: 1_099_511_627_776),
  ]
  static let bits: [Symbol] = [
    Symbol(name: "bit/s", factor: 0.125), Symbol(name: "kbit/s", shift: 3, factor: 0.125),
    Symbol(name: "Mbit/s", shift: 6, factor: 0.125),
    Symbol(name: "Gbit/s", shift: 9, factor: 0.125),
  ]

  /// The symbols of a unit, base unit first.
  static func symbols(of unit: Unit) -> [Symbol] {
    switch unit {
    case .seconds: times
    case .bytes: sizes
    case .bytesPerSecond:
      sizes.map { Symbol(name: $0.name + "/s", shift: $0.shift, factor: $0.factor) } + bits
    case .secondsPerByte:
      // Only sizes that are exact divisors: a price per byte is small enough to need no others.
      times.filter { $0.factor == 1 }.flatMap { time in
        sizes.map { size in
          Symbol(
            name: time.name + "/" + size.name, shift: time.shift - size.shift,
            factor: 1 / size.factor)
        }
      }
    case .hertz:
      [
        Symbol(name: "/s"), Symbol(name: "Hz"), Symbol(name: "kHz", shift: 3),
        Symbol(name: "MHz", shift: 6), Symbol(name: "GHz", shift: 9),
        Symbol(name: "/min", factor: 1 / 60.0), Symbol(name: "/h", factor: 1 / 3_600.0),
      ]
    case .share: [Symbol(name: "%", shift: -2)]
    case .count: []
    }
  }

  /// What a number of this unit is called, with an example.
  static func example(of unit: Unit) -> (noun: String, example: String) {
    switch unit {
    case .seconds: ("a time", "200 ms")
    case .bytes: ("a size", "128 MiB")
    case .bytesPerSecond: ("a rate of bytes", "70 MB/s")
    case .secondsPerByte: ("a time per byte", "0.5 ns/byte")
    case .hertz: ("a rate", "10 /s")
    case .share: ("a share", "5 %")
    case .count: ("a plain number", "20")
    }
  }

  /// Reads `200 ms` and the like into the base unit.
  package static func read(_ text: String, _ unit: Unit) -> Result<Double, Refusal> {
    let (noun, example) = example(of: unit)
    let body = Substring(text).trimmed
    let (number, symbol) = split(body)
    let known = symbols(of: unit)
    if number.isEmpty {
      return .failure(
        Refusal(
          isUnit: false,
          message: "\(quoted(body)) is not a number; this is \(noun), such as `\(example)`"))
    }
    if symbol.isEmpty, unit != .count {
      if case .refused(let why) = NumberText.read(number) {
        return .failure(Refusal(isUnit: false, message: why))
      }
      return .failure(
        Refusal(isUnit: true, message: "\(noun) needs its unit; write for example `\(example)`"))
    }
    if let match = known.first(where: { $0.name == symbol }) ?? plain(unit, symbol) {
      switch NumberText.read(number, shift: match.shift) {
      case .number(let value):
        let scaled = value * match.factor
        guard scaled.isFinite else {
          return .failure(
            Refusal(isUnit: false, message: "\(quoted(text)) is too large a number"))
        }
        return .success(scaled)
      case .refused(let why): return .failure(Refusal(isUnit: false, message: why))
      }
    }
    if case .refused(let why) = NumberText.read(number) {
      return .failure(Refusal(isUnit: false, message: why))
    }
    if unit == .count {
      return .failure(
        Refusal(
          isUnit: true,
          message: "\(quoted(symbol)) is a unit too many; this is \(noun), such as `\(example)`"))
    }
    for other in Unit.allCases where other != unit {
      guard symbols(of: other).contains(where: { $0.name == symbol }) else { continue }
      return .failure(
        Refusal(
          isUnit: true,
          message: "\(quoted(symbol)) is the unit of \(Self.example(of: other).noun), but this is "
            + "\(noun); write for example `\(example)`"))
    }
    return .failure(
      Refusal(
        isUnit: true,
        message: "the unit \(quoted(symbol)) is not known for \(noun); "
          + unitAdvice(for: String(symbol), among: known.map(\.name))))
  }

  /// The end of a message about an unknown unit: those it may begin, such as `MB` and `MiB` for
  /// `M`, else the nearest.
  private static func unitAdvice(for symbol: String, among names: [String]) -> String {
    let written = symbol.lowercased()
    if names.contains(where: { $0.lowercased() == written }) {
      return advice(for: symbol, among: names)
    }
    let begun = names.filter { $0.lowercased().hasPrefix(written) }
    guard !begun.isEmpty, begun.count < 4 else {
      return advice(for: symbol, among: names)
    }
    return "did you mean " + begun.map { "`\($0)`" }.joined(separator: " or ") + "?"
  }

  private static func plain(_ unit: Unit, _ symbol: Substring) -> Symbol? {
    unit == .count && symbol.isEmpty ? Symbol(name: "") : nil
  }

  /// The number at the beginning and the unit behind it.
  private static func split(_ text: Substring) -> (number: Substring, symbol: Substring) {
    if let space = text.firstIndex(where: { $0 == " " || $0 == "\t" }) {
      return (text[..<space], text[space...].trimmed)
    }
    var end = text.startIndex
    while end < text.endIndex {
      let character = text[end]
      if character.isASCII, character.isNumber || "+-._,'".contains(character) {
        end = text.index(after: end)
        continue
      }
      let next = text.index(after: end)
      if character == "e" || character == "E", next < text.endIndex,
        text[next].isNumber || text[next] == "-" || text[next] == "+"
      {
        end = next
        continue
      }
      break
    }
    return (text[..<end], text[end...])
  }

  /// Writes a value of a base unit so that it reads back exactly.
  package static func write(_ value: Double, _ unit: Unit) -> String {
    switch unit {
    case .count: return NumberText.write(value)
    case .share: return NumberText.write(value, shift: 2) + " %"
    case .hertz: return NumberText.write(value) + " /s"
    case .seconds:
      let (name, shift) = decimalTime(value)
      return NumberText.write(value, shift: shift) + " " + name
    case .secondsPerByte:
      let (name, shift) = decimalTime(value)
      return NumberText.write(value, shift: shift) + " " + name + "/byte"
    case .bytes: return bytes(value)
    case .bytesPerSecond: return bytes(value) + "/s"
    }
  }

  private static func decimalTime(_ value: Double) -> (String, Int) {
    switch value.magnitude {
    case 0: ("s", 0)
    case ..<1e-6: ("ns", 9)
    case ..<1e-3: ("us", 6)
    case ..<1: ("ms", 3)
    default: ("s", 0)
    }
  }

  private static func bytes(_ value: Double) -> String {
    // Powers of two divide exactly, so these read back as they were.
    for symbol in sizes.reversed() where symbol.factor > 1 {
      let quotient = value / symbol.factor
      if quotient >= 1, quotient == quotient.rounded(), quotient < 1e9 {
        return NumberText.write(quotient) + " " + symbol.name
      }
    }
    for symbol in sizes.reversed() where symbol.shift > 0 && value >= 1 {
      let unit = NumberText.write(value, shift: -symbol.shift)
      if !unit.contains("."), !unit.contains("e") { return unit + " " + symbol.name }
    }
    return NumberText.write(value) + " B"
  }
}
