/// A comparison of two results as text and as a table.
extension ResultComparison {
  /// The comparison for a terminal.
  package func text(style: TextStyle = TextStyle()) -> String {
    if isIdentical {
      let all = NumberText.count(rows.count, "number")
      return "Both results are identical: the same scenario, and the same \(all).\n"
    }
    var lines: [String] = []
    let decided = rows.filter(\.isDecided)
    let opening =
      decided.isEmpty
      ? "No difference is decided: all intervals overlap."
      : "\(decided.count) of \(NumberText.count(rows.count, "number")) differ; the others are "
        + "not decided, because the intervals overlap."
    lines.append(contentsOf: SafeText.wrapped(opening, width: style.width))
    if !isSameScenario {
      lines.append(
        contentsOf: SafeText.wrapped(
          "The two were run apart and share no replications: each interval stands for its own run. "
            + "So a difference that is not decided here need not be none; a run with both in one "
            + "scenario compares replication by replication and can tell smaller ones.",
          width: style.width))
    }
    for notice in notices {
      lines.append(
        contentsOf: SafeText.wrapped(
          SafeText.printable("note: " + notice), width: style.width, indent: "  "
        ).map(style.alert))
    }
    lines.append("")
    var table = TextTable(columns: [
      .init("approach", .left), .init("class", .left), .init("metric", .left), .init("first"),
      .init("second"), .init("difference"), .init("verdict", .left),
    ])
    for row in rows {
      table.rows.append([
        row.approach, row.guestClass, row.metric, row.show(row.first.value),
        row.show(row.second.value), row.differenceText, row.verdict,
      ])
    }
    lines.append(contentsOf: table.lines(width: style.width))
    return lines.joined(separator: "\n") + "\n"
  }

  /// The comparison as a file, a row per number.
  package var csv: String {
    var text = CSVText(header: [
      "approach", "class", "metric", "unit", "first", "first_low", "first_high", "second",
      "second_low", "second_high", "difference", "difference_low", "difference_high", "verdict",
    ])
    for row in rows {
      let numbers = [row.first, row.second, row.difference].flatMap { [$0.value, $0.low, $0.high] }
      text.append(
        [.text(row.approach), .text(row.guestClass), .text(row.metric), .text(row.unit)]
          + numbers.map { .number($0) } + [.text(row.verdict)])
    }
    return text.text
  }
}

extension ResultComparison.Row {
  /// "higher" or "lower", where that is decided.
  package var verdict: String {
    isDecided ? difference.value > 0 ? "higher" : "lower" : "not decided"
  }

  fileprivate func show(_ value: Double) -> String {
    switch unit {
    case "s": NumberText.duration(value)
    case "guest": NumberText.exact(value)
    default: NumberText.significant(value)
    }
  }

  fileprivate var differenceText: String {
    let ends = [difference.value, difference.low, difference.high]
    let parts =
      unit == "s"
      ? [NumberText.duration(ends[0], low: ends[1], high: ends[2])]
      : [
        "\(NumberText.significant(ends[0])) [\(NumberText.significant(ends[1])), "
          + "\(NumberText.significant(ends[2]))]"
      ]
    return (difference.value > 0 ? "+" : "") + parts[0]
  }
}
