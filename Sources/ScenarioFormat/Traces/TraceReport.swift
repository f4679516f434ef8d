/// What was understood of a trace, as text for people.
package enum TraceReport {
  /// A table of the series with stars for coverage, then the columns, notes and findings.
  package static func text(_ trace: Trace, file: String) -> String {
    var lines = [
      "\(file): \(trace.kind.rawValue)",
      "\(trace.rows) rows, \(trace.usableRows) used"
        + (trace.cores.map { ", \(PlainNumber.count($0)) cores" } ?? ", cores not known"),
      "",
      pad("series", 24) + pad("unit", 9) + right("interval", 10) + right("samples", 9)
        + right("gaps", 6) + "  coverage        " + right("mean", 12) + right("median", 12)
        + right("p95", 12) + right("max", 12),
    ]
    let course = trace.course
    for series in trace.series {
      guard let summary = TraceSummary(series, in: course) else {
        lines.append(pad(series.metric.rawValue, 24) + "too few samples (\(series.values.count))")
        continue
      }
      let stars =
        String(repeating: "*", count: summary.stars)
        + String(repeating: ".", count: 5 - summary.stars)
      lines.append(
        pad(series.metric.rawValue, 24) + pad(series.metric.unit, 9)
          + right(PlainNumber.seconds(summary.interval), 10) + right("\(summary.samples)", 9)
          + right("\(summary.gaps.count)", 6) + "  " + stars + " "
          + pad(PlainNumber.share(summary.coverage), 10)
          + right(PlainNumber.count(summary.mean, digits: 4), 12)
          + right(PlainNumber.count(summary.quantiles[2], digits: 4), 12)
          + right(PlainNumber.count(summary.quantiles[5], digits: 4), 12)
          + right(PlainNumber.count(summary.quantiles[7], digits: 4), 12))
    }
    lines.append("")
    let used = trace.columns.filter { $0.metric != nil }
    let unused = trace.columns.filter { $0.metric == nil }
    for column in used {
      lines.append(
        "column \(shown(column.name)) in \(column.unit): \(column.metric?.rawValue ?? "")")
    }
    if !unused.isEmpty {
      lines.append("not used: " + unused.map { shown($0.name) }.joined(separator: ", "))
    }
    for series in trace.series {
      guard let course, let summary = TraceSummary(series, in: course) else { continue }
      for gap in summary.gaps.prefix(5) {
        lines.append(
          "gap: \(series.metric.rawValue), \(gap.missing) samples missing "
            + gap.place(in: course))
      }
      if summary.gaps.count > 5 {
        lines.append("gap: \(series.metric.rawValue), \(summary.gaps.count - 5) more")
      }
    }
    lines += trace.notes.map { "note: " + $0 }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Findings as `file:line:column: message`, one a line.
  package static func findings(_ findings: [TraceFinding], further: Int = 0, file: String) -> String
  {
    var text = findings.map { $0.description(in: file) + "\n" }.joined()
    if further > 0 { text += "\(file): \(further) more findings\n" }
    return text
  }

  private static func shown(_ name: String) -> String { String(TraceText.shown(name)) }

  private static func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }

  private static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(1, width - text.count)) + text
  }
}
