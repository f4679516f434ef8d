package import Virtualization
import Yams

/// Writes values as files that read back to equal values.
package enum FormatWriter {
  /// A scenario in one text, with all that it draws in and every default.
  package static func text(of scenario: Scenario) -> String {
    var entries: [(String, Node)] = [
      ("tenancy", word("1")),
      ("id", word(scenario.id)),
      ("question", quoted(scenario.title)),
      ("year", word("\(scenario.year)")),
      ("host", map([("id", word(scenario.host.id))] + host(scenario.host))),
    ]
    if !scenario.approaches.contains(where: { $0.id == scenario.native.id }) {
      entries.append(
        ("native", map([("id", word(scenario.native.id))] + approach(scenario.native))))
    }
    entries.append(
      ("approaches", list(scenario.approaches.map { map([("id", word($0.id))] + approach($0)) })))
    entries.append(("guests", list(scenario.guests.map(guest))))
    entries.append(("objective", objective(scenario.objective)))
    entries.append(("run", run(scenario.controls)))
    return serialized(entries)
  }

  /// A host profile.
  package static func text(of profile: HostProfile) -> String {
    serialized([("tenancy", word("1")), ("kind", word("host"))] + host(profile))
  }

  /// An approach profile, every path written out.
  package static func text(of profile: ApproachProfile) -> String {
    serialized([("tenancy", word("1")), ("kind", word("approach"))] + approach(profile))
  }

  /// A workload.
  package static func text(of workload: Workload) -> String {
    serialized(
      [("tenancy", word("1")), ("kind", word("workload"))] + self.workload(workload))
  }

  private static func serialized(_ entries: [(String, Node)]) -> String {
    // The emitter fails only where memory does; an empty text is then refused by every reader.
    (try? Yams.serialize(node: map(entries), width: -1, allowUnicode: true)) ?? ""
  }

  // Building blocks.

  static func word(_ text: String) -> Node { Node(text, .implicit, .plain) }

  /// Text of people, quoted so that no word of it means anything.
  static func quoted(_ text: String) -> Node { Node(text, .implicit, .doubleQuoted) }

  static func list(_ items: [Node]) -> Node {
    Node(items, .implicit, items.isEmpty ? .flow : .block)
  }

  static func map(_ entries: [(String, Node)]) -> Node {
    Node(entries.map { (word($0.0), $0.1) }, .implicit, entries.isEmpty ? .flow : .block)
  }

  static func number(_ value: Double, _ unit: Unit) -> Node { word(Measure.write(value, unit)) }

  static func flag(_ value: Bool) -> Node { word(value ? "true" : "false") }

  static func quantity(_ quantity: Quantity) -> Node {
    var entries = [
      ("value", number(quantity.value, quantity.unit)),
      ("low", number(quantity.low, quantity.unit)),
      ("high", number(quantity.high, quantity.unit)),
      ("status", word(quantity.status.rawValue)),
      ("source", quoted(quantity.source)),
    ]
    if let common = quantity.common {
      entries += [
        ("common-to", quoted(common.name)), ("common-low", number(common.low, .count)),
        ("common-high", number(common.high, .count)),
      ]
    }
    return map(entries)
  }

  /// Quantities under their keys, those that are nil left out.
  static func quantities(_ entries: KeyValuePairs<String, Quantity?>) -> [(String, Node)] {
    entries.compactMap { key, value in value.map { (key, quantity($0)) } }
  }

  private static func guest(_ guest: GuestClass) -> Node {
    let limits = guest.limits
    var entries: [(String, Node)] = [
      ("name", word(guest.id)),
      ("workload", map([("id", word(guest.workload.id))] + workload(guest.workload))),
      ("count", word("\(guest.count)")),
      ("weight", number(limits.weight, .count)),
    ]
    if let limit = limits.processorLimit { entries.append(("cpu-limit", number(limit, .share))) }
    entries += [
      ("memory", number(limits.memoryBytes, .bytes)),
      ("processors", word("\(limits.processors)")),
      ("beancounters", word(limits.beancounters.rawValue)),
    ]
    if let directIO = limits.directIO { entries.append(("direct-io", flag(directIO))) }
    return map(entries)
  }

  private static func objective(_ objective: Objective) -> Node {
    map([
      ("statistic", word(objective.statistic.rawValue)),
      ("percentile", number(objective.percentile, .count)),
      ("response", number(objective.responseSeconds, .seconds)),
      ("errors", number(objective.errorShare, .share)),
      ("guests", number(objective.guestShare, .share)),
    ])
  }

  private static func run(_ controls: RunControls) -> Node {
    map([
      ("duration", number(controls.seconds, .seconds)),
      ("warm-up", number(controls.warmupSeconds, .seconds)),
      ("seed", word("\(controls.seed)")),
      ("confidence", number(controls.confidence, .share)),
      ("precision", number(controls.precision, .share)),
      (
        "replications",
        map([
          ("minimum", word("\(controls.minimumReplications)")),
          ("maximum", word("\(controls.maximumReplications)")),
        ])
      ),
      ("parameter-draws", word("\(controls.parameterDraws)")),
      ("maximum-guests", word("\(controls.maximumGuests)")),
    ])
  }
}
