import Statistics
import Testing

@Suite("Queueing: stations that serve in order of arrival")
struct QueueingVisitsTests {
  private static func network(
    servers: Int = 1, rates: [Double], demands: [Double], _ visits: [StationVisits]
  ) throws -> OpenNetwork {
    try OpenNetwork(
      stations: [
        .inOrderOfArrival("disk", servers: servers, demands: demands, visits: visits)
      ],
      classes: rates.map { .init(name: "jobs", arrivalRate: $0) })
  }

  @Test("One class at one server is M/G/1", arguments: [0, 0.5, 1, 4, 25], [0.1, 0.7, 0.99])
  func pollaczekKhinchine(variation: Double, rate: Double) throws {
    let queue = try MG1Queue(arrivalRate: rate, meanService: 1, squaredVariation: variation)
    let network = try Self.network(
      rates: [rate], demands: [1], [.alike(meanService: 1, squaredVariation: variation)])
    let solution = try QueueingOpenNetworkTests.solution(network)
    #expect(isClose(solution.response[0], queue.meanSojourn))
    #expect(isClose(solution.totalQueueLength(station: 0), queue.meanNumber))
    #expect(
      isClose(network.stations[0].squaredVariation(at: [rate]) ?? -1, variation, within: 1e-9))
  }

  @Test("At several servers it is Allen and Cunneen", arguments: [2, 8], [0, 1, 4.0])
  func allenCunneen(servers: Int, variation: Double) throws {
    let rate = 0.8 * Double(servers)
    let wait = try MultiServerApproximation.allenCunneenWait(
      arrivalRate: rate, meanService: 1, servers: servers, arrivalVariation: 1,
      serviceVariation: variation)
    let network = try Self.network(
      servers: servers, rates: [rate], demands: [1],
      [.alike(meanService: 1, squaredVariation: variation)])
    #expect(isClose(try QueueingOpenNetworkTests.solution(network).response[0], 1 + wait))
  }

  /// W = (0.05 * 4^2 * 1.25 + 0.005 * (54^2 + 2^2)) / (2 (1 - 0.2 - 0.27)), in milliseconds.
  @Test("All classes wait alike, as often as they come")
  func classes() throws {
    let wait = (0.05 * 20 + 0.005 * 2920) / (2 * 0.53)
    let network = try Self.network(
      rates: [0.05, 0.0025], demands: [4, 108],
      [
        .alike(meanService: 4, squaredVariation: 0.25),
        .init(count: 2, secondMoment: 2 * 2920),
      ])
    let solution = try QueueingOpenNetworkTests.solution(network)
    #expect(isClose(solution.response[0], 4 + wait))
    #expect(isClose(solution.response[1], 108 + 2 * wait))
  }

  @Test("Exponential service is what product form says, percentiles included")
  func exponential() throws {
    let visits = try Self.network(
      rates: [0.7], demands: [1], [.alike(meanService: 1, squaredVariation: 1)])
    let plain = try OpenNetwork(
      stations: [.queueing("disk", demands: [1])], classes: visits.classes)
    let exact = try plain.responsePercentile(0.95, discipline: .firstComeFirstServed)
    #expect(
      isClose(
        try visits.responsePercentile(0.95, discipline: .processorSharing), exact, within: 1e-9))
    expectRefusal(.invalidInput) {
      _ = try visits.responsePercentile(0.95, discipline: .firstComeFirstServed)
    }
  }

  /// P(W <= t) = (1 - rho) sum over k <= t of (rho (k - t))^k / k! e^(rho (t - k)) in M/D/1.
  ///
  /// A. K. Erlang, 1909; service adds 1.
  @Test("p95 of constant service is within 5 %", arguments: [(0.6, 3.8295), (0.9, 15.1287)])
  func constantService(rate: Double, expected: Double) throws {
    let network = try Self.network(
      rates: [rate], demands: [1], [.alike(meanService: 1, squaredVariation: 0)])
    let percentile = try network.responsePercentile(0.95, discipline: .processorSharing)
    #expect(abs(percentile / expected - 1) < 0.05)
  }

  @Test("Nobody comes: no variation, and no wait")
  func empty() throws {
    let network = try Self.network(
      rates: [0], demands: [1], [.alike(meanService: 1, squaredVariation: 4)])
    #expect(network.stations[0].squaredVariation(at: [0]) == nil)
    #expect(try QueueingOpenNetworkTests.solution(network).response[0] == 1)
    #expect(NetworkStation.queueing("cpu", demands: [1]).squaredVariation(at: [1]) == nil)
  }

  @Test(
    "What cannot be is refused",
    arguments: [
      [StationVisits](), [.init(count: 1, secondMoment: 0.5)], [.init(count: -1, secondMoment: 2)],
      [.init(count: 0, secondMoment: 2)], [.init(count: 1, secondMoment: .infinity)],
    ])
  func refused(visits: [StationVisits]) {
    expectRefusal(.invalidInput) { _ = try Self.network(rates: [0.1], demands: [1], visits) }
  }

  @Test("Closed networks heed the demands alone")
  func closed() throws {
    let jobs = [ClosedNetwork.CustomerClass(name: "users", population: 5, thinkTime: 3)]
    let visits = try ClosedNetwork(
      stations: [
        .inOrderOfArrival(
          "disk", demands: [1], visits: [.alike(meanService: 1, squaredVariation: 9)])
      ], classes: jobs)
    let plain = try ClosedNetwork(stations: [.queueing("disk", demands: [1])], classes: jobs)
    #expect(try visits.exact().response == plain.exact().response)
  }
}
