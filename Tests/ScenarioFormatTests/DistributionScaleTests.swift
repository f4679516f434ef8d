import ScenarioFormat
import Statistics
import Testing
import Virtualization

@Suite("Uncertain means of distributions")
struct DistributionScaleTests {
  private static let plain = "{law: gamma, mean: 1.5 ms, variation: 1}"

  private func scenario(_ computation: String) throws -> Scenario {
    let library = Fixtures.library(
      in: "profiles/workloads/pages.yaml", replacing: Self.plain, by: computation)
    return try library.scenario(at: "work/ask.yaml").scenario
  }

  /// The same with nothing said of any mean.
  private func silent(_ scenario: Scenario) -> Scenario {
    var result = scenario
    for index in result.guests.indices { result.guests[index].workload.scales = .init() }
    return result
  }

  @Test(arguments: [
    ("{law: gamma, mean: {value: 1.5 ms, low: 0.75 ms, high: 4.5 ms}, variation: 1}", 0.5, 3.0),
    ("{law: gamma, mean: {value: 1.5 ms, range: 40 %}, variation: 1}", 0.6, 1.4),
    ("{law: gamma, mean: 1.5 ms, variation: 1, range: [0.5, 3]}", 0.5, 3),
    ("{law: gamma, shape: 2, scale: {value: 1 ms, low: 0.5 ms, high: 3 ms}}", 0.5, 3),
    ("{law: constant, value: {value: 1 ms, low: 0.5 ms, high: 3 ms}}", 0.5, 3),
    ("{law: pareto, shape: 3, minimum: {value: 1 ms, low: 0.5 ms, high: 3 ms}}", 0.5, 3),
    ("{law: uniform, low: 1 ms, high: 2 ms, range: [0.5, 3]}", 0.5, 3),
    ("{law: empirical, quantiles: [[0, 1 ms], [1, 3 ms]], range: [0.5, 3]}", 0.5, 3),
  ])
  func aDrawMovesTheMeanWithinItsRange(text: String, low: Double, high: Double) throws {
    let scenario = try scenario(text)
    let nominal = scenario.guests[0].workload
    let scale = nominal.scales.userComputation
    #expect(abs(scale.low - low) < 1e-12 && abs(scale.high - high) < 1e-12)
    #expect(scale.status == .published && scale.source == "invented")
    var factors: [Double] = []
    for index in 1...40 {
      let drawn = scenario.drawn(index).guests[0].workload
      let factor = drawn.userComputation.mean / nominal.userComputation.mean
      #expect(factor >= low - 1e-9 && factor <= high + 1e-9)
      let shape = drawn.userComputation.squaredCoefficientOfVariation
      #expect(abs(shape - nominal.userComputation.squaredCoefficientOfVariation) < 1e-9)
      #expect(drawn.responseBytes == nominal.responseBytes)
      factors.append(factor)
    }
    #expect(Set(factors).count == 40)
    #expect(factors.contains { $0 < 1 } && factors.contains { $0 > 1 })
  }

  @Test func thinkTimesAndResponsesHaveDrawsOfTheirOwn() throws {
    let library = Fixtures.library([
      "profiles/workloads/pages.yaml": Fixtures.workload
        .replacing(
          "{process: poisson, rate: 10 /s}",
          with:
            "{process: closed, users: 3, think-time: {law: exponential, mean: 2 s, range: 50 %}}"
        )
        .replacing("mean: 12 kB, variation: 2", with: "mean: 12 kB, variation: 2, range: 50 %")
        .replacing("1.5 ms, variation: 1", with: "1.5 ms, variation: 1, range: 50 %")
    ])
    let scenario = try library.scenario(at: "work/ask.yaml").scenario
    func means(_ workload: Workload) -> [Double] {
      guard case .closed(_, let thinkTime) = workload.arrival else { return [] }
      return [thinkTime.mean, workload.responseBytes.mean, workload.userComputation.mean]
    }
    let nominal = means(scenario.guests[0].workload)
    let drawn = means(scenario.drawn(1).guests[0].workload)
    try #require(nominal.count == 3 && drawn.count == 3)
    #expect(Set(zip(nominal, drawn).map { $1 / $0 }).count == 3)
  }

  /// A range on one mean moves no other number, and requests draw the same variates, times a
  /// factor.
  @Test func theRestKeepsItsRandomNumbers() throws {
    let with = try scenario("{law: gamma, mean: 1.5 ms, variation: 1, range: [0.5, 3]}")
    let without = try scenario(Self.plain)
    let key = StreamKey(seed: 5, role: .request)
    for index in 1...10 {
      var changed = silent(with.drawn(index))
      let expected = silent(without.drawn(index))
      let law = changed.guests[0].workload.userComputation
      changed.guests[0].workload.userComputation = expected.guests[0].workload.userComputation
      #expect(changed == expected)
      let factor = law.mean / 1.5e-3
      var streams = [RandomStream(key), RandomStream(key)]
      for _ in 0..<50 {
        let (one, other) = (
          law.draw(&streams[0]), expected.guests[0].workload.userComputation.draw(&streams[1])
        )
        #expect(abs(one - factor * other) <= 1e-12 * one)
      }
    }
  }

  /// Classes of guests with one workload have one draw, whatever the approach that serves them.
  @Test func guestsOfOneWorkloadHaveOneDraw() throws {
    var scenario = try scenario("{law: gamma, mean: 1.5 ms, variation: 1, range: [0.5, 3]}")
    var second = scenario.guests[0]
    second.id = "second"
    scenario.guests.append(second)
    let all = scenario.drawn(4)
    #expect(all.guests[0].workload == all.guests[1].workload)
    for index in scenario.approaches.indices {
      var alone = scenario
      alone.approaches = [scenario.approaches[index]]
      #expect(alone.drawn(4).guests == all.guests)
    }
  }

  @Test(arguments: [
    "{law: gamma, mean: 1.5 ms, variation: 1}", "1.5 ms", "{law: exponential, mean: 1.5 ms}",
    "{law: gamma, mean: 1.5 ms, variation: 1, status: assumed, source: guess}",
    "{law: gamma, mean: {value: 1.5 ms, range: 0 %}, variation: 1, range: 50 %}",
  ])
  func whatHasNoRangeIsNotDrawn(text: String) throws {
    let scenario = try scenario(text)
    for index in 1...10 {
      let drawn = scenario.drawn(index).guests[0].workload
      #expect(drawn.userComputation == scenario.guests[0].workload.userComputation)
    }
  }

  /// A range of a whole file holds for means too; what a scenario or `--set` decides is exact.
  @Test func rangesAreInherited() throws {
    let library = Fixtures.library(
      in: "profiles/workloads/pages.yaml", replacing: "source: invented",
      by: "range: 30 %\nsource: invented")
    let path = "guests.web.workload.user-computation.mean"
    let plain = try library.scenario(at: "work/ask.yaml").scenario.guests[0].workload
    #expect(abs(plain.scales.userComputation.high - 1.3) < 1e-12)
    #expect(abs(plain.scales.response.low - 0.7) < 1e-12)
    let set = try library.scenario(at: "work/ask.yaml", overrides: [path + "=2 ms"]).scenario
    let scale = set.guests[0].workload.scales.userComputation
    #expect(scale.low == 1 && scale.high == 1 && scale.source.contains("--set"))
  }
}
