/// A place in a file, for people and editors: `file:line:column`.
package struct Place: Hashable, Sendable, CustomStringConvertible {
  package var file: String
  /// Counted from 1.
  package var line: Int
  /// Counted from 1, in Unicode scalars.
  package var column: Int

  package init(file: String, line: Int = 1, column: Int = 1) {
    self.file = file
    self.line = line
    self.column = column
  }

  package var description: String { "\(printable(file, limit: 400)):\(line):\(column)" }
}

/// Something that a reader of files has to say to the person who wrote them.
package struct Finding: Hashable, Sendable, CustomStringConvertible {
  package enum Severity: String, Sendable, Hashable {
    case error
    case warning
  }
  /// The kind of finding; open, so that later versions may add codes.
  package struct Code: RawRepresentable, Hashable, Sendable {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    /// The text is not YAML, or uses what the reader refuses.
    package static let syntax = Code(rawValue: "syntax")
    /// A limit on size, depth or length is exceeded.
    package static let limit = Code(rawValue: "limit")
    package static let unknownKey = Code(rawValue: "unknown-key")
    package static let duplicateKey = Code(rawValue: "duplicate-key")
    package static let missingKey = Code(rawValue: "missing-key")
    package static let wrongType = Code(rawValue: "wrong-type")
    package static let unit = Code(rawValue: "unit")
    package static let value = Code(rawValue: "value")
    /// A name that stands for nothing: of an approach, an operation, a metric.
    package static let unknownName = Code(rawValue: "unknown-name")
    package static let missingFile = Code(rawValue: "missing-file")
    /// A number without status, source or range.
    package static let pedigree = Code(rawValue: "pedigree")
    /// A thing that did not exist in the scenario's year.
    package static let anachronism = Code(rawValue: "anachronism")
    /// Guests are given more than the host has.
    package static let beyondHost = Code(rawValue: "beyond-host")
    /// A limit or weight of a guest, or a constant of a scheduler, that an approach does not know.
    package static let ignoredLimit = Code(rawValue: "ignored-limit")
    /// A run too short for what it should say.
    package static let shortRun = Code(rawValue: "short-run")
    /// A law whose rarest values make so much of its mean that a run may not find it.
    package static let heavyTail = Code(rawValue: "heavy-tail")
    /// The warnings that a scenario may leave out, by `silence`.
    package static let silenceable = [anachronism, beyondHost, ignoredLimit, shortRun, heavyTail]
    /// A host does not price what an approach does.
    package static let missingPrice = Code(rawValue: "missing-price")
  }
  package var place: Place
  package var severity: Severity
  package var code: Code
  /// What is wrong and what to do, in one line.
  package var message: String

  package init(_ code: Code, _ message: String, at place: Place, severity: Severity = .error) {
    self.place = place
    self.severity = severity
    self.code = code
    self.message = message
  }

  /// `file:line:column: message`; a warning says that it is one.
  package var description: String {
    severity == .error ? "\(place): \(message)" : "\(place): warning: \(message)"
  }
}

/// Files that cannot be used, with everything that was found in all of them.
package struct ScenarioFormatError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Errors and warnings, by file in the order of reading, then by line and column.
  package var findings: [Finding]

  package init(_ findings: [Finding]) { self.findings = findings }

  /// One finding a line.
  package var description: String { findings.map(\.description).joined(separator: "\n") }
}

/// Collects the findings of one reading of several files.
///
/// A class, because every reader of every file adds to the same list.
final class Findings {
  private(set) var all: [Finding] = []
  private var seen: Set<Finding> = []
  private var order: [String: Int] = [:]
  private var isFull = false
  private var errors = 0
  /// A hostile file must not make the list itself a burden.
  private static let limit = 1_000

  var hasErrors: Bool { errors > 0 }
  var errorCount: Int { errors }

  /// Names a file so that its findings sort by the order of reading.
  func begin(_ file: String) {
    if order[file] == nil { order[file] = order.count }
  }

  func add(_ finding: Finding) {
    begin(finding.place.file)
    if finding.severity == .error { errors += 1 }
    guard all.count < Self.limit else {
      isFull = true
      return
    }
    if seen.insert(finding).inserted { all.append(finding) }
  }

  func error(_ code: Finding.Code, _ message: String, at place: Place) {
    add(Finding(code, message, at: place))
  }

  /// The findings in the order in which they are shown.
  var sorted: [Finding] {
    var list = all.enumerated().sorted { a, b in
      let left = a.element.place
      let right = b.element.place
      let files = (order[left.file] ?? 0, order[right.file] ?? 0)
      if files.0 != files.1 { return files.0 < files.1 }
      if left.line != right.line { return left.line < right.line }
      if left.column != right.column { return left.column < right.column }
      return a.offset < b.offset
    }.map(\.element)
    if isFull, let last = list.last {
      list.append(
        Finding(.limit, "more was found; correct these \(Self.limit) first", at: last.place))
    }
    return list
  }
}

/// Text of a file as it may be shown on a terminal: shortened, control characters escaped.
func printable(_ text: some StringProtocol, limit: Int = 60) -> String {
  var result = ""
  for (index, scalar) in text.unicodeScalars.enumerated() {
    if index == limit { return result + "..." }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate:
      result += "\\u{" + String(scalar.value, radix: 16) + "}"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}

/// Text of a file in quotes, for messages.
func quoted(_ text: some StringProtocol) -> String { "`" + printable(text) + "`" }
