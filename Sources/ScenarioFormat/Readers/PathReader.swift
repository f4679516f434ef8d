import Virtualization

/// Reads the paths of an approach.
struct PathReader {
  let findings: Findings
  /// The native paths; nil while they are being read themselves.
  let native: [Operation: Path]?

  func read(_ tree: Tree) -> [Path] {
    freeEntries(tree, label: "paths", findings).compactMap { entry in
      guard let operation = Operation(rawValue: entry.key) else {
        findings.error(
          .unknownName,
          "\(quoted(entry.key)) is not an operation; "
            + advice(for: entry.key, among: Operation.allCases.map(\.rawValue)),
          at: entry.keyPlace)
        return nil
      }
      guard case .list(let hops) = entry.value.content else {
        findings.error(
          .wrongType,
          "`\(entry.key)` is \(entry.value.description); a path is a list of hops such as "
            + "`- {do: trap}`", at: entry.value.place)
        return nil
      }
      return Path(operation, hops: hops.flatMap { self.hops($0, of: operation) })
    }
  }

  private func hops(_ tree: Tree, of operation: Operation) -> [Hop] {
    let map = MappingReader(tree, .hop, findings, label: "hop")
    guard !map.isVoid else { return [] }
    if map.has("native") { return nativeHops(map, of: operation) }
    if let without = map.tree["without"] {
      findings.error(.unknownKey, "`without` goes with `native` only", at: without.place)
    }
    guard map.has("do") else {
      map.missing("do", "The mechanism, or `native: true`.")
      return []
    }
    if let status = map.tree["status"] { MappingReader.checkStatus(status, findings) }
    if let range = map.tree["range"] { MappingReader.checkRange(range, findings) }
    if map.has("source") { _ = map.text("source") }
    guard let mechanism = map.choice("do").flatMap(Mechanism.init(rawValue:)) else { return [] }
    var service: Operation?
    if mechanism == .kernelWork {
      service = map.choice("service").flatMap(Operation.init(rawValue:)) ?? operation
    } else if let stray = map.tree["service"] {
      findings.error(.unknownKey, "`service` goes with `do: kernel-work` only", at: stray.place)
    }
    let phase = map.choice("phase", default: Phase.call)
    if phase != .call, !operation.isInputOutput, let place = map.tree["phase"]?.place {
      findings.error(
        .value,
        "`phase: \(phase.rawValue)` is for operations that leave the guest (disk and packets); "
          + "`\(operation.rawValue)` has the phase `call` only", at: place)
    }
    let pedigree = map.tree.innerPedigree
    let words = QuantityReader(findings: findings).word(
      pedigree, at: tree.place, label: "count of " + mechanism.rawValue)
    guard let (status, source) = words else { return [] }
    if status == .assumed, pedigree.range == nil {
      findings.error(
        .pedigree,
        "the count of `\(mechanism.rawValue)` is assumed and needs a range; add `range: 20 %` or "
          + "`range: [0.8, 1.2]`", at: tree.place)
    }
    return [
      Hop(
        mechanism, service: service == operation ? nil : service,
        at: map.choice("at", default: Virtualization.Place.guestKernel), in: phase,
        count: count(map), countRange: pedigree.range ?? 1...1, isShared: map.flag("shared"),
        status: status, source: source)
    ]
  }

  /// The native hops that a pseudo-hop stands for.
  private func nativeHops(_ map: MappingReader, of operation: Operation) -> [Hop] {
    for key in ["do", "service", "at", "phase", "count", "shared"] {
      guard let stray = map.tree[key] else { continue }
      findings.error(
        .unknownKey, "`\(key)` does not go with `native`; write it as a hop of its own",
        at: stray.place)
    }
    guard let value = map.value("native") else { return [] }
    let phases = Phase.allCases.map(\.rawValue)
    guard let text = value.text, text == "true" || phases.contains(text) else {
      findings.error(
        .value,
        "`native` is \(value.description); it must be `true` or a phase: "
          + phases.map { "`\($0)`" }.joined(separator: ", "), at: value.place)
      return []
    }
    let without = map.list("without").compactMap { item -> Mechanism? in
      guard let mechanism = item.text.flatMap(Mechanism.init(rawValue:)) else {
        findings.error(
          .unknownName,
          "\(item.description) is not a mechanism; "
            + advice(for: item.text ?? "", among: PriceReader.mechanisms), at: item.place)
        return nil
      }
      return mechanism
    }
    guard let native else {
      findings.error(
        .value, "the native approach cannot refer to native paths; write its hops", at: value.place)
      return []
    }
    guard let path = native[operation] else {
      findings.error(
        .value, "`\(operation.rawValue)` has no path in the native approach; write its hops",
        at: value.place)
      return []
    }
    for mechanism in without where !path.hops.contains(where: { $0.mechanism == mechanism }) {
      findings.error(
        .value,
        "the native path of `\(operation.rawValue)` has no `\(mechanism.rawValue)` to leave "
          + "out", at: map.tree["without"]?.place ?? value.place)
    }
    return path.hops.filter { hop in
      !without.contains(hop.mechanism) && (text == "true" || hop.phase.rawValue == text)
    }
  }

  private func count(_ map: MappingReader) -> LinearCount {
    guard let value = map.value("count") else { return LinearCount(1) }
    guard value.isMapping else { return LinearCount(fraction(value, "count")) }
    let parts = MappingReader(value, .count, findings, label: "count")
    var count = LinearCount(parts.value("constant").map { fraction($0, "constant") } ?? 0)
    for attribute in Attribute.allCases {
      guard let part = parts.value(attribute.name) else { continue }
      count.slope[attribute] = fraction(part, attribute.name)
    }
    return count
  }

  private func fraction(_ tree: Tree, _ label: String) -> Double {
    guard let text = tree.text else {
      findings.error(
        .wrongType, "`\(label)` is \(tree.description); it must be a number or a fraction",
        at: tree.place)
      return 0
    }
    switch NumberText.readFraction(text) {
    case .refused(let why):
      findings.error(.value, "`\(label)`: " + why, at: tree.place)
      return 0
    case .number(let number):
      guard (0...1e6).contains(number) else {
        findings.error(
          .value,
          "`\(label)` is \(printable(text)); "
            + (number < 0 ? "it cannot be negative" : "it must lie between 0 and 1000000"),
          at: tree.place)
        return 0
      }
      return number
    }
  }
}
