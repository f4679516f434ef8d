/// The text of a file by lines and columns, as the parser of YAML counts them.
struct SourceLines {
  /// A quoted text that goes on behind the end of the line on which it opens.
  struct LongQuote {
    var line: Int
    var column: Int
    /// The line of the closing quote; nil where there is none.
    var end: Int?
  }

  private let scalars: [Unicode.Scalar]
  private var starts = [0]

  init(_ scalars: [Unicode.Scalar]) {
    self.scalars = scalars
    for (index, scalar) in scalars.enumerated() {
      let isFirstOfTwo =
        scalar == "\r" && index + 1 < scalars.count && scalars[index + 1] == "\n"
      if Self.breaks.contains(scalar), !isFirstOfTwo { starts.append(index + 1) }
    }
  }

  private static let breaks: [Unicode.Scalar] = ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"]

  /// The character at a place counted from 1; nil behind the end.
  func scalar(at line: Int, _ column: Int) -> Unicode.Scalar? {
    guard starts.indices.contains(line - 1), column >= 1 else { return nil }
    let index = starts[line - 1] + column - 1
    return index < scalars.count ? scalars[index] : nil
  }

  /// The tag that begins at a place; nothing but a tag begins with `!` there.
  func tag(at line: Int, _ column: Int) -> String? {
    guard scalar(at: line, column) == "!" else { return nil }
    var tag = String.UnicodeScalarView()
    for scalar in scalars[(starts[line - 1] + column - 1)...].prefix(FileLimits.nameLength) {
      guard scalar != " ", scalar != "\t", scalar != ",", !Self.breaks.contains(scalar) else {
        break
      }
      tag.append(scalar)
    }
    return String(tag)
  }

  /// The alias that begins at a place, `*` and its name.
  func alias(at line: Int, _ column: Int) -> String {
    var alias = String.UnicodeScalarView("*".unicodeScalars)
    guard starts.indices.contains(line - 1) else { return String(alias) }
    for scalar in scalars.dropFirst(starts[line - 1] + column).prefix(FileLimits.nameLength) {
      guard
        scalar == "_" || scalar == "-" || scalar.properties.isAlphabetic
          || ("0"..."9").contains(scalar)
      else { break }
      alias.append(scalar)
    }
    return String(alias)
  }

  /// Whether nothing but blanks and line ends follows from a place on.
  func isEnd(_ line: Int, _ column: Int) -> Bool {
    guard starts.indices.contains(line - 1) else { return true }
    return scalars.dropFirst(starts[line - 1] + column - 1)
      .allSatisfy { $0 == " " || $0 == "\t" || Self.breaks.contains($0) }
  }

  /// The innermost list or mapping in brackets that is never closed, and its line.
  ///
  /// Read without a parser, since it is asked only where the parser gave up.
  var openBracket: (sign: Unicode.Scalar, line: Int)? {
    var open: [(sign: Unicode.Scalar, line: Int)] = []
    var line = 1
    var before: Unicode.Scalar?
    var isBehindBlank = true
    var index = 0
    while index < scalars.count {
      let scalar = scalars[index]
      while line < starts.count, index >= starts[line] {
        line += 1
        isBehindBlank = true
        if open.isEmpty { before = nil }
      }
      let canOpen =
        before.map {
          "[{,".unicodeScalars.contains($0) || (isBehindBlank && ":-?".unicodeScalars.contains($0))
        } ?? true
      if scalar == "#", isBehindBlank {
        index = line < starts.count ? starts[line] : scalars.count
        continue
      }
      if canOpen, scalar == "\"" || scalar == "'" {
        guard let close = close(of: scalar, from: index + 1) else { break }
        index = close
      } else if canOpen, scalar == "[" || scalar == "{" {
        open.append((scalar, line))
      } else if scalar == "]" || scalar == "}", !open.isEmpty {
        open.removeLast()
      }
      isBehindBlank = scalar == " " || scalar == "\t" || Self.breaks.contains(scalar)
      if !isBehindBlank { before = scalar }
      index += 1
    }
    return open.last
  }

  /// The quoted texts of several lines.
  ///
  /// A quote opens a text where a value or a key may begin. Read without a parser, since it is
  /// asked only where the parser gave up.
  var longQuotes: [LongQuote] {
    var found: [LongQuote] = []
    var line = 1
    var before: Unicode.Scalar?
    var isBehindBlank = true
    var index = 0
    while index < scalars.count {
      let scalar = scalars[index]
      if line < starts.count, index >= starts[line] {
        line += 1
        (before, isBehindBlank) = (nil, true)
      }
      if scalar == "#", isBehindBlank {
        index = line < starts.count ? starts[line] : scalars.count
        continue
      }
      let canOpen =
        before.map {
          "[{,".unicodeScalars.contains($0) || (isBehindBlank && ":-?".unicodeScalars.contains($0))
        }
        ?? true
      if canOpen, scalar == "\"" || scalar == "'" {
        let close = self.close(of: scalar, from: index + 1)
        let start = starts[line - 1]
        let end = close.map { close in starts.lastIndex { $0 <= close }.map { $0 + 1 } ?? line }
        if end != line {
          found.append(LongQuote(line: line, column: index - start + 1, end: end))
        }
        guard let close, let end else { return found }
        line = end
        index = close
      }
      isBehindBlank = scalar == " " || scalar == "\t"
      if !isBehindBlank { before = scalar }
      index += 1
    }
    return found
  }

  /// Where a quoted text ends.
  private func close(of quote: Unicode.Scalar, from start: Int) -> Int? {
    var index = start
    while index < scalars.count {
      if quote == "\"", scalars[index] == "\\" {
        index += 2
        continue
      }
      if scalars[index] == quote {
        guard quote == "'", index + 1 < scalars.count, scalars[index + 1] == quote else {
          return index
        }
        index += 1
      }
      index += 1
    }
    return nil
  }
}
