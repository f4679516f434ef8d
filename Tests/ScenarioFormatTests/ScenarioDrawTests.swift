import ScenarioFormat
import Testing
import Virtualization

@Suite("Draws of uncertain numbers")
struct ScenarioDrawTests {
  /// Every quantity in a value, by its path from the value; scaled counts of hops as well.
  private static func quantities(_ value: Any, _ path: String = "") -> [String: Quantity] {
    if let quantity = value as? Quantity { return [path: quantity] }
    var result: [String: Quantity] = [:]
    if let hop = value as? Hop {
      let size = hop.count.constant + Attribute.allCases.reduce(0) { $0 + hop.count.slope[$1] }
      result[path + "/count"] = Quantity(
        size, .count, low: size * hop.countRange.lowerBound, high: size * hop.countRange.upperBound,
        status: hop.status, source: "count")
    }
    for (index, child) in Mirror(reflecting: value).children.enumerated() {
      var name = child.label ?? "\(index)"
      if let entry = child.value as? (key: SchedulingPolicy.Parameter, value: Quantity) {
        name = entry.key.rawValue
        result[path + "/" + name] = entry.value
        continue
      }
      result.merge(quantities(child.value, path + "/" + name)) { first, _ in first }
    }
    return result
  }

  /// No number may state a range and then be left where it is.
  @Test(arguments: 0..<20)
  func everyRangeIsDrawn(seed: Int) throws {
    var source = RandomScenario(seed: UInt64(seed))
    let scenario = try source.scenario()
    let nominal = Self.quantities(scenario)
    #expect(nominal.count > 100)
    var unmoved = Set(
      nominal.filter { _, quantity in
        // Whole numbers do not move within narrow ranges, nor does what is multiplied by zero.
        quantity.high - quantity.low > max(3, quantity.value.magnitude * 1e-6)
      }.keys)
    #expect(unmoved.count > 20)
    for index in 1...12 {
      let drawn = Self.quantities(scenario.drawn(index))
      #expect(drawn.count == nominal.count)
      for (path, quantity) in nominal {
        let value = try #require(drawn[path]).value
        let slack = max(0.5, quantity.value.magnitude * 1e-9)
        #expect(value >= quantity.low - slack && value <= quantity.high + slack, "\(path)")
        if value != quantity.value { unmoved.remove(path) }
      }
    }
    #expect(unmoved.sorted() == [])
  }

  @Test func drawsAreReproducibleAndDiffer() throws {
    var source = RandomScenario(seed: 3)
    let scenario = try source.scenario()
    #expect(scenario.drawn(0) == scenario)
    #expect(scenario.drawn(5) == scenario.drawn(5))
    #expect(scenario.drawn(5) != scenario.drawn(6))
    var other = scenario
    other.controls.seed += 1
    #expect(other.drawn(5).host != scenario.drawn(5).host)
  }

  /// Half of the draws lie below the nominal value, whatever the shape of the range.
  @Test func nominalValueIsTheMedian() {
    let nominal = Quantity(
      2, .seconds, low: 1, high: 100, status: .assumed, source: "test fixture")
    var below = 0
    for index in 1...1_000 {
      var quantity = nominal
      QuantityDraw(seed: 7, index: index)(&quantity, "some name")
      #expect(quantity.value >= 1 && quantity.value <= 100)
      if quantity.value < 2 { below += 1 }
    }
    // 500 are expected, with a standard deviation of 15.8.
    #expect(abs(below - 500) < 64)
  }

  @Test func linesOfOneOperationHaveDrawsOfTheirOwn() throws {
    let count = Quantity(5, .count, low: 1, high: 50, status: .assumed, source: "test fixture")
    var scenario = try Fixtures.library().scenario(at: "work/ask.yaml").scenario
    scenario.guests[0].workload.operations = [
      OperationCount(.fileRead, count: count), OperationCount(.fileRead, count: count),
    ]
    let drawn = scenario.drawn(1).guests[0].workload.operations.map(\.count.value)
    #expect(drawn[0] != drawn[1])
  }
}
