import Virtualization

/// Reads a check file.
struct CheckReader {
  let findings: Findings

  func read(_ tree: Tree, id: String) -> CheckFile {
    let map = MappingReader(tree, .check, findings, label: id)
    let systems = map.list("systems").map(system)
    if let place = map.tree["systems"]?.place {
      if systems.first?.approach != "native" {
        findings.error(
          .value,
          "the first of the `systems` must have `approach: native`; the others are compared "
            + "with it", at: place)
      }
      refuseRepeated(systems.map(\.name), "system", at: place)
    }
    let rows = map.list("rows").map { row($0, systems) }
    if let place = map.tree["rows"]?.place { refuseRepeated(rows.map(\.name), "row", at: place) }
    return CheckFile(
      id: id, title: map.text("title"), host: map.text("host"), source: map.text("source"),
      systems: systems, rows: rows)
  }

  private func refuseRepeated(_ names: [String], _ what: String, at place: Place) {
    var seen: Set<String> = []
    for name in names where !seen.insert(name).inserted {
      findings.error(.duplicateKey, "two of them are the \(what) \(quoted(name))", at: place)
    }
    if names.isEmpty { findings.error(.value, "the list is empty; give a \(what)", at: place) }
  }

  private func system(_ tree: Tree) -> CheckFile.System {
    let map = MappingReader(tree, .checkSystem, findings, label: "system")
    return CheckFile.System(name: map.text("name"), approach: map.text("approach"))
  }

  private func row(_ tree: Tree, _ systems: [CheckFile.System]) -> CheckFile.Row {
    let map = MappingReader(tree, .checkRow, findings, label: "row")
    let refill = map.value("refill").map { tree -> CheckFile.Refill in
      let map = MappingReader(tree, .checkRefill, findings, label: "refill")
      return CheckFile.Refill(
        tasks: map.amount("tasks"), workingSetBytes: map.amount("working-set"))
    }
    return CheckFile.Row(
      name: map.text("row"), group: map.text("class"),
      isPriced: map.choice("role") == "priced", isNativeInput: map.choice("native") != nil,
      published: published(map, systems), userSeconds: map.amount("user-computation"),
      steps: map.list("operations").compactMap(step), refill: refill)
  }

  /// One value per system, none missing and none to spare.
  private func published(_ map: MappingReader, _ systems: [CheckFile.System]) -> [Double] {
    guard let tree = map.value("published") else { return [] }
    let entries = freeEntries(tree, label: "published", findings)
    let names = systems.map(\.name)
    for entry in entries where !names.contains(entry.key) {
      findings.error(
        .unknownName,
        "\(quoted(entry.key)) is not one of the systems; "
          + advice(for: entry.key, among: names), at: entry.keyPlace)
    }
    return names.map { name in
      guard let value = entries.first(where: { $0.key == name })?.value else {
        findings.error(
          .missingKey, "the value of \(quoted(name)) is missing; every system has one",
          at: tree.place)
        return 0
      }
      return QuantityReader(findings: findings).number(value, .seconds, 1e-12...1e6, label: name)
        ?? 0
    }
  }

  private func step(_ tree: Tree) -> CheckFile.Step? {
    let map = MappingReader(tree, .checkOperation, findings, label: "operation")
    var attributes = Attributes()
    for attribute in Attribute.allCases { attributes[attribute] = map.amount(attribute.name) }
    let count = map.amount("count", default: 1)
    return map.choice("do").flatMap(Operation.init(rawValue:)).map {
      CheckFile.Step(operation: $0, count: count, attributes: attributes)
    }
  }
}
