import Statistics
import Testing

/// Whether a value rounds to a printed number: no further off than half its last digit.
func agrees(_ value: Double, _ printed: String) -> Bool {
  guard let expected = Double(printed) else { return false }
  let decimals = printed.split(separator: ".").dropFirst().first?.count ?? 0
  var half = 0.5
  for _ in 0..<decimals { half /= 10 }
  return abs(value - expected) <= half * (1 + 1e-6)
}

func isClose(_ value: Double, _ expected: Double, within tolerance: Double = 1e-12) -> Bool {
  abs(value - expected) <= tolerance * max(1, abs(expected))
}

/// Expects a refusal of the given kind that says where.
func expectRefusal(
  _ code: QueueingError.Code, sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () throws -> Void
) {
  let error = #expect(throws: QueueingError.self, sourceLocation: sourceLocation) { try body() }
  #expect(error?.code == code, sourceLocation: sourceLocation)
  #expect(error?.place.isEmpty == false, sourceLocation: sourceLocation)
}
