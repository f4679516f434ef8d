import Numerics
import Statistics
import Testing

/// Every sampler against its law: moments, and Kolmogorov-Smirnov with GSL's distribution
/// functions.
@Suite
struct VariateTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let law: Distribution
    /// Whether the fourth moment exists, so that the sample variance can be tested.
    var hasFourthMoment = true
    let cumulative: @Sendable (Double) throws -> Double
    var testDescription: String { name }
  }

  static func cases() throws -> [Case] {
    func gamma(_ mean: Double, _ cv: Double) throws -> Case {
      let shape = 1 / (cv * cv)
      return Case(
        name: "gamma \(mean) \(cv)",
        law: try .gamma(mean: mean, coefficientOfVariation: cv)
      ) { try ReferenceDistribution.gamma(shape: shape, scale: mean / shape).cumulative($0) }
    }
    func erlang(_ mean: Double, _ stages: Int) throws -> Case {
      Case(name: "erlang \(stages)", law: try .erlang(mean: mean, stages: stages)) {
        try ReferenceDistribution.gamma(shape: Double(stages), scale: mean / Double(stages))
          .cumulative($0)
      }
    }
    func lognormal(_ mean: Double, _ cv: Double, tame: Bool) throws -> Case {
      let variance = Double.log(1 + cv * cv)
      return Case(
        name: "lognormal \(cv)", law: try .lognormal(mean: mean, coefficientOfVariation: cv),
        hasFourthMoment: tame
      ) {
        try ReferenceDistribution.normal.cumulative(
          (Double.log($0 / mean) + 0.5 * variance) / variance.squareRoot())
      }
    }
    func hyper(_ mean: Double, _ c2: Double) throws -> Case {
      let p = 0.5 * (1 + ((c2 - 1) / (c2 + 1)).squareRoot())
      return Case(
        name: "hyperexponential \(c2)",
        law: try .hyperexponential(mean: mean, squaredCoefficientOfVariation: c2)
      ) { 1 - p * Double.exp(-2 * p * $0 / mean) - (1 - p) * Double.exp(-2 * (1 - p) * $0 / mean) }
    }
    let table = [(0.0, 1.0), (0.5, 2.0), (0.9, 4.0), (1.0, 20.0)]
    return [
      Case(name: "uniform", law: try .uniform(lower: 2, upper: 5)) { ($0 - 2) / 3 },
      Case(name: "exponential", law: try .exponential(mean: 3)) {
        try ReferenceDistribution.gamma(shape: 1, scale: 3).cumulative($0)
      },
      try gamma(2, 0.1), try gamma(1, 0.5), try gamma(1, 1), try gamma(4, 2),
      try erlang(1, 1), try erlang(2, 4), try erlang(5, 20),
      try lognormal(3, 0.3, tame: true), try lognormal(1, 2, tame: false),
      try hyper(1, 1), try hyper(2, 4), try hyper(1, 16),
      Case(name: "pareto", law: try .pareto(minimum: 1, shape: 5), hasFourthMoment: false) {
        1 - Double.pow($0, -5)
      },
      Case(
        name: "bounded pareto",
        law: try .boundedPareto(minimum: 1, maximum: 50, shape: 1.5)
      ) { (1 - Double.pow($0, -1.5)) / (1 - Double.pow(50, -1.5)) },
      Case(
        name: "empirical",
        law: try .empirical(
          quantiles: table.map {
            Distribution.Empirical.Quantile(probability: $0.0, value: $0.1)
          })
      ) { x in
        for (low, high) in zip(table, table.dropFirst()) where x <= high.1 {
          return low.0 + (x - low.1) / (high.1 - low.1) * (high.0 - low.0)
        }
        return 1
      },
    ]
  }

  @Test(arguments: try VariateTests.cases())
  func samplerFollowsItsLaw(_ testCase: Case) throws {
    var stream = testStream(1)
    let n = 200_000
    let sample = (0..<n).map { _ in testCase.law.draw(&stream) }
    let p = try kolmogorovSmirnovPValue(sample, cumulative: testCase.cumulative)
    #expect(p > 1e-3)
    let moments = RunningMoments(sample)
    #expect(((moments.mean - testCase.law.mean) / moments.standardError).magnitude < 4)
    if testCase.hasFourthMoment {
      var fourth = 0.0
      for value in sample {
        let square = (value - moments.mean) * (value - moments.mean)
        fourth += square * square / Double(n)
      }
      let error = ((fourth - moments.variance * moments.variance) / Double(n)).squareRoot()
      #expect(((moments.variance - testCase.law.variance) / error).magnitude < 4)
    }
  }

  @Test
  func normalFollowsItsLaw() throws {
    var stream = testStream(2)
    let sample = (0..<400_000).map { _ in stream.normal() }
    #expect(
      try kolmogorovSmirnovPValue(sample) { try ReferenceDistribution.normal.cumulative($0) } > 1e-3
    )
    let moments = RunningMoments(sample)
    #expect((moments.mean / moments.standardError).magnitude < 4)
    #expect((moments.variance - 1).magnitude < 4 * (2.0 / 400_000).squareRoot())
    let serial = correlation(Array(sample.dropLast()), Array(sample.dropFirst()))
    #expect(serial.magnitude * 400_000.0.squareRoot() < 4)
  }

  /// The tails come from code of their own, and the bulk hides them from Kolmogorov-Smirnov.
  @Test
  func zigguratTailsHaveTheirMassAndSign() throws {
    var stream = testStream(3)
    let n = 4_000_000
    let normalEdge = normalLayers[1]
    let exponentialEdge = exponentialLayers[1]
    var low = 0
    var high = 0
    var long = 0
    for _ in 0..<n {
      let x = stream.normal()
      if x > normalEdge { high += 1 }
      if x < -normalEdge { low += 1 }
      if stream.exponential() > exponentialEdge { long += 1 }
    }
    let normalMean = Double(n) * (try ReferenceDistribution.normal.tail(normalEdge))
    #expect((Double(low) - normalMean).magnitude < 4 * normalMean.squareRoot())
    #expect((Double(high) - normalMean).magnitude < 4 * normalMean.squareRoot())
    let exponentialMean = Double(n) * Double.exp(-exponentialEdge)
    #expect((Double(long) - exponentialMean).magnitude < 4 * exponentialMean.squareRoot())
  }

  @Test
  func zigguratTailsHaveTheirShape() throws {
    var stream = testStream(7)
    let normalEdge = normalLayers[1]
    let mass = try ReferenceDistribution.normal.tail(normalEdge)
    let normal = (0..<100_000).map { _ in stream.normalRemainder(layer: 0, x: 0) }
    #expect(
      try kolmogorovSmirnovPValue(normal) {
        1 - (try ReferenceDistribution.normal.tail($0)) / mass
      } > 1e-3)
    let edge = exponentialLayers[1]
    let exponential = (0..<100_000).map { _ in stream.exponentialRemainder(layer: 0, x: 0) - edge }
    #expect(kolmogorovSmirnovPValue(exponential) { 1 - Double.exp(-$0) } > 1e-3)
  }

  /// A point in a wedge is kept with the share of the wedge's height that lies under the density.
  @Test(arguments: [1, 10, 128, 250])
  func zigguratWedgesAreKeptAsOftenAsTheDensitySays(_ layer: Int) throws {
    var stream = testStream(8)
    let n = 100_000
    for part in [0.2, 0.5, 0.8] {
      func expectShare(
        _ layers: borrowing InlineArray<257, Double>, _ density: (Double) -> Double,
        _ remainder: (Double) -> Double
      ) {
        let x = layers[layer + 1] + part * (layers[layer] - layers[layer + 1])
        let low = density(layers[layer])
        let share = (density(x) - low) / (density(layers[layer + 1]) - low)
        var kept = 0
        for _ in 0..<n where remainder(x) == x { kept += 1 }
        let mean = share * Double(n)
        #expect((Double(kept) - mean).magnitude < 4 * (mean * (1 - share)).squareRoot())
      }
      expectShare(exponentialLayers, { Double.exp(-$0) }) {
        stream.exponentialRemainder(layer: layer, x: $0)
      }
      expectShare(normalLayers, { Double.exp(-0.5 * $0 * $0) }) {
        stream.normalRemainder(layer: layer, x: $0)
      }
    }
  }

  @Test
  func zigguratLayersHaveEqualAreas() {
    let exponentialArea =
      exponentialLayers[1] * Double.exp(-exponentialLayers[1])
      + Double.exp(-exponentialLayers[1])
    let normalArea = normalLayers[0] * Double.exp(-0.5 * normalLayers[1] * normalLayers[1])
    for layer in 1..<256 {
      let exponential =
        exponentialLayers[layer]
        * (Double.exp(-exponentialLayers[layer + 1]) - Double.exp(-exponentialLayers[layer]))
      #expect((exponential / exponentialArea - 1).magnitude < 1e-10)
      let outer = normalLayers[layer]
      let inner = normalLayers[layer + 1]
      let normal = outer * (Double.exp(-0.5 * inner * inner) - Double.exp(-0.5 * outer * outer))
      #expect((normal / normalArea - 1).magnitude < 1e-10)
    }
    #expect(exponentialLayers[256] == 0)
    #expect(normalLayers[256] == 0)
  }

  @Test(arguments: [
    (50, 0.0), (50, 0.6), (50, 1.0), (50, 1.0000001), (50, 2.5), (1, 0.8), (2, 0.8),
  ])
  func zipfFollowsItsWeights(_ items: Int, _ exponent: Double) throws {
    let law = try Zipf(items: items, exponent: exponent)
    var stream = testStream(4)
    let n = 200_000
    var counts = [Int](repeating: 0, count: items)
    for _ in 0..<n { counts[law.draw(&stream) - 1] += 1 }
    guard items > 1 else {
      #expect(counts == [n])
      return
    }
    let weights = (1...items).map { Double.pow(Double($0), -exponent) }
    let total = weights.reduce(0, +)
    #expect(try chiSquaredPValue(counts, expected: weights.map { $0 / total * Double(n) }) > 1e-3)
  }

  @Test
  func zipfOfTenMillionItemsHasTheRightHead() throws {
    let law = try Zipf(items: 10_000_000, exponent: 0.9)
    var total = 0.0
    for rank in 1...10_000_000 { total += Double.exp(-0.9 * Double.log(Double(rank))) }
    var stream = testStream(5)
    let n = 500_000
    var first = 0
    var largest = 0
    for _ in 0..<n {
      let rank = law.draw(&stream)
      if rank == 1 { first += 1 }
      largest = max(largest, rank)
    }
    let mean = Double(n) / total
    #expect((Double(first) - mean).magnitude < 4 * mean.squareRoot())
    #expect(largest > 9_900_000 && largest <= 10_000_000)
  }

  @Test(arguments: [UInt64(7), 1000, 3 << 62])
  func uniformIntegersAreUnbiased(_ bound: UInt64) throws {
    var stream = testStream(6)
    let cells = bound <= 1000 ? Int(bound) : 1024
    let width = bound / UInt64(cells)
    let n = 300_000
    var counts = [Int](repeating: 0, count: cells)
    for _ in 0..<n { counts[Int(stream.uniformInteger(below: bound) / width)] += 1 }
    let expected = [Double](repeating: Double(n) / Double(cells), count: cells)
    #expect(try chiSquaredPValue(counts, expected: expected) > 1e-3)
  }

  @Test
  func uniformNeverTouchesItsEnds() {
    var lowest = RandomStream(state: (0, 0, 0, 1))
    #expect(lowest.uniform() > 0)
    #expect((Double(UInt64.max >> 12) + 0.5) * 0x1p-52 < 1)
    #expect(lowest.uniformInteger(below: 0) == 0)
    #expect(lowest.uniformInteger(below: 1) == 0)
  }
}
