import Statistics
import Testing

@Suite("How much of a mean the largest values make")
struct TailShareTests {
  private func share(_ law: Distribution, _ count: Double) throws -> Double {
    try law.shareOfMean(ofLargestIn: count)
  }

  /// What draws show: the mean of those above the quantile, by the number of all.
  @Test(arguments: [
    try Distribution.exponential(mean: 3), try .erlang(mean: 2, stages: 3),
    try .gamma(mean: 5, coefficientOfVariation: 2),
    try .hyperexponential(mean: 1, squaredCoefficientOfVariation: 9),
    try .lognormal(mean: 4, coefficientOfVariation: 1.5), try .pareto(mean: 1, shape: 3),
    try .boundedPareto(minimum: 1, maximum: 100, shape: 1.2),
    try .boundedPareto(minimum: 1, maximum: 100, shape: 1), try .uniform(lower: 1, upper: 4),
    try .empirical(quantiles: [
      .init(probability: 0, value: 1), .init(probability: 0.7, value: 2),
      .init(probability: 1, value: 30),
    ]),
  ])
  func isWhatDrawsShow(law: Distribution) throws {
    var stream = RandomStream(state: (1, 2, 3, 4))
    var draws = (0..<400_000).map { _ in law.draw(&stream) }
    draws.sort(by: >)
    let all = draws.reduce(0, +)
    let top = draws.prefix(draws.count / 20).reduce(0, +)
    let exact = try share(law, 20)
    #expect(abs(top / all - exact) < 0.02, "\(top / all) drawn, \(exact) computed")
  }

  @Test func hasKnownValues() throws {
    #expect(abs(try share(.pareto(mean: 1, shape: 2), 100) - 0.1) < 1e-12)
    #expect(try share(.pareto(minimum: 1, shape: 1), 1e6) == 1)
    #expect(try share(.pareto(mean: 1, shape: 1.001), 1e5) > 0.98)
    #expect(try share(.lognormal(mean: 1, coefficientOfVariation: 1e6), 1e5) > 0.8)
    #expect(abs(try share(.deterministic(value: 2), 50) - 0.02) < 1e-12)
    #expect(try share(.deterministic(value: 0), 50) == 0)
    #expect(try share(.exponential(mean: 1), 1000) < 0.01)
  }
}
