/// Names from files, made harmless for a terminal.
package enum SafeText {
  /// The text without control characters and without marks that reorder what follows.
  ///
  /// A scenario may come from a stranger, and an escape sequence in a title could rewrite the
  /// screen. Letters of any language pass.
  package static func printable(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse:
        result.append(scalar == "\n" || scalar == "\t" ? " " : "?")
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  /// The text broken at spaces into lines of at most `width` characters; longer words stay whole,
  /// and so do a number and its "%".
  package static func wrapped(_ text: String, width: Int, indent: String = "") -> [String] {
    var lines: [String] = []
    var line = ""
    var words: [String] = []
    for word in text.split(separator: " ", omittingEmptySubsequences: true) {
      if word.hasPrefix("%"), let last = words.last, last.last?.isNumber ?? false {
        words[words.count - 1] = last + " " + word
      } else {
        words.append(String(word))
      }
    }
    for word in words {
      if line.isEmpty {
        line = (lines.isEmpty ? "" : indent) + word
      } else if line.count + 1 + word.count <= width {
        line += " " + word
      } else {
        lines.append(line)
        line = indent + word
      }
    }
    if !line.isEmpty { lines.append(line) }
    return lines
  }
}
