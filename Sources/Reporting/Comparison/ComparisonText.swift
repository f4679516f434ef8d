/// A comparison of two results as text and as a table.
extension ResultComparison {
  /// The comparison for a terminal.
  package func text(style: TextStyle = TextStyle()) -> String {
    if isIdentical {
      let all = NumberText.count(rows.count, "number")
      let text = "Both results are identical: the same scenario, and the same \(all).\n"
      let missing = notes(style)
      return missing.isEmpty ? text : text + missing.joined(separator: "\n") + "\n"
    }
    var lines: [String] = []
    let decided = rows.filter(\.isDecided)
    let equal = rows.count(where: \.isEqual)
    let same = equal > 0 ? "; \(equal) \(equal == 1 ? "is" : "are") equal" : ""
    let opening =
      decided.isEmpty
      ? equal == rows.count
        ? "All \(NumberText.count(equal, "number")) are equal."
        : "No difference is decided: all intervals overlap\(same)."
      : "\(decided.count) of \(NumberText.count(rows.count, "number")) differ\(same)"
        + (decided.count + equal == rows.count
          ? "." : "; the others are not decided, because the intervals overlap.")
    lines.append(contentsOf: SafeText.wrapped(opening, width: style.width))
    if !isSameScenario {
      lines.append(
        contentsOf: SafeText.wrapped(
          "The two were run apart and share no replications: each interval stands for its own run. "
            + "So a difference that is not decided here need not be none; a run with both in one "
            + "scenario compares replication by replication and can tell smaller ones.",
          width: style.width))
    }
    lines.append(contentsOf: notes(style))
    lines.append("")
    var table = TextTable(columns: [
      .init("approach", .left), .init("class", .left), .init("metric", .left), .init("first"),
      .init("second"), .init("difference"), .init("verdict", .left),
    ])
    for row in rows {
      table.rows.append([
        row.approach, row.guestClass, row.metric, row.show(row.first),
        row.show(row.second), row.differenceText, row.verdict,
      ])
    }
    lines.append(contentsOf: table.lines(width: style.width))
    return lines.joined(separator: "\n") + "\n"
  }

  private func notes(_ style: TextStyle) -> [String] {
    notices.flatMap { notice in
      SafeText.wrapped(
        SafeText.printable("note: " + notice), width: style.width, indent: "  "
      ).map(style.alert)
    }
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
  /// "higher" or "lower", where that is decided; "equal" where both are the same number.
  package var verdict: String {
    if isEqual { return "equal" }
    return isDecided ? difference.value > 0 ? "higher" : "lower" : "not decided"
  }

  /// One for both numbers and their difference, of the larger one.
  private var timeUnit: TimeUnit { .fitting(max(abs(first.value), abs(second.value))) }

  fileprivate func show(_ interval: ResultComparison.Interval) -> String {
    number(interval.value, isWithUnit: true) + (interval.isBound ? " or more" : "")
  }

  private func number(_ value: Double, isWithUnit: Bool = false) -> String {
    guard value.isFinite else { return "open" }
    switch unit {
    case "s":
      return isWithUnit
        ? NumberText.duration(value, in: timeUnit) : NumberText.number(value, in: timeUnit)
    case "guest" where value == value.rounded(): return NumberText.exact(value)
    default: return NumberText.significant(value)
    }
  }

  fileprivate var differenceText: String {
    if first.isBound && second.isBound { return "unknown" }
    if isEqual || (difference.low == 0 && difference.high == 0) { return "0" }
    let value =
      (difference.value > 0 ? "+" : "") + number(difference.value, isWithUnit: true)
      + (difference.isBound ? " or \(second.isBound ? "more" : "less")" : "")
    if isThin { return value }
    return "\(value) [\(number(difference.low)), \(number(difference.high))]"
  }
}
