extension Tree {
  /// This tree with changes: mappings are merged key by key; lists, text and mappings that are one
  /// value (with `value`, `law` or `process`) replace what was there.
  func changed(by change: Tree) -> Tree {
    guard case .mapping(var entries) = content, case .mapping(let changes) = change.content,
      !changes.contains(where: { ["value", "law", "process"].contains($0.key) })
    else { return change }
    for entry in changes {
      if let index = entries.firstIndex(where: { $0.key == entry.key }) {
        entries[index].value = entries[index].value.changed(by: entry.value)
        entries[index].keyPlace = entry.keyPlace
      } else {
        entries.append(entry)
      }
    }
    // What is missing now is missing where the changes are written.
    var tree = change
    tree.content = .mapping(entries)
    return tree
  }
}

/// A change from the command line: `--set guests.web.count=50`, or an option that is short for one.
struct Override {
  let path: [(key: String, place: Place)]
  let value: Tree

  /// Reads `path=value`, or adds findings and returns nil.
  ///
  /// - Parameters:
  ///   - option: What the user wrote; it stands for the file in places.
  ///   - ordinal: The position among the changes, from 1; it stands for the line.
  init?(_ text: String, by option: String = "--set", ordinal: Int, _ findings: Findings) {
    findings.begin(option)
    guard let sign = text.firstIndex(of: "="), sign != text.startIndex else {
      findings.error(
        .syntax, "\(quoted(text)) is not of the form `path=value`, such as `guests.web.count=50`",
        at: Place(file: option, line: ordinal, column: 1))
      return nil
    }
    var path: [(String, Place)] = []
    var column = 1
    for part in text[..<sign].split(separator: ".", omittingEmptySubsequences: false) {
      let place = Place(file: option, line: ordinal, column: column)
      guard !part.isEmpty, path.count < FileLimits.depth else {
        findings.error(
          .syntax, "the path \(quoted(text[..<sign])) has an empty part, or too many", at: place)
        return nil
      }
      path.append((String(part), place))
      column += part.unicodeScalars.count + 1
    }
    if path.first?.0 == "tenancy" {
      findings.error(
        .value, "`tenancy` is the version of the file's format; it stays as the file says it",
        at: Place(file: option, line: ordinal, column: 1))
      return nil
    }
    let loader = TreeLoader(
      file: option, findings: findings, line: ordinal, columnOffset: column - 1)
    let value = text[text.index(after: sign)...]
    guard !value.allSatisfy({ $0 == " " }) else {
      findings.error(
        .value, "\(quoted(text)) has no value after `=`",
        at: Place(file: option, line: ordinal, column: column))
      return nil
    }
    let pedigree = Pedigree.decision(option + " " + printable(text, limit: 200))
    guard let tree = loader.load(String(value), pedigree: pedigree) else { return nil }
    self.path = path.map { (key: $0.0, place: $0.1) }
    self.value = tree
  }

  /// The tree of a scenario with the change made.
  func applied(to tree: Tree, _ findings: Findings) -> Tree {
    set(path[...], in: tree, after: [], findings)
  }

  private func set(
    _ rest: ArraySlice<(key: String, place: Place)>, in tree: Tree, after walked: [String],
    _ findings: Findings
  ) -> Tree {
    guard let (key, place) = rest.first else { return value }
    var result = tree
    switch tree.content {
    case .mapping(var entries):
      if let index = entries.firstIndex(where: { $0.key == key }) {
        entries[index].value = set(
          rest.dropFirst(), in: entries[index].value, after: walked + [key], findings)
      } else {
        let empty = Tree(content: .mapping([]), place: place, pedigree: value.pedigree)
        let made = set(rest.dropFirst(), in: empty, after: walked + [key], findings)
        entries.append(Entry(key: key, keyPlace: place, value: made))
      }
      result.content = .mapping(entries)
    case .list(var items):
      let names = items.map(Self.name)
      guard let index = names.firstIndex(of: key) else {
        findings.error(
          .unknownName,
          "\(quoted(walked.joined(separator: "."))) has no \(quoted(key)); "
            + advice(for: key, among: names.compactMap(\.self)), at: place)
        return tree
      }
      items[index] = set(rest.dropFirst(), in: items[index], after: walked + [key], findings)
      result.content = .list(items)
    case .scalar:
      guard Self.isReference(walked) else {
        findings.error(
          .unknownKey,
          "\(quoted(walked.joined(separator: "."))) is \(tree.description) and has no keys such as "
            + quoted(key), at: place)
        return tree
      }
      // A profile named by its id becomes a changed copy of itself.
      let like = Entry(key: "like", keyPlace: tree.place, value: tree)
      result.content = .mapping([like])
      result.pedigree = value.pedigree
      return set(rest, in: result, after: walked, findings)
    }
    return result
  }

  private typealias Entry = Tree.Entry

  /// What an element of a list is called.
  private static func name(_ tree: Tree) -> String? {
    if let text = tree.text { return id(of: text) }
    return (tree["name"] ?? tree["id"] ?? tree["like"])?.text.map(id(of:))
  }

  /// Whether a host, an approach or a workload may be named where the path leads.
  private static func isReference(_ path: [String]) -> Bool {
    switch path.count {
    case 1: path[0] == "host" || path[0] == "native"
    case 2: path[0] == "approaches"
    case 3: path[0] == "guests" && path[2] == "workload"
    default: false
    }
  }
}
