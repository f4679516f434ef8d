import Virtualization

/// A checked YAML document whose every node knows where it stands and whose word it is.
struct Tree {
  enum Content {
    /// Text, and whether it stood without quotes.
    case scalar(String, isPlain: Bool)
    case list([Tree])
    case mapping([Entry])
  }
  struct Entry {
    var key: String
    var keyPlace: Place
    var value: Tree
  }
  var content: Content
  var place: Place
  /// What the enclosing mappings say of the numbers in them.
  var pedigree: Pedigree

  subscript(key: String) -> Tree? {
    guard case .mapping(let entries) = content else { return nil }
    return entries.first { $0.key == key }?.value
  }

  var text: String? {
    if case .scalar(let text, _) = content { return text }
    return nil
  }

  var isMapping: Bool {
    if case .mapping = content { return true }
    return false
  }

  /// What kind of thing stands here, for messages.
  var description: String {
    switch content {
    case .scalar("", isPlain: true): "nothing"
    case .scalar(let text, _): quoted(text)
    case .list: "a list"
    case .mapping: "a mapping"
    }
  }

  /// The same tree without one key at the top.
  func without(_ keys: Set<String>) -> Tree {
    guard case .mapping(let entries) = content else { return self }
    var tree = self
    tree.content = .mapping(entries.filter { !keys.contains($0.key) })
    return tree
  }

  /// What holds for the numbers directly in this mapping: its own keys before the enclosing ones'.
  var innerPedigree: Pedigree {
    guard case .mapping(let entries) = content else { return pedigree }
    return pedigree.overlaid(by: entries)
  }
}

/// Status, source and range that numbers take from the mappings around them.
struct Pedigree: Hashable {
  var status: Status?
  var source: String?
  /// Factors of low and high ends over the value.
  var range: ClosedRange<Double>?

  static let none = Pedigree()

  /// A decision of whoever states it: exact, and nobody else's word.
  static func decision(_ source: String) -> Pedigree {
    Pedigree(status: .assumed, source: source, range: 1...1)
  }

  /// What holds inside a mapping with these entries.
  ///
  /// A range belongs to the status beside it, so a new status ends it.
  func overlaid(by entries: [Tree.Entry]) -> Pedigree {
    var result = self
    for entry in entries where entry.key == "status" {
      guard let text = entry.value.text, let status = Status(rawValue: text) else { continue }
      result.status = status
      result.range = nil
    }
    for entry in entries {
      switch entry.key {
      case "source": if let text = entry.value.text, !text.isEmpty { result.source = text }
      case "range": if let range = RangeText.factors(entry.value) { result.range = range }
      default: break
      }
    }
    return result
  }
}

/// Limits that keep hostile files harmless.
package enum FileLimits {
  package static let bytes = 4 << 20
  package static let depth = 32
  package static let listLength = 10_000
  package static let textLength = 4_000
  package static let nameLength = 64
  /// Files that one scenario may draw in.
  package static let files = 200
  /// Profiles that may be copies of copies.
  package static let likeChain = 8
}
