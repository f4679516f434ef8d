package import Statistics
package import Virtualization

/// Every number that a scenario rests on, with status and source, in a fixed order.
package struct ScenarioNumbers {
  /// A number and whose it is.
  package struct Entry: Equatable {
    package var owner: String
    /// What it is called for people.
    package var title: String
    /// Its name among the random numbers of draws.
    package var name: String
    package var value: String
    package var range: String
    package var status: Status
    package var source: String
  }

  package private(set) var entries: [Entry] = []
  /// The owners in the order of their first numbers.
  package private(set) var owners: [String] = []
  /// Whether the numbers that come were listed before.
  private var isRepeated = false

  package init(_ scenario: Scenario) {
    var scenario = scenario
    scenario.visitQuantities(&self)
  }

  private mutating func add(
    _ title: String, _ name: String, _ value: String, range: String, _ status: Status,
    _ source: String
  ) {
    guard !isRepeated, let owner = owners.last else { return }
    entries.append(
      Entry(
        owner: owner, title: title, name: name, value: value, range: range, status: status,
        source: source))
  }

  private static func text(_ value: Double, _ unit: Unit) -> String {
    switch unit {
    case .seconds: NumberText.duration(value)
    case .secondsPerByte: NumberText.duration(value) + " per byte"
    case .bytes: NumberText.bytes(value)
    case .bytesPerSecond: NumberText.bytes(value) + "/s"
    case .hertz: NumberText.trimmed(value) + " Hz"
    case .count: NumberText.trimmed(value)
    case .share: NumberText.percent(value)
    }
  }
}

extension ScenarioNumbers: QuantityVisitor {
  package mutating func begin(_ owner: String) {
    isRepeated = owners.contains(owner)
    if !isRepeated { owners.append(owner) }
  }

  package mutating func visit(
    _ quantity: inout Quantity, title: String, name: String, isWhole: Bool
  ) {
    let ends = [quantity.low, quantity.high].map { Self.text($0, quantity.unit) }
    add(
      title, name, Self.text(quantity.value, quantity.unit),
      range: quantity.low == quantity.high ? "" : ends.joined(separator: " to "),
      quantity.status, quantity.source)
  }

  /// The mean of the distribution with what is said of its scale.
  package mutating func visit(
    _ law: inout Distribution, scale: inout Quantity, unit: Unit, title: String, name: String
  ) {
    var mean = scale.scaled(by: law.mean)
    mean.unit = unit
    visit(&mean, title: title, name: name, isWhole: false)
  }

  package mutating func visit(_ hop: inout Hop, title: String, name: String) {
    var count = NumberText.trimmed(hop.count.constant)
    for attribute in Attribute.allCases where hop.count.slope[attribute] != 0 {
      count += " + \(NumberText.trimmed(hop.count.slope[attribute])) x \(attribute.name)"
    }
    let ends = [hop.countRange.lowerBound, hop.countRange.upperBound]
    add(
      title, name, count,
      range: ends[0] == ends[1]
        ? "" : ends.map { NumberText.trimmed($0) }.joined(separator: " to ") + " times",
      hop.status, hop.source)
  }
}
