/// One line of `strace -f -yy -o`.
package enum StraceLine: Equatable, Sendable {
  /// A system call that has returned.
  case call(StraceCall)
  /// A system call that has begun; another line will tell its result.
  case unfinished(process: Int32, name: String)
  /// A signal that reached the process.
  case signal(process: Int32, name: String)
  /// The process has ended.
  case ended(process: Int32)
  /// A remark of strace itself.
  case remark
}

/// A system call with what it was given and what it gave back.
package struct StraceCall: Equatable, Sendable {
  package var process: Int32
  package var name: String
  /// The arguments as printed, apart.
  package var arguments: [String]
  /// The value returned; nil where there is none (`?`).
  package var result: Int64?
  /// The symbol of the error, such as `ENOENT`; nil where the call succeeded.
  package var error: String?
  /// What strace knows of a descriptor that was returned: the text between < and >.
  package var resultDescriptor: String?

  package var succeeded: Bool { error == nil && (result ?? -1) >= 0 }
}

/// Puts the lines of several processes together again.
///
/// strace breaks a call in two when another process speaks in between: `<unfinished ...>` and
/// `<... name resumed>`. Their parts are joined here, one open call per process.
package struct StraceParser: Sendable {
  /// A line that cannot be read, in few words.
  package struct Refusal: Error, Equatable {
    package let reason: String
  }

  /// Begun calls by process, as text up to the break.
  private var open: [Int32: [UInt8]] = [:]
  /// A trace of more processes at once is not read: each holds a begun line in memory.
  private static let openLimit = 100_000

  package init() {}

  /// Reads one line without its end.
  package mutating func read(_ line: some Collection<UInt8>) throws(Refusal) -> StraceLine {
    var scanner = ByteScanner(Array(line))
    guard let process = scanner.integer(), process > 0, let id = Int32(exactly: process) else {
      throw Refusal(reason: "no process id at the beginning")
    }
    scanner.skipBlanks()
    if scanner.takes("+++ ") {
      return scanner.contains("exited") || scanner.contains("killed")
        ? .ended(process: id) : .remark
    }
    if scanner.takes("--- ") {
      let name = scanner.word()
      return name.hasPrefix("SIG") ? .signal(process: id, name: name) : .remark
    }
    if scanner.takes("[") || scanner.takes("???") { return .remark }
    if scanner.takes("<... ") {
      let name = scanner.word()
      guard scanner.takes(" resumed>"), let begun = open.removeValue(forKey: id),
        begun.starts(with: Array(name.utf8))
      else { throw Refusal(reason: "a call goes on that has not begun") }
      scanner = ByteScanner(begun + scanner.rest)
    }
    let start = scanner.position
    let name = scanner.word()
    guard !name.isEmpty, scanner.takes("(") else { throw Refusal(reason: "not a system call") }
    if let end = scanner.endOfUnfinished() {
      guard open.count < Self.openLimit else { throw Refusal(reason: "too many begun calls") }
      open[id] = Array(scanner.bytes[start..<end])
      return .unfinished(process: id, name: name)
    }
    guard let arguments = scanner.arguments() else {
      throw Refusal(reason: "the arguments of \(name) do not end")
    }
    scanner.skipBlanks()
    guard scanner.takes("=") else { throw Refusal(reason: "\(name) has no result") }
    scanner.skipBlanks()
    var call = StraceCall(process: id, name: name, arguments: arguments)
    if scanner.takes("?") {
      scanner.skipBlanks()
      let symbol = scanner.word()
      call.error = symbol.isEmpty ? nil : symbol
      return .call(call)
    }
    guard let value = scanner.integer() else {
      throw Refusal(reason: "the result of \(name) is not a number")
    }
    call.result = value
    call.resultDescriptor = scanner.angle()
    scanner.skipBlanks()
    if value == -1 {
      let symbol = scanner.word()
      if symbol.hasPrefix("E") { call.error = symbol }
    }
    return .call(call)
  }

  /// The process and the call of a line that is being written and has not ended yet.
  package static func beginning(_ line: some Collection<UInt8>) -> (process: Int32, name: String)? {
    var scanner = ByteScanner(Array(line.prefix(64)))
    guard let process = scanner.integer(), let id = Int32(exactly: process) else { return nil }
    scanner.skipBlanks()
    let name = scanner.word()
    return !name.isEmpty && scanner.takes("(") ? (id, name) : nil
  }
}

/// Reads a line of bytes from left to right.
struct ByteScanner {
  let bytes: [UInt8]
  private(set) var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var rest: ArraySlice<UInt8> { bytes[position...] }

  mutating func skipBlanks() {
    while position < bytes.count, bytes[position] == UInt8(ascii: " ") { position += 1 }
  }

  mutating func takes(_ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard position + count <= bytes.count else { return false }
    for index in 0..<count where bytes[position + index] != text.utf8Start[index] { return false }
    position += count
    return true
  }

  func contains(_ text: String) -> Bool {
    String(decoding: rest, as: UTF8.self).contains(text)
  }

  mutating func word() -> String {
    let start = position
    while position < bytes.count {
      let byte = bytes[position]
      guard
        byte == UInt8(ascii: "_")
          || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
          || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
      else { break }
      position += 1
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// A decimal or hexadecimal number; a value of 64 bits with its highest bit set is negative.
  mutating func integer() -> Int64? {
    let start = position
    if takes("0x") {
      let digits = word()
      if let value = UInt64(digits, radix: 16) { return Int64(bitPattern: value) }
      position = start
      return nil
    }
    if position < bytes.count, bytes[position] == UInt8(ascii: "-") { position += 1 }
    while position < bytes.count, bytes[position] >= UInt8(ascii: "0"),
      bytes[position] <= UInt8(ascii: "9")
    { position += 1 }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if let value = Int64(text) { return value }
    if let value = UInt64(text) { return Int64(bitPattern: value) }
    position = start
    return nil
  }

  /// Where a begun call breaks off; nil where the line is whole.
  func endOfUnfinished() -> Int? {
    let mark = Array("<unfinished ...>".utf8)
    guard bytes.count >= mark.count, bytes.suffix(mark.count).elementsEqual(mark) else {
      return nil
    }
    return bytes.count - mark.count
  }

  /// The text between < and > that follows a descriptor; nil where there is none.
  mutating func angle() -> String? {
    guard position < bytes.count, bytes[position] == UInt8(ascii: "<"),
      let end = endOfAngle(from: position)
    else { return nil }
    let text = String(decoding: bytes[position + 1..<end], as: UTF8.self)
    position = end + 1
    return text
  }

  /// strace writes < and > of a path as octal escapes, but not the arrow between two addresses.
  private func endOfAngle(from start: Int) -> Int? {
    let isPath = start + 1 < bytes.count && bytes[start + 1] == UInt8(ascii: "/")
    var depth = 0
    for index in start..<bytes.count {
      if bytes[index] == UInt8(ascii: "<") { depth += 1 }
      if bytes[index] == UInt8(ascii: ">") {
        if !isPath, bytes[index - 1] == UInt8(ascii: "-") { continue }
        depth -= 1
        if depth == 0 { return index }
      }
    }
    return nil
  }

  /// Whether a < here opens what strace knows of a descriptor: `3<...>` or `AT_FDCWD<...>`.
  private func opensAngle(_ index: Int) -> Bool {
    guard index > 0, index + 1 < bytes.count, bytes[index + 1] != UInt8(ascii: "<") else {
      return false
    }
    let before = bytes[index - 1]
    return before == UInt8(ascii: "D")
      || (before >= UInt8(ascii: "0") && before <= UInt8(ascii: "9"))
  }

  /// The arguments up to the parenthesis that closes the call; nil where none does.
  mutating func arguments() -> [String]? {
    var found: [String] = []
    var start = position
    var depth = 0
    var index = position
    func text(_ end: Int) -> String {
      var slice = bytes[start..<end]
      while slice.first == UInt8(ascii: " ") { slice.removeFirst() }
      while slice.last == UInt8(ascii: " ") { slice.removeLast() }
      return String(decoding: slice, as: UTF8.self)
    }
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "\""):
        index += 1
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
          index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
        }
      case UInt8(ascii: "<") where opensAngle(index):
        guard let end = endOfAngle(from: index) else { return nil }
        index = end
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: ")") where depth == 0:
        let last = text(index)
        if !last.isEmpty || !found.isEmpty { found.append(last) }
        position = index + 1
        return found
      case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
      case UInt8(ascii: ",") where depth == 0:
        guard found.count < 16 else { return nil }
        found.append(text(index))
        start = index + 1
      default: break
      }
      index += 1
    }
    return nil
  }
}
