/// Names of files that hold scenarios: a scenario without an `id` is called as its file is.
package enum ScenarioFileName {
  /// What such a name consists of, for messages.
  package static let form = Section.ids

  /// The path to use instead of one whose file's name is no id; nil where it is one.
  package static func correction(of path: String) -> String? {
    guard !isName(id(of: path)) else { return nil }
    let parent = folder(of: path)
    var stem = path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...]
      .lowercased()
    for ending in [".yaml", ".yml", ".txt", ".json"] where stem.hasSuffix(ending) {
      stem.removeLast(ending.count)
    }
    var name = ""
    for byte in stem.utf8 {
      let scalar = Unicode.Scalar(byte)
      if isName("a" + String(scalar)) && scalar != "-" {
        name.unicodeScalars.append(scalar)
      } else if !name.isEmpty, !name.hasSuffix("-") {
        name += "-"
      }
    }
    name = String(name.prefix(FileLimits.nameLength))
    while name.hasSuffix("-") { name.removeLast() }
    return joined(parent, (name.isEmpty ? "scenario" : name) + ".yaml")
  }
}
