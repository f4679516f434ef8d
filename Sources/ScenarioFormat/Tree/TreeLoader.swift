import Yams

/// Turns text into a tree, or into findings: syntax, duplicate keys, what the reader refuses.
struct TreeLoader {
  let file: String
  let findings: Findings
  /// The line that a text of one line is, and how far into it the text begins.
  var line: Int?
  var columnOffset = 0

  func load(_ text: String, pedigree: Pedigree) -> Tree? {
    findings.begin(file)
    guard text.utf8.count <= FileLimits.bytes else {
      findings.error(
        .limit, "the file is larger than \(FileLimits.bytes >> 20) MiB; split it", at: place(1, 1))
      return nil
    }
    guard !refusesAliases(in: text) else { return nil }
    var scalars = Array(text.unicodeScalars)
    var renamed: [Spot: String] = [:]
    while true {
      do {
        // The parser holds the anchors, which its nodes only refer to.
        let parser = try Parser(
          yaml: string(scalars), resolver: .basic, constructor: .default, encoding: .utf8)
        return try withExtendedLifetime(parser) {
          guard let root = try parser.singleRoot() else {
            findings.error(
              .syntax, "the file is empty; `tenancy new` writes a scenario to begin with",
              at: place(1, 1))
            return nil
          }
          var builder = TreeBuilder(
            loader: self, renamed: renamed, source: SourceLines(scalars))
          return builder.build(root, depth: 0, pedigree: pedigree)
        }
      } catch YamlError.duplicatedKeysInMapping(let names, let context) {
        // The parser stops at the first duplicate key and only says where its first use stands. So
        // that use is renamed in place and the text read again, until no duplicate is left.
        let mark = Spot(context.mark.line, context.mark.column)
        guard let name = names.first, renamed.count < 32,
          rename(&scalars, at: mark, name: name, number: renamed.count)
        else {
          findings.error(
            .duplicateKey, "the key \(quoted(names.first ?? "?")) stands twice in one mapping",
            at: place(mark.line, mark.column))
          return nil
        }
        renamed[mark] = name
      } catch {
        report(error, in: SourceLines(scalars))
        return nil
      }
    }
  }

  struct Spot: Hashable {
    var line: Int
    var column: Int
    init(_ line: Int, _ column: Int) {
      self.line = line
      self.column = column
    }
  }

  func place(_ line: Int, _ column: Int) -> Place {
    guard let own = self.line else { return Place(file: file, line: line, column: column) }
    return Place(file: file, line: own, column: columnOffset + (line == 1 ? column : 1))
  }

  private func report(_ error: any Error, in source: SourceLines) {
    let fault = SyntaxFault(error, in: source)
    findings.error(fault.code, fault.message, at: place(fault.line, fault.column))
  }

  /// Puts a name of the same length that occurs nowhere else in place of a key.
  private func rename(
    _ scalars: inout [Unicode.Scalar], at mark: Spot, name: String, number: Int
  ) -> Bool {
    var index = 0
    for _ in 1..<max(1, mark.line) {
      guard let end = scalars[index...].firstIndex(of: "\n") else { return false }
      index = end + 1
    }
    index += mark.column - 1
    guard index >= 0, index < scalars.count else { return false }
    if scalars[index] == "\"" || scalars[index] == "'" { index += 1 }
    let letters = Array(name.unicodeScalars)
    guard !letters.isEmpty, index + letters.count <= scalars.count,
      Array(scalars[index..<index + letters.count]) == letters,
      let stand = Unicode.Scalar(0xE000 + UInt32(number))
    else { return false }
    for position in index..<index + letters.count { scalars[position] = stand }
    return true
  }

  private func string(_ scalars: [Unicode.Scalar]) -> String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    return String(text)
  }

  /// Refuses a text in which a name follows `*` that somewhere follows `&`, before it is parsed:
  /// aliases of aliases grow without bound, and the files have no need of them.
  private func refusesAliases(in text: String) -> Bool {
    var anchors: Set<[UInt8]> = []
    var aliases: [(name: [UInt8], offset: Int)] = []
    let bytes = Array(text.utf8)
    var index = 0
    while index < bytes.count {
      let sign = bytes[index]
      index += 1
      guard sign == UInt8(ascii: "&") || sign == UInt8(ascii: "*") else { continue }
      let start = index
      while index < bytes.count, Self.isNameByte(bytes[index]) { index += 1 }
      guard index > start else { continue }
      let name = Array(bytes[start..<index])
      if sign == UInt8(ascii: "&") {
        anchors.insert(name)
      } else {
        aliases.append((name, start - 1))
      }
    }
    guard let alias = aliases.first(where: { anchors.contains($0.name) }) else { return false }
    let before = bytes[..<alias.offset]
    let lineStart = (before.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
    let column = String(decoding: before[lineStart...], as: UTF8.self).unicodeScalars.count + 1
    findings.error(
      .syntax,
      SyntaxFault.alias("*" + String(decoding: alias.name, as: UTF8.self)),
      at: place(before.count { $0 == UInt8(ascii: "\n") } + 1, column))
    return true
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }
}
