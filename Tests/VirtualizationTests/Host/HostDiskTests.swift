import Statistics
import Testing
import Virtualization

@Suite("Disks: spindles with queues of their own, channels that share one transfer")
struct HostDiskTests {
  /// Requests that only go to the disk.
  static func scenario(
    arrival: Arrival, bytes: Double, guests: Int, seconds: Double, warmup: Double,
    positioning: Double, variation: Double, rate: Double, kind: DiskProfile.Kind, channels: Double
  ) throws -> Scenario {
    let workload = try HostFixture.workload(
      arrival: arrival, user: .deterministic(value: 0),
      operations: [
        OperationCount(
          .diskRead, count: HostFixture.exact(1), attributes: Attributes([.bytes: bytes]))
      ])
    var host = HostFixture.host()
    host.disk.kind = kind
    host.disk.channels = HostFixture.exact(channels)
    host.disk.positioningTime = HostFixture.exact(positioning, .seconds)
    host.disk.positioningVariation = HostFixture.exact(variation)
    host.disk.transferRate = HostFixture.exact(rate, .bytesPerSecond)
    return HostFixture.scenario(
      host: host, native: HostFixture.approach(), workload: workload, guests: guests,
      seconds: seconds, warmup: warmup)
  }

  static func drive(_ arrival: Arrival, bytes: Double, seconds: Double = 2) throws -> Scenario {
    try scenario(
      arrival: arrival, bytes: bytes, guests: 1, seconds: seconds, warmup: 0.2, positioning: 60e-6,
      variation: 0, rate: 5e9, kind: .solidState, channels: 64)
  }

  @Test("A solid-state drive delivers its rate, not that of every channel together")
  func saturatedDrive() throws {
    let users = HostFixture.exact(128)
    let scenario = try Self.drive(
      .closed(users: users, thinkTime: .deterministic(value: 1e-6)), bytes: 1e6)
    let result = try HostFixture.run(scenario)
    // 5 GB/s over 1 MB: 5,000 requests per second, give or take the ones at the window's ends.
    #expect(abs(Double(result.classes[0].completionsInWindow) - 10_000) <= 1)
    #expect(result.diskTransferUtilization > 0.9999)
    let service = 60e-6
    #expect(abs(result.diskUtilization * 64 * 2 - 10_000 * service) < 3 * service)
  }

  @Test("A drive of many small requests is bound by its channels")
  func channelsBind() throws {
    let users = HostFixture.exact(256)
    let scenario = try Self.drive(
      .closed(users: users, thinkTime: .deterministic(value: 1e-6)), bytes: 512, seconds: 0.5)
    let result = try HostFixture.run(scenario)
    // 64 channels of 60 us; the transfer would do 9.8 million.
    let exact = 64 / 60e-6 * 0.5
    #expect(abs(Double(result.classes[0].completionsInWindow) - exact) < 0.001 * exact)
    #expect(result.diskUtilization > 0.9999)
  }

  @Test("Alone, a request takes positioning plus bytes over the rate", arguments: [4096, 1e6])
  func lightLoad(bytes: Double) throws {
    let scenario = try Self.drive(
      .closed(users: HostFixture.exact(1), thinkTime: .deterministic(value: 0.01)), bytes: bytes,
      seconds: 10)
    let guests = try HostFixture.run(scenario).classes[0]
    let mean = guests.sojournSeconds / Double(guests.finished)
    #expect(abs(mean - (60e-6 + bytes / 5e9)) < 1e-9)
    #expect(abs(guests.response[.diskService] - guests.sojournSeconds) < 1e-9)
  }

  @Test("The utilization law holds for both stages of a drive")
  func utilizationLaw() throws {
    let scenario = try Self.drive(.poisson(rate: HostFixture.exact(4000, .hertz)), bytes: 1e6)
    let result = try HostFixture.run(scenario)
    let completions = Double(result.diskCompletions)
    #expect(abs(result.diskUtilization * 64 * 2 - completions * 60e-6) < 64 * 60e-6)
    #expect(abs(result.diskTransferUtilization * 2 - completions * 2e-4) < 64 * 2e-4)
    #expect(result.diskTransferUtilization > 0.7)
    #expect(result.classes[0].residual < 1e-6)
  }

  @Test("Two spindles with a guest each are two M/M/1, and a guest alone uses one of them")
  func spindles() throws {
    var two = RunningMoments()
    var one = RunningMoments()
    for replication in 0..<30 {
      for guests in [1, 2] {
        let scenario = try Self.scenario(
          arrival: .poisson(rate: HostFixture.exact(0.7, .hertz)), bytes: 0, guests: guests,
          seconds: 5_000, warmup: 500, positioning: 1, variation: 1, rate: 1e12, kind: .rotational,
          channels: 2)
        let found = try HostFixture.run(scenario, replication: replication).classes[0]
        let mean = found.sojournSeconds / Double(found.finished)
        if guests == 1 { one.add(mean) } else { two.add(mean) }
      }
    }
    // 1 / (1 - 0.7); an M/M/2 at the load of two guests would take 1.96.
    #expect(abs(one.mean - 1 / 0.3) <= 3 * one.standardError)
    #expect(abs(two.mean - 1 / 0.3) <= 3 * two.standardError)
  }

  @Test("Guests of every class are divided evenly among spindles")
  func division() throws {
    var scenario = try Self.scenario(
      arrival: .poisson(rate: HostFixture.exact(1, .hertz)), bytes: 0, guests: 4, seconds: 10,
      warmup: 1, positioning: 1, variation: 1, rate: 1e12, kind: .rotational, channels: 2)
    scenario.guests.append(scenario.guests[0])
    let plan = try HostPlan(
      scenario: scenario, approach: scenario.native, guests: 8, replication: 0)
    #expect(plan.spindleShares == [[0.5, 0.5], [0.5, 0.5]])
    let single = try HostPlan(
      scenario: scenario, approach: scenario.native, guests: 2, replication: 0)
    #expect(single.spindleShares == [[1, 0], [0, 1]])
  }
}
