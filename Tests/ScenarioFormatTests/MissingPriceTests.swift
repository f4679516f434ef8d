import ScenarioFormat
import Testing
import Virtualization

@Suite("Prices that a run needs are demanded before it")
struct MissingPriceTests {
  private static let needs = ["native", "shared", "split"].enumerated().map { index, id in
    "work/ask.yaml:5:\(14 + 8 * index): `\(id)` needs the price "
  }
  private static let advice = ", and the host `small` has none; add it under `primitives`"

  static let spoiled: [Spoiled] = [
    Spoiled(
      in: "hosts/small.yaml", "    cache-refill: 0.25 ns/byte\n", "",
      needs[0] + "`cache-refill` for the working set of `web`" + advice,
      needs[1] + "`cache-refill` for the working set of `web`" + advice,
      needs[2] + "`cache-refill` for the working set of `web`" + advice),
    Spoiled(
      in: "approaches/shared.yaml", "paths:\n",
      "paths:\n  guest-switch: [{do: group-scheduling}]\n",
      needs[1] + "`group-scheduling` for `guest-switch`" + advice),
    Spoiled(
      in: "approaches/native.yaml", "timer-tick: [{do: interrupt}]", "timer-tick: [{do: wakeup}]",
      needs[0] + "`wakeup` for `timer-tick`" + advice,
      needs[1] + "`wakeup` for `timer-tick`" + advice,
      needs[2] + "`wakeup` for `timer-tick`" + advice),
    Spoiled(
      in: "approaches/native.yaml", "  timer-tick: [{do: interrupt}]\n", "",
      "work/ask.yaml:5:14: `native` has no path for `timer-tick`, nor has the native approach; add "
        + "one under `paths`",
      "work/ask.yaml:5:22: `shared` has no path for `timer-tick`, nor has the native approach; add "
        + "one under `paths`",
      "work/ask.yaml:5:30: `split` has no path for `timer-tick`, nor has the native approach; add "
        + "one under `paths`",
      "work/ask.yaml:5:30: `split` has no path for `idle-tick`, nor has the native approach; add "
        + "one under `paths`"),
  ]

  @Test(arguments: spoiled)
  func saysWhatAndWhere(_ spoiled: Spoiled) {
    let text = Fixtures.files[spoiled.file] ?? ""
    #expect(text.contains(spoiled.old))
    let library = Fixtures.library(in: spoiled.file, replacing: spoiled.old, by: spoiled.new)
    #expect(Set(Fixtures.findings(library)) == Set(spoiled.found))
  }

  @Test func nothingToRefillNeedsNoPrice() {
    var files = Fixtures.files
    files["profiles/hosts/small.yaml"]?.replace("    cache-refill: 0.25 ns/byte\n", with: "")
    files["profiles/workloads/pages.yaml"]?.replace(
      "working-set: 256 KiB", with: "working-set: 0 B")
    #expect(Fixtures.findings(Fixtures.library(files)) == [])
  }

  /// Real profiles, without one price after the other: on the host's kernel, beside a driver
  /// domain, with threads that serve devices and a kernel that ticks below.
  @Test(arguments: ["openvz", "xen-pv", "kvm"])
  func whatIsCheckedCanBePlanned(approach id: String) throws {
    let hosts = try Repository.library.ids(of: .host).map { try Repository.library.host($0) }
    let host = try #require(hosts.first { (try? Self.scenario(id, on: $0)) != nil })
    let whole = try Self.scenario(id, on: host)
    var found = 0
    for primitive in host.primitives
    where primitive.approach == nil
      || whole.host.primitives.contains(where: { $0.approach == id && Self.isSame($0, primitive) })
    {
      let name = "\(primitive.mechanism) of \(primitive.approach ?? "machine")"
      var less = host
      less.primitives.removeAll { Self.isSame($0, primitive) && $0.approach == primitive.approach }
      do throws(ScenarioFormatError) {
        let checked = try Self.scenario(id, on: less)
        #expect(throws: Never.self, "\(name)") { try Self.plan(checked) }
      } catch {
        #expect(error.findings.contains { $0.code == .missingPrice }, "\(name)")
        found += 1
        // What a check misses, a run misses as well.
        var without = whole
        without.host.primitives.removeAll { Self.isSame($0, primitive) }
        #expect(throws: ModelError.self, "\(name)") { try Self.plan(without) }
      }
    }
    #expect(found > 10)
  }

  private static func isSame(_ one: Primitive, _ other: Primitive) -> Bool {
    one.mechanism == other.mechanism && one.service == other.service
  }

  private static func plan(_ scenario: Scenario) throws(ModelError) {
    for approach in scenario.approaches {
      _ = try HostPlan(scenario: scenario, approach: approach, guests: 2, replication: 0)
    }
  }

  private static func scenario(
    _ approach: String, on host: HostProfile
  ) throws(ScenarioFormatError) -> Scenario {
    let text = ExtremeScenario.base.replacing("[native]", with: "[\(approach)]")
      .replacing("host: server-2006", with: "host: \(host.id)")
    let memory = FileStore.memory([
      "own/ask.yaml": text, "own/hosts/\(host.id).yaml": FormatWriter.text(of: host),
    ])
    var library = Repository.library
    let disk = library.store
    library.store = FileStore(
      read: { $0.hasPrefix("own/") ? memory.read($0) : disk.read($0) },
      names: { $0.hasPrefix("own/") ? memory.names($0) : disk.names($0) })
    return try library.scenario(at: "own/ask.yaml").scenario
  }
}
