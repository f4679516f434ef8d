import DiscreteEvents
import Statistics
import Testing
import Virtualization

/// Runs that start and end empty, so that what was done and what was asked for are equal and not
/// just close.
@Suite("Work and time are conserved from the first request to the last")
struct HostInvariantConservationTests {
  static let users = 1500.0
  static let diskSeconds = 0.05
  static let price = 2e-5

  /// Users who each ask once, between 100 and 190 s: they think for 100 s or more, and the window
  /// closes at 199 s.
  static func scenario(positioningVariation: Double = 0) throws -> Scenario {
    let workload = try HostFixture.workload(
      arrival: .closed(
        users: HostFixture.exact(users), thinkTime: .uniform(lower: 100, upper: 190)),
      user: .exponential(mean: 0.02),
      operations: [
        OperationCount(
          .packetReceive, count: HostFixture.exact(1), attributes: Attributes([.bytes: 2000])),
        OperationCount(.systemCall, count: HostFixture.exact(12)),
        OperationCount(.diskRead, count: HostFixture.exact(0.2)),
        OperationCount(.packetSend, count: HostFixture.exact(1), movesResponse: true),
      ], responseBytes: 8000)
    var host = HostFixture.host(cores: 2, price: price, refill: 1e-9)
    host.disk.positioningTime = HostFixture.exact(diskSeconds, .seconds)
    host.disk.positioningVariation = HostFixture.exact(positioningVariation)
    host.kernel.tickRate = HostFixture.exact(100, .hertz)
    var scenario = HostFixture.scenario(
      host: host, native: HostFixture.approach(), workload: workload, guests: 1, seconds: 199,
      warmup: 0)
    scenario.guests[0].workload.workingSetBytes = HostFixture.exact(200e3, .bytes)
    // A class per guest, so that results come by guest.
    scenario.guests = (0..<4).map { guest in
      var single = scenario.guests[0]
      single.id = "guest\(guest)"
      return single
    }
    return scenario
  }

  static func run(_ approach: ApproachProfile? = nil) throws -> RunResult {
    let result = try HostFixture.run(scenario(), approach)
    for guests in result.classes {
      #expect(guests.arrivals == Int(users))
      #expect(guests.finished == Int(users))
      #expect(guests.completionsInWindow == Int(users))
    }
    return result
  }

  @Test("A guest's processor time is the sum of its hops, counted and priced")
  func processorTimeIsTheSumOfHops() throws {
    let result = try Self.run()
    #expect(result.processors.entitySwitches > 1000)
    for (guest, counted) in result.classes.enumerated() {
      let used = result.processors.entityTime[guest].seconds
      // A piece of work is rounded to a nanosecond; a request has four at most.
      #expect(abs(used - counted.processor.total) < 4 * Self.users * 0.5e-9)
      // Hops by hand: a packet each way, twelve calls.
      #expect(counted.processor[.kernelWork] > 14 * Self.users * Self.price)
      #expect(counted.processor[.userExecution] > 0.9 * Self.users * 0.02)
    }
    let busy = result.processors.busy.reduce(0) { $0 + $1.nanoseconds }
    let work = result.classes.reduce(0.0) { $0 + $1.workSeconds }
    #expect(abs(Double(busy) / 1e9 - work) < 1e-9)
  }

  @Test("A driver domain's processor time is that of the work which guests send it")
  func driverTimeIsTheSumOfHops() throws {
    let result = try Self.run(HostSimulationTests.driver)
    let used = result.processors.entityTime.reduce(0.0) { $0 + $1.seconds }
    let priced = result.classes.reduce(0.0) { $0 + $1.processor.total }
    #expect(abs(used - priced) < 5 * 4 * Self.users * 0.5e-9)
    // One packet of a request passes the driver domain, which takes four prices; switching the core
    // to the domain is on top, at most once for each.
    let packets = 4 * Self.users
    let driver = try #require(result.processors.entityTime.last).seconds
    #expect(driver >= packets * 4 * Self.price - 1e-9)
    #expect(driver <= packets * 5 * Self.price + 1e-9)
    #expect(abs(result.driverUtilization - driver / 199) < 1e-12)
  }

  @Test("Busy time is completions times service time, at every device", arguments: [false, true])
  func utilizationLaw(withDriver: Bool) throws {
    let result = try Self.run(withDriver ? HostSimulationTests.driver : nil)
    let requests = 4 * Self.users
    let disk = result.diskUtilization * result.windowSeconds
    #expect(result.diskCompletions > 1000)
    #expect(abs(disk - Double(result.diskCompletions) * Self.diskSeconds) < 1e-9)
    #expect(result.linkInCompletions == Int(requests))
    #expect(result.linkOutCompletions == Int(requests))
    #expect(abs(result.linkInUtilization * result.windowSeconds - requests * 2000 / 1e9) < 1e-9)
    #expect(abs(result.linkOutUtilization * result.windowSeconds - requests * 8000 / 1e9) < 1e-9)
    // The same from the requests' side.
    let service = result.classes.reduce(0.0) { $0 + $1.response[.diskService] }
    #expect(abs(service - disk) < 1e-9)
    let transfers = result.classes.reduce(0.0) { $0 + $1.response[.linkService] }
    #expect(abs(transfers - requests * 10_000 / 1e9) < 1e-9)
  }

  @Test("The number in the system is throughput times response time")
  func littlesLaw() throws {
    let result = try Self.run()
    let sojourn = result.classes.reduce(0.0) { $0 + $1.sojournSeconds }
    #expect(abs(result.populationIntegral - sojourn) < 1e-6)
    #expect(abs(result.timeInSystem - sojourn) < 1e-6)
    // And of the disk's queue: mean length times time is the waiting of all.
    let waiting = result.classes.reduce(0.0) { $0 + $1.response[.diskQueueing] }
    #expect(waiting > 10)
    #expect(abs(result.diskQueue * result.windowSeconds - waiting) < 1e-6)
  }

  @Test("With work in progress at both ends the laws hold up to that work")
  func lawsUnderSteadyLoad() throws {
    var scenario = try HostSimulationTests.mixed(rate: 9, guests: 8)
    scenario.host.disk.positioningVariation = HostFixture.exact(0)
    let result = try HostFixture.run(scenario)
    let busy = result.diskUtilization * result.windowSeconds
    let service = 0.05 + 4096 / 1e12
    #expect(abs(busy - Double(result.diskCompletions) * service) <= service)
    #expect(result.diskUtilization > 0.5)
  }

  @Test("Periodic work and idle ticks are on a guest's account")
  func backgroundIsCounted() throws {
    var scenario = try Self.scenario()
    for guest in scenario.guests.indices {
      scenario.guests[guest].workload.background = BackgroundWork(
        period: HostFixture.exact(1, .seconds), userSeconds: HostFixture.exact(0.01, .seconds),
        operations: [])
    }
    var approach = HostFixture.approach("kernels")
    approach.topology.kernelPerGuest = true
    let result = try HostFixture.run(scenario, approach)
    for (guest, counted) in result.classes.enumerated() {
      // A round is 10 ms; a slice of ticks is a hundredth of that.
      let round = 0.01
      // Idle ticks are done beside the guests, one entity for each behind all guests.
      let ticks = result.processors.entityTime[result.classes.count + guest].seconds
      #expect(ticks > 0)
      let used = result.processors.entityTime[guest].seconds + ticks
      let explained = counted.processor.total + counted.background.total
      #expect(counted.background.total > 190 * 0.01)
      // One round can be in progress at the end; switching for rounds is on no request's account.
      let switches = 4 * 199 * (2 * Self.price + 200e3 * 1e-9)
      #expect(used > explained - round)
      #expect(used < explained + round + switches)
    }
  }
}
