import Virtualization

/// Reads a scenario and everything that it draws in.
struct ScenarioReader {
  let findings: Findings
  let resolver: Resolver
  /// The folder of the scenario file.
  let folder: String

  /// The scenario, and where it says what each class of guests runs.
  func read(_ tree: Tree, id: String) -> (scenario: Scenario, classPlaces: [String: Place])? {
    let map = MappingReader(tree, .scenario, findings, label: id)
    let question = map.text("question")
    let year = map.integer("year")
    let hostTree = map.value("host")
    let host = hostTree.flatMap(host)
    resolver.wordBits = host?.kernel.wordBits
    let approaches = approaches(map)
    let sized = guests(map)
    let objective = objective(map.mapping("objective", .objective))
    let controls = controls(map.value("run"))
    let silenced = silenced(map)
    guard var host, let hostTree, let (native, listed) = approaches else { return nil }
    adoptPrices(&host, for: listed)
    let scenario = Scenario(
      id: id, title: question, year: year, host: host, approaches: listed.map(\.profile),
      native: native, guests: sized.map(\.guest), objective: objective, controls: controls)
    if !findings.hasErrors {
      let checks = CrossChecks(findings: findings, scenario: scenario, silenced: silenced)
      checks.warnOfAnachronisms(listed, host: hostTree.place)
      checks.compareWithHost(sized, listed)
      checks.warnOfIgnoredLimits(sized, listed)
      checks.warnOfIgnoredParameters(listed)
      checks.demandPrices(listed)
      checks.refuseCrowds(sized)
      checks.checkRun(sized, run: map.tree["run"])
      checks.refuseSizes(guests: sized, run: map.tree["run"], listed)
    }
    let places = sized.map { ($0.guest.id, $0.place(of: "workload")) }
    return (scenario, Dictionary(places) { first, _ in first })
  }

  /// An approach and where the scenario names it.
  struct Listed {
    var profile: ApproachProfile
    var place: Place
    var ancestors: [String]
    /// What it says of its scheduler.
    var scheduling: Tree?
  }

  /// A class of guests and the mapping that describes it.
  struct Sized {
    var guest: GuestClass
    var tree: Tree

    func place(of key: String) -> Place { tree[key]?.place ?? tree.place }
  }

  func host(_ reference: Tree) -> HostProfile? { host(reference, in: folder, depth: 0) }

  private func host(_ reference: Tree, in folder: String, depth: Int) -> HostProfile? {
    guard depth <= FileLimits.likeChain else {
      findings.error(
        .value, "`scaled-from` leads in a circle, or over too many hosts", at: reference.place)
      return nil
    }
    guard let definition = resolver.definition(of: .host, reference, in: folder) else { return nil }
    let reader = HostReader(findings: findings) { base in
      // A path stands beside the file that says it.
      host(base, in: ScenarioFormat.folder(of: base.place.file), depth: depth + 1)
    }
    return reader.read(definition.tree, id: definition.id)
  }

  private func approaches(_ map: MappingReader) -> (ApproachProfile, [Listed])? {
    guard let value = map.value("approaches") else { return nil }
    let references = map.list("approaches")
    guard !references.isEmpty else {
      if case .list = value.content {
        findings.error(
          .value, "`approaches` is empty; name at least one, such as `[native, openvz]`",
          at: value.place)
      }
      return nil
    }
    var definitions: [(Resolver.Definition, Place)] = []
    for reference in references {
      guard let found = resolver.definition(of: .approach, reference, in: folder) else { continue }
      if definitions.contains(where: { $0.0.id == found.id }) {
        findings.error(
          .duplicateKey,
          "the approach \(quoted(found.id)) is listed twice; remove one, or give "
            + "one of them an `id` of its own", at: reference.place)
        continue
      }
      definitions.append((found, reference.place))
    }
    let native = native(map, listed: definitions.first { $0.0.id == "native" }?.0)
    guard let native else { return nil }
    let paths = Dictionary(native.paths.map { ($0.operation, $0) }) { first, _ in first }
    let listed = definitions.map { definition, place in
      Listed(
        profile: definition.id == "native"
          ? native
          : ApproachReader(findings: findings, native: paths).read(definition),
        place: place, ancestors: definition.ancestors,
        scheduling: definition.tree["scheduling"])
    }
    return (native, listed)
  }

  private func native(
    _ map: MappingReader, listed: Resolver.Definition?
  ) -> ApproachProfile? {
    let reader = ApproachReader(findings: findings, native: nil)
    if let listed {
      if let other = map.tree["native"], other.text != "native" {
        findings.error(
          .value,
          "`native` is \(other.description), but `approaches` lists `native`, and the others are "
            + "compared with that; remove this key, or `native` there", at: other.place)
      }
      return reader.read(listed)
    }
    let reference =
      map.tree["native"]
      ?? Tree(
        content: .scalar("native", isPlain: true), place: map.tree.place, pedigree: .none)
    guard let definition = resolver.definition(of: .approach, reference, in: folder) else {
      return nil
    }
    if Self.refersToNative(definition.tree) {
      findings.error(
        .value,
        "\(quoted(definition.id)) cannot be what the others are compared with, since its own paths "
          + "refer to native ones; name an approach that writes all its hops, such as `native`",
        at: reference.place)
      return nil
    }
    return reader.read(definition)
  }

  /// Whether a path of an approach has a hop that stands for hops of the native path.
  private static func refersToNative(_ tree: Tree) -> Bool {
    guard case .mapping(let paths)? = tree["paths"]?.content else { return false }
    return paths.contains { path in
      guard case .list(let hops) = path.value.content else { return false }
      return hops.contains { $0["native"] != nil }
    }
  }

  private func guests(_ map: MappingReader) -> [Sized] {
    guard let value = map.value("guests") else { return [] }
    let list = map.list("guests")
    if list.isEmpty, case .list = value.content {
      findings.error(.value, "`guests` is empty; describe at least one class", at: value.place)
    }
    var names: Set<String> = []
    return list.compactMap { tree in
      let guest = MappingReader(tree, .guests, findings, label: "guests")
      guard !guest.isVoid else { return nil }
      let name = guest.text("name")
      if let place = guest.tree["name"]?.place, !name.isEmpty {
        if !isName(name) {
          findings.error(.value, "\(quoted(name)) is not \(Section.ids)", at: place)
        } else if !names.insert(name).inserted {
          findings.error(
            .duplicateKey, "two classes of guests have the name \(quoted(name)); rename one",
            at: place)
        }
      }
      let workload = guest.value("workload").flatMap(workload)
      let count = guest.integer("count", default: 1)
      let limits = GuestLimits(
        weight: guest.amount("weight", default: 1),
        processorLimit: guest.optionalAmount("cpu-limit"), memoryBytes: guest.amount("memory"),
        processors: guest.integer("processors", default: 1),
        beancounters: guest.choice("beancounters", default: .unlimited),
        directIO: guest.has("direct-io") ? guest.flag("direct-io") : nil)
      return workload.map {
        Sized(
          guest: GuestClass(id: name, workload: $0, count: count, limits: limits), tree: tree)
      }
    }
  }

  func workload(_ reference: Tree) -> Workload? {
    resolver.definition(of: .workload, reference, in: folder).flatMap {
      WorkloadReader(findings: findings).read($0.tree, id: $0.id)
    }
  }

  private func objective(_ map: MappingReader) -> Objective {
    var objective = Objective(
      percentile: map.amount("percentile", default: 95), responseSeconds: map.amount("response"),
      errorShare: map.amount("errors", default: 0.001),
      guestShare: map.amount("guests", default: 0.05))
    objective.statistic = map.choice("statistic", default: .percentile)
    return objective
  }

  private func controls(_ tree: Tree?) -> RunControls {
    let empty = Tree(content: .mapping([]), place: Place(file: ""), pedigree: .none)
    let map = MappingReader(tree ?? empty, .run, findings, label: "run")
    let runs = map.value("replications").map {
      MappingReader($0, .replications, findings, label: "replications")
    }
    let minimum = runs?.optionalInteger("minimum")
    let maximum = runs?.optionalInteger("maximum")
    let controls = RunControls(
      seconds: map.amount("duration", default: 300),
      warmupSeconds: map.amount("warm-up", default: 30),
      seed: UInt64(map.integer("seed", default: 1)),
      confidence: map.amount("confidence", default: 0.95),
      precision: map.amount("precision", default: 0.05),
      minimumReplications: minimum ?? min(5, maximum ?? 5),
      maximumReplications: maximum ?? max(40, minimum ?? 40),
      parameterDraws: map.integer("parameter-draws", default: 20),
      maximumGuests: map.integer("maximum-guests", default: 10_000))
    if let place = runs?.tree["maximum"]?.place,
      controls.maximumReplications < controls.minimumReplications
    {
      findings.error(.value, "`maximum` is less than `minimum`", at: place)
    }
    return controls
  }

  private func silenced(_ map: MappingReader) -> Set<String> {
    let known = Finding.Code.silenceable.map(\.rawValue)
    return Set(
      map.list("silence").compactMap { item in
        guard let text = item.text, known.contains(text) else {
          findings.error(
            .unknownName,
            "\(item.description) is not a warning; " + advice(for: item.text ?? "", among: known),
            at: item.place)
          return nil
        }
        return text
      })
  }

  /// A changed copy of an approach under a name of its own pays the prices of what it copies.
  private func adoptPrices(_ host: inout HostProfile, for listed: [Listed]) {
    for approach in listed {
      host.adoptPrices(for: approach.profile.id, from: approach.ancestors)
    }
  }
}

extension HostProfile {
  /// Gives an approach the prices of those it is a copy of, nearest first, where it has none.
  mutating func adoptPrices(for approach: String, from ancestors: [String]) {
    for ancestor in ancestors where ancestor != approach {
      let own = Set(primitives.map(PriceReader.Key.init))
      for primitive in primitives where primitive.approach == ancestor {
        var copy = primitive
        copy.approach = approach
        if !own.contains(PriceReader.Key(copy)) { primitives.append(copy) }
      }
    }
    primitives = primitives.canonical
  }
}
