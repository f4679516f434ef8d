/// One number per mechanism: seconds of a cost or of a waiting time, itemized.
package struct MechanismVector: Sendable, Equatable {
  /// Values in the order of `Mechanism.allCases`.
  package private(set) var values: [Double]

  /// All zero.
  package init() { values = Array(repeating: 0, count: Mechanism.allCases.count) }

  /// The value for a mechanism.
  package subscript(mechanism: Mechanism) -> Double {
    get { values[mechanism.rank] }
    set { values[mechanism.rank] = newValue }
  }

  /// The sum over all mechanisms.
  package var total: Double { values.reduce(0, +) }

  /// Adds another vector times a factor.
  package mutating func add(_ other: MechanismVector, times factor: Double = 1) {
    for index in values.indices { values[index] += other.values[index] * factor }
  }

  /// For each mechanism what the vector has more than another.
  package func excess(over other: MechanismVector) -> MechanismVector {
    var result = self
    for index in values.indices {
      result.values[index] = max(0, values[index] - other.values[index])
    }
    return result
  }

  /// The vector times a factor.
  package func scaled(by factor: Double) -> MechanismVector {
    var result = MechanismVector()
    result.add(self, times: factor)
    return result
  }
}

extension Mechanism {
  /// The position in the list of all mechanisms.
  package var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
