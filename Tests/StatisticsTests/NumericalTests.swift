import Numerics
import Statistics
import Testing

/// GSL behind Swift types, against values of an independent library (SciPy 1.x).
@Suite
struct NumericalTests {
  static let quantiles: [(law: ReferenceDistribution, probability: Double, value: Double)] = [
    (.normal, 0.975, 1.959963984540054),
    (.studentT(degreesOfFreedom: 4), 0.975, 2.7764451051977934),
    (.studentT(degreesOfFreedom: 1), 0.995, 63.656741162871526),
    (.studentT(degreesOfFreedom: 29), 0.95, 1.6991270265334972),
    (.chiSquared(degreesOfFreedom: 10), 0.95, 18.307038053275146),
    (.fisherF(numerator: 3, denominator: 7), 0.95, 4.346831399907814),
    (.beta(a: 2, b: 9), 0.025, 0.02521072632683336),
    (.beta(a: 191, b: 10), 0.975, 0.9757658345278915),
    (.beta(a: 960, b: 41), 0.0005, 0.9354424194377957),
    (.gamma(shape: 2.5, scale: 3), 0.9, 13.854535349671686),
  ]

  @Test(arguments: quantiles.indices)
  func quantilesAgree(_ index: Int) throws {
    let row = NumericalTests.quantiles[index]
    #expect((try row.law.quantile(row.probability) / row.value - 1).magnitude < 1e-8)
    #expect((try row.law.cumulative(row.value) - row.probability).magnitude < 1e-9)
    #expect((try row.law.tail(row.value) - (1 - row.probability)).magnitude < 1e-9)
  }

  @Test
  func badArgumentsAreErrorsNotAborts() {
    #expect(throws: StatisticsError.self) {
      try ReferenceDistribution.studentT(degreesOfFreedom: 0).quantile(0.5)
    }
    #expect(throws: StatisticsError.self) { try ReferenceDistribution.normal.quantile(1) }
    #expect(throws: StatisticsError.self) { try ReferenceDistribution.normal.quantile(.nan) }
    #expect(throws: StatisticsError.self) { try ReferenceDistribution.normal.cumulative(.nan) }
    #expect(throws: StatisticsError.self) {
      try ReferenceDistribution.beta(a: -1, b: 2).cumulative(0.5)
    }
  }

  @Test
  func rootsAreFound() throws {
    let root = try findRoot(in: 0...1) { Double.cos($0) - $0 }
    #expect((root - 0.7390851332151607).magnitude < 1e-12)
    #expect(try findRoot(in: 2...5) { $0 - 2 } == 2)
  }

  @Test
  func rootFailuresAreErrors() {
    #expect(throws: StatisticsError.self) { try findRoot(in: 1...2) { $0 } }
    #expect(throws: StatisticsError.self) {
      try findRoot(in: 0...1) { $0 == 0 || $0 == 1 ? $0 - 0.5 : .nan }
    }
    let slow = #expect(throws: StatisticsError.self) {
      try findRoot(in: 0...1, maximumIterations: 1) { Double.cos($0) - $0 }
    }
    #expect(slow?.code == .noConvergence)
  }

  @Test
  func anErrorOfTheFunctionComesThroughUnchanged() {
    let mine = StatisticsError(.invalidParameter, "mine", at: "here")
    let caught = #expect(throws: StatisticsError.self) {
      try findRoot(in: 0...1) { (x) throws(StatisticsError) in
        if x > 0.1, x < 0.9 { throw mine }
        return x - 0.5
      }
    }
    #expect(caught == mine)
  }

  static let line: [[Double]] = [[1, 0], [1, 1], [1, 2], [1, 3]]
  static let observed = [1.1, 2.9, 5.2, 6.8]

  @Test
  func unweightedFitAgrees() throws {
    let fit = try fitLinear(design: NumericalTests.line, observations: NumericalTests.observed)
    expectClose(fit.coefficients, [1.09, 1.94])
    expectClose(fit.covariance.flatMap { $0 }, [0.0287, -0.0123, -0.0123, 0.0082])
    #expect((fit.chiSquared - 0.082).magnitude < 1e-12)
    #expect((fit.conditionNumber - 3.7588860994071087).magnitude < 1e-9)
    #expect(fit.degreesOfFreedom == 2)
  }

  @Test
  func weightedFitAgrees() throws {
    let fit = try fitLinear(
      design: NumericalTests.line, observations: NumericalTests.observed, weights: [1, 4, 4, 0.25])
    expectClose(fit.coefficients, [0.9219653179190762, 2.0919075144508676])
    expectClose(
      fit.covariance.flatMap { $0 },
      [0.5144508670520234, -0.2947976878612718, -0.2947976878612718, 0.21387283236994228])
    #expect((fit.chiSquared - 0.158612716763006).magnitude < 1e-12)
    #expect((fit.conditionNumber - 4.571032342166319).magnitude < 1e-9)
    #expect((fit.standardError(1) - 0.21387283236994228.squareRoot()).magnitude < 1e-12)
  }

  @Test
  func unusableFitsAreRefused() {
    let twice = #expect(throws: StatisticsError.self) {
      try fitLinear(design: [[1, 2], [2, 4], [3, 6]], observations: [1, 2, 3])
    }
    #expect(twice?.code == .singular)
    #expect(throws: StatisticsError.self) { try fitLinear(design: [], observations: []) }
    #expect(throws: StatisticsError.self) {
      try fitLinear(design: [[1], [1, 2]], observations: [1, 2])
    }
    #expect(throws: StatisticsError.self) { try fitLinear(design: [[1, 2]], observations: [1]) }
    #expect(throws: StatisticsError.self) {
      try fitLinear(design: [[1], [2]], observations: [1, .nan])
    }
    #expect(throws: StatisticsError.self) {
      try fitLinear(design: [[1], [2]], observations: [1, 2], weights: [1, 0])
    }
  }

  private func expectClose(
    _ actual: [Double], _ expected: [Double], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(actual.count == expected.count, sourceLocation: sourceLocation)
    for (a, e) in zip(actual, expected) {
      #expect((a - e).magnitude < 1e-9 * (1 + e.magnitude), sourceLocation: sourceLocation)
    }
  }
}
