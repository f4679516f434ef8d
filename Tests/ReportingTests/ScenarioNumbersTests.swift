import Reporting
import ScenarioFormat
import Statistics
import Testing
import Virtualization

@Suite struct ScenarioNumbersTests {
  private struct NamesOfDraws: QuantityVisitor {
    var names: [String] = []

    mutating func begin(_ owner: String) {}

    mutating func visit(_ quantity: inout Quantity, title: String, name: String, isWhole: Bool) {
      names.append(name)
    }

    mutating func visit(
      _ law: inout Distribution, scale: inout Quantity, unit: Unit, title: String, name: String
    ) { names.append(name) }

    mutating func visit(_ hop: inout Hop, title: String, name: String) { names.append(name) }
  }

  private static func drawn(_ scenario: Scenario) -> [String] {
    var (scenario, visitor) = (scenario, NamesOfDraws())
    scenario.visitQuantities(&visitor)
    return visitor.names
  }

  /// Approaches of every kind of memory, with admission, balloons and free memory that fills.
  private static func scenario() throws -> Scenario {
    var scenario = try Fixture.scenario()
    scenario.approaches = try [
      "native", "vmware-workstation", "uml-skas0", "xen-pv-32", "openvz",
    ].map { try GoldenTests.library.approach($0) }
    scenario.approaches[3].memory.balloonFloor = Fixture.quantity(0.5, .share)
    scenario.native = scenario.approaches[0]
    return scenario
  }

  @Test func listsWhatIsDrawn() throws {
    let scenario = try Self.scenario()
    let names = Set(ScenarioNumbers(scenario).entries.map(\.name))
    #expect(names == Set(Self.drawn(scenario)))
    for own in [
      "vmware-workstation/kept-for-host",
      "vmware-workstation/swap-some", "vmware-workstation/swap-most", "xen-pv-32/balloon-floor",
    ] {
      #expect(names.contains("approach/" + own))
    }
    #expect(names.contains("touched-share"))
  }

  /// Native is listed once, whether it is compared or not: the others' paths are changes of its
  /// own.
  @Test func listsNativeOnce() throws {
    let scenario = try Self.scenario()
    var without = scenario
    without.approaches.removeFirst()
    let all = ScenarioNumbers(scenario).entries
    #expect(all == ScenarioNumbers(without).entries)
    #expect(all.contains { $0.owner == "approach native" })
  }

  @Test func listsBothOfAWorkloadAndItsChangedCopy() throws {
    var scenario = try Fixture.scenario()
    scenario.guests.append(scenario.guests[0])
    scenario.guests[1].id = "again"
    #expect(ScenarioNumbers(scenario).entries == ScenarioNumbers(try Fixture.scenario()).entries)
    scenario.guests[1].workload.workers.value = 77
    let workers = ScenarioNumbers(scenario).entries.filter { $0.title == "workers" }
    #expect(workers.map(\.value) == ["8", "77"])
    let owners = ["web", "again"].map { "workload made-up-web of \($0)" }
    #expect(workers.map(\.owner) == owners)
  }
}
