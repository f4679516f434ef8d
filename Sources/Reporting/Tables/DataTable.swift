/// A table of values with named columns, for chart data: as CSV, as HTML and as JSON alike.
package struct DataTable: Sendable, Equatable {
  /// A column's name in files, with the unit where it has one ("response [s]" as `response_s`).
  package var columns: [String]
  package var rows: [[CSVText.Cell]]

  package init(columns: [String], rows: [[CSVText.Cell]] = []) {
    self.columns = columns
    self.rows = rows
  }

  /// The table as a file.
  package var csv: String {
    var text = CSVText(header: columns)
    for row in rows { text.append(row) }
    return text.text
  }
}
