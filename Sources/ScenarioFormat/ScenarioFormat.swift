package import Virtualization

/// A scenario as it was read, with what a run records of it.
package struct LoadedScenario: Sendable {
  package var scenario: Scenario
  /// What is worth knowing although the scenario can run.
  package var warnings: [Finding]
  /// The scenario in one text with every default written out; reads back to an equal value.
  package var resolvedText: String
  /// A stable hash of `resolvedText`: equal for scenarios that run alike on any machine.
  package var contentHash: String
  /// Where the scenario says what each class of guests runs, by the class's name.
  package var classPlaces: [String: Place]
}

/// A change that an option of the command line stands for, such as `--seed 7` for `run.seed=7`.
package struct OptionChange: Sendable {
  /// The option as the user writes it; findings name it as their place.
  package var option: String
  /// `path=value`.
  package var change: String

  package init(_ option: String, _ change: String) {
    self.option = option
    self.change = change
  }
}

extension Library {
  /// Reads a scenario file and everything that it draws in.
  ///
  /// - Parameters:
  ///   - path: The scenario's file; profiles beside it come before those of the library.
  ///   - overrides: Changes of the form `path=value`, such as `guests.web.count=50`.
  ///   - options: Further changes, made after those.
  /// - Throws: ``ScenarioFormatError`` with everything that was found in all files.
  package func scenario(
    at path: String, overrides: [String] = [], options: [OptionChange] = []
  ) throws(ScenarioFormatError) -> LoadedScenario {
    let findings = Findings()
    let resolver = Resolver(library: self, findings: findings)
    let fileID = id(of: path)
    var read: (scenario: Scenario, classPlaces: [String: Place])?
    findings.begin(path)
    let pedigree = Pedigree.decision("scenario " + printable(fileID))
    if var tree = resolver.open(path, .scenario, at: nil, pedigree: pedigree) {
      var changed: [[String]: Int] = [:]
      for (index, text) in overrides.enumerated() {
        guard let change = Override(text, ordinal: index + 1, findings) else { continue }
        if let before = changed.updateValue(index + 1, forKey: change.path.map(\.key)),
          let place = change.path.first?.place
        {
          findings.error(
            .duplicateKey,
            "\(quoted(change.path.map(\.key).joined(separator: "."))) is changed twice, by --set "
              + "number \(before) already; leave one of them out", at: place)
        }
        tree = change.applied(to: tree, findings)
      }
      for option in options {
        let change = Override(option.change, by: option.option, ordinal: 1, findings)
        if let change { tree = change.applied(to: tree, findings) }
      }
      let name = tree["id"]?.text ?? fileID
      if !isName(name) {
        let correction = tree["id"] == nil ? ScenarioFileName.correction(of: path) : nil
        findings.error(
          .value,
          "the id \(quoted(name)) is not \(Section.ids)"
            + (correction.map { "; rename the file, as to \(quoted($0)), or give an `id`" } ?? ""),
          at: tree["id"]?.place ?? Place(file: path))
      }
      let reader = ScenarioReader(findings: findings, resolver: resolver, folder: folder(of: path))
      read = reader.read(tree.without(["id"]), id: name)
    }
    guard let (scenario, classPlaces) = read, !findings.hasErrors else {
      throw ScenarioFormatError(findings.sorted)
    }
    let text = FormatWriter.text(of: scenario)
    return LoadedScenario(
      scenario: scenario, warnings: findings.sorted, resolvedText: text,
      contentHash: ContentHash.digits(of: text), classPlaces: classPlaces)
  }

  /// Reads a host profile by its id.
  package func host(_ id: String) throws(ScenarioFormatError) -> HostProfile {
    try read { reader in reader.host(argument(id)) }
  }

  /// Reads an approach profile by its id.
  package func approach(_ id: String) throws(ScenarioFormatError) -> ApproachProfile {
    try approach(id, wordBits: nil).profile
  }

  /// A host with the prices that an approach pays on it, and that approach, as a scenario of the
  /// two would have them.
  package func priced(
    approach id: String, on hostID: String
  ) throws(ScenarioFormatError) -> (host: HostProfile, approach: ApproachProfile) {
    var host = try host(hostID)
    let (approach, ancestors) = try approach(id, wordBits: host.kernel.wordBits)
    host.adoptPrices(for: approach.id, from: ancestors)
    return (host, approach)
  }

  private func approach(
    _ id: String, wordBits: Int?
  ) throws(ScenarioFormatError) -> (profile: ApproachProfile, ancestors: [String]) {
    let native = id == "native" ? nil : try approach("native", wordBits: wordBits).profile
    return try read { reader in
      reader.resolver.wordBits = wordBits
      return reader.resolver.definition(of: .approach, argument(id), in: "").map { definition in
        let paths = native.map { $0.paths.map { ($0.operation, $0) } }
        let profile = ApproachReader(
          findings: reader.findings,
          native: paths.map { Dictionary($0) { first, _ in first } }
        ).read(definition)
        return (profile, definition.ancestors)
      }
    }
  }

  /// Reads a workload by its id or path.
  package func workload(_ id: String) throws(ScenarioFormatError) -> Workload {
    try read { reader in reader.workload(argument(id)) }
  }

  private func argument(_ text: String) -> Tree {
    Tree(
      content: .scalar(text, isPlain: true), place: Place(file: "argument"), pedigree: .none)
  }

  private func read<Value>(
    _ body: (ScenarioReader) -> Value?
  ) throws(ScenarioFormatError) -> Value {
    let findings = Findings()
    let resolver = Resolver(library: self, findings: findings)
    let value = body(ScenarioReader(findings: findings, resolver: resolver, folder: ""))
    guard let value, !findings.hasErrors else { throw ScenarioFormatError(findings.sorted) }
    return value
  }
}
