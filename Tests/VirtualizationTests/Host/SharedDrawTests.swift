import ScenarioFormat
import Statistics
import Testing
import Virtualization

@Suite("Numbers that are one are drawn once")
struct SharedDrawTests {
  private static func scenario() throws -> Scenario {
    let ids = ["uml-skas3", "uml-skas0", "uml-tt", "vmware-workstation", "kvm"]
    let approaches = try ids.map { try RealProfiles.library.approach($0) }
    return HostFixture.scenario(
      host: try RealProfiles.library.host("dell-2650-2003"),
      native: try RealProfiles.library.approach("native"), approaches: approaches,
      workload: try HostFixture.workload(
        arrival: .poisson(rate: HostFixture.exact(1, .hertz)), user: .exponential(mean: 1)),
      guests: 1, seconds: 10, warmup: 1)
  }

  private static func price(
    _ mechanism: Mechanism, _ approach: String, in scenario: Scenario
  ) throws -> Quantity {
    try #require(
      scenario.host.price(of: mechanism, service: nil, under: approach)?.price)
  }

  /// Prices that say "as uml-skas3" are that number: those with its range move with it.
  @Test(arguments: [Mechanism.hostSwitch, .hostSignal, .notification])
  func equalPrices(mechanism: Mechanism) throws {
    let scenario = try Self.scenario()
    var moved = false
    for index in 1...20 {
      let drawn = scenario.drawn(index)
      let first = try Self.price(mechanism, "uml-skas3", in: drawn)
      let second = try Self.price(mechanism, "uml-skas0", in: drawn)
      let nominal = try Self.price(mechanism, "uml-skas3", in: scenario)
      #expect(abs(first.value / second.value - 1) < 1e-12)
      if abs(first.value / nominal.value - 1) > 0.05 { moved = true }
    }
    #expect(moved)
  }

  /// Of the same number with another range the same part: both above, or both below.
  @Test(arguments: ["uml-skas0", "uml-tt"])
  func otherRanges(approach: String) throws {
    let scenario = try Self.scenario()
    for mechanism in [Mechanism.ptraceStop, .backendWork] {
      var sides: [Bool] = []
      for index in 1...40 {
        let drawn = scenario.drawn(index)
        let stated = try ["uml-skas3", approach].map {
          try Self.price(mechanism, $0, in: scenario)
        }
        let first = try Self.price(mechanism, "uml-skas3", in: drawn).value / stated[0].value
        let second = try Self.price(mechanism, approach, in: drawn).value / stated[1].value
        sides.append((first > 1) == (second > 1))
      }
      // Apart, one in two would agree.
      #expect(sides.allSatisfy { $0 })
    }
  }

  @Test func touchedShare() throws {
    let scenario = try Self.scenario()
    var values: Set<Double> = []
    for index in 1...20 {
      let shares = Set(
        scenario.drawn(index).approaches.compactMap { $0.memory.touchedShare?.value })
      #expect(shares.count == 1)
      values.formUnion(shares)
    }
    #expect(values.count > 3)
  }
}
