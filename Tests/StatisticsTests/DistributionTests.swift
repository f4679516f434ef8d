import Numerics
import Statistics
import Testing

@Suite
struct DistributionTests {
  typealias Maker = @Sendable () throws -> Distribution

  static let invalid: [Maker] = [
    { try .deterministic(value: -1) },
    { try .uniform(lower: 3, upper: 3) },
    { try .uniform(lower: -1, upper: 3) },
    { try .exponential(mean: 0) },
    { try .exponential(mean: .nan) },
    { try .exponential(mean: .infinity) },
    { try .erlang(mean: 1, stages: 0) },
    { try .hyperexponential(mean: 1, squaredCoefficientOfVariation: 0.5) },
    { try .gamma(mean: 1, coefficientOfVariation: 0) },
    { try .lognormal(mean: -2, coefficientOfVariation: 1) },
    { try .pareto(minimum: 0, shape: 2) },
    { try .pareto(mean: 1, shape: 1) },
    { try .boundedPareto(minimum: 2, maximum: 1, shape: 1) },
    { try .empirical(quantiles: []) },
    {
      try .empirical(quantiles: [.init(probability: 0, value: 2), .init(probability: 1, value: 1)])
    },
    {
      try .empirical(quantiles: [
        .init(probability: 0.1, value: 1), .init(probability: 1, value: 2),
      ])
    },
    { try .empirical(samples: [1]) },
    { try .empirical(samples: [1, -1]) },
    { try Distribution.exponential(mean: 1).scaled(by: 0) },
    { try .fitting(mean: 1, squaredCoefficientOfVariation: -1) },
  ]

  @Test(arguments: invalid.indices)
  func invalidParametersAreRefused(_ index: Int) {
    #expect(throws: StatisticsError.self) { try DistributionTests.invalid[index]() }
  }

  @Test
  func errorsNamePlaceAndRemedy() {
    let error = #expect(throws: StatisticsError.self) { try Distribution.exponential(mean: -1) }
    #expect(error?.code == .invalidParameter)
    #expect(error?.place == "Distribution.exponential")
    #expect(error?.message.contains("greater than 0") == true)
    #expect(error?.description.contains("invalid-parameter") == true)
  }

  @Test
  func scalingMultipliesMeanAndKeepsShape() throws {
    for testCase in try VariateTests.cases() {
      let scaled = try testCase.law.scaled(by: 2.5)
      #expect((scaled.mean / (2.5 * testCase.law.mean) - 1).magnitude < 1e-12)
      let before = testCase.law.squaredCoefficientOfVariation
      #expect((scaled.squaredCoefficientOfVariation - before).magnitude < 1e-9 * (1 + before))
      var one = testStream(10)
      var two = testStream(10)
      for _ in 0..<20 {
        let expected = 2.5 * testCase.law.draw(&one)
        #expect((scaled.draw(&two) - expected).magnitude < 1e-12 * expected.magnitude)
      }
    }
  }

  @Test
  func heavyTailsHaveNoMoments() throws {
    #expect(try Distribution.pareto(minimum: 1, shape: 1).mean == .infinity)
    #expect(try Distribution.pareto(minimum: 1, shape: 2).variance == .infinity)
  }

  /// At shapes 1 and 2 the usual formulas divide by zero; x ln-forms hold there.
  @Test
  func boundedParetoMomentsAtIntegerShapes() throws {
    let one = try Distribution.boundedPareto(minimum: 1, maximum: 10, shape: 1)
    #expect((one.mean - Double.log(10) / 0.9).magnitude < 1e-12)
    let two = try Distribution.boundedPareto(minimum: 1, maximum: 10, shape: 2)
    let second = 2 * Double.log(10) / 0.99
    let mean = 2 * 0.9 / 0.99
    #expect((two.variance - (second - mean * mean)).magnitude < 1e-12)
  }

  @Test(arguments: [0.0, 0.25, 1.0, 4.0])
  func twoMomentFitHasBothMoments(_ c2: Double) throws {
    let law = try Distribution.fitting(mean: 3, squaredCoefficientOfVariation: c2)
    #expect((law.mean - 3).magnitude < 1e-12)
    #expect((law.squaredCoefficientOfVariation - c2).magnitude < 1e-12)
  }

  @Test
  func empiricalKeepsTheEndsOfItsSamples() throws {
    let law = try Distribution.Empirical(samples: [5, 1, 3, 9, 7], tableSize: 100)
    #expect(law.quantiles.map(\.value) == [1, 3, 5, 7, 9])
    #expect(law.mean == 5)
    var stream = testStream(11)
    for _ in 0..<1000 {
      let value = law.draw(&stream)
      #expect(value > 1 && value < 9)
    }
  }

  @Test
  func burstyArrivalsHaveTheirRateAndDispersion() throws {
    var stream = testStream(12)
    var source = try MarkovModulatedArrivals(
      meanRate: 2, peakToMean: 4, meanBurst: 3, stream: &stream)
    #expect((source.meanRate - 2).magnitude < 1e-12)
    #expect((source.burstRate - 8).magnitude < 1e-12)
    // Counts in windows far longer than a burst cycle (24 time units).
    let window = 600.0
    var counts = RunningMoments()
    var bursts = 0
    var arrivals = 0
    var clock = 0.0
    for _ in 0..<4000 {
      var count = 0.0
      while clock < window {
        clock += source.nextInterarrival(&stream)
        count += 1
        arrivals += 1
        if source.isBursting { bursts += 1 }
      }
      clock -= window
      counts.add(count)
    }
    #expect(((counts.mean / window - 2) / (counts.standardError / window)).magnitude < 4)
    // The finite window takes at most 1 / (window (r1 + r2)) off the limit, below 0.5 %.
    let ratio = counts.variance / counts.mean / source.indexOfDispersion
    #expect((ratio - 1).magnitude < 4 * (2.0 / 4000).squareRoot() + 0.005)
    let share = Double(bursts) / Double(arrivals)
    #expect((share - 0.5).magnitude < 0.01)
  }

  @Test
  func burstyArrivalsRefuseImpossibleShapes() {
    var stream = testStream(13)
    #expect(throws: StatisticsError.self) {
      try MarkovModulatedArrivals(meanRate: 1, peakToMean: 1, meanBurst: 1, stream: &stream)
    }
    #expect(throws: StatisticsError.self) {
      try MarkovModulatedArrivals(
        meanRate: 1, peakToMean: 2, meanBurst: 1, shareInBursts: 1.5, stream: &stream)
    }
    #expect(throws: StatisticsError.self) { try Zipf(items: 0, exponent: 1) }
    #expect(throws: StatisticsError.self) { try Zipf(items: 10, exponent: -1) }
  }
}
