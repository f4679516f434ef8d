import Virtualization

/// Reads the keys of one mapping by its section.
///
/// A failed read adds a finding and returns a placeholder, so that one pass finds everything; who
/// started the reading throws when there are errors, and the placeholders are never seen.
struct MappingReader {
  let tree: Tree
  let section: Section
  let findings: Findings
  /// Whether nothing can be read here, because what should be a mapping is missing or another
  /// thing.
  let isVoid: Bool
  /// Keys that an unknown key was probably meant to be, so that they are not reported missing too.
  private var misspelled: Set<String> = []

  static let pedigreeKeys = ["status", "source", "range"]

  /// - Parameter label: What the mapping is called in messages.
  init(_ tree: Tree, _ section: Section, _ findings: Findings, label: String) {
    self.tree = tree
    self.section = section
    self.findings = findings
    guard case .mapping(let entries) = tree.content else {
      findings.error(
        .wrongType,
        "\(quoted(label)) is \(tree.description); it must be a mapping with the keys "
          + section.fields.prefix(4).map { "`\($0.key)`" }.joined(separator: ", ")
          + (section.fields.count > 4 ? ", ..." : ""),
        at: tree.place)
      isVoid = true
      return
    }
    isVoid = false
    let known = section.fields.map(\.key)
    for entry in entries where !known.contains(entry.key) {
      if Self.pedigreeKeys.contains(entry.key), section.takesPedigree {
        checkPedigree(entry)
      } else {
        if let meant = nearestName(to: entry.key, among: known) { misspelled.insert(meant) }
        findings.error(
          .unknownKey,
          "unknown key \(quoted(entry.key)) in \(quoted(label)); "
            + section.adviceOnKey(entry.key), at: entry.keyPlace)
      }
    }
  }

  private init(void tree: Tree, _ section: Section, _ findings: Findings) {
    self.tree = tree
    self.section = section
    self.findings = findings
    isVoid = true
  }

  private func checkPedigree(_ entry: Tree.Entry) {
    switch entry.key {
    case "status": Self.checkStatus(entry.value, findings)
    case "source":
      if entry.value.text?.isEmpty ?? true {
        findings.error(
          .wrongType, "`source` is \(entry.value.description); write where the numbers come from",
          at: entry.value.place)
      }
    default: Self.checkRange(entry.value, findings)
    }
  }

  static func checkStatus(_ tree: Tree, _ findings: Findings) {
    let names = Status.allCases.map(\.rawValue)
    guard !names.contains(tree.text ?? "") else { return }
    findings.error(
      .value, "`status` is \(tree.description); " + advice(for: tree.text ?? "", among: names),
      at: tree.place)
  }

  static func checkRange(_ tree: Tree, _ findings: Findings) {
    guard RangeText.factors(tree) == nil else { return }
    findings.error(.value, "`range` is \(tree.description); " + RangeText.advice, at: tree.place)
  }

  /// The value of a key; a required key that is missing is a finding.
  func value(_ key: String) -> Tree? {
    guard !isVoid else { return nil }
    if let value = tree[key] { return value }
    if let field = section.field(key), case .required = field.presence { missing(key, field.note) }
    return nil
  }

  func missing(_ key: String, _ note: String) {
    guard !isVoid, !misspelled.contains(key) else { return }
    findings.error(
      .missingKey,
      "the key `\(key)` is missing" + (note.hasPrefix("See") ? "" : " (\(note.lowercasedFirst))"),
      at: tree.place)
  }

  func has(_ key: String) -> Bool { tree[key] != nil }

  func quantity(_ key: String) -> Quantity { optionalQuantity(key) ?? .placeholder }

  func optionalQuantity(_ key: String) -> Quantity? {
    guard let value = value(key) else { return nil }
    let reader = QuantityReader(findings: findings)
    switch section.field(key)?.form {
    case .quantity(let unit, let bounds)?: return reader.read(value, unit, bounds, label: key)
    case .whole(let bounds)?:
      guard let quantity = reader.read(value, .count, bounds, label: key) else { return nil }
      guard quantity.value == quantity.value.rounded() else {
        let number = value["value"] ?? value
        findings.error(
          .value, "`\(key)` is \(number.description); it must be a whole number",
          at: number.place)
        return nil
      }
      return quantity
    default: return nil
    }
  }

  func optionalAmount(_ key: String) -> Double? {
    guard let value = value(key), case .amount(let unit, let bounds)? = section.field(key)?.form
    else { return nil }
    return QuantityReader(findings: findings).number(value, unit, bounds, label: key)
  }

  func amount(_ key: String, default standard: Double = 0) -> Double {
    optionalAmount(key) ?? standard
  }

  func integer(_ key: String, default standard: Int = 0) -> Int { optionalInteger(key) ?? standard }

  func optionalInteger(_ key: String) -> Int? {
    guard let value = value(key), case .integer(let bounds)? = section.field(key)?.form else {
      return nil
    }
    guard let text = value.text else {
      wrongType(value, key, "a whole number")
      return nil
    }
    guard !text.isEmpty else {
      findings.error(
        .value, "`\(key)` has no value; write a whole number, or leave the key out",
        at: value.place)
      return nil
    }
    let real: Double
    switch NumberText.read(Substring(text)) {
    case .refused(let why):
      findings.error(.value, "`\(key)`: " + why, at: value.place)
      return nil
    case .number(let value): real = value
    }
    guard let number = Int(text) ?? Int(exactly: real), bounds.contains(number) else {
      let isWhole = real == real.rounded()
      findings.error(
        .value,
        isWhole
          ? "`\(key)` is \(printable(text)); it must lie between \(bounds.lowerBound) and "
            + "\(bounds.upperBound)"
          : "`\(key)` is \(quoted(text)); it must be a whole number",
        at: value.place)
      return nil
    }
    return number
  }

  func text(_ key: String) -> String {
    guard let value = value(key) else { return "" }
    guard let text = value.text, !text.isEmpty else {
      wrongType(value, key, "text")
      return ""
    }
    return text
  }

  func flag(_ key: String, default standard: Bool = false) -> Bool {
    guard let value = value(key) else { return standard }
    switch value.text {
    case "true": return true
    case "false": return false
    default:
      wrongType(value, key, "`true` or `false`")
      return standard
    }
  }

  /// One of the names that the section lists.
  func choice(_ key: String) -> String? {
    guard let value = value(key), case .choice(let names)? = section.field(key)?.form else {
      return nil
    }
    guard let text = value.text else {
      wrongType(value, key, "a name")
      return nil
    }
    guard names.contains(text) else {
      findings.error(
        .unknownName, "`\(key)` is \(value.description); " + advice(for: text, among: names),
        at: value.place)
      return nil
    }
    return text
  }

  func choice<T: RawRepresentable>(_ key: String, default standard: T) -> T
  where T.RawValue == String {
    choice(key).flatMap(T.init(rawValue:)) ?? standard
  }

  func mapping(_ key: String, _ section: Section) -> MappingReader {
    guard let value = value(key) else { return MappingReader(void: tree, section, findings) }
    return MappingReader(value, section, findings, label: key)
  }

  func list(_ key: String) -> [Tree] {
    guard let value = value(key) else { return [] }
    guard case .list(let list) = value.content else {
      let example = value.text.flatMap { $0.isEmpty ? nil : ", such as `[\(printable($0))]`" }
      wrongType(value, key, "a list" + (example ?? ""))
      return []
    }
    return list
  }

  func wrongType(_ value: Tree, _ key: String, _ wanted: String) {
    findings.error(
      .wrongType, "`\(key)` is \(value.description); it must be \(wanted)", at: value.place)
  }
}

extension Section {
  /// Whether status, source and range may stand in the mapping for the numbers in it.
  var takesPedigree: Bool {
    !["guests", "objective", "run", "replications", "count"].contains(title)
  }

  func adviceOnKey(_ key: String) -> String {
    let names = fields.map(\.key) + (takesPedigree ? MappingReader.pedigreeKeys : [])
    if title == "objective", nearestName(to: key, among: names) == nil {
      return "there is no such metric; an objective judges "
        + names.map { "`\($0)`" }.joined(separator: ", ")
    }
    return advice(for: key, among: names)
  }
}

extension String {
  var lowercasedFirst: String {
    let text = hasSuffix(".") ? String(dropLast()) : self
    return text.prefix(1).lowercased() + text.dropFirst()
  }
}
