import DiscreteEvents
import Statistics
import Testing
import Virtualization

@Suite("Periodic work goes to devices and to whoever serves them, as requests do")
struct HostBackgroundTests {
  static let price = 2e-5

  /// Guests with hardly any requests and rounds of the given operations.
  static func scenario(
    _ operations: [OperationCount], period: Double = 1, guests: Int = 2, rate: Double = 0.01,
    seconds: Double = 200, cores: Int = 4
  ) throws -> Scenario {
    var workload = try HostFixture.workload(
      arrival: .poisson(rate: HostFixture.exact(rate, .hertz)), user: .exponential(mean: 0.01),
      operations: [OperationCount(.systemCall, count: HostFixture.exact(3))])
    workload.background = BackgroundWork(
      period: HostFixture.exact(period, .seconds),
      userSeconds: HostFixture.exact(0.001, .seconds), operations: operations)
    var host = HostFixture.host(cores: cores, price: price)
    host.disk.positioningTime = HostFixture.exact(0.05, .seconds)
    host.disk.positioningVariation = HostFixture.exact(0)
    host.disk.transferRate = HostFixture.exact(1e9, .bytesPerSecond)
    host.disk.channels = HostFixture.exact(2)
    return HostFixture.scenario(
      host: host, native: HostFixture.approach(), workload: workload, guests: guests,
      seconds: seconds, warmup: 10)
  }

  static func disk(_ operation: Operation, _ count: Double, bytes: Double = 1e6) -> OperationCount {
    OperationCount(
      operation, count: HostFixture.exact(count), attributes: Attributes([.bytes: bytes]))
  }

  @Test("Rounds visit the disk, and busy time is completions times service time")
  func disk() throws {
    let result = try HostFixture.run(
      Self.scenario([Self.disk(.diskRead, 3), Self.disk(.diskWrite, 2)]))
    #expect(result.isStable)
    let rounds = 2 * 200
    #expect(abs(result.diskCompletions - 5 * rounds) <= 10)
    let busy = result.diskUtilization * 2 * 200
    let service = 0.051
    #expect(abs(busy - Double(result.diskCompletions) * service) <= 2 * service)
    let guests = result.classes[0]
    #expect(abs(guests.rounds - rounds) <= 2)
    #expect(abs(guests.backgroundWaits[.diskService] - busy) <= 10 * service)
    // A round is no request.
    #expect(guests.arrivals < 20)
    #expect(guests.response[.diskService] == 0)
    #expect(guests.residual < 1e-6)
  }

  @Test("A round's processor time is the sum of its hops")
  func processorTime() throws {
    let result = try HostFixture.run(
      Self.scenario([Self.disk(.diskRead, 3), Self.disk(.diskWrite, 2)]))
    let guests = result.classes[0]
    let used = result.processors.entityTime.reduce(0.0) { $0 + $1.seconds }
    let explained = guests.processor.total + guests.background.total
    // By hand: five trips, a wake-up for each of six pieces of work, a millisecond of the program.
    let round = 11 * Self.price + 0.001
    #expect(abs(guests.background.total - 400 * round) < 3 * round)
    // Switching is on no round's account: six times at most, at a price each way.
    #expect(used > explained - 2 * round)
    #expect(used < explained + 2 * round + 402 * 12 * Self.price)
  }

  @Test("A driver domain serves the devices of rounds too")
  func driverDomain() throws {
    let send = OperationCount(
      .packetSend, count: HostFixture.exact(4), attributes: Attributes([.bytes: 1000]))
    var quiet = try Self.scenario([])
    quiet.guests[0].workload.operations = []
    var busy = try Self.scenario([send])
    busy.guests[0].workload.operations = []
    let without = try HostFixture.run(quiet, HostSimulationTests.driver)
    let with = try HostFixture.run(busy, HostSimulationTests.driver)
    #expect(without.driverUtilization == 0)
    #expect(without.linkOutCompletions == 0)
    #expect(abs(with.linkOutCompletions - 400) <= 2)
    #expect(abs(with.linkOutUtilization * 200 - 400 * 4000 / 1e9) < 2 * 4000 / 1e9)
    // Four packets of a round, four prices each; switching to the domain is on top.
    #expect(with.driverUtilization * 200 > 398 * 16 * Self.price)
    #expect(with.classes[0].background[.backendWork] > 398 * 16 * Self.price)
  }

  @Test("Trips that are repeated happen as often as they are counted", arguments: [0.3, 2.5, 40])
  func repetitions(count: Double) throws {
    let scenario = try Self.scenario([Self.disk(.diskRead, count)], period: 5, seconds: 5_000)
    let result = try HostFixture.run(scenario)
    let exact = 2000 * count
    // Five standard errors of a binomial count, and what is under way at both ends.
    let error = 5 * (exact * (1 - count / count.rounded(.up))).squareRoot() + 2 * count + 2
    #expect(abs(Double(result.diskCompletions) - exact) <= error)
    let plan = try HostPlan(
      scenario: scenario, approach: scenario.native, guests: 2, replication: 0)
    let demand = try plan.meanDemands()[0].background
    #expect(abs(demand.disk - count * 0.051 / 5) < 1e-12)
  }

  @Test("Rounds that ask for more than there is make the run unstable")
  func overload() throws {
    let result = try HostFixture.run(Self.scenario([Self.disk(.diskWrite, 1000)]))
    #expect(!result.isStable)
    #expect(result.unfinished == 0)
    #expect(result.overdueRounds > 300)
    #expect(result.diskUtilization > 0.999)
  }

  @Test("A round that is long, but not too long for its period, is none too many")
  func longRound() throws {
    // 30 s of the disk every 40 s; the run has a grace of 20 s.
    let result = try HostFixture.run(
      Self.scenario([Self.disk(.diskRead, 588)], period: 40, guests: 1))
    #expect(result.isStable)
    #expect(abs(result.diskUtilization * 2 - 0.75) < 0.1)
  }

  @Test("Rounds shift no request's random numbers")
  func commonRandomNumbers() throws {
    let calm = try HostFixture.run(Self.scenario([], rate: 2, cores: 64)).classes[0]
    let busy = try HostFixture.run(
      Self.scenario([Self.disk(.diskRead, 3)], rate: 2, cores: 64)
    ).classes[0]
    #expect(calm.finished > 500)
    #expect(busy.finished == calm.finished)
    // A sum that may be taken in another order of completion.
    #expect(
      abs(busy.processor[.userExecution] - calm.processor[.userExecution]) < 1e-9)
  }

  @Test(
    "A round that finds everything in the cache is taken in several events, for one wake-up",
    arguments: [0.001, 0])
  func cachedRound(userSeconds: Double) throws {
    let reads = OperationCount(.fileRead, count: HostFixture.exact(60_000))
    var scenario = try Self.scenario([reads], period: 5, guests: 1, seconds: 200)
    scenario.guests[0].workload.background?.userSeconds = HostFixture.exact(userSeconds, .seconds)
    scenario.guests[0].workload.files = FileSet(
      count: HostFixture.exact(10), meanBytes: HostFixture.exact(4096, .bytes),
      zipfExponent: HostFixture.exact(1), commonShare: HostFixture.exact(0, .share))
    for index in scenario.host.primitives.indices
    where scenario.host.primitives[index].service != .idleWakeup {
      scenario.host.primitives[index].price = HostFixture.exact(0, .seconds)
    }
    let result = try HostFixture.run(scenario)
    let guests = result.classes[0]
    #expect(abs(guests.rounds - 40) <= 1)
    #expect(result.diskCompletions == 0)
    // More than 8,192 stages are not taken in one event.
    #expect(result.eventsHandled > 40 * (60_000 / 8192))
    let round = userSeconds > 0 ? userSeconds + Self.price : 0
    #expect(abs(guests.background.total - 40 * round) < 1.01 * round + 1e-9)
  }

  @Test("A round may have many trips, a hundred thousand at most")
  func limit() throws {
    let scenario = try Self.scenario([Self.disk(.diskRead, 60_000), Self.disk(.diskWrite, 5e4)])
    #expect(throws: ModelError.self) { try HostFixture.run(scenario) }
  }
}
