import ScenarioFormat
import Statistics
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
    // What can move to one side only stays where it is in every second draw.
    for index in 1...24 {
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

  /// What is drawn, and so what reports list, is every number that there is.
  @Test(arguments: 0..<20)
  func everyNumberIsVisitedOnce(seed: Int) throws {
    var source = RandomScenario(seed: UInt64(seed))
    var scenario = try source.scenario()
    var visitor = RecordingVisitor()
    let before = scenario
    scenario.visitQuantities(&visitor)
    #expect(scenario == before)
    func text(_ quantity: Quantity) -> String {
      "\(quantity.value) \(quantity.low) \(quantity.high) \(quantity.status) \(quantity.source)"
    }
    var all = Self.quantities(scenario)
    for (index, guest) in scenario.guests.enumerated() {
      // Who thinks are users, and open arrivals have none.
      if case .closed = guest.workload.arrival { continue }
      #expect(all.removeValue(forKey: "/guests/\(index)/workload/scales/thinkTime") != nil)
    }
    #expect(visitor.quantities.map(text).sorted() == all.values.map(text).sorted())
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

/// Takes down what it is shown.
private struct RecordingVisitor: QuantityVisitor {
  var quantities: [Quantity] = []

  mutating func begin(_ owner: String) {}

  mutating func visit(_ quantity: inout Quantity, title: String, name: String, isWhole: Bool) {
    quantities.append(quantity)
  }

  mutating func visit(
    _ law: inout Distribution, scale: inout Quantity, unit: Unit, title: String, name: String
  ) { quantities.append(scale) }

  mutating func visit(_ hop: inout Hop, title: String, name: String) {
    let size = hop.count.constant + Attribute.allCases.reduce(0) { $0 + hop.count.slope[$1] }
    quantities.append(
      Quantity(
        size, .count, low: size * hop.countRange.lowerBound, high: size * hop.countRange.upperBound,
        status: hop.status, source: "count"))
  }
}

@Suite("Factors that numbers have in common")
struct CommonFactorTests {
  private func price(_ value: Double, common: CommonFactor?) -> Quantity {
    Quantity(
      value, .seconds, low: value * 0.4, high: value * 2.5, status: .assumed,
      source: "test fixture", common: common)
  }

  /// Two prices whose whole uncertainty is the common factor keep their ratio in every draw.
  @Test func isDrawnOnceForAll() {
    let common = CommonFactor(name: "speed", low: 0.4, high: 2.5)
    var least = Double.infinity
    var most = 0.0
    for index in 1...200 {
      let draw = QuantityDraw(seed: 1, index: index)
      var (first, second) = (price(1, common: common), price(3, common: common))
      draw(&first, "first")
      draw(&second, "second")
      #expect(abs(second.value / first.value - 3) < 1e-12)
      least = min(least, first.value)
      most = max(most, first.value)
    }
    #expect(least < 0.5 && most > 2.2 && least >= 0.4 && most <= 2.5)
  }

  /// What a number has of its own is drawn beside it, and both stay within the whole range.
  @Test func leavesTheOwnRange() {
    let common = CommonFactor(name: "speed", low: 0.8, high: 1.25)
    var ratios: Set<Double> = []
    for index in 1...50 {
      let draw = QuantityDraw(seed: 1, index: index)
      var (first, second) = (price(1, common: common), price(1, common: common))
      draw(&first, "first")
      draw(&second, "second")
      ratios.insert(first.value / second.value)
      #expect(first.value >= 0.4 && first.value <= 2.5)
    }
    #expect(ratios.count == 50)
  }

  @Test(arguments: [
    ("common-to: speed", "needs `common-low` and `common-high`"),
    ("common-to: speed, common-low: 2, common-high: 3", "must lie between"),
    ("common-to: speed, common-low: 0.5, common-high: 0.7", "must lie between"),
  ])
  func refusesHalfAFactor(keys: String, message: String) {
    let host = Fixtures.host.replacing(
      "trap: 0.45 us", with: "trap: {value: 0.45 us, low: 0.1 us, high: 1 us, \(keys)}")
    let error = #expect(throws: ScenarioFormatError.self) {
      try Fixtures.library(["profiles/hosts/small.yaml": host]).host("small")
    }
    #expect(error?.findings.first.map { "\($0)".contains(message) } == true)
  }
}

extension Quantity {
  init(
    _ value: Double, _ unit: Unit, low: Double, high: Double, status: Status, source: String,
    common: CommonFactor?
  ) {
    self.init(value, unit, low: low, high: high, status: status, source: source)
    self.common = common
  }
}
