/// Comma-separated values as RFC 4180 describes them: CRLF, quotes doubled, UTF-8.
package struct CSVText: Sendable {
  /// A cell; numbers and texts are told apart, because only texts can come from a stranger.
  package enum Cell: Sendable, Equatable {
    case text(String)
    case number(Double)
    case integer(Int)
    case empty
  }

  /// The file's text so far.
  package private(set) var text: String
  private let columns: Int

  package init(header: [String]) {
    text = ""
    columns = header.count
    append(header.map { .text($0) })
  }

  /// Appends a row; short rows are filled with empty cells, so that every row has the same number.
  package mutating func append(_ cells: [Cell]) {
    for index in 0..<max(columns, cells.count) {
      if index > 0 { text += "," }
      guard index < cells.count else { continue }
      switch cells[index] {
      case .text(let value): text += Self.field(value)
      case .number(let value): text += NumberText.exact(value)
      case .integer(let value): text += String(value)
      case .empty: break
      }
    }
    text += "\r\n"
  }

  /// A text as a field, with an apostrophe before what a spreadsheet would take for a formula.
  package static func field(_ text: String) -> String {
    var value = text
    // A space or a quote before the sign does not keep every spreadsheet from seeing a formula.
    let bare = text.drop { $0 == " " || $0 == "\"" || $0 == "\u{FEFF}" }
    if let first = bare.unicodeScalars.first,
      ["=", "+", "-", "@", "\t", "\r", "\n"].contains(first)
    {
      value = "'" + text
    }
    let mustQuote = value.unicodeScalars.contains {
      $0 == "\"" || $0 == "," || $0 == "\r" || $0 == "\n"
    }
    guard mustQuote else { return value }
    // By scalars: a quote that carries a combining mark is one character, yet still a quote.
    var quoted = String.UnicodeScalarView()
    quoted.append("\"")
    for scalar in value.unicodeScalars {
      if scalar == "\"" { quoted.append("\"") }
      quoted.append(scalar)
    }
    quoted.append("\"")
    return String(quoted)
  }
}
