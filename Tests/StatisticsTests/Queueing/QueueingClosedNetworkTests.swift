import Statistics
import Testing

@Suite("Queueing: closed networks")
struct QueueingClosedNetworkTests {
  static func network(
    _ demands: [Double], servers: [Int]? = nil, population: Int, thinkTime: Double = 0
  ) throws -> ClosedNetwork {
    try ClosedNetwork(
      stations: demands.enumerated().map { index, demand in
        .queueing("station \(index + 1)", servers: servers?[index] ?? 1, demands: [demand])
      },
      classes: [.init(name: "users", population: population, thinkTime: thinkTime)])
  }

  @Test(
    "Two stations and a think time",
    arguments: [
      (1, "0.86956522", "0.15000000"), (5, "4.15450519", "0.20351276"),
      (10, "7.50874976", "0.33177963"), (20, "9.94083691", "1.01190304"),
      (50, "10.00000000", "4.00000000"),
    ])
  func interactive(population: Int, throughput: String, response: String) throws {
    let solution = try Self.network([0.1, 0.05], population: population, thinkTime: 1).exact()
    #expect(agrees(solution.throughput[0], throughput))
    #expect(agrees(solution.response[0], response))
    #expect(solution.bottleneck == 0)
    let inside = solution.totalQueueLength(station: 0) + solution.totalQueueLength(station: 1)
    #expect(isClose(inside + solution.throughput[0], Double(population), within: 1e-11))
    #expect(isClose(solution.totalUtilization(station: 1), solution.throughput[0] * 0.05))
  }

  @Test("Density oracle", arguments: [(1.0, 19), (0.5, 13)])
  func density(goal: Double, expected: Int) throws {
    let network = try Self.network([0.1, 0.05], population: 1, thinkTime: 1)
    let found = try largestPopulation(atMost: 10_000) { population in
      try network.with(population: population).exact().response[0] <= goal
    }
    #expect(found == expected)
    #expect(try network.with(population: found).exact().bottleneck == 0)
    let curve = try network.with(population: 40).exactCurve()
    #expect(curve.count == 40)
    #expect(curve[expected - 1].response[0] <= goal && curve[expected].response[0] > goal)
  }

  @Test(
    "Three stations, no think time",
    arguments: [(3, "1.92982456"), (10, "2.44430137"), (20, "2.49701694")])
  func batch(population: Int, throughput: String) throws {
    let solution = try Self.network([0.4, 0.3, 0.2], population: population).exact()
    #expect(agrees(solution.throughput[0], throughput))
    if population == 3 { #expect(agrees(solution.response[0], "1.55454545")) }
  }

  @Test("Balanced stations: X = N / (N + K - 1)", arguments: [1, 2, 5, 16], [1, 4, 30, 200])
  func balanced(stations: Int, population: Int) throws {
    let network = try Self.network(
      [Double](repeating: 1, count: stations), population: population)
    let expected = Double(population) / Double(population + stations - 1)
    #expect(isClose(try network.exact().throughput[0], expected))
    // The Schweitzer estimate is exact for balanced stations.
    #expect(isClose(try network.approximate().throughput[0], expected, within: 1e-9))
  }

  @Test("Two classes with one customer each")
  func twoClasses() throws {
    let network = try ClosedNetwork(
      stations: [
        .queueing("first", demands: [1, 2]), .queueing("second", demands: [3, 4]),
      ],
      classes: [.init(name: "A", population: 1), .init(name: "B", population: 1)])
    let solution = try network.exact()
    #expect(isClose(solution.throughput[0], 3.0 / 19))
    #expect(isClose(solution.throughput[1], 2.0 / 19))
    #expect(solution.bottleneck == 1)
  }

  @Test("Asymptotic bounds hold and meet where they should")
  func bounds() throws {
    for population in 1...60 {
      let network = try Self.network([0.1, 0.05], population: population, thinkTime: 1)
      let solution = try network.exact()
      let bounds = network.bounds[0]
      #expect(solution.throughput[0] <= bounds.upperThroughput * (1 + 1e-12))
      #expect(solution.throughput[0] >= bounds.lowerThroughput * (1 - 1e-12))
      #expect(solution.response[0] >= bounds.lowerResponse * (1 - 1e-12))
      #expect(solution.response[0] <= bounds.upperResponse * (1 + 1e-12))
      #expect(isClose(bounds.saturationPopulation, 11.5))
      #expect(bounds.bottleneck == 0)
    }
  }

  @Test("One customer: the approximation is exact, several servers or not")
  func approximationOfOne() throws {
    let network = try Self.network(
      [0.4, 0.3, 0.2], servers: [1, 4, 2], population: 1, thinkTime: 2)
    #expect(isClose(try network.approximate().throughput[0], 1 / 2.9))
    #expect(isClose(try network.exact().throughput[0], 1 / 2.9))
  }

  @Test("The approximation stays near the exact solution", arguments: [2, 5, 10, 20, 50])
  func approximation(population: Int) throws {
    let single = try Self.network([0.1, 0.05], population: population, thinkTime: 1)
    let difference =
      try single.approximate().throughput[0] / single.exact().throughput[0] - 1
    #expect(abs(difference) < 0.05)
    let mixed = try ClosedNetwork(
      stations: [
        .queueing("cpu", servers: 4, demands: [0.2, 0.5]),
        .queueing("disk", demands: [0.1, 0.02]), .delay("network", demands: [0.1, 0.3]),
      ],
      classes: [
        .init(name: "A", population: population, thinkTime: 1),
        .init(name: "B", population: 3, thinkTime: 0),
      ])
    let exact = try mixed.exact()
    let estimate = try mixed.approximate()
    for k in 0..<2 {
      #expect(abs(estimate.throughput[k] / exact.throughput[k] - 1) < 0.13)
    }
    #expect(estimate.utilization[0][0] == estimate.throughput[0] * 0.2 / 4)
  }

  @Test(
    "The approximation errs by no more than its documentation admits",
    arguments: [(1, 0.07), (2, 0.25), (4, 0.25), (16, 0.25), (64, 0.25)])
  func approximationError(servers: Int, limit: Double) throws {
    for thinkTime in [0.0, 1, 4, 10] {
      for second in [0.0, 0.2, 0.5, 0.9, 1] {
        for population in [2, 4, 8, 16, 32, 64, 200, 700] {
          let network = try Self.network(
            [1, second / Double(servers)], servers: [servers, 1], population: population,
            thinkTime: thinkTime)
          let ratio = try network.approximate().throughput[0] / network.exact().throughput[0]
          #expect(ratio > 1 - limit && ratio < 1 + 1e-9)
        }
      }
    }
  }

  @Test("Bad networks are refused")
  func badInput() throws {
    for demand in [-0.1, Double.nan, .infinity] {
      expectRefusal(.invalidInput) { _ = try Self.network([demand], population: 1) }
    }
    expectRefusal(.invalidInput) { _ = try Self.network([1], servers: [0], population: 1) }
    expectRefusal(.invalidInput) { _ = try Self.network([1], population: -1) }
    expectRefusal(.invalidInput) { _ = try Self.network([1], population: 1, thinkTime: .nan) }
    expectRefusal(.invalidInput) { _ = try Self.network([], population: 1, thinkTime: 1) }
    expectRefusal(.invalidInput) { _ = try Self.network([0, 0], population: 1) }
    expectRefusal(.invalidInput) {
      _ = try ClosedNetwork(
        stations: [.queueing("cpu", demands: [1, 2])], classes: [.init(name: "A", population: 1)])
    }
    let network = try Self.network([1], population: 1)
    expectRefusal(.invalidInput) { _ = try network.with(population: 2, ofClass: 1) }
    let large = try ClosedNetwork(
      stations: [.queueing("cpu", demands: [1, 1, 1])],
      classes: (0..<3).map { .init(name: "class \($0)", population: 100_000) })
    expectRefusal(.tooLarge) { _ = try large.exact() }
    expectRefusal(.invalidInput) { _ = try large.exactCurve() }
    expectRefusal(.notConverged) {
      _ = try Self.network([0.4, 0.3], population: 9).approximate(iterationLimit: 1)
    }
  }

  @Test("An empty class has no throughput and disturbs nobody")
  func emptyClass() throws {
    let network = try ClosedNetwork(
      stations: [.queueing("cpu", demands: [0.1, 5]), .queueing("disk", demands: [0.05, 5])],
      classes: [
        .init(name: "A", population: 10, thinkTime: 1), .init(name: "B", population: 0),
      ])
    for solution in [try network.exact(), try network.approximate()] {
      #expect(solution.throughput[1] == 0 && solution.response[1] == 0)
    }
    #expect(agrees(try network.exact().throughput[0], "7.50874976"))
    let nobody = try network.with(population: 0).exact()
    #expect(nobody.throughput == [0, 0])
  }
}

@Suite("Queueing: population search")
struct QueueingPopulationSearchTests {
  @Test("Finds the last population that holds", arguments: [0, 1, 2, 3, 63, 64, 65, 999, 1000])
  func finds(answer: Int) {
    var calls = 0
    let found = largestPopulation(atMost: 1000) { population in
      calls += 1
      return population <= answer
    }
    #expect(found == answer)
    #expect(calls <= 20)
  }

  @Test("Stops at the limit and passes errors on")
  func limits() {
    #expect(largestPopulation(atMost: 37) { _ in true } == 37)
    #expect(largestPopulation(atMost: Int.max) { _ in true } == Int.max)
    #expect(largestPopulation(atMost: 0) { _ in true } == 0)
    expectRefusal(.unstable) {
      _ = try largestPopulation(atMost: 100) { population in
        try MM1Queue(arrivalRate: Double(population), serviceRate: 5).meanSojourn < 1e9
      }
    }
  }
}
