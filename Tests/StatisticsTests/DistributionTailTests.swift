import Numerics
import Statistics
import Testing

@Suite("Tails of distributions, and means of what is rounded up")
struct DistributionTailTests {
  /// By hand: a number that is always 1 is one step, one that is just above a step is two; an
  /// exponential number in steps is geometric, 1 / (1 - exp(-step / mean)); a uniform number on (0,
  /// 3) in steps of 1 is 1, 2 or 3.
  @Test("Means of rounding up that are known")
  func known() throws {
    #expect(try Distribution.deterministic(value: 0).meanCeiling(step: 1448) == 0)
    #expect(try Distribution.deterministic(value: 1).meanCeiling(step: 1448) == 1)
    #expect(try Distribution.deterministic(value: 1448).meanCeiling(step: 1448) == 1)
    #expect(try Distribution.deterministic(value: 1449).meanCeiling(step: 1448) == 2)
    let exponential = try Distribution.exponential(mean: 500).meanCeiling(step: 1448)
    #expect(abs(exponential - 1 / (1 - Double.exp(-2.896))) < 1e-12)
    #expect(abs(try Distribution.uniform(lower: 0, upper: 3).meanCeiling(step: 1) - 2) < 1e-12)
    // Far beyond the terms that are added one by one: half a step above the mean.
    let long = try Distribution.exponential(mean: 1e9).meanCeiling(step: 1000)
    #expect(abs(long * (1 - Double.exp(-1e-6)) - 1) < 1e-7)
    // The sum of (1 / k)^2 from 1 on, and the term at 0.
    let pareto = try Distribution.pareto(minimum: 1, shape: 2).meanCeiling(step: 1)
    #expect(abs(pareto - (1 + Double.pi * Double.pi / 6)) < 1e-6)
    #expect(try Distribution.pareto(minimum: 1, shape: 1).meanCeiling(step: 1) == .infinity)
  }

  static func laws() throws -> [Distribution] {
    [
      try .uniform(lower: 100, upper: 5000), try .exponential(mean: 900),
      try .erlang(mean: 2000, stages: 3),
      try .hyperexponential(mean: 2000, squaredCoefficientOfVariation: 5),
      try .gamma(mean: 700, coefficientOfVariation: 1.5),
      try .lognormal(mean: 500, coefficientOfVariation: 1),
      try .pareto(mean: 3000, shape: 2.5),
      try .boundedPareto(minimum: 100, maximum: 1e6, shape: 1.2),
      try .empirical(quantiles: [
        .init(probability: 0, value: 100), .init(probability: 0.35, value: 900),
        .init(probability: 0.85, value: 9_000), .init(probability: 1, value: 90_000),
      ]),
    ]
  }

  @Test("Of every law, the mean of rounding up is that of its own numbers")
  func agreesWithDraws() throws {
    for (number, law) in try Self.laws().enumerated() {
      var stream = RandomStream(
        StreamKey(seed: 7, role: .init(rawValue: 1), guest: UInt32(number), replication: 0))
      var sum = 0.0
      var squares = 0.0
      let draws = 100_000
      for _ in 0..<draws {
        let steps = (law.draw(&stream) / 1448).rounded(.up)
        sum += steps
        squares += steps * steps
      }
      let mean = sum / Double(draws)
      let deviation = ((squares / Double(draws) - mean * mean) / Double(draws)).squareRoot()
      #expect(abs(law.meanCeiling(step: 1448) - mean) < 4.5 * deviation + 1e-12, "\(law)")
    }
  }
}
