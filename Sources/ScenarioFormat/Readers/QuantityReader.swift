import Virtualization

extension Quantity {
  /// Stands for a quantity that could not be read, until the errors are thrown.
  static let placeholder = Quantity(1, .count, status: .assumed, source: "")
}

/// Reads numbers with units, bounds, status, source and range.
struct QuantityReader {
  let findings: Findings

  func read(_ tree: Tree, _ unit: Unit, _ bounds: ClosedRange<Double>, label: String) -> Quantity? {
    guard tree.isMapping else {
      guard let value = number(tree, unit, bounds, label: label) else { return nil }
      return quantity(
        value, unit, bounds, ends: nil, tree.pedigree, at: tree.place, label: label)
    }
    let map = MappingReader(tree, .quantity, findings, label: label)
    if let status = tree["status"] { MappingReader.checkStatus(status, findings) }
    if let range = tree["range"] { MappingReader.checkRange(range, findings) }
    if map.has("source") { _ = map.text("source") }
    guard let valueTree = map.value("value") else { return nil }
    let value = number(valueTree, unit, bounds, label: label)
    let low = tree["low"].map { number($0, unit, bounds, label: "low") }
    let high = tree["high"].map { number($0, unit, bounds, label: "high") }
    guard let value else { return nil }
    var ends: ClosedRange<Double>?
    switch (low, high) {
    case (nil, nil): break
    case (.some(let low), .some(let high)):
      guard let low, let high else { return nil }
      guard low <= value, value <= high else {
        findings.error(
          .value, "`\(label)` does not lie between its `low` and its `high`", at: valueTree.place)
        return nil
      }
      ends = low...high
      if let range = tree["range"] {
        findings.error(
          .value, "`\(label)` has `low` and `high` and a `range`; remove one of the two",
          at: range.place)
      }
    default:
      findings.error(
        .missingKey,
        "`\(label)` has only one end of its range; give both `low` and `high`, or `range`",
        at: tree.place)
      return nil
    }
    var result = quantity(
      value, unit, bounds, ends: ends, tree.innerPedigree, at: tree.place, label: label)
    result?.common = common(map)
    return result
  }

  /// The factor that the number has in common with others.
  private func common(_ map: MappingReader) -> CommonFactor? {
    guard let name = map.value("common-to") else { return nil }
    guard let low = map.value("common-low"), let high = map.value("common-high") else {
      findings.error(
        .missingKey, "`common-to` needs `common-low` and `common-high` beside it", at: name.place)
      return nil
    }
    guard let least = number(low, .count, 1e-6...1, label: "common-low"),
      let most = number(high, .count, 1...1e6, label: "common-high")
    else { return nil }
    return CommonFactor(name: map.text("common-to"), low: least, high: most)
  }

  private func quantity(
    _ value: Double, _ unit: Unit, _ bounds: ClosedRange<Double>, ends: ClosedRange<Double>?,
    _ pedigree: Pedigree, at place: Place, label: String
  ) -> Quantity? {
    guard let (status, source) = word(pedigree, at: place, label: label) else { return nil }
    var ends = ends
    if ends == nil, let range = pedigree.range {
      let low = max(bounds.lowerBound, value * range.lowerBound)
      let high = min(bounds.upperBound, value * range.upperBound)
      ends = min(low, value)...max(high, value)
    }
    if ends == nil, status == .assumed {
      findings.error(
        .pedigree,
        "`\(label)` is assumed and needs a range; add `range: 20 %`, or `low` and `high`",
        at: place)
      return nil
    }
    return Quantity(
      value, unit, low: ends?.lowerBound, high: ends?.upperBound, status: status, source: source)
  }

  /// Status and source; both are required of every number.
  func word(_ pedigree: Pedigree, at place: Place, label: String) -> (Status, String)? {
    if pedigree.status == nil {
      findings.error(
        .pedigree,
        "`\(label)` has no status; say `status: measured`, `published` or `assumed` here or in a "
          + "mapping around it", at: place)
    }
    if pedigree.source == nil {
      findings.error(
        .pedigree, "`\(label)` has no source; say `source:` here or in a mapping around it",
        at: place)
    }
    guard let status = pedigree.status, let source = pedigree.source else { return nil }
    return (status, source)
  }

  /// A number of the given unit within bounds.
  func number(
    _ tree: Tree, _ unit: Unit, _ bounds: ClosedRange<Double>, label: String
  ) -> Double? {
    let (noun, example) = Measure.example(of: unit)
    guard tree.text?.isEmpty != true else {
      findings.error(
        .value, "`\(label)` has no value; write \(noun), such as `\(example)`", at: tree.place)
      return nil
    }
    guard let text = tree.text else {
      findings.error(
        .wrongType, "`\(label)` is \(tree.description); it must be \(noun), such as `\(example)`",
        at: tree.place)
      return nil
    }
    switch Measure.read(text, unit) {
    case .failure(let refusal):
      findings.error(
        refusal.isUnit ? .unit : .value, "`\(label)`: " + refusal.message, at: tree.place)
      return nil
    case .success(let value):
      guard bounds.contains(value) else {
        findings.error(
          .value, "`\(label)` is \(printable(text)); " + Self.describe(bounds, value, unit),
          at: tree.place)
        return nil
      }
      return value
    }
  }

  private static func describe(
    _ bounds: ClosedRange<Double>, _ value: Double, _ unit: Unit
  ) -> String {
    if value < 0, bounds.lowerBound == 0 { return "it cannot be negative" }
    return "it must lie between \(Measure.write(bounds.lowerBound, unit)) and "
      + Measure.write(bounds.upperBound, unit)
  }
}
