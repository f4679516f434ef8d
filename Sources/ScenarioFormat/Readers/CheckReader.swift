import Virtualization

/// Reads a check file.
struct CheckReader {
  let findings: Findings

  func read(_ tree: Tree, id: String) -> CheckFile {
    let map = MappingReader(tree, .check, findings, label: id)
    let systemTrees = map.list("systems")
    let systems = systemTrees.map(system)
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
    for tree in map.list("rows") { checkComposition(of: tree, rows) }
    for (tree, system) in zip(systemTrees, systems) {
      checkOrigins(of: system, rows, isNative: system == systems.first, at: tree.place)
    }
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
    return CheckFile.System(
      name: map.text("name"), approach: map.text("approach"),
      prices: map.value("prices").map(fittedPrices) ?? [])
  }

  private func fittedPrices(_ tree: Tree) -> [CheckFile.FittedPrice] {
    freeEntries(tree, label: "prices", findings).compactMap { entry in
      guard let subject = CheckFile.FittedPrice.Subject(entry.key) else {
        findings.error(
          .unknownName,
          "\(quoted(entry.key)) is not a price; "
            + advice(for: entry.key, among: CheckFile.FittedPrice.Subject.names),
          at: entry.keyPlace)
        return nil
      }
      guard let row = entry.value.text else {
        findings.error(
          .wrongType,
          "\(quoted(entry.key)) is \(entry.value.description); it must be the name of a row",
          at: entry.value.place)
        return nil
      }
      return CheckFile.FittedPrice(name: entry.key, subject: subject, row: row)
    }
  }

  /// A price comes from a row that is no prediction of the system, and no look-up of it.
  private func checkOrigins(
    of system: CheckFile.System, _ rows: [CheckFile.Row], isNative: Bool, at place: Place
  ) {
    let names = rows.filter { $0.isPriced && !(isNative && $0.isNativeInput) }.map(\.name)
    for price in system.prices where !names.contains(price.row) {
      findings.error(
        .unknownName,
        "\(quoted(price.name)) comes from \(quoted(price.row)), which is not a row that prices "
          + "\(quoted(system.name)); " + advice(for: price.row, among: names), at: place)
    }
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
      composition: map.value("native-from").map(composition), inView: view(map),
      published: published(map, systems), userSeconds: map.amount("user-computation"),
      steps: map.list("operations").compactMap(step), refill: refill)
  }

  private func view(_ map: MappingReader) -> CheckFile.View {
    switch map.choice("in-view") {
    case "all": .all
    case "native": .native
    default: .none
    }
  }

  private func composition(_ tree: Tree) -> CheckFile.Composition {
    let map = MappingReader(tree, .checkComposition, findings, label: "native-from")
    let entries = map.value("rows").map { freeEntries($0, label: "rows", findings) } ?? []
    return CheckFile.Composition(
      terms: entries.map { entry in
        CheckFile.Composition.Term(
          row: entry.key, factor: factor(entry), text: entry.value.text ?? "")
      }, reason: map.text("reason"))
  }

  private func factor(_ entry: Tree.Entry) -> Double {
    if let text = entry.value.text, case .number(let number) = NumberText.readFraction(text),
      (-1e6...1e6).contains(number), number != 0
    {
      return number
    }
    findings.error(
      .value,
      "\(quoted(entry.key)) is \(entry.value.description); it must be a number or a fraction other "
        + "than 0, such as `3` or `-10/72`", at: entry.value.place)
    return 1
  }

  /// A native value is predicted from the priced half alone, and only where it would be looked up.
  private func checkComposition(of tree: Tree, _ rows: [CheckFile.Row]) {
    guard let place = tree["native-from"]?.place,
      let row = rows.first(where: { $0.name == tree["row"]?.text }), let made = row.composition
    else { return }
    if row.isPriced || !row.isNativeInput {
      findings.error(
        .value,
        "`native-from` of \(quoted(row.name)) goes with `role: predicted` and `native: input`",
        at: place)
    }
    let priced = rows.filter(\.isPriced)
    for term in made.terms where !priced.contains(where: { $0.name == term.row }) {
      findings.error(
        .unknownName,
        "\(quoted(row.name)) is made of \(quoted(term.row)), which is not a priced row; "
          + advice(for: term.row, among: priced.map(\.name)), at: place)
    }
    let seconds = made.terms.reduce(0) { sum, term in
      sum + term.factor * (priced.first { $0.name == term.row }?.published.first ?? 0)
    }
    if seconds <= 0 {
      findings.error(
        .value, "`native-from` of \(quoted(row.name)) comes to no time", at: place)
    }
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

extension CheckFile.FittedPrice.Subject {
  private static let kernelWork = Mechanism.kernelWork.rawValue + "."
  private static let slowdown = "kernel-slowdown"

  /// Every name that a price can have in a file.
  static let names =
    Mechanism.allCases.filter { $0.isPriced && $0 != .kernelWork }.map(\.rawValue)
    + Operation.allCases.map { kernelWork + $0.rawValue } + [slowdown]

  init?(_ name: String) {
    if name == Self.slowdown {
      self = .kernelSlowdown
    } else if name.hasPrefix(Self.kernelWork) {
      guard let service = Operation(rawValue: String(name.dropFirst(Self.kernelWork.count)))
      else { return nil }
      self = .primitive(.kernelWork, service: service)
    } else {
      guard let mechanism = Mechanism(rawValue: name), mechanism.isPriced, mechanism != .kernelWork
      else { return nil }
      self = .primitive(mechanism, service: nil)
    }
  }
}
