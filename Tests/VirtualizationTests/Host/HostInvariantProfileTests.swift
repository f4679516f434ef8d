import DiscreteEvents
import ScenarioFormat
import Statistics
import Testing
import Virtualization

@Suite("Every real approach keeps its books, on every host of its time")
struct HostInvariantProfileTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var host: String
    var workload: String
    /// How busy the busiest station would be by mean demands.
    var load: Double

    var testDescription: String { "\(workload) on \(host) at load \(load)" }
  }

  static let cases: [Case] = RealProfiles.hosts.flatMap { host in
    ["static-web-2006", "database", "kernel-build", "idle-vps"].flatMap { workload in
      [0.1, 0.85].map { Case(host: host, workload: workload, load: $0) }
    }
  }

  /// The workload with open arrivals at the load asked for, so long that many requests are served.
  static func scenario(
    _ test: Case, _ host: HostProfile, _ approach: ApproachProfile
  ) throws -> Scenario {
    let workload = try RealProfiles.library.workload(test.workload)
    var scenario = try RealProfiles.scenario(
      host: host, workload: workload, guests: 2, rate: 1e-3, seconds: 1,
      memory: min(0.35 * host.memory.bytes.value, 8e9))
    let rate = try RealProfiles.rate(loading: test.load, scenario, approach)
    scenario.guests[0].workload.arrival = .poisson(rate: HostFixture.exact(rate, .hertz))
    scenario.controls.seconds = 300 / rate
    scenario.controls.warmupSeconds = 30 / rate
    scenario.objective.responseSeconds = 300 / rate
    return scenario
  }

  @Test("Items explain the response, and nothing is lost", arguments: cases)
  func books(test: Case) throws {
    let host = try RealProfiles.library.host(test.host)
    let approaches = try RealProfiles.contemporaries(of: host)
    #expect(RealProfiles.expected[test.host]?.isSubset(of: approaches.map(\.id)) == true)
    for approach in approaches {
      let result = try HostFixture.run(Self.scenario(test, host, approach), approach)
      expectBooks(result, host: host, "\(approach.id), \(test.testDescription)")
      #expect(result.classes[0].finished > 200, "\(approach.id)")
    }
  }

  @Test("The same with users who think instead of open arrivals", arguments: RealProfiles.hosts)
  func closedArrivals(host: String) throws {
    let host = try RealProfiles.library.host(host)
    var workload = try RealProfiles.library.workload("database")
    workload.arrival = .closed(users: HostFixture.exact(20), thinkTime: try .exponential(mean: 0.5))
    for approach in try RealProfiles.contemporaries(of: host) {
      let scenario = try RealProfiles.scenario(
        host: host, workload: workload, guests: 2, seconds: 60,
        memory: min(0.35 * host.memory.bytes.value, 8e9))
      expectBooks(try HostFixture.run(scenario, approach), host: host, approach.id)
    }
  }

  /// Guests whose active memory is twice the host's: pages go to swap and come back.
  @Test("The same while the host swaps", arguments: ["native", "linux-vserver", "uml-skas0"])
  func swapping(approach: String) throws {
    var host = try RealProfiles.library.host("server-2006")
    host.memory.bytes = HostFixture.exact(1e9, .bytes)
    host.memory.swapBytes = HostFixture.exact(8e9, .bytes)
    var workload = try RealProfiles.library.workload("static-web-2006")
    workload.processes.baseAnonymousBytes = HostFixture.exact(400e6, .bytes)
    workload.processes.workerAnonymousBytes = HostFixture.exact(1e6, .bytes)
    workload.processes.activeShare = HostFixture.exact(0.9)
    let scenario = try RealProfiles.scenario(
      host: host, workload: workload, guests: 4, rate: 0.5, seconds: 300, memory: 512e6)
    let result = try HostFixture.run(scenario, RealProfiles.library.approach(approach))
    #expect(result.memory.swapBytes > 5e8)
    #expect(result.classes[0].response[.swapping] > 0.1 * result.classes[0].sojournSeconds)
    expectBooks(result, host: host, approach)
  }
}

/// What must hold for every run, whatever it ran.
func expectBooks(_ result: RunResult, host: HostProfile, _ what: String) {
  for guests in result.classes {
    #expect(guests.residual < 0.01, "\(what)")
    for mechanism in Mechanism.allCases {
      #expect(guests.response[mechanism] >= 0, "\(what): \(mechanism)")
      #expect(guests.processor[mechanism] <= guests.response[mechanism], "\(what): \(mechanism)")
    }
    #expect(guests.arrivals == guests.finished + guests.refused || !result.isStable, "\(what)")
  }
  let counters = result.processors
  for core in counters.busy.indices {
    let sum =
      counters.busy[core] + counters.switching[core] + counters.refill[core] + counters.idle[core]
    #expect(sum == counters.elapsed, "\(what)")
  }
  let used = counters.entityTime.reduce(0.0) { $0 + $1.seconds }
  let spent =
    Double(counters.busy.count) * counters.elapsed.seconds
    - counters.idle.reduce(0.0) { $0 + $1.seconds }
  #expect(abs(used - spent) < 1e-6 * spent + 1e-9, "\(what)")
  #expect(
    abs(result.populationIntegral - result.timeInSystem) < 1e-9 * result.timeInSystem + 1e-6,
    "\(what)")
  let frames = result.memory.rows.reduce(0.0) { $0 + $1.bytes }
  #expect(frames == (host.memory.bytes.value / 4096).rounded(.down) * 4096, "\(what)")
  #expect(result.memory.rows.allSatisfy { $0.bytes >= 0 }, "\(what)")
}
