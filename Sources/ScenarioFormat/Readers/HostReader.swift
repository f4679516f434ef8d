import Virtualization

/// Reads a host profile.
struct HostReader {
  let findings: Findings
  /// Looks another host up, for `scaled-from`.
  let host: (_ reference: Tree) -> HostProfile?

  func read(_ tree: Tree, id: String) -> HostProfile {
    let map = MappingReader(tree, .host, findings, label: id)
    let scaling = map.has("scaled-from") ? map.mapping("scaled-from", .scaledFrom) : nil
    let base = scaling.flatMap(scaledHost)
    var primitives: [Primitive] = []
    if let value = map.value("primitives") {
      primitives = PriceReader(findings: findings).read(value)
    } else if scaling == nil {
      map.missing("primitives", "Prices of mechanisms, or `scaled-from`.")
    }
    if let scaling { primitives += scaled(base, scaling, for: id, without: primitives) }
    let processorMap = map.mapping("processors", .processors)
    let processors = processors(processorMap)
    let memory = memory(map.mapping("memory", .hostMemory))
    demand(
      processors.cacheBytes, as: "cache", in: processorMap, within: memory,
      because: "a cache holds copies of what is in memory")
    return HostProfile(
      id: id, title: map.text("title"), year: map.integer("year"), processors: processors,
      memory: memory,
      disk: disk(map.mapping("disk", .disk)),
      network: network(map.mapping("network", .network)),
      kernel: KernelReader(map: map.mapping("kernel", .kernel), findings: findings)
        .read(base: base?.kernel, isScaled: scaling != nil),
      primitives: primitives.canonical)
  }

  private func processors(_ map: MappingReader) -> Processors {
    Processors(
      cores: map.quantity("cores"), speed: map.quantity("speed"), cacheBytes: map.quantity("cache"),
      cacheWays: map.optionalQuantity("ways"))
  }

  private func memory(_ map: MappingReader) -> HostMemory {
    let memory = HostMemory(
      bytes: map.quantity("bytes"), swapBytes: map.quantity("swap"),
      baseBytes: map.quantity("base"), lowMemoryBytes: map.optionalQuantity("low-memory"))
    if let base = map.tree["base"], memory.bytes.unit == .bytes, memory.baseBytes.unit == .bytes,
      memory.baseBytes.value >= memory.bytes.value
    {
      findings.error(
        .value, "`base` is all of the host's memory or more; nothing is left for guests",
        at: base.place)
    }
    demand(
      memory.lowMemoryBytes, as: "low-memory", in: map, within: memory,
      because: "low memory is the part of it that the kernel's own objects can use")
    return memory
  }

  /// Refuses what can only be a part of the host's memory, and is more than all of it.
  private func demand(
    _ part: Quantity?, as key: String, in map: MappingReader, within memory: HostMemory,
    because reason: String
  ) {
    guard let part, let tree = map.tree[key], part.unit == .bytes, memory.bytes.unit == .bytes,
      part.value > memory.bytes.value
    else { return }
    findings.error(
      .value,
      "\(quoted(key)) is \(Measure.write(part.value, .bytes)), more than the host's whole memory "
        + "of \(Measure.write(memory.bytes.value, .bytes)): \(reason); give that much at most",
      at: tree.place)
  }

  private func disk(_ map: MappingReader) -> DiskProfile {
    DiskProfile(
      kind: map.choice("kind", default: .rotational), capacityBytes: map.quantity("capacity"),
      channels: map.quantity("channels"), positioningTime: map.quantity("positioning-time"),
      positioningVariation: map.quantity("positioning-variation"),
      transferRate: map.quantity("transfer-rate"))
  }

  private func network(_ map: MappingReader) -> NetworkProfile {
    NetworkProfile(
      rate: map.quantity("rate"), segmentBytes: map.quantity("segment"),
      overheadBytes: map.optionalQuantity("overhead") ?? NetworkProfile.ethernetOverhead)
  }

  /// The host that `scaled-from` names.
  private func scaledHost(_ map: MappingReader) -> HostProfile? {
    guard let reference = map.value("host") else { return nil }
    guard reference.text != nil else {
      map.wrongType(reference, "host", "the id of a host")
      return nil
    }
    return host(reference)
  }

  /// The prices of another host that are not given here, multiplied.
  private func scaled(
    _ base: HostProfile?, _ map: MappingReader, for id: String, without own: [Primitive]
  ) -> [Primitive] {
    let factor = map.quantity("time-factor")
    guard let base, let name = map.tree["host"]?.text else { return [] }
    let common =
      factor.low < factor.high
      ? CommonFactor(
        name: "\(id)/time-factor", low: factor.low / factor.value,
        high: factor.high / factor.value) : nil
    let given = Set(own.map(PriceReader.Key.init))
    return base.primitives.filter { !given.contains(PriceReader.Key($0)) }.map { primitive in
      var result = primitive
      let price = primitive.price
      result.price = Quantity(
        price.value * factor.value, price.unit, low: price.low * factor.low,
        high: price.high * factor.high, status: .assumed,
        source: "\(price.source); scaled from \(name) by \(NumberText.write(factor.value)): "
          + factor.source)
      // A factor that the base's own prices share becomes part of each price's own range here.
      result.price.common = common
      return result
    }
  }
}

/// Reads the prices of mechanisms.
struct PriceReader {
  /// What makes a price one of its kind.
  struct Key: Hashable {
    var mechanism: Mechanism
    var service: Operation?
    var approach: String?

    init(_ primitive: Primitive) {
      mechanism = primitive.mechanism
      service = primitive.service
      approach = primitive.approach
    }
  }

  static let machine = "machine"
  let findings: Findings

  func read(_ tree: Tree) -> [Primitive] {
    var result: [Primitive] = []
    for group in entries(tree, label: "primitives") {
      guard group.key == Self.machine || isName(group.key) else {
        findings.error(
          .unknownName,
          "\(quoted(group.key)) is neither `machine` nor the id of an approach, \(Section.ids)",
          at: group.keyPlace)
        continue
      }
      let approach = group.key == Self.machine ? nil : group.key
      for entry in entries(group.value, label: group.key) {
        result += prices(entry, approach)
      }
    }
    return result
  }

  private func prices(_ entry: Tree.Entry, _ approach: String?) -> [Primitive] {
    guard let mechanism = Mechanism(rawValue: entry.key), mechanism.isPriced else {
      findings.error(
        .unknownName,
        "\(quoted(entry.key)) is not a mechanism that has a price; "
          + advice(for: entry.key, among: Self.mechanisms), at: entry.keyPlace)
      return []
    }
    guard mechanism == .kernelWork else {
      return price(entry, mechanism).map { [Primitive(mechanism, approach: approach, price: $0)] }
        ?? []
    }
    return entries(entry.value, label: entry.key).compactMap { entry in
      guard let operation = Operation(rawValue: entry.key) else {
        findings.error(
          .unknownName,
          "\(quoted(entry.key)) is not an operation; "
            + advice(for: entry.key, among: Operation.allCases.map(\.rawValue)),
          at: entry.keyPlace)
        return nil
      }
      return price(entry, mechanism).map {
        Primitive(mechanism, service: operation, approach: approach, price: $0)
      }
    }
  }

  private func price(_ entry: Tree.Entry, _ mechanism: Mechanism) -> Quantity? {
    QuantityReader(findings: findings).read(
      entry.value, mechanism.priceUnit, Section.price, label: entry.key)
  }

  /// The entries of a free-form mapping, its pedigree keys checked and left out.
  private func entries(_ tree: Tree, label: String) -> [Tree.Entry] {
    freeEntries(tree, label: label, findings)
  }

  static let mechanisms = Mechanism.allCases.filter(\.isPriced).map(\.rawValue)
}

extension [Primitive] {
  /// Prices in the order of files: the machine's, then by approach; then by mechanism and
  /// operation.
  var canonical: [Primitive] {
    let ranks = Dictionary(
      uniqueKeysWithValues: Mechanism.allCases.enumerated().map { ($0.element, $0.offset) })
    return sorted { a, b in
      let (left, right) = (a.approach ?? "", b.approach ?? "")
      if left != right { return left < right }
      let (first, second) = (ranks[a.mechanism] ?? 0, ranks[b.mechanism] ?? 0)
      if first != second { return first < second }
      return (a.service?.rank ?? 0) < (b.service?.rank ?? 0)
    }
  }
}

extension Mechanism {
  /// The unit in which a profile prices the mechanism.
  var priceUnit: Unit {
    switch self {
    case .dataCopy, .cacheRefill: .secondsPerByte
    default: .seconds
    }
  }
}

/// The entries of a mapping whose keys are names, its pedigree keys checked and left out.
func freeEntries(_ tree: Tree, label: String, _ findings: Findings) -> [Tree.Entry] {
  guard case .mapping(let entries) = tree.content else {
    findings.error(
      .wrongType, "\(quoted(label)) is \(tree.description); it must be a mapping", at: tree.place)
    return []
  }
  return entries.filter { entry in
    switch entry.key {
    case "status": MappingReader.checkStatus(entry.value, findings)
    case "range": MappingReader.checkRange(entry.value, findings)
    case "source": break
    default: return true
    }
    return false
  }
}

/// Whether text is fit for an id: lower-case letters, digits and hyphens, a letter or digit first.
func isName(_ text: String) -> Bool {
  guard let first = text.utf8.first, text.utf8.count <= FileLimits.nameLength,
    first != UInt8(ascii: "-")
  else { return false }
  return text.utf8.allSatisfy { byte in
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "-"):
      true
    default: false
    }
  }
}
