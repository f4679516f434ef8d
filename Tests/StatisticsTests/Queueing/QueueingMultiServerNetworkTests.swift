import Foundation
import Statistics
import Testing

/// Mean numbers by direct summation over every state of a small product-form network: the
/// definition that the recursions have to reproduce.
private struct Enumeration {
  let network: ClosedNetwork
  /// Mean number at `[station][class]`, thinking customers not counted.
  var queueLength: [[Double]]
  private var total = 0.0

  init(_ network: ClosedNetwork) {
    self.network = network
    queueLength = network.stations.map { _ in network.classes.map { _ in 0 } }
    var state = queueLength.map { row in row.map { _ in 0 } }
    visit(station: 0, left: network.classes.map(\.population), state: &state)
    queueLength = queueLength.map { row in row.map { $0 / total } }
  }

  private mutating func visit(station: Int, left: [Int], state: inout [[Int]]) {
    guard station < network.stations.count else {
      record(left: left, state: state)
      return
    }
    var counts = left.map { _ in 0 }
    while true {
      state[station] = counts
      visit(station: station + 1, left: zip(left, counts).map { $0 - $1 }, state: &state)
      var k = 0
      while k < counts.count, counts[k] == left[k] {
        counts[k] = 0
        k += 1
      }
      if k == counts.count { return }
      counts[k] += 1
    }
  }

  private mutating func record(left: [Int], state: [[Int]]) {
    var weight = 1.0
    for (k, thinking) in left.enumerated() {
      for j in 0..<thinking { weight *= network.classes[k].thinkTime / Double(j + 1) }
    }
    for (i, station) in network.stations.enumerated() {
      let count = state[i].reduce(0, +)
      for j in 1..<count + 1 {
        if case .queueing(let servers) = station.kind {
          weight *= Double(j) / Double(min(j, servers))
        }
      }
      for (k, number) in state[i].enumerated() {
        for j in 0..<number { weight *= station.demands[k] / Double(j + 1) }
      }
    }
    total += weight
    for i in state.indices {
      for k in left.indices { queueLength[i][k] += weight * Double(state[i][k]) }
    }
  }
}

@Suite("Queueing: multi-server closed networks")
struct QueueingMultiServerNetworkTests {
  static let stations: [NetworkStation] = [
    .queueing("cpu", servers: 3, demands: [0.9, 2.5]),
    .queueing("disk", demands: [0.2, 0.1]),
    .queueing("device", servers: 2, demands: [0.6, 0]),
    .delay("wire", demands: [0.3, 0.7]),
  ]

  @Test(
    "Exact analysis is the sum over all states",
    arguments: [(4, 3, 1.0), (6, 0, 0.0), (1, 6, 0.5), (5, 4, 0.0)])
  func enumeration(first: Int, second: Int, thinkTime: Double) throws {
    let network = try ClosedNetwork(
      stations: Self.stations,
      classes: [
        .init(name: "A", population: first, thinkTime: thinkTime),
        .init(name: "B", population: second, thinkTime: 0.25),
      ])
    let solution = try network.exact()
    let expected = Enumeration(network).queueLength
    for i in network.stations.indices {
      for k in 0..<2 {
        #expect(isClose(solution.queueLength[i][k], expected[i][k], within: 1e-12))
      }
    }
  }

  @Test("Two pools and nothing else: the networks without one of them have no demand left")
  func poolsOnly() throws {
    let network = try ClosedNetwork(
      stations: [
        .queueing("left", servers: 2, demands: [1, 0]),
        .queueing("right", servers: 3, demands: [0.5, 2]),
      ],
      classes: [.init(name: "A", population: 5), .init(name: "B", population: 4)])
    let solution = try network.exact()
    let expected = Enumeration(network).queueLength
    for i in 0..<2 {
      for k in 0..<2 { #expect(isClose(solution.queueLength[i][k], expected[i][k])) }
    }
  }

  /// The throughput of N customers who think Z and share c servers, by birth-death balance in logs.
  static func repair(servers: Int, population: Int, thinkTime: Double) -> Double {
    var weights = [0.0]
    for n in 1...population {
      let up = Double(population - n + 1) / thinkTime
      weights.append(weights[n - 1] + log(up / Double(min(n, servers))))
    }
    let peak = weights.max() ?? 0
    var total = 0.0
    var busy = 0.0
    for (n, weight) in weights.enumerated() {
      let probability = exp(weight - peak)
      total += probability
      busy += probability * Double(min(n, servers))
    }
    return busy / total
  }

  @Test(
    "A saturating pool keeps its accuracy",
    arguments: [
      (2, 50, 1.0), (4, 100, 9.0), (16, 400, 3.0), (64, 2_000, 10.0), (64, 640, 9.0),
      (1000, 1200, 0.25), (1000, 4000, 3.0), (1500, 3000, 1.0),
    ])
  func stability(servers: Int, population: Int, thinkTime: Double) throws {
    let network = try ClosedNetwork(
      stations: [.queueing("pool", servers: servers, demands: [1])],
      classes: [.init(name: "users", population: population, thinkTime: thinkTime)])
    let expected = Self.repair(servers: servers, population: population, thinkTime: thinkTime)
    let solution = try network.exact()
    #expect(isClose(solution.throughput[0] / expected, 1, within: 1e-9))
    #expect(solution.totalUtilization(station: 0) <= 1 + 1e-12)
  }

  @Test("Enough servers for everybody are a delay, one server is the plain case")
  func limits() throws {
    let plenty = try ClosedNetwork(
      stations: [
        .queueing("pool", servers: 7, demands: [1]), .queueing("disk", demands: [0.5]),
      ],
      classes: [.init(name: "users", population: 7)])
    let delay = try ClosedNetwork(
      stations: [.delay("pool", demands: [1]), .queueing("disk", demands: [0.5])],
      classes: plenty.classes)
    #expect(try plenty.exact().throughput == delay.exact().throughput)
    let six = try ClosedNetwork(
      stations: [
        .queueing("pool", servers: 6, demands: [1]), .queueing("disk", demands: [0.5]),
      ],
      classes: plenty.classes)
    #expect(try six.exact().throughput[0] < plenty.exact().throughput[0])
    // The curve passes populations below, at and above the number of servers.
    for (index, point) in try six.with(population: 12).exactCurve().enumerated() {
      let alone = try six.with(population: index + 1).exact()
      #expect(isClose(point.throughput[0], alone.throughput[0]))
    }
  }
}
