import Yams

/// Copies parsed YAML into a tree, within limits and without what the reader refuses.
struct TreeBuilder {
  let loader: TreeLoader
  /// Keys that stood twice, under the marks of their first uses.
  let renamed: [TreeLoader.Spot: String]
  let source: SourceLines

  mutating func build(_ node: Node, depth: Int, pedigree: Pedigree) -> Tree? {
    let place = place(of: node)
    guard depth <= FileLimits.depth else {
      error(.limit, "more than \(FileLimits.depth) levels deep; no file needs that", place)
      return nil
    }
    if node.anchor != nil {
      error(.syntax, "anchors (`&name`) are not read; leave it out", place)
    }
    switch node {
    case .scalar(let scalar):
      refuseTag(node, expected: .str, place)
      var text = scalar.string
      if text.unicodeScalars.count > FileLimits.textLength {
        error(.limit, "text of more than \(FileLimits.textLength) characters; shorten it", place)
        // Its beginning stands for it, or the key would seem to be missing.
        text = String(text.unicodeScalars.prefix(FileLimits.textLength))
      }
      let isPlain = scalar.style == .plain || scalar.style == .any
      return Tree(content: .scalar(text, isPlain: isPlain), place: place, pedigree: pedigree)
    case .sequence(let sequence):
      refuseTag(node, expected: .seq, place)
      if sequence.count > FileLimits.listLength {
        error(
          .limit, "a list of more than \(FileLimits.listLength) entries; shorten it", place)
      }
      var list: [Tree] = []
      for item in sequence.prefix(FileLimits.listLength) {
        if let tree = build(item, depth: depth + 1, pedigree: pedigree) { list.append(tree) }
      }
      return Tree(content: .list(list), place: place, pedigree: pedigree)
    case .mapping(let mapping):
      refuseTag(node, expected: .map, place)
      return build(mapping, at: place, depth: depth, pedigree: pedigree)
    case .alias:
      error(.syntax, "aliases are not read; write the text out", place)
      return nil
    }
  }

  private mutating func build(
    _ mapping: Node.Mapping, at place: Place, depth: Int, pedigree: Pedigree
  ) -> Tree? {
    guard mapping.count <= FileLimits.listLength else {
      error(
        .limit, "a mapping of more than \(FileLimits.listLength) keys; shorten it", place)
      return nil
    }
    var keys: [(name: String, place: Place)] = []
    var firstUse: [String: Place] = [:]
    // The pedigree of a mapping holds for what stands above its keys too, so they come first.
    var words: [Tree.Entry] = []
    for (key, value) in mapping {
      let keyPlace = self.place(of: key)
      refuseTag(key, expected: .str, keyPlace)
      guard case .scalar(let scalar) = key, !scalar.string.isEmpty else {
        error(.syntax, "a key is a word, not a list, a mapping or nothing", keyPlace)
        keys.append(("", keyPlace))
        continue
      }
      let mark = key.mark.map { TreeLoader.Spot($0.line, $0.column) }
      let name = mark.flatMap { renamed[$0] } ?? scalar.string
      if let first = firstUse[name] {
        error(
          .duplicateKey,
          "the key \(quoted(name)) stands twice in one mapping (first in line \(first.line)); "
            + "remove one", keyPlace)
        keys.append(("", keyPlace))
        continue
      }
      firstUse[name] = keyPlace
      keys.append((name, keyPlace))
      if ["status", "source", "range"].contains(name),
        let tree = TreeBuilder(loader: loader.silent, renamed: [:], source: source).leaf(value)
      {
        words.append(Tree.Entry(key: name, keyPlace: keyPlace, value: tree))
      }
    }
    let inner = pedigree.overlaid(by: words)
    var entries: [Tree.Entry] = []
    for ((name, keyPlace), (_, value)) in zip(keys, mapping) {
      guard let tree = build(value, depth: depth + 1, pedigree: inner), !name.isEmpty else {
        continue
      }
      entries.append(Tree.Entry(key: name, keyPlace: keyPlace, value: tree))
    }
    return Tree(content: .mapping(entries), place: place, pedigree: pedigree)
  }

  private func leaf(_ node: Node) -> Tree? {
    var builder = self
    switch node {
    case .scalar: return builder.build(node, depth: 0, pedigree: .none)
    case .sequence(let list) where list.count == 2 && list.allSatisfy({ $0.scalar != nil }):
      return builder.build(node, depth: 0, pedigree: .none)
    default: return nil
    }
  }

  /// Refuses a tag, also one that says what the reader takes the node for anyway.
  private func refuseTag(_ node: Node, expected: Tag.Name, _ place: Place) {
    let written = node.mark.flatMap { source.tag(at: $0.line, $0.column) }
    let isOther = node.tag.description != expected.rawValue
    guard let tag = written ?? (isOther ? node.tag.description : nil) else { return }
    error(.syntax, "tags (\(quoted(tag))) are not read; leave it out", place)
  }

  private func place(of node: Node) -> Place {
    loader.place(node.mark?.line ?? 1, node.mark?.column ?? 1)
  }

  private func error(_ code: Finding.Code, _ message: String, _ place: Place) {
    loader.findings.error(code, message, at: place)
  }
}

extension TreeLoader {
  /// The same loader with findings that nobody sees, for a look ahead.
  var silent: TreeLoader {
    TreeLoader(file: file, findings: Findings(), line: line, columnOffset: columnOffset)
  }
}
