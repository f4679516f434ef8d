import DiscreteEvents
import ScenarioFormat
import Statistics
import Testing
import Virtualization

@Suite("Without prices and limits every approach is native; each layer put back does what it must")
struct HostInvariantZeroCostTests {
  /// The host with every price at zero.
  static func free(_ host: HostProfile) -> HostProfile {
    var host = host
    for index in host.primitives.indices {
      host.primitives[index].price = host.primitives[index].price.scaled(by: 0)
    }
    return host
  }

  /// The approach with its own paths and topology, but native's scheduler, memory and speed.
  static func bare(_ approach: ApproachProfile, native: ApproachProfile) -> ApproachProfile {
    var bare = approach
    bare.kernelSlowdown = HostFixture.exact(1)
    bare.userSlowdown = HostFixture.exact(1)
    bare.topology.guestProcessors = nil
    bare.scheduling = native.scheduling
    bare.memory = native.memory
    bare.storage = native.storage
    return bare
  }

  static func expectEqual(_ left: RunResult, _ right: RunResult, _ what: String) {
    for (one, other) in zip(left.classes, right.classes) {
      #expect(one.arrivals == other.arrivals, "\(what)")
      #expect(one.finished == other.finished, "\(what)")
      #expect(one.refused == other.refused, "\(what)")
      #expect(one.completionsInWindow == other.completionsInWindow, "\(what)")
      #expect(one.sojournSeconds == other.sojournSeconds, "\(what)")
      #expect(one.responses == other.responses, "\(what)")
      #expect(one.response[.diskService] == other.response[.diskService], "\(what)")
    }
    // Which core does the work may differ, for a slice that ends leaves the core for an instant.
    let busy = left.processors.busy.reduce(SimulationDuration.zero, +)
    #expect(busy == right.processors.busy.reduce(SimulationDuration.zero, +), "\(what)")
    #expect(left.diskCompletions == right.diskCompletions, "\(what)")
    #expect(left.populationIntegral == right.populationIntegral, "\(what)")
  }

  /// One guest that owns the host, with open or closed arrivals, at a load that makes it queue.
  static func alone(_ hostID: String, _ workloadID: String) throws -> Scenario {
    let workload = try RealProfiles.library.workload(workloadID)
    let host = free(try RealProfiles.library.host(hostID))
    var scenario = try RealProfiles.scenario(
      host: host, workload: workload, guests: 1, seconds: 60, warmup: 5, memory: 4e9)
    if case .poisson = workload.arrival {
      let rate = try RealProfiles.rate(loading: 0.8, scenario, scenario.native)
      scenario.guests[0].workload.arrival = .poisson(rate: HostFixture.exact(rate, .hertz))
      scenario.controls.seconds = 2000 / rate
      scenario.controls.warmupSeconds = 200 / rate
    }
    return scenario
  }

  @Test(
    "Zero cost is native to the nanosecond", arguments: RealProfiles.hosts,
    ["static-web-2006", "database", "idle-vps"])
  func zeroCostIsNative(host: String, workload: String) throws {
    let scenario = try Self.alone(host, workload)
    let native = try HostFixture.run(scenario)
    #expect(native.classes[0].finished > 500)
    for approach in try RealProfiles.contemporaries(of: scenario.host) {
      let other = try HostFixture.run(scenario, Self.bare(approach, native: scenario.native))
      Self.expectEqual(native, other, approach.id)
    }
  }

  // A slice of level one that ends finds nobody else to give the core to, and the paused task
  // resumes with what was left of its own slice: by hand, the effect on a guest alone is nothing.
  @Test(
    "The scheduler alone does nothing to a guest alone", arguments: RealProfiles.hosts,
    ["static-web-2006", "database"])
  func schedulerOfOne(host: String, workload: String) throws {
    let scenario = try Self.alone(host, workload)
    let native = try HostFixture.run(scenario)
    for approach in try RealProfiles.contemporaries(of: scenario.host) {
      var scheduled = Self.bare(approach, native: scenario.native)
      scheduled.scheduling = approach.scheduling
      Self.expectEqual(native, try HostFixture.run(scenario, scheduled), approach.id)
    }
  }

  static let schedulers: [SchedulingPolicy.Algorithm] = [
    .host, .startTimeFairQueueing, .tokenBucket, .borrowedVirtualTime, .o1, .completelyFairGroups,
  ]

  /// Two guests that each ask for W = 160 ms of one core at t = 10 s and for nothing else.
  ///
  /// By hand: no scheduler may idle, so the later one is done after 2 W exactly. The earlier one is
  /// done after W at the soonest, if never interrupted, and after 2 W less the last slice at the
  /// latest. With start-time fair queueing they alternate every 16 ms, ten times each: 19 slices.
  @Test("The scheduler alone between two guests: same work, other order", arguments: schedulers)
  func schedulerOfTwo(algorithm: SchedulingPolicy.Algorithm) throws {
    let workload = try HostFixture.workload(
      arrival: .closed(users: HostFixture.exact(1), thinkTime: .deterministic(value: 10)),
      user: .deterministic(value: 0.16))
    let approach = HostFixture.approach(algorithm: algorithm)
    var scenario = HostFixture.scenario(
      host: HostFixture.host(), native: approach, workload: workload, guests: 1, seconds: 12,
      warmup: 0)
    scenario.guests.append(scenario.guests[0])
    let result = try HostFixture.run(scenario)
    let times = result.classes.map(\.sojournSeconds).sorted()
    #expect(result.classes.allSatisfy { $0.finished == 1 })
    #expect(times[1] == 0.32)
    #expect(times[0] >= 0.16)
    #expect(times[0] < 0.32)
    if algorithm == .startTimeFairQueueing { #expect(times[0] == 0.304) }
    #expect(result.processors.busy[0] == SimulationDuration(seconds: 0.32))
  }

  // MARK: Memory

  /// A user who reads one of 10,000 equally popular files of one page each per request, alone.
  ///
  /// With equal popularity a cache of C pages hits with probability C / 10,000.
  static func reader(hostPages: Double) throws -> Scenario {
    var workload = try HostFixture.workload(
      arrival: .closed(users: HostFixture.exact(1), thinkTime: .deterministic(value: 1)),
      user: .deterministic(value: 0.01),
      operations: [
        OperationCount(
          .fileRead, count: HostFixture.exact(1), attributes: Attributes([.bytes: 4096]))
      ])
    workload.files = FileSet(
      count: HostFixture.exact(10_000), meanBytes: HostFixture.exact(4096, .bytes),
      zipfExponent: HostFixture.exact(0), commonShare: HostFixture.exact(0))
    var host = HostFixture.host()
    host.memory.bytes = HostFixture.exact(hostPages * 4096, .bytes)
    host.disk.positioningTime = HostFixture.exact(0.05, .seconds)
    host.disk.positioningVariation = HostFixture.exact(0)
    host.disk.transferRate = HostFixture.exact(4.096e6, .bytesPerSecond)
    return HostFixture.scenario(
      host: host, native: HostFixture.approach(), workload: workload, guests: 1, seconds: 4000,
      warmup: 0)
  }

  /// 50 ms of positioning and 1 ms of transfer.
  static let readSeconds = 0.051

  /// What misses cost, by hand: nothing waits, so every request takes its 10 ms and every miss one
  /// read of the disk.
  static func expectMisses(_ result: RunResult, near share: Double, within tolerance: Double) {
    let guest = result.classes[0]
    let misses = guest.response[.diskService] / readSeconds
    #expect(
      abs(guest.sojournSeconds - Double(guest.finished) * 0.01 - misses * readSeconds) < 1e-6)
    let requests = Double(guest.finished)
    // Four standard deviations of a binomial count, and the tolerance of the cache's formula.
    let bound = 4 * (requests * share * (1 - share)).squareRoot() + tolerance * requests
    #expect(abs(misses - requests * share) <= bound)
  }

  @Test("The memory policy alone: a reservation for half the files makes half the reads miss")
  func reservation() throws {
    var scenario = try Self.reader(hostPages: 20_000)
    let native = try HostFixture.run(scenario)
    #expect(native.classes[0].response[.diskService] == 0)
    #expect(native.classes[0].finished > 3900)

    scenario.guests[0].limits.memoryBytes = 5_000 * 4096
    var approach = HostFixture.approach("reservation")
    approach.memory.kind = .reservation
    approach.memory.pageCache = .perGuest
    let reserved = try HostFixture.run(scenario, approach)
    Self.expectMisses(reserved, near: 0.5, within: 0.005)
    let frames = reserved.memory
    #expect(frames.bytes(.private) == 5_000 * 4096)
    #expect(frames[.free] == 15_000 * 4096)
  }

  @Test("A guest kernel's footprint alone: 1,000 pages less cache, a tenth more misses")
  func guestKernelFootprint() throws {
    let scenario = try Self.reader(hostPages: 6_000)
    let native = try HostFixture.run(scenario)
    Self.expectMisses(native, near: 0.4, within: 0.01)
    var approach = HostFixture.approach("kernel")
    approach.memory.guestKernelBytes = HostFixture.exact(1_000 * 4096, .bytes)
    let result = try HostFixture.run(scenario, approach)
    Self.expectMisses(result, near: 0.5, within: 0.01)
    #expect(result.memory[.guestKernel] == 1_000 * 4096)
    // The same random numbers: whatever missed before misses again, and a tenth of all on top.
    let more = Double(result.diskCompletions - native.diskCompletions)
    let requests = Double(native.classes[0].finished)
    #expect(abs(more - 0.1 * requests) < 4 * (0.09 * requests).squareRoot() + 0.02 * requests)
  }

  // MARK: Driver domain

  /// One packet per request passes the driver domain, on a core that is free: by hand, every
  /// response is longer by its work and by nothing else.
  @Test("The driver domain alone: its work is added to every response")
  func driverDomain() throws {
    let workload = try HostFixture.workload(
      arrival: .closed(users: HostFixture.exact(3), thinkTime: .exponential(mean: 0.2)),
      user: .deterministic(value: 0.01),
      operations: [
        OperationCount(
          .packetSend, count: HostFixture.exact(1), attributes: Attributes([.bytes: 1000]))
      ])
    let work = 0.002
    var host = HostFixture.host(cores: 8)
    for index in host.primitives.indices where host.primitives[index].mechanism == .backendWork {
      host.primitives[index].price = HostFixture.exact(work, .seconds)
    }
    var driver = HostSimulationTests.driver
    driver.topology.guestProcessors = nil
    // Three users, one at a time in the driver domain: one of them waits for two others at most.
    for users in [1.0, 3.0] {
      var scenario = HostFixture.scenario(
        host: host, native: HostFixture.approach(), workload: workload, guests: 1, seconds: 500,
        warmup: 0)
      scenario.guests[0].workload.arrival = .closed(
        users: HostFixture.exact(users), thinkTime: try .exponential(mean: 0.2))
      let native = try HostFixture.run(scenario).classes[0]
      let result = try HostFixture.run(scenario, driver)
      let guest = result.classes[0]
      let requests = Double(guest.finished)
      let transfer = 1000 / 1e9
      #expect(requests > 2000)
      #expect(abs(native.sojournSeconds - Double(native.finished) * (0.01 + transfer)) < 1e-4)
      let longer = guest.sojournSeconds - requests * (0.01 + transfer)
      #expect(longer >= requests * work - 1e-6)
      #expect(longer <= requests * work * users + 1e-4)
      #expect(abs(longer - requests * work - guest.response[.driverContention]) < 1e-4)
      #expect(abs(result.driverUtilization * 500 - requests * work) <= users * work)
    }
  }
}
