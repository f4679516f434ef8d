import Foundation

/// Numbers as generated files show them: rounded to what a measurement is good for, with a unit.
package enum PlainNumber {
  /// At most `digits` significant digits, without an exponent between a millionth and a billion.
  package static func count(_ value: Double, digits: Int = 6) -> String {
    // No reader takes what is not a number, and a 0 in its place would be believed.
    guard value.isFinite else { return "\(value)" }
    guard value != 0 else { return "0" }
    let magnitude = Int(log10(abs(value)).rounded(.down))
    guard (-6...12).contains(magnitude) else { return String(format: "%.\(digits - 1)e", value) }
    let places = max(0, digits - 1 - magnitude)
    var text = String(format: "%.\(places)f", value)
    guard text.contains(".") else { return text }
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
  }

  /// A time, from nanoseconds to seconds.
  package static func seconds(_ value: Double) -> String {
    switch abs(value) {
    case 0: "0 s"
    case ..<1e-6: count(value * 1e9) + " ns"
    case ..<1e-3: count(value * 1e6) + " us"
    case ..<1: count(value * 1e3) + " ms"
    default: count(value) + " s"
    }
  }

  /// A size in whole bytes, in the largest binary unit that divides it; from 1e15 B on rounded.
  package static func bytes(_ value: Double) -> String {
    guard abs(value) < 1e15 else { return count(value) + " B" }
    let whole = Int(value.rounded())
    for (name, shift) in [("GiB", 30), ("MiB", 20), ("KiB", 10)]
    where whole != 0 && whole % (1 << shift) == 0 {
      return "\(whole >> shift) \(name)"
    }
    return "\(whole) B"
  }

  /// A share in percent.
  package static func share(_ value: Double) -> String { count(value * 100, digits: 4) + " %" }

  /// Text in double quotes for YAML, control characters escaped.
  package static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      default:
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate:
          result += String(format: scalar.value > 0xFFFF ? "\\U%08X" : "\\u%04X", scalar.value)
        default: result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
  }
}
