import Statistics
import Testing
import Virtualization

@Suite("Requests that wait for a worker get one in the order in which they came")
struct WorkerQueueTests {
  /// A guest of 20 users and one of 10 in memory for 11 workers in all; no one waits for a core.
  ///
  /// Who thinks does so for a fixed time, also before the first request. With `beyondGuarantee`,
  /// the first guest has more memory allocated than its beancounters guarantee it from the start.
  static func run(
    think: Double, work: Double, otherThink: Double, otherWork: Double, seconds: Double,
    beyondGuarantee: Bool = false
  ) throws -> RunResult {
    func guest(_ id: String, users: Double, _ think: Double, _ work: Double) throws -> GuestClass {
      var workload = try HostFixture.workload(
        arrival: .closed(
          users: HostFixture.exact(users), thinkTime: try .deterministic(value: think)),
        user: .deterministic(value: work))
      workload.workers = HostFixture.exact(20)
      workload.processes.workerAnonymousBytes = HostFixture.exact(1_048_576, .bytes)
      workload.processes.baseProcesses = HostFixture.exact(0)
      workload.processes.socketsPerWorker = HostFixture.exact(0)
      return GuestClass(
        id: id, workload: workload, count: 1,
        limits: GuestLimits(
          weight: 1, processorLimit: nil, memoryBytes: .infinity, processors: 64,
          beancounters: .unlimited))
    }
    var host = HostFixture.host(cores: 64)
    // Eleven workers, and less than another one beside them for connections.
    host.memory.bytes = HostFixture.exact(11.9 * 1_048_576, .bytes)
    var first = try guest("many", users: 20, think, work)
    if beyondGuarantee {
      // 1728 pages of 1725 that `light` guarantees, at 1.5 allocated for each one touched.
      let base = 4.5 * 1_048_576
      first.workload.processes.baseAnonymousBytes = HostFixture.exact(base, .bytes)
      first.limits.beancounters = .light
      host.memory.bytes.value += base
    }
    var scenario = HostFixture.scenario(
      host: host, native: HostFixture.approach(), workload: first.workload, guests: 1,
      seconds: seconds, warmup: 1)
    if beyondGuarantee { scenario.native.memory.kind = .beancounters }
    scenario.guests = [first, try guest("other", users: 10, otherThink, otherWork)]
    return try HostFixture.run(scenario)
  }

  @Test(
    "A guest whose memory returned serves as many as it has memory for", arguments: [false, true])
  func memoryReturns(beyondGuarantee: Bool) throws {
    // The other guest takes ten workers from 99 s to 109.5 s. At 100 s twenty requests come: one
    // is served at a time until 110 s, then eleven, then the last four.
    let result = try Self.run(
      think: 100, work: 2, otherThink: 99, otherWork: 10.5, seconds: 150,
      beyondGuarantee: beyondGuarantee)
    let guest = result.classes[0]
    #expect(guest.finished == 20)
    let alone: Double = 2 + 4 + 6 + 8 + 10
    let exact: Double = alone + 11 * 12 + 4 * 14
    #expect(abs(guest.sojournSeconds - exact) < 1e-6, "\(guest.sojournSeconds)")
    #expect(result.refusals.map(\.resource) == ["memory"])
  }

  @Test("Nobody overtakes the queue when memory returns")
  func newcomers() throws {
    // Twenty requests at 7.5 s, one worker: 9.5, 11.5, 13.5, 15.5 and 17.5 s are ends. Users come
    // back at 17 s and at 19 s; at 18.2 s the other guest ends. Those of the first twenty that wait
    // begin at 19 s (ten of them) and, as others end, at 19.5 s (one) and 21 s (three), and the two
    // that came back begin at 21 s.
    let guest = try Self.run(
      think: 7.5, work: 2, otherThink: 7.4, otherWork: 10.8, seconds: 19
    ).classes[0]
    #expect(guest.finished == 22)
    let alone: Double = 2 + 4 + 6 + 8 + 10 + 12
    let later: Double = 10 * 13.5 + 14 + 3 * 15.5
    let back: Double = (23 - 17) + (23 - 19)
    #expect(abs(guest.sojournSeconds - alone - later - back) < 1e-6, "\(guest.sojournSeconds)")
  }

  @Test("Any number of requests that need no time can end behind one that waits")
  func endsInARow() throws {
    let users = 1_000_000.0
    // Three of a million go to the disk, for 5 s; everybody else needs nothing but the one worker.
    var workload = try HostFixture.workload(
      arrival: .closed(users: HostFixture.exact(users), thinkTime: try .exponential(mean: 1)),
      user: .deterministic(value: 0),
      operations: [OperationCount(.diskRead, count: HostFixture.exact(3e-6))])
    workload.workers = HostFixture.exact(1)
    var host = HostFixture.host()
    host.disk.positioningTime = HostFixture.exact(5, .seconds)
    host.disk.positioningVariation = HostFixture.exact(0)
    let scenario = HostFixture.scenario(
      host: host, native: HostFixture.approach(), workload: workload, guests: 1, seconds: 12,
      warmup: 0)
    let result = try HostFixture.run(scenario)
    let guests = result.classes[0]
    // Most users waited for the disk's one visitor at once, and none was lost.
    #expect(result.populationSamples.max() ?? 0 > 0.9 * users)
    #expect(guests.finished > 1_000_000 && guests.refused == 0)
    #expect(abs(result.populationIntegral / result.timeInSystem - 1) < 1e-9)
  }

  @Test(
    "One worker is a single server under any discipline",
    arguments: [
      SchedulingPolicy.Algorithm.processorSharing, .firstComeFirstServed, .o1,
    ])
  func oneWorker(algorithm: SchedulingPolicy.Algorithm) throws {
    let (users, think, service) = (20, 0.2, 0.01)
    var workload = try HostFixture.workload(
      arrival: .closed(
        users: HostFixture.exact(Double(users)), thinkTime: try .exponential(mean: think)),
      user: .exponential(mean: service))
    workload.workers = HostFixture.exact(1)
    let scenario = HostFixture.scenario(
      host: HostFixture.host(), native: HostFixture.approach(algorithm: algorithm),
      workload: workload, guests: 1, seconds: 4000, warmup: 20)
    let guests = try HostFixture.run(scenario).classes[0]
    // Exact mean-value analysis (Reiser and Lavenberg 1980).
    var queue = 0.0
    var response = 0.0
    for n in 1...users {
      response = service * (1 + queue)
      queue = Double(n) / (think + response) * response
    }
    let mean = guests.sojournSeconds / Double(guests.finished)
    #expect(abs(mean / response - 1) < 0.03, "\(mean) instead of \(response)")
    #expect(abs(Double(guests.completionsInWindow) / 4000 * (think + response) / 20 - 1) < 0.01)
  }
}
