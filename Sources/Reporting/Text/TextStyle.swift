/// How text output looks.
package struct TextStyle: Sendable {
  /// Characters in a line.
  package var width: Int
  /// Whether escape sequences for bold and color may be used; off for files and for NO_COLOR.
  package var color: Bool

  package init(width: Int = 100, color: Bool = false) {
    self.width = max(40, width)
    self.color = color
  }

  func heading(_ text: String) -> String { color ? "\u{1B}[1m\(text)\u{1B}[0m" : text }

  func alert(_ text: String) -> String { color ? "\u{1B}[33m\(text)\u{1B}[0m" : text }
}
