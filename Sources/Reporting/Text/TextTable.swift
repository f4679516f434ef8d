/// A table in plain text: the first column to the left, the rest as asked, wide tables in blocks.
package struct TextTable: Sendable {
  /// How a column's cells stand.
  package enum Alignment: Sendable { case left, right }

  /// A column.
  package struct Column: Sendable {
    /// May hold line breaks; broken further at hyphens and spaces where that saves width.
    package var header: String
    package var alignment: Alignment

    package init(_ header: String, _ alignment: Alignment = .right) {
      self.header = header
      self.alignment = alignment
    }
  }

  package var columns: [Column]
  /// The cells of each row, in the order of the columns; missing ones are empty.
  package var rows: [[String]]
  /// Rows before which a rule is drawn.
  package var rulesBefore: Set<Int>

  package init(columns: [Column], rows: [[String]] = [], rulesBefore: Set<Int> = []) {
    self.columns = columns
    self.rows = rows
    self.rulesBefore = rulesBefore
  }

  /// The lines, none longer than `width` unless two columns alone are.
  package func lines(width: Int) -> [String] {
    guard !columns.isEmpty else { return [] }
    let headers = columns.map { Self.broken(SafeText.printable($0.header)) }
    let cells = rows.map { $0.map(SafeText.printable) }
    let widths = columns.indices.map { column in
      max(
        headers[column].map(\.count).max() ?? 0,
        cells.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0)
    }
    var result: [String] = []
    for block in Self.blocks(widths, width: width) {
      if !result.isEmpty { result.append("") }
      let height = block.map { headers[$0].count }.max() ?? 0
      for line in 0..<height {
        result.append(
          joined(block, widths) { column in
            let missing = height - headers[column].count
            return line < missing ? "" : headers[column][line - missing]
          })
      }
      let rule = String(repeating: "-", count: block.reduce(-2) { $0 + widths[$1] + 2 })
      result.append(rule)
      for (index, row) in cells.enumerated() {
        if rulesBefore.contains(index) { result.append(rule) }
        result.append(joined(block, widths) { $0 < row.count ? row[$0] : "" })
      }
    }
    return result
  }

  private func joined(_ block: [Int], _ widths: [Int], cell: (Int) -> String) -> String {
    var line = ""
    for (position, column) in block.enumerated() {
      if position > 0 { line += "  " }
      let text = cell(column)
      let padding = String(repeating: " ", count: max(0, widths[column] - text.count))
      line += columns[column].alignment == .left ? text + padding : padding + text
    }
    while line.last == " " { line.removeLast() }
    return line
  }

  /// The columns of each block: the first one again in each, then as many as fit.
  private static func blocks(_ widths: [Int], width: Int) -> [[Int]] {
    var blocks: [[Int]] = []
    var block = [0]
    var used = widths[0]
    for column in widths.indices.dropFirst() {
      if used + 2 + widths[column] > width, block.count > 1 {
        blocks.append(block)
        block = [0]
        used = widths[0]
      }
      block.append(column)
      used += 2 + widths[column]
    }
    blocks.append(block)
    return blocks
  }

  /// A header in lines of about ten characters, broken after hyphens and at spaces.
  private static func broken(_ header: String) -> [String] {
    var lines: [String] = []
    for part in header.split(separator: "\n", omittingEmptySubsequences: false) {
      var line = ""
      var word = ""
      func flush() {
        if line.count + word.count > 10, !line.isEmpty {
          while line.last == " " { line.removeLast() }
          lines.append(line)
          line = ""
        }
        line += word
        word = ""
      }
      for character in part {
        word.append(character)
        if character == "-" || character == " " { flush() }
      }
      flush()
      while line.last == " " { line.removeLast() }
      lines.append(line)
    }
    return lines
  }
}
