/// Follows references from file to file, for one reading.
///
/// A class, because every file is read once and all readers share what was read.
final class Resolver {
  let library: Library
  let findings: Findings
  /// The word size of the host, which decides what a copy by word size is a copy of.
  var wordBits: Int?
  private var loaded: [String: Tree?] = [:]

  init(library: Library, findings: Findings) {
    self.library = library
    self.findings = findings
  }

  /// What a reference stands for: one mapping with all its copies merged in.
  struct Definition {
    var tree: Tree
    var id: String
    /// The ids of what it is a copy of, nearest first.
    var ancestors: [String] = []
  }

  /// The definition that an id, a path, a changed copy (`like`) or a mapping in place stands for.
  ///
  /// - Parameter folder: That of the file in which the reference stands.
  func definition(
    of kind: FileKind, _ reference: Tree, in folder: String, chain: [String] = []
  ) -> Definition? {
    switch reference.content {
    case .scalar(let text, _):
      guard let path = path(text, kind, reference.place, folder, chain) else { return nil }
      guard !chain.contains(path), chain.count < FileLimits.likeChain else {
        findings.error(
          .value, "\(quoted(text)) is a copy of itself, or of too many others",
          at: reference.place)
        return nil
      }
      guard let tree = file(path, kind, reference.place) else { return nil }
      return merged(
        tree, id: id(of: path), kind, in: ScenarioFormat.folder(of: path), chain: chain + [path])
    case .mapping:
      guard let name = reference["id"] ?? reference["like"] else {
        findings.error(
          .missingKey,
          "the \(kind.rawValue) in place needs an `id`, or `like: ID` to change a copy of another",
          at: reference.place)
        return nil
      }
      guard let id = name.text.map(ScenarioFormat.id(of:)), isName(id) else {
        findings.error(
          .value, "\(name.description) is not an id, \(Section.ids)", at: name.place)
        return nil
      }
      return merged(reference, id: id, kind, in: folder, chain: chain)
    case .list:
      findings.error(
        .wrongType, "a list stands where one \(kind.rawValue) belongs: an id, a path or a mapping",
        at: reference.place)
      return nil
    }
  }

  /// A tree without the keys that name it, merged into what it is a copy of.
  private func merged(
    _ tree: Tree, id: String, _ kind: FileKind, in folder: String, chain: [String]
  ) -> Definition? {
    let own = tree.without(["id", "like"])
    guard let said = tree["like"] else { return Definition(tree: own, id: id) }
    guard let like = original(said, kind) else { return nil }
    guard let base = definition(of: kind, like, in: folder, chain: chain) else { return nil }
    return Definition(
      tree: base.tree.changed(by: own), id: id, ancestors: [base.id] + base.ancestors)
  }

  /// What `like` names: one reference, or one by the word size of the host.
  private func original(_ like: Tree, _ kind: FileKind) -> Tree? {
    if like.text != nil { return like }
    guard case .mapping(let entries) = like.content, let first = entries.first,
      entries.allSatisfy({ ["32", "64"].contains($0.key) && $0.value.text != nil })
    else {
      findings.error(
        .wrongType,
        "`like` is \(like.description); it must be the id or path of another \(kind.rawValue), or "
          + "`{32: ID, 64: ID}` by the word size of the host", at: like.place)
      return nil
    }
    guard let wordBits else { return first.value }
    guard let entry = entries.first(where: { $0.key == "\(wordBits)" }) else {
      findings.error(
        .value, "`like` names nothing for a host of \(wordBits) bits; add `\(wordBits): ID`",
        at: like.place)
      return nil
    }
    return entry.value
  }

  /// The path of the file that a text names.
  private func path(
    _ text: String, _ kind: FileKind, _ place: Place, _ folder: String, _ chain: [String]
  ) -> String? {
    if text.contains("/") || text.hasSuffix(".yaml") || text.hasSuffix(".yml") {
      let path = joined(folder, text)
      guard text.utf8.count < 1_024, isName(id(of: path)) else {
        findings.error(
          .value, "the file name \(quoted(text)) is not an id: \(Section.ids), and `.yaml`",
          at: place)
        return nil
      }
      return path
    }
    let homes = homes(of: folder)
    let paths = isName(text) ? library.paths(of: text, kind, beside: homes) : []
    // A file named as what it is a copy of means the next one of that name.
    guard
      let path = paths.first(where: { !chain.contains($0) && $0 != place.file })
        ?? paths.first
    else {
      findings.error(
        .unknownName,
        text.isEmpty
          ? "the name of the \(kind.rawValue) is missing"
          : "there is no \(kind.rawValue) \(quoted(text)); "
            + advice(for: text, among: library.ids(of: kind, beside: homes)), at: place)
      return nil
    }
    return path
  }

  /// The folders whose `hosts`, `approaches` and `workloads` a file in a folder may name by their
  /// ids: that one, and the one around it where it is one of those itself.
  private func homes(of folder: String) -> [String] {
    let name = folder[(folder.lastIndex(of: "/").map(folder.index(after:)) ?? folder.startIndex)...]
    let isOfAKind = FileKind.allCases.contains { $0 != .scenario && $0.folder == name }
    return isOfAKind ? [folder, ScenarioFormat.folder(of: folder)] : [folder]
  }

  private func file(_ path: String, _ kind: FileKind, _ place: Place) -> Tree? {
    if let known = loaded[path] { return known }
    guard loaded.count < FileLimits.files else {
      findings.error(.limit, "more than \(FileLimits.files) files are drawn in", at: place)
      return nil
    }
    let tree = open(path, kind, at: place, pedigree: .none)
    loaded[path] = .some(tree)
    return tree
  }

  /// Reads a file and checks its first keys.
  func open(_ path: String, _ kind: FileKind, at place: Place?, pedigree: Pedigree) -> Tree? {
    let start = Place(file: path)
    switch library.store.read(path) {
    case .missing:
      findings.error(
        .missingFile, place == nil ? "there is no such file" : "there is no file \(quoted(path))",
        at: place ?? start)
      return nil
    case .refused(let why):
      findings.error(
        .missingFile, place == nil ? "the file " + why : "\(quoted(path)) " + why,
        at: place ?? start)
      return nil
    case .text(let text):
      let loader = TreeLoader(file: path, findings: findings)
      guard let tree = loader.load(text, pedigree: pedigree) else { return nil }
      return checked(tree, kind)
    }
  }

  /// The tree without its header, or nil where that says that the file is of another kind.
  private func checked(_ tree: Tree, _ kind: FileKind) -> Tree? {
    guard tree.isMapping else {
      findings.error(
        .wrongType,
        "the file holds \(tree.description); it must be a mapping that begins with `tenancy: 1`",
        at: tree.place)
      return nil
    }
    let version = tree["tenancy"]
    if version == nil {
      findings.error(
        .missingKey, "the file must begin with `tenancy: 1`, the version of its format",
        at: tree.place)
    } else if let version, version.text != "1" {
      findings.error(
        .value,
        "the format version is \(version.description), but this program reads version 1",
        at: version.place)
      return nil
    }
    let said = tree["kind"]?.text ?? FileKind.scenario.rawValue
    guard said == kind.rawValue else {
      findings.error(
        .wrongType,
        FileKind(rawValue: said) == nil
          ? "`kind` is \(quoted(said)); "
            + advice(for: said, among: FileKind.allCases.map(\.rawValue))
          : "the file is of the kind `\(said)`, but `\(kind.rawValue)` is needed here"
            + (tree["kind"] == nil ? "; say `kind: \(kind.rawValue)`" : ""),
        at: tree["kind"]?.place ?? tree.place)
      return nil
    }
    return tree.without(["tenancy", "kind"])
  }
}
