import Virtualization

/// The reference of all file kinds, printed from the tables that the readers look up.
package enum FormatReference {
  package static let begin = "<!-- reference: printed from the program's own tables -->"
  package static let end = "<!-- end of reference -->"

  /// Tables in Markdown, one for each mapping.
  package static var markdown: String {
    var lines = [begin]
    for (kind, sections) in Section.reference {
      lines += ["", "### \(kind)"]
      for section in sections {
        lines += ["", "**\(section.title)**: \(section.note)", ""]
        lines += ["| key | holds | unless given | meaning |", "|---|---|---|---|"]
        lines += section.fields.map(row)
      }
    }
    lines += ["", "### Units", "", "| for | units |", "|---|---|"]
    for unit in Unit.allCases where unit != .count && unit != .secondsPerByte {
      let names = Measure.symbols(of: unit).map { "`\($0.name)`" }.joined(separator: ", ")
      lines.append("| \(Measure.example(of: unit).noun) | \(names) |")
    }
    lines.append("| a time per byte | a unit of time up to `s`, `/`, a unit of size: `ns/byte` |")
    return (lines + ["", end]).joined(separator: "\n")
  }

  private static func row(_ field: Field) -> String {
    let standard =
      switch field.presence {
      case .required: "required"
      case .optional(let text): text
      }
    return "| `\(field.key)` | \(form(field.form)) | \(standard) | \(field.note) |"
  }

  private static func form(_ form: Field.Form) -> String {
    switch form {
    case .quantity(let unit, let bounds): "quantity: " + range(unit, bounds)
    case .whole(let bounds):
      "quantity: a whole number, \(Measure.write(bounds.lowerBound, .count)) to "
        + Measure.write(bounds.upperBound, .count)
    case .amount(let unit, let bounds): range(unit, bounds)
    case .integer(let bounds):
      bounds.upperBound == .max
        ? "whole number from \(bounds.lowerBound)"
        : "whole number, \(bounds.lowerBound) to \(bounds.upperBound)"
    case .text: "text"
    case .flag: "`true` or `false`"
    case .choice(let names): names.map { "`\($0)`" }.joined(separator: ", ")
    case .distribution(let unit): "distribution of " + Measure.example(of: unit).noun
    case .nested(let words): words
    }
  }

  private static func range(_ unit: Unit, _ bounds: ClosedRange<Double>) -> String {
    Measure.example(of: unit).noun + ", " + Measure.write(bounds.lowerBound, unit) + " to "
      + Measure.write(bounds.upperBound, unit)
  }
}
