import Foundation
import Statistics
import Testing

@Suite("Queueing: open networks")
struct QueueingOpenNetworkTests {
  static func solution(_ network: OpenNetwork) throws -> NetworkSolution {
    guard case .stable(let solution) = try network.solve() else {
      throw QueueingError(code: .unstable, message: "expected a steady state", place: "test")
    }
    return solution
  }

  @Test("One station is M/M/c", arguments: [1, 2, 4, 8, 16, 32])
  func oneStation(servers: Int) throws {
    let rate = 0.8 * Double(servers)
    let network = try OpenNetwork(
      stations: [.queueing("cpu", servers: servers, demands: [1])],
      classes: [.init(name: "jobs", arrivalRate: rate)])
    let queue = try MMcQueue(arrivalRate: rate, serviceRate: 1, servers: servers)
    let solution = try Self.solution(network)
    #expect(isClose(solution.response[0], queue.meanSojourn))
    #expect(isClose(solution.totalUtilization(station: 0), 0.8))
    #expect(isClose(solution.totalQueueLength(station: 0), queue.meanNumber))
    for probability in [0.5, 0.95, 0.99] {
      let percentile = try network.responsePercentile(
        probability, discipline: .firstComeFirstServed)
      #expect(isClose(percentile / (try queue.sojournPercentile(probability)), 1, within: 1e-11))
    }
  }

  @Test("Classes share stations in proportion to their demands")
  func classes() throws {
    let network = try OpenNetwork(
      stations: [
        .queueing("cpu", demands: [0.2, 0.5]), .queueing("disk", servers: 2, demands: [0.4, 0]),
        .delay("wire", demands: [3, 1]),
      ],
      classes: [.init(name: "A", arrivalRate: 2), .init(name: "B", arrivalRate: 0.8)])
    let solution = try Self.solution(network)
    #expect(isClose(solution.residence[0][0], 0.2 / 0.2))
    #expect(isClose(solution.residence[0][1], 0.5 / 0.2))
    // M/M/2: T = s / (1 - rho^2).
    #expect(isClose(solution.residence[1][0], 0.4 / (1 - 0.16)))
    #expect(solution.residence[1][1] == 0)
    #expect(solution.residence[2] == [3, 1])
    #expect(solution.bottleneck == 0)
  }

  @Test("An overload names its station")
  func overload() throws {
    let network = try OpenNetwork(
      stations: [
        .queueing("cpu", servers: 4, demands: [3]), .queueing("disk", demands: [1]),
        .delay("wire", demands: [9]),
      ],
      classes: [.init(name: "jobs", arrivalRate: 1)])
    #expect(
      try network.solve() == .unstable(bottleneck: 1, name: "disk", utilization: 1))
    expectRefusal(.unstable) {
      _ = try network.responsePercentile(0.95, discipline: .processorSharing)
    }
  }

  @Test("Many customers of a closed network see the open one")
  func closedLimit() throws {
    let stations: [NetworkStation] = [
      .queueing("cpu", servers: 2, demands: [0.5]), .queueing("disk", demands: [0.3]),
    ]
    let open = try OpenNetwork(
      stations: stations, classes: [.init(name: "jobs", arrivalRate: 2)])
    let closed = try ClosedNetwork(
      stations: stations,
      classes: [.init(name: "users", population: 200_000, thinkTime: 100_000)])
    #expect(
      isClose(
        try closed.exact().response[0], try Self.solution(open).response[0], within: 1e-4))
  }

  @Test("A tandem of single servers has its exact percentile")
  func tandem() throws {
    let network = try OpenNetwork(
      stations: [.queueing("first", demands: [1]), .queueing("second", demands: [0.5])],
      classes: [.init(name: "jobs", arrivalRate: 0.8)])
    let p95 = try network.responsePercentile(0.95, discipline: .firstComeFirstServed)
    let (slow, fast) = (0.2, 1.2)
    let survival = (fast * exp(-slow * p95) - slow * exp(-fast * p95)) / (fast - slow)
    #expect(isClose(survival, 0.05))
  }

  @Test("Processor sharing spreads more than first come first served, less when load is low")
  func processorSharing() throws {
    func p99(_ rate: Double, _ discipline: OpenNetwork.Discipline) throws -> Double {
      try OpenNetwork(
        stations: [.queueing("cpu", demands: [1])],
        classes: [.init(name: "jobs", arrivalRate: rate)]
      ).responsePercentile(0.99, discipline: discipline)
    }
    #expect(try p99(0.8, .processorSharing) > p99(0.8, .firstComeFirstServed) * 1.1)
    #expect(isClose(try p99(0, .processorSharing), log(100), within: 1e-9))
  }

  @Test("Bad networks are refused")
  func badInput() throws {
    for rate in [-1, Double.nan, .infinity] {
      expectRefusal(.invalidInput) {
        _ = try OpenNetwork(
          stations: [.delay("wire", demands: [1])],
          classes: [.init(name: "jobs", arrivalRate: rate)])
      }
    }
    expectRefusal(.invalidInput) { _ = try OpenNetwork(stations: [], classes: []) }
    let network = try OpenNetwork(
      stations: [.delay("wire", demands: [0])], classes: [.init(name: "jobs", arrivalRate: 1)])
    expectRefusal(.invalidInput) {
      _ = try network.responsePercentile(0.5, ofClass: 1, discipline: .processorSharing)
    }
    expectRefusal(.invalidInput) {
      _ = try network.responsePercentile(95, discipline: .processorSharing)
    }
    #expect(try network.responsePercentile(0.5, discipline: .processorSharing) == 0)
  }
}

@Suite("Queueing: distributions of sums")
struct QueueingDistributionTests {
  @Test("Unequal phases have the textbook hypoexponential distribution")
  func hypoexponential() throws {
    let rates = [1.0, 3, 50]
    let sequence = try PhaseSequence(phases: rates.map { .init(rate: $0) })
    for time in [0.01, 0.5, 2, 9] {
      var survival = 0.0
      for (i, rate) in rates.enumerated() {
        var weight = exp(-rate * time)
        for (j, other) in rates.enumerated() where j != i { weight *= other / (other - rate) }
        survival += weight
      }
      #expect(isClose(sequence.distribution(time), 1 - survival, within: 1e-13))
    }
    #expect(isClose(sequence.mean, 1 + 1.0 / 3 + 0.02))
    #expect(isClose(sequence.variance, 1 + 1.0 / 9 + 0.0004))
  }

  @Test("Equal phases are Erlang, which the gamma match also hits", arguments: [1, 2, 5, 30])
  func erlang(phases: Int) throws {
    let sequence = try PhaseSequence(
      phases: (0..<phases).map { _ in .init(rate: 4) })
    let time = 1.3 * sequence.mean
    var term = exp(-4 * time)
    var survival = 0.0
    for j in 0..<phases {
      survival += term
      term *= 4 * time / Double(j + 1)
    }
    #expect(isClose(sequence.distribution(time), 1 - survival, within: 1e-13))
    let match = try GammaMatch(mean: sequence.mean, variance: sequence.variance)
    for probability in [0.05, 0.5, 0.95, 0.999] {
      let ratio =
        try match.percentile(probability) / sequence.percentile(probability)
      #expect(isClose(ratio, 1, within: 1e-10))
    }
  }

  @Test("Rates a million apart and nearly equal rates are no special case")
  func extremes() throws {
    let spread = try PhaseSequence(phases: [.init(rate: 1), .init(rate: 1e6)])
    let time = 3.0
    let survival = (1e6 * exp(-time) - exp(-1e6 * time)) / (1e6 - 1)
    #expect(isClose(spread.distribution(time), 1 - survival, within: 1e-10))
    let near = try PhaseSequence(phases: [.init(rate: 1), .init(rate: 1 + 1e-12)])
    #expect(isClose(near.distribution(time), 1 - exp(-time) * (1 + time), within: 1e-11))
    let skipped = try PhaseSequence(phases: [.init(rate: 2, probability: 0.25)])
    #expect(try skipped.percentile(0.7) == 0)
    #expect(isClose(try skipped.percentile(0.95), log(5) / 2))
  }

  @Test("The gamma match of unequal exponential times stays within a few percent at p95")
  func gammaMatch() throws {
    var worst = 0.0
    for ratio in [1.5, 2, 3, 5, 10, 30, 100] {
      for count in 2...4 {
        var phases: [PhaseSequence.Phase] = []
        var rate = 1.0
        for _ in 0..<count {
          phases.append(.init(rate: rate))
          rate *= ratio
        }
        let exact = try PhaseSequence(phases: phases)
        let match = try GammaMatch(mean: exact.mean, variance: exact.variance)
        let difference = try match.percentile(0.95) / exact.percentile(0.95) - 1
        worst = max(worst, abs(difference))
      }
    }
    #expect(worst < 0.03)
  }

  @Test("Moments and phases outside their domain are refused")
  func badInput() throws {
    for value in [-1, Double.nan, .infinity] {
      expectRefusal(.invalidInput) { _ = try GammaMatch(mean: value, variance: 1) }
      expectRefusal(.invalidInput) { _ = try GammaMatch(mean: 1, variance: value) }
      expectRefusal(.invalidInput) { _ = try PhaseSequence(phases: [.init(rate: value)]) }
      expectRefusal(.invalidInput) {
        _ = try PhaseSequence(phases: [.init(rate: 1, probability: value)])
      }
    }
    expectRefusal(.invalidInput) { _ = try PhaseSequence(phases: []) }
    let match = try GammaMatch(mean: 2, variance: 0)
    #expect(try match.percentile(0.99) == 2)
    expectRefusal(.invalidInput) { _ = try match.percentile(1) }
  }
}
