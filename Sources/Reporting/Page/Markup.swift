import Foundation

/// Text of a page that is safe to join: made from text by escaping, or from other markup.
struct Markup: Sendable {
  private(set) var source: String

  /// What a stranger may have written, with all that HTML gives a meaning escaped.
  static func text(_ text: String) -> Markup { Markup(source: escaped(text)) }

  /// What this program or the chart renderer wrote, as it is.
  static func trusted(_ source: String) -> Markup { Markup(source: source) }

  static func joined(_ parts: [Markup], separator: String = "") -> Markup {
    Markup(source: parts.map(\.source).joined(separator: separator))
  }

  /// An element with attributes and children.
  static func element(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ children: Markup...
  ) -> Markup {
    element(name, attributes, children)
  }

  static func element(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ children: [Markup]
  ) -> Markup {
    var source = "<" + name
    for (key, value) in attributes { source += " \(key)=\"\(escaped(value))\"" }
    source += ">" + children.map(\.source).joined()
    return Markup(source: source + "</\(name)>")
  }

  /// A sentence in which names stand between back-quotes: escaped like any text, names set as code.
  static func prose(_ text: String) -> Markup {
    let text = unbroken(text)
    let parts = text.split(separator: "`", omittingEmptySubsequences: false).map(String.init)
    guard parts.count > 1 else { return .text(text) }
    var markup = Markup.text("")
    for (index, part) in parts.enumerated() {
      if index.isMultiple(of: 2) {
        markup += .text(part)
      } else if index == parts.count - 1 {
        // One that nothing closes is a sign like any other.
        markup += .text("`" + part)
      } else {
        markup += element("code", [:], .text(part))
      }
    }
    return markup
  }

  /// The text with percentages that no line break parts.
  private static func unbroken(_ text: String) -> String {
    var result = ""
    var rest = Substring(text)
    while let space = rest.range(of: " %") {
      let isNumber = rest[..<space.lowerBound].last?.isNumber ?? false
      result += rest[..<space.lowerBound] + (isNumber ? "\u{A0}%" : " %")
      rest = rest[space.upperBound...]
    }
    return result + rest
  }

  /// The same where no element may stand, as in a title: the names without their quotes.
  static func plain(_ text: String) -> String {
    let parts = text.split(separator: "`", omittingEmptySubsequences: false)
    guard parts.count.isMultiple(of: 2) else { return parts.joined() }
    return parts.dropLast().joined() + "`" + (parts.last ?? "")
  }

  static func paragraph(_ text: String) -> Markup { element("p", [:], .prose(text)) }

  static func list(_ items: [String]) -> Markup {
    element("ul", [:], items.map { element("li", [:], .prose($0)) })
  }

  static func + (a: Markup, b: Markup) -> Markup { Markup(source: a.source + b.source) }
  static func += (a: inout Markup, b: Markup) { a.source += b.source }

  /// The text with the five signs escaped, and without what no document may contain.
  static func escaped(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result.append(contentsOf: "&amp;".unicodeScalars)
      case "<": result.append(contentsOf: "&lt;".unicodeScalars)
      case ">": result.append(contentsOf: "&gt;".unicodeScalars)
      case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
      case "'": result.append(contentsOf: "&#39;".unicodeScalars)
      case "\n", "\t": result.append(scalar)
      default: result.append(isHarmful(scalar) ? "\u{FFFD}" : scalar)
      }
    }
    return String(result)
  }

  /// Controls are not allowed in a document, and marks that reorder text could disguise it.
  private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x202A...0x202E, 0x2066...0x2069, 0xFFFE, 0xFFFF: true
    default: scalar.properties.generalCategory == .control
    }
  }
}

/// A table of a page.
struct PageTable {
  var headers: [String]
  /// Columns of numbers stand to the right.
  var numeric: Set<Int> = []
  var rows: [[String]] = []
  /// Rows that sum up those above.
  var emphasized: Set<Int> = []

  init(headers: [String], numeric: Set<Int> = []) {
    self.headers = headers
    self.numeric = numeric
  }

  /// A table of the text report.
  init(_ table: TextTable) {
    headers = table.columns.map { column in
      String(column.header.map { $0 == "\n" ? " " : $0 })
    }
    numeric = Set(table.columns.indices.filter { table.columns[$0].alignment == .right })
    rows = table.rows
    emphasized = table.rulesBefore
  }

  var markup: Markup {
    let head = Markup.element(
      "thead", [:],
      .element(
        "tr", [:],
        headers.enumerated().map { index, name in
          .element("th", attributes(index, scope: "col"), .prose(name))
        }))
    let body = Markup.element(
      "tbody", [:],
      rows.enumerated().map { number, row in
        .element(
          "tr", emphasized.contains(number) ? ["class": "total"] : [:],
          row.enumerated().map { index, cell in
            .element(
              index == 0 ? "th" : "td", attributes(index, scope: index == 0 ? "row" : nil),
              .prose(cell))
          })
      })
    let looks: KeyValuePairs<String, String> =
      headers.count > Self.mostPlainColumns ? ["class": "wide"] : [:]
    return .element("div", ["class": "scroll"], .element("table", looks, head, body))
  }

  /// Columns beyond which the numbers of a table may wrap, so that it fits a screen and a sheet.
  private static let mostPlainColumns = 6

  private func attributes(_ index: Int, scope: String?) -> KeyValuePairs<String, String> {
    switch (scope, numeric.contains(index)) {
    case (let scope?, true): ["scope": scope, "class": "number"]
    case (let scope?, false): ["scope": scope]
    case (nil, true): ["class": "number"]
    case (nil, false): [:]
    }
  }
}

extension DataTable {
  /// The table for a page, with numbers short enough to read; the file beside it has all digits.
  var page: PageTable {
    var table = PageTable(headers: columns)
    for (index, row) in rows.enumerated() {
      var cells: [String] = []
      for (column, cell) in row.enumerated() {
        switch cell {
        case .text(let text): cells.append(text)
        case .number(let value):
          if index == 0 { table.numeric.insert(column) }
          cells.append(
            value == value.rounded() && abs(value) < 1e15
              ? NumberText.exact(value) : NumberText.significant(value, digits: 4))
        case .integer(let value):
          if index == 0 { table.numeric.insert(column) }
          cells.append(String(value))
        case .empty: cells.append("")
        }
      }
      table.rows.append(cells)
    }
    return table
  }
}
