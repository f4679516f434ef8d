import Numerics
import Statistics
import Testing

@Suite
struct VarianceComponentsTests {
  /// Rows 1 3, 5 7, 9 11: within-mean-square 2, between 2 * 16 = 32, parameter (32 - 2) / 2 = 15.
  @Test
  func nestedDesignOfAWorkedExample() throws {
    let parts = try VarianceComponents.nested([[1, 3], [5, 7], [9, 11]])
    #expect((parts.residual - 2).magnitude < 1e-12)
    #expect((parts.parameter - 15).magnitude < 1e-12)
    #expect(parts.replication == 0)
    #expect(parts.interval.estimate == 6)
    // Parameters 15 * 4/3 = 20, chance 2 / 6.
    #expect((parts.parameterShare - 20 / (20 + 1.0 / 3)).magnitude < 1e-12)
  }

  /// Purely additive effects: rows 0, 3, 6 and columns 0, 1 leave nothing over.
  @Test
  func crossedDesignOfAWorkedExample() throws {
    let parts = try VarianceComponents.crossed([[0, 1], [3, 4], [6, 7]])
    #expect(parts.residual.magnitude < 1e-12)
    // Between rows 2 * 9 = 18, over 2 replications: 9. Between columns 3 * 0.5 = 1.5, over 3: 0.5.
    #expect((parts.parameter - 9).magnitude < 1e-12)
    #expect((parts.replication - 0.5).magnitude < 1e-12)
    #expect((parts.parameterShare - 12 / 12.25).magnitude < 1e-12)
    #expect((parts.replicationShare - 0.25 / 12.25).magnitude < 1e-12)
  }

  /// The interval is for the system at one unknown draw, so it must hold that system's own mean.
  @Test(arguments: [(true, 2.0), (true, 0.5), (false, 2.0), (false, 0.5)])
  func combinedIntervalCoversAFurtherDraw(_ isCrossed: Bool, _ spread: Double) throws {
    var hits = 0
    for seed in 0..<500 {
      var stream = testStream(80, replication: UInt32(seed))
      let shared = (0..<5).map { _ in stream.normal() }
      let runs = (0..<8).map { _ in
        let parameter = stream.normal(mean: 10, standardDeviation: spread)
        return (0..<5).map { j in
          parameter + (isCrossed ? shared[j] + 0.3 * stream.normal() : stream.normal())
        }
      }
      let truth = stream.normal(mean: 10, standardDeviation: spread)
      let parts =
        isCrossed ? try VarianceComponents.crossed(runs) : try VarianceComponents.nested(runs)
      if parts.interval.contains(truth) { hits += 1 }
    }
    let seen = try proportionInterval(successes: hits, trials: 500, confidence: 0.999)
    // Satterthwaite's degrees of freedom are an approximation, good to a few percent.
    #expect(seen.upper > 0.95 && seen.lower < 0.98)
  }

  @Test
  func componentsAreUnbiased() throws {
    var parameter = RunningMoments()
    var replication = RunningMoments()
    var residual = RunningMoments()
    for seed in 0..<400 {
      var stream = testStream(81, replication: UInt32(seed))
      let shared = (0..<6).map { _ in stream.normal() }
      let runs = (0..<10).map { _ in
        let draw = stream.normal(mean: 0, standardDeviation: 2)
        return (0..<6).map { draw + shared[$0] + 0.5 * stream.normal() }
      }
      let parts = try VarianceComponents.crossed(runs)
      parameter.add(parts.parameter)
      replication.add(parts.replication)
      residual.add(parts.residual)
    }
    #expect(((parameter.mean - 4) / parameter.standardError).magnitude < 4)
    #expect(((replication.mean - 1) / replication.standardError).magnitude < 4)
    #expect(((residual.mean - 0.25) / residual.standardError).magnitude < 4)
  }

  @Test
  func noScatterIsNoWidth() throws {
    let parts = try VarianceComponents.nested([[2, 2], [2, 2]])
    #expect(parts.interval.halfWidth == 0 && parts.parameterShare == 0)
  }

  @Test
  func unusableDesignsAreRefused() {
    #expect(throws: StatisticsError.self) { try VarianceComponents.nested([[1, 2]]) }
    #expect(throws: StatisticsError.self) { try VarianceComponents.nested([[1], [2]]) }
    #expect(throws: StatisticsError.self) { try VarianceComponents.crossed([[1, 2], [1]]) }
    #expect(throws: StatisticsError.self) { try VarianceComponents.crossed([[1, 2], [1, .nan]]) }
  }
}
