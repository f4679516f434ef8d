package import Statistics

/// Draws every uncertain number of a scenario from its range.
///
/// A number is drawn uniformly below its nominal value with probability one half and uniformly
/// above it otherwise, so the nominal value is the median. Its random number is named by what the
/// number is, so one draw is shared by all approaches and does not change when a profile gains a
/// line. A factor that quantities have in common is drawn once for all of them.
package struct QuantityDraw: Sendable {
  /// The root seed of the study.
  package var seed: UInt64
  /// Which draw; 0 stands for nominal values.
  package var index: Int

  package init(seed: UInt64, index: Int) {
    self.seed = seed
    self.index = index
  }

  /// Draws the value of a quantity that has a range; `whole` for what is counted in whole numbers.
  package func callAsFunction(_ quantity: inout Quantity, _ name: String, whole: Bool = false) {
    guard index > 0, quantity.low < quantity.high else { return }
    var value: Double
    if let common = quantity.common {
      let low = min(quantity.value, quantity.low / common.low)
      let high = max(quantity.value, quantity.high / common.high)
      value =
        draw(name, low, quantity.value, high) * factor(common.low...common.high, common.name)
    } else {
      value = draw(name, quantity.low, quantity.value, quantity.high)
    }
    quantity.value = whole ? value.rounded() : value
  }

  /// A factor drawn from a range around 1.
  package func factor(_ range: ClosedRange<Double>, _ name: String) -> Double {
    guard index > 0, range.lowerBound < range.upperBound else { return 1 }
    return draw(name, range.lowerBound, 1, range.upperBound)
  }

  /// Draws the scale of a distribution and multiplies the distribution by it.
  package func callAsFunction(
    _ law: inout Distribution, scale: inout Quantity, _ name: String
  ) {
    var drawn = scale
    callAsFunction(&drawn, name)
    // A factor of exactly 0 has no law; its range ends there, and the draw is as good without it.
    guard drawn.value != scale.value, let scaled = try? law.scaled(by: drawn.value / scale.value)
    else { return }
    scale = drawn
    law = scaled
  }

  private func draw(_ name: String, _ low: Double, _ middle: Double, _ high: Double) -> Double {
    var stream = RandomStream(
      StreamKey(seed: seed, role: .parameter, index: UInt64(index), name: name))
    let u = stream.uniform()
    return u < 0.5 ? low + (middle - low) * 2 * u : middle + (high - middle) * (2 * u - 1)
  }
}

extension StreamKey {
  /// A key whose guest and replication fields are a hash of a name.
  fileprivate init(seed: UInt64, role: StreamRole, index: UInt64, name: String) {
    let hash = ContentHash.of(name)
    self.init(
      seed: seed, role: role, guest: UInt32(truncatingIfNeeded: hash), index: index,
      replication: UInt32(truncatingIfNeeded: hash >> 32))
  }
}

extension StreamRole {
  /// Uncertain parameters.
  package static let parameter = StreamRole(rawValue: 1)
  /// Arrivals of requests.
  package static let arrival = StreamRole(rawValue: 2)
  /// Attributes of one request.
  package static let request = StreamRole(rawValue: 3)
  /// Think times of users.
  package static let thinking = StreamRole(rawValue: 4)
  /// Phases of periodic work.
  package static let background = StreamRole(rawValue: 5)
  /// Swapping on behalf of one request.
  package static let swapping = StreamRole(rawValue: 6)
  /// Attributes of one round of periodic work.
  package static let round = StreamRole(rawValue: 7)
  /// When a guest touches what it keeps active beside its requests, and where that is.
  package static let touching = StreamRole(rawValue: 8)
  /// When and where kernels write to the disk what was written to files.
  package static let flushing = StreamRole(rawValue: 9)
}

extension QuantityDraw: QuantityVisitor {
  package func begin(_ owner: String) {}

  package func visit(_ quantity: inout Quantity, title: String, name: String, isWhole: Bool) {
    self(&quantity, name, whole: isWhole)
  }

  package func visit(
    _ law: inout Distribution, scale: inout Quantity, unit: Unit, title: String, name: String
  ) {
    self(&law, scale: &scale, name)
  }

  package func visit(_ hop: inout Hop, title: String, name: String) {
    hop.count.scale(by: factor(hop.countRange, name))
  }
}

extension Scenario {
  /// The scenario with every uncertain number drawn; draw 0 is the scenario itself.
  package func drawn(_ index: Int) -> Scenario {
    var draw = QuantityDraw(seed: controls.seed, index: index)
    var result = self
    result.visitQuantities(&draw)
    return result
  }
}

extension LinearCount {
  fileprivate mutating func scale(by factor: Double) {
    constant *= factor
    for attribute in Attribute.allCases { slope[attribute] *= factor }
  }
}
