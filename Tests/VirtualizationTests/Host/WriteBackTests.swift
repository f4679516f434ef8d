import Statistics
import Testing
import Virtualization

/// What is written to files goes to a disk of 10 MB/s, by hand: bytes over that rate, and a
/// positioning for each visit.
@Suite("Write-back")
struct WriteBackTests: WriteBackFixtures {
  /// A flush comes 35 s after the last one, at the first look 30 s after the next write, for 3.5
  /// MB.
  @Test("What is written goes to the disk once, in one visit for each expiry")
  func bytesAndVisits() throws {
    let result = try HostFixture.run(
      scenario(host(positioning: 0.5), native(), perSecond: 10, [writes(1e4)]))
    let flushes = Double(result.classes[0].flushes)
    #expect(abs(flushes - 2000.0 / 35) < 2)
    #expect(abs(result.classes[0].flushedBytes - 2000 * 1e5) < 0.03 * 2000 * 1e5)
    #expect(result.diskCompletions == result.classes[0].flushes)
    let expected = (result.classes[0].flushedBytes / rate + flushes * 0.5) / 2000
    #expect(abs(result.diskUtilization - expected) < 0.0005)
    #expect(result.isStable)
    #expect(result.classes[0].residual < 0.01)
  }

  /// 8 MB/s: 1.9 visits of 4 MiB a second, each with 10 ms of positioning.
  @Test("Steady writing keeps the disk busy for its bytes and visits", arguments: [1, 4])
  func utilization(guests: Int) throws {
    let each = 8.0 / Double(guests)
    let result = try HostFixture.run(
      scenario(
        host(positioning: 0.01), native(), perSecond: each, [writes(1e6)], guests: guests))
    let expected = 0.8 + 8e6 / visit * 0.01
    #expect(abs(result.diskUtilization - expected) < 0.03)
    #expect(result.isStable)
  }

  /// Twice as much as the disk takes, where memory holds all of it and where it does not.
  @Test("Writing faster than the disk is not stable", arguments: [64e9, 1e8])
  func overload(memory: Double) throws {
    let result = try HostFixture.run(
      scenario(host(memory: memory), native(), perSecond: 20, [writes(1e6)], seconds: 300))
    #expect(!result.isStable)
    #expect(result.diskUtilization > 0.99)
    #expect(result.isWriteBackBehind == (memory > 1e9))
    #expect((result.unfinished > 0) == (memory < 1e9))
  }

  /// It begins with what was written within 35 s before, and nothing of that is late.
  @Test("A run shorter than the expiry does not fall behind", arguments: [0.003, 1, 20])
  func shortRun(seconds: Double) throws {
    var short = try scenario(
      host(), native(), perSecond: 10, [writes(1e4)], guests: 4, seconds: seconds)
    short.controls.warmupSeconds = 0
    #expect(try HostFixture.run(short).isStable)
  }

  @Test("A tenth more than the disk takes is not stable either")
  func slightOverload() throws {
    let result = try HostFixture.run(
      scenario(host(), native(), perSecond: 11, [writes(1e6)], seconds: 600))
    #expect(!result.isStable && result.isWriteBackBehind)
  }

  /// A user who only writes 1 MB at a time gets 10 MB/s through, and waits 0.1 s for each.
  @Test("Writers wait for the disk where memory is full of what they wrote")
  func heldBack() throws {
    let constant = try Distribution.deterministic(value: 0)
    let scenario = try HostFixture.scenario(
      host: host(memory: 1e8), native: native(),
      workload: HostFixture.workload(
        arrival: .closed(users: HostFixture.exact(4), thinkTime: constant),
        user: .deterministic(value: 1e-6), operations: [writes(1e6)]),
      guests: 1, seconds: 400, warmup: 100)
    let result = try HostFixture.run(scenario)
    #expect(result.isStable)
    let guest = result.classes[0]
    #expect(abs(Double(guest.completionsInWindow) - 4000) < 60)
    #expect(guest.residual < 0.01)
    #expect(guest.response[.diskQueueing] > 0.99 * guest.sojournSeconds)
    #expect(result.diskUtilization > 0.99)
  }

  @Test("What a request writes to the disk itself does not go there twice")
  func durable() throws {
    let once = try HostFixture.run(
      scenario(
        host(), native(), perSecond: 10, [writes(1e4), writes(1e4, .diskWrite)], seconds: 400))
    #expect(once.classes[0].flushes == 0)
    #expect(abs(once.diskUtilization - 0.01) < 0.001)
    let half = try HostFixture.run(
      scenario(
        host(), native(), perSecond: 10, [writes(1e4), writes(5e3, .diskWrite)], seconds: 400))
    #expect(abs(half.diskUtilization - 0.01) < 0.001)
    #expect(half.classes[0].flushes > 0)
  }

  /// One piece of work of the driver domain for each visit, 4 ms and 1 ms for switching to it, and
  /// none for requests.
  @Test("Flushing takes the approach's path, its work where that is done")
  func driverDomain() throws {
    let path = Path(
      .diskWrite,
      hops: [
        Hop(
          .backendWork, at: .driverDomain, in: .backend, status: .assumed,
          source: "test fixture")
      ])
    let result = try HostFixture.run(
      scenario(
        host(price: 0.001), native([path], .driverDomain), perSecond: 8, [writes(1e6)],
        seconds: 400))
    let guest = result.classes[0]
    #expect(guest.flushes > 700)
    #expect(abs(guest.background[.backendWork] - Double(guest.flushes) * 0.004) < 0.009)
    #expect(guest.processor[.backendWork] == 0)
    #expect(abs(result.driverUtilization - Double(guest.flushes) * 0.005 / 400) < 0.001)
  }

  @Test("Periodic work writes back as requests do")
  func rounds() throws {
    var workload = try HostFixture.workload(
      arrival: .poisson(rate: HostFixture.exact(1, .hertz)), user: .deterministic(value: 1e-6))
    workload.background = BackgroundWork(
      period: HostFixture.exact(10, .seconds), userSeconds: HostFixture.exact(0, .seconds),
      operations: [writes(1e7)])
    let result = try HostFixture.run(
      HostFixture.scenario(
        host: host(), native: native(), workload: workload, guests: 1, seconds: 2000,
        warmup: 100))
    #expect(abs(result.diskUtilization - 0.1) < 0.005)
  }

  @Test(
    "The twin counts the same work of the disk",
    arguments: [(10.0, 1e4, 64e9), (8, 1e6, 64e9), (8, 1e6, 2e8), (0.1, 2e6, 64e9)])
  func twin(perSecond: Double, bytes: Double, memory: Double) throws {
    let scenario = try scenario(
      host(memory: memory, positioning: 0.02), native(), perSecond: perSecond, [writes(bytes)],
      seconds: 2e5 / perSecond)
    let plan = try HostPlan(
      scenario: scenario, approach: scenario.native, guests: 1, replication: 0)
    let demand = try plan.meanDemands()[0].background
    let result = try HostFixture.run(scenario)
    #expect(abs(demand.disk / result.diskUtilization - 1) < 0.02)
  }
}
