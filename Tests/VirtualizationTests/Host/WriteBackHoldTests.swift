import ScenarioFormat
import Statistics
import Testing
import Virtualization

/// Where the disk has time, nobody waits for it to write.
@Suite("Writers and the flusher")
struct WriteBackHoldTests: WriteBackFixtures {
  private func meanDiskQueueing(_ result: RunResult) -> Double {
    result.classes[0].response[.diskQueueing] / Double(max(result.classes[0].finished, 1))
  }

  /// So little memory that both shares of it are less than one visit writes.
  private func small(positioning: Double = 0) -> HostProfile {
    var host = host(memory: 16 * 1_048_576, positioning: positioning)
    host.kernel.memory.dirtyLimit = HostFixture.exact(0.2, .share)
    return host
  }

  /// 100 kB/s; sizes that divide a visit meet the background share exactly.
  @Test(
    "Little memory does not make writers wait for an idle disk",
    arguments: [1_048_576, 65_536, 16_384, 70_001, 4_194_304 / 64])
  func smallMemory(bytes: Double) throws {
    let result = try HostFixture.run(
      scenario(
        small(positioning: 0.01), native(), perSecond: 1e5 / bytes,
        [writes(bytes)]))
    #expect(result.isStable)
    #expect(meanDiskQueueing(result) < 1e-3)
  }

  /// 700 kB/s fill a visit in 6 s, so that a run begins with as much as there may be.
  @Test("A run begins with no writer held back", arguments: 0..<4)
  func beginning(replication: Int) throws {
    let result = try HostFixture.run(
      scenario(
        small(), native(), perSecond: 10, [writes(70_001)], seconds: 30,
        warmup: 0), replication: replication)
    #expect(result.isStable)
    #expect(meanDiskQueueing(result) < 1e-3)
  }

  @Test("A limit that equals the background share does not make writers wait for an idle disk")
  func equalShares() throws {
    var host = host(memory: 256 * 1_048_576)
    host.kernel.memory.dirtyBackground = HostFixture.exact(0.125, .share)
    host.kernel.memory.dirtyLimit = host.kernel.memory.dirtyBackground
    host.kernel.memory.dirtyExpiry = HostFixture.exact(400, .seconds)
    let result = try HostFixture.run(
      scenario(host, native(), perSecond: 1, [writes(1_048_576)], seconds: 1000))
    #expect(result.isStable)
    #expect(meanDiskQueueing(result) < 1e-3)
  }

  /// A worker takes nearly all memory: what is dirty, far below the share before, is then above the
  /// limit, and nothing else begins a flush.
  @Test("Memory that shrinks between two writes lets the writer wait for the disk alone")
  func shrinking() throws {
    var host = host(memory: 1e9)
    host.kernel.memory.dirtyExpiry = HostFixture.exact(86_400, .seconds)
    var scenario = try rounds(host, every: 10, writing: 4.5e6, seconds: 1000, warmup: 0)
    scenario.guests[0].workload.arrival = .closed(
      users: HostFixture.exact(1), thinkTime: try .deterministic(value: 100))
    scenario.guests[0].workload.operations = [writes(1000)]
    scenario.guests[0].workload.processes.workerAnonymousBytes = HostFixture.exact(9.5e8, .bytes)
    let result = try HostFixture.run(scenario)
    #expect(result.isStable)
    #expect(result.classes[0].finished > 5)
    #expect(result.classes[0].sojournSeconds / Double(result.classes[0].finished) < 5)
  }

  @Test(
    "The database in little memory does not wait for an idle disk",
    arguments: [("linux-container", 512.0), ("kvm", 1250)])
  func database(approach: String, mebibytes: Double) throws {
    let scenario = try RealProfiles.scenario(
      host: RealProfiles.library.host("server-2024"),
      workload: RealProfiles.library.workload("database"), guests: 1, seconds: 300, warmup: 60,
      memory: mebibytes * 1_048_576)
    let result = try HostFixture.run(scenario, RealProfiles.library.approach(approach))
    #expect(result.classes[0].finished > 1000)
    #expect(result.classes[0].sojournSeconds / Double(result.classes[0].finished) < 0.1)
  }

  /// A request of 380 s of computation, in a window of 200 s.
  @Test("A request writes when it has computed")
  func order() throws {
    let result = try HostFixture.run(
      HostFixture.scenario(
        host: host(), native: native(),
        workload: HostFixture.workload(
          arrival: .closed(
            users: HostFixture.exact(1), thinkTime: try .deterministic(value: 1)),
          user: .deterministic(value: 380), operations: [writes(1.5e8)]),
        guests: 1, seconds: 200, warmup: 0))
    #expect(result.diskUtilization == 0)
    #expect(result.classes[0].flushes == 0)
  }

  /// 4 users who compute for 20 ms, write 1 MB and get 100 kB: the disk's 0.1 s for a write binds.
  @Test("Held back or not, a request's times add up", arguments: [1e8, 64e9])
  func itemization(memory: Double) throws {
    let answer = OperationCount(
      .packetSend, count: HostFixture.exact(70),
      attributes: Attributes([.bytes: 1460]))
    let perSecond = memory < 1e9 ? 12.0 : 8
    var scenario = try HostFixture.scenario(
      host: host(memory: memory, price: 1e-5), native: native(),
      workload: HostFixture.workload(
        arrival: .closed(
          users: HostFixture.exact(4), thinkTime: try .deterministic(value: 4 / perSecond)),
        user: .deterministic(value: 0.02), operations: [writes(1e6), answer]),
      guests: 2, seconds: 400, warmup: 100)
    scenario.objective.responseSeconds = 10
    let result = try HostFixture.run(scenario)
    #expect(result.classes[0].finished > 1000)
    #expect(result.classes[0].residual < 0.01)
    #expect((result.classes[0].response[.diskQueueing] > 0) == (memory < 1e9))
  }

  /// 1 MB/s pass a share of 20 MB every 20 s: no byte is ever 30 s old, whatever the expiry.
  @Test("Expiry counts from the oldest byte behind a flush", arguments: [30.0, 60, 86_400])
  func expiry(seconds: Double) throws {
    var host = host(memory: 2e8, positioning: 1)
    host.kernel.memory.dirtyExpiry = HostFixture.exact(seconds, .seconds)
    let scenario = try scenario(host, native(), perSecond: 10, [writes(1e5)], seconds: 8000)
    let result = try HostFixture.run(scenario)
    // Five visits of at most 4.2 MB for each 20 MB, and their transfer.
    #expect(abs(result.diskUtilization - (5.0 / 20 + 0.1)) < 0.008)
    let plan = try HostPlan(
      scenario: scenario, approach: scenario.native, guests: 1, replication: 0)
    let demand = try plan.meanDemands()[0].background
    #expect(abs(demand.disk / result.diskUtilization - 1) < 0.02)
  }
}
