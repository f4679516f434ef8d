package import Experiments
import Foundation
import ScenarioFormat

/// A table of measurements and predictions as text, with what the errors amount to.
package enum CheckText {
  /// The table; every line ends in a line feed.
  ///
  /// Each cell reads computed / measured, and the relative error. A star marks what is predicted,
  /// `v` what is, but with its published value in view, `p` the rows for prices, `n` a native value
  /// that is looked up.
  package static func render(_ table: CheckTable) -> String {
    let rows = table.entries.map(\.row).reduce(into: [String]()) { names, name in
      if names.last != name { names.append(name) }
    }
    let width = max(4, rows.map(\.count).max() ?? 0)
    var text = table.title + "\n" + table.source + "\n"
    text +=
      "Microseconds, computed / measured, error. * predicted, p priced, n looked up in the row "
      + "itself"
      + (hasSeen(table) ? ",\nv predicted, but not blind." : ".") + "\n\n"
    text +=
      ([padded("row", width)] + table.systems.map { padded($0, cellWidth) })
      .joined(separator: "  ").trimmedEnd + "\n"
    for row in rows {
      let cells = table.systems.map { system in
        table.entries.first { $0.row == row && $0.system == system }.map(cell) ?? ""
      }
      text +=
        ([padded(row, width)] + cells.map { padded($0, cellWidth) })
        .joined(separator: "  ").trimmedEnd + "\n"
    }
    return text + "\n" + summary(of: table) + compositions(of: table) + calibration(of: table)
  }

  private static let cellWidth = 28

  private static func cell(_ entry: CheckTable.Entry) -> String {
    let mark =
      switch entry.role {
      case .predicted: entry.isBlind ? "*" : "v"
      case .priced: "p"
      case .input: "n"
      }
    return aligned(micro(entry.predicted), 8) + " / " + aligned(micro(entry.published), 6) + " "
      + aligned(percent(entry.error, signed: true), 8) + mark
  }

  private static func hasSeen(_ table: CheckTable) -> Bool {
    table.entries.contains { $0.role == .predicted && !$0.isBlind }
  }

  private static func summary(of table: CheckTable) -> String {
    var lines: [String] = []
    if hasSeen(table) { lines.append(seen(table)) }
    for isBlind in hasSeen(table) ? [false, true] : [false] {
      let rows = isBlind ? "blind rows, " : "predicted rows, "
      for system in table.systems {
        lines.append(line(rows + system, table.absoluteErrors(of: system, isBlind: isBlind)))
      }
      lines.append(line(rows + "all but native", table.virtualizedErrors(isBlind: isBlind)))
      lines.append(
        line("  taking every system for native", table.nativeBaselineErrors(isBlind: isBlind)))
      lines.append(
        line("  one factor per class of rows", table.classBaselineErrors(isBlind: isBlind)))
    }
    for system in table.systems {
      lines.append(line("priced rows, " + system, table.absoluteErrors(of: system, .priced)))
    }
    return lines.joined()
  }

  /// Which predictions are not blind, and what that means for the errors below.
  private static func seen(_ table: CheckTable) -> String {
    let marked = table.entries.filter { $0.role == .predicted && !$0.isBlind }
    func rows(_ isMarked: (CheckTable.Entry) -> Bool) -> [String] {
      marked.filter(isMarked).map(\.row).reduce(into: []) { names, name in
        if names.last != name { names.append(name) }
      }
    }
    let all = rows { $0.system != table.systems.first }
    let native = rows { $0.system == table.systems.first }.filter { !all.contains($0) }
    var parts: [String] = []
    if !all.isEmpty { parts.append("\(all.joined(separator: ", ")) of every system") }
    if let name = table.systems.first, !native.isEmpty {
      parts.append("\(native.joined(separator: ", ")) of \(name)")
    }
    return wrapped(
      "Not blind (v): something was chosen with published values of these rows in view: "
        + parts.joined(separator: "; and ")
        + ". They test the model less; \"blind rows\" leaves them out.") + "\n"
  }

  /// What native values are made of that other systems are given; nothing where there are none.
  private static func compositions(of table: CheckTable) -> String {
    guard !table.compositions.isEmpty, let native = table.systems.first else { return "" }
    let rows = table.compositions.map(\.row).joined(separator: ", ")
    let others = table.systems.dropFirst().joined(separator: ", ")
    var text =
      "\n"
      + wrapped(
        "Native work. In \(rows), \(native) is made of priced rows alone, as below, and scored. "
          + "\(others) are given the kernel's own work of these rows from their native values, "
          + "since they are compared on what virtualization adds.") + "\n"
    for composed in table.compositions {
      var terms = ""
      for term in composed.made.terms {
        let isLess = term.text.hasPrefix("-")
        let size = term.text.trimmingPrefix(isLess ? "-" : "+")
        terms += terms.isEmpty ? (isLess ? "-" : "") : isLess ? " - " : " + "
        terms += (size == "1" ? "" : size + " x ") + term.row
      }
      text += wrapped("\(composed.row) = \(terms): \(composed.made.reason)")
    }
    return text
  }

  /// Rows, prices and condition number of each system; nothing where the file states no prices.
  private static func calibration(of table: CheckTable) -> String {
    guard !table.calibrations.isEmpty else { return "" }
    var text =
      "\nCalibration. Each price was solved for from one row; the other priced rows check it, too. "
      + "With\n"
      + "prices that are not fewer than half of the priced rows it is a lookup table, which only\n"
      + "predicted rows test. The condition number is that of the matrix of relative changes of "
      + "the\n"
      + "priced rows with the prices (largest over smallest singular value).\n\n"
    text += calibrationLine("system", "rows", "prices", "condition", "kind")
    for calibration in table.calibrations {
      text += calibrationLine(
        calibration.system, "\(calibration.rows)", "\(calibration.prices.count)",
        calibration.conditionNumber.map { String(format: "%.1f", $0) } ?? "none",
        calibration.isFit ? "fewer than half" : "lookup table")
    }
    for calibration in table.calibrations {
      text += wrapped(
        "\(calibration.system), price (from row): "
          + calibration.prices.map { "\($0.name) (\($0.row))" }.joined(separator: ", "))
      guard !calibration.lookedUp.isEmpty else { continue }
      text += wrapped(
        "\(calibration.system), rows looked up, neither fitted nor scored: "
          + calibration.lookedUp.joined(separator: ", "))
    }
    return text
  }

  private static func calibrationLine(
    _ system: String, _ rows: String, _ prices: String, _ condition: String, _ kind: String
  ) -> String {
    padded(system, 8) + aligned(rows, 6) + aligned(prices, 8) + aligned(condition, 11) + "  "
      + kind + "\n"
  }

  /// A paragraph of lines of at most 100 characters, those after the first indented.
  private static func wrapped(_ text: String) -> String {
    var lines = [""]
    for word in text.split(separator: " ") {
      if lines[lines.count - 1].count + word.count >= 100 { lines.append(" ") }
      lines[lines.count - 1] += (lines[lines.count - 1].isEmpty ? "" : " ") + word
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func line(_ label: String, _ errors: [Double]) -> String {
    guard let median = CheckTable.quantile(0.5, of: errors),
      let ninth = CheckTable.quantile(0.9, of: errors)
    else { return "\(label): none\n" }
    return padded(label, 34) + aligned("\(errors.count)", 3) + " values, error "
      + percent(median, signed: false) + " in the median, " + percent(ninth, signed: false)
      + " in the ninth decile\n"
  }

  /// Microseconds with three digits or all before the point.
  private static func micro(_ seconds: Double) -> String {
    let value = seconds * 1e6
    return String(format: value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value)
  }

  private static func percent(_ share: Double, signed: Bool) -> String {
    String(format: signed ? "%+.1f %%" : "%.1f %%", share * 100)
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private static func aligned(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}

extension String {
  fileprivate var trimmedEnd: String {
    String(self[..<(lastIndex { $0 != " " }.map(index(after:)) ?? startIndex)])
  }
}
