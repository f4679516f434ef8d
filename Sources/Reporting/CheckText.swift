package import Experiments
import Foundation

/// A table of measurements and predictions as text, with what the errors amount to.
package enum CheckText {
  /// The table; every line ends in a line feed.
  ///
  /// Each cell reads computed / measured, and the relative error. A star marks what is predicted, `p`
  /// what prices came from, `n` a native value that is an input.
  package static func render(_ table: CheckTable) -> String {
    let rows = table.entries.map(\.row).reduce(into: [String]()) { names, name in
      if names.last != name { names.append(name) }
    }
    let width = max(4, rows.map(\.count).max() ?? 0)
    var text = table.title + "\n" + table.source + "\n"
    text +=
      "Microseconds, computed / measured, error. * predicted, p gave prices, n native input.\n\n"
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
    return text + "\n" + summary(of: table)
  }

  private static let cellWidth = 28

  private static func cell(_ entry: CheckTable.Entry) -> String {
    let mark =
      switch entry.role {
      case .predicted: "*"
      case .priced: "p"
      case .input: "n"
      }
    return aligned(micro(entry.predicted), 8) + " / " + aligned(micro(entry.published), 6) + " "
      + aligned(percent(entry.error, signed: true), 8) + mark
  }

  private static func summary(of table: CheckTable) -> String {
    var lines: [String] = []
    for system in table.systems {
      lines.append(line("predicted rows, " + system, table.absoluteErrors(of: system)))
    }
    lines.append(line("predicted rows, all but native", table.virtualizedErrors()))
    lines.append(line("  taking every system for native", table.nativeBaselineErrors()))
    lines.append(line("  one factor per class of rows", table.classBaselineErrors()))
    return lines.joined()
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
