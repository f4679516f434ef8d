import DiscreteEvents
import Statistics
import Testing
import Virtualization

@Suite("Scaling all times scales all results; guests do not shift each other's random numbers")
struct HostInvariantSymmetryTests {
  static let algorithms: [SchedulingPolicy.Algorithm] = [
    .firstComeFirstServed, .startTimeFairQueueing, .tokenBucket, .borrowedVirtualTime, .o1,
    .completelyFairGroups,
  ]

  /// Every constant of every algorithm that is a time, so that none is left to a default.
  static let times: [SchedulingPolicy.Parameter: Double] = [
    .slice: 0.016, .contextSwitchAllowance: 0.005, .warp: 0.01, .quotaPeriod: 0.1,
    .latency: 0.006, .minimumGranularity: 0.000_75, .wakeupGranularity: 0.001,
  ]
  /// Tokens are ticks of running.
  static let tokens: [SchedulingPolicy.Parameter: Double] = [
    .bucketStart: 250, .bucketMinimum: 62, .bucketMaximum: 500,
  ]

  /// Guests of two classes on two cores with a disk and a driver domain, all times `factor`-fold.
  ///
  /// Weights are equal and there are no limits, so that no scheduler divides a time into parts that
  /// are not whole nanoseconds.
  static func run(
    _ algorithm: SchedulingPolicy.Algorithm, factor: Double, isRandom: Bool
  ) throws -> RunResult {
    func time(_ value: Double) -> Quantity { HostFixture.exact(value * factor, .seconds) }
    func law(_ mean: Double) throws -> Distribution {
      isRandom
        ? try .gamma(mean: mean * factor, coefficientOfVariation: 0.7)
        : try .deterministic(value: mean * factor)
    }
    var workload = try HostFixture.workload(
      arrival: isRandom
        ? .poisson(rate: HostFixture.exact(14 / factor, .hertz))
        : .closed(users: HostFixture.exact(4), thinkTime: law(0.05)), user: law(0.012),
      operations: [
        OperationCount(.systemCall, count: HostFixture.exact(10)),
        OperationCount(.diskRead, count: HostFixture.exact(isRandom ? 0.3 : 1)),
        OperationCount(.packetSend, count: HostFixture.exact(1), movesResponse: true),
      ], responseBytes: 8000)
    if isRandom {
      // Not otherwise, because its phase is drawn at random.
      workload.background = BackgroundWork(
        period: time(0.7), userSeconds: time(0.004), operations: [])
    }
    var host = HostFixture.host(cores: 2, price: 2e-5 * factor)
    if isRandom {
      // A cost that depends on whether something else is at work turns a rounding error of a
      // nanosecond into microseconds now and then.
      let services: Set<Operation> = [.idleWakeup, .guestSwitch, .contextSwitch]
      for index in host.primitives.indices {
        let primitive = host.primitives[index]
        if primitive.mechanism == .notification || primitive.service.map(services.contains) == true
        {
          host.primitives[index].price = HostFixture.exact(0, .seconds)
        }
      }
    }
    host.kernel.tickRate = HostFixture.exact(isRandom ? 100 / factor : 0, .hertz)
    host.disk.positioningTime = time(0.004)
    host.disk.positioningVariation = HostFixture.exact(isRandom ? 0.5 : 0)
    host.disk.transferRate = HostFixture.exact(1e15, .bytesPerSecond)
    host.network.rate = HostFixture.exact(1e9 / factor, .bytesPerSecond)
    var approach = HostFixture.approach(
      "scaled", algorithm: algorithm, paths: HostSimulationTests.driver.paths,
      service: .driverDomain)
    for (parameter, value) in times { approach.scheduling.parameters[parameter] = time(value) }
    for (parameter, value) in tokens {
      approach.scheduling.parameters[parameter] = HostFixture.exact(value * factor)
    }
    var scenario = HostFixture.scenario(
      host: host, native: HostFixture.approach(), workload: workload, guests: 3,
      seconds: 60 * factor, warmup: 5 * factor)
    scenario.objective.responseSeconds *= factor
    var second = scenario.guests[0]
    second.count = 2
    scenario.guests.append(second)
    var plan = try HostPlan(scenario: scenario, approach: approach, guests: 5, replication: 0)
    // The scheduler inside a guest has constants of its own, which no profile states.
    for index in plan.processors.entities.indices {
      plan.processors.entities[index].discipline = .o1(
        slice: SimulationDuration(seconds: 0.1 * factor))
    }
    return try HostSimulation.run(plan)
  }

  @Test("Deterministic results scale exactly", arguments: algorithms, [2.0, 3, 7])
  func exactScaling(algorithm: SchedulingPolicy.Algorithm, factor: Double) throws {
    let one = try Self.run(algorithm, factor: 1, isRandom: false)
    let many = try Self.run(algorithm, factor: factor, isRandom: false)
    let k = Int64(factor)
    func scaled(_ seconds: Double) -> Int64 { Int64((seconds * 1e9).rounded()) * k }
    for (left, right) in zip(one.classes, many.classes) {
      #expect(left.finished > 100)
      #expect(left.finished == right.finished)
      #expect(left.completionsInWindow == right.completionsInWindow)
      #expect(scaled(left.sojournSeconds) == Int64((right.sojournSeconds * 1e9).rounded()))
      #expect(left.guestsAboveObjective == right.guestsAboveObjective)
    }
    let counters = one.processors
    #expect(counters.busy.map { $0 * Int(k) } == many.processors.busy)
    #expect(counters.switching.map { $0 * Int(k) } == many.processors.switching)
    #expect(counters.entitySteal.map { $0 * Int(k) } == many.processors.entitySteal)
    #expect(counters.preemptions == many.processors.preemptions)
    #expect(counters.entitySwitches > 100)
    #expect(one.eventsHandled == many.eventsHandled)
  }

  // Open arrivals, and bursts of ten seconds: where users wait for answers, sharing a core
  // amplifies the rounding to a nanosecond until two events change places, and from there on the
  // run is another.
  @Test("Random results scale to 1e-6", arguments: algorithms + [.processorSharing])
  func randomScaling(algorithm: SchedulingPolicy.Algorithm) throws {
    let one = try Self.run(algorithm, factor: 1000, isRandom: true)
    let many = try Self.run(algorithm, factor: 3000, isRandom: true)
    for (left, right) in zip(one.classes, many.classes) {
      #expect(left.finished > 100)
      #expect(left.finished == right.finished)
      #expect(abs(3 * left.sojournSeconds - right.sojournSeconds) < 1e-6 * right.sojournSeconds)
      #expect(
        abs(3 * left.processor.total - right.processor.total) < 1e-6 * right.processor.total)
    }
  }

  @Test(
    "A guest more changes nobody else's results where nothing is scarce", arguments: [false, true])
  func commonRandomNumbers(isClosed: Bool) throws {
    let arrival: Arrival =
      isClosed
      ? .closed(users: HostFixture.exact(3), thinkTime: try .exponential(mean: 0.3))
      : .bursty(
        rate: HostFixture.exact(5, .hertz), peakToMean: HostFixture.exact(3),
        burstSeconds: HostFixture.exact(2, .seconds))
    let workload = try HostFixture.workload(
      arrival: arrival, user: .lognormal(mean: 0.01, coefficientOfVariation: 2))
    var scenario = HostFixture.scenario(
      host: HostFixture.host(cores: 64), native: HostFixture.approach(), workload: workload,
      guests: 2, seconds: 200, warmup: 5)
    var other = scenario.guests[0]
    other.id = "other"
    scenario.guests.append(other)
    // Guests take turns by class, so the fourth is of the second class.
    func run(guests: Int) throws -> RunResult {
      try HostSimulation.run(
        HostPlan(
          scenario: scenario, approach: scenario.native, guests: guests, replication: 0))
    }
    let together = try run(guests: 4)
    let alone = try run(guests: 3)
    #expect(alone.counts == [2, 1])
    #expect(together.counts == [2, 2])
    #expect(together.classes[1].finished > 500)
    #expect(together.classes[0].finished == alone.classes[0].finished)
    #expect(together.classes[0].sojournSeconds == alone.classes[0].sojournSeconds)
    #expect(together.classes[0].responses == alone.classes[0].responses)
  }
}
