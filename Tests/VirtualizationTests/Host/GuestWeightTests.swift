import ScenarioFormat
import Statistics
import Testing
import Virtualization

@Suite("Guests' weights say how they stand to each other, and their limits hold only for groups")
struct GuestWeightTests {
  private static func scenario(
    _ host: String, cores: Double, weights: (Double, Double) = (1, 1), limit: Double? = nil
  ) throws -> Scenario {
    var host = try RealProfiles.library.host(host)
    host.processors.cores = HostFixture.exact(cores)
    var scenario = try RealProfiles.scenario(
      host: host, workload: try RealProfiles.library.workload("static-web-2006"), guests: 6,
      rate: 100, seconds: 20)
    var hog = scenario.guests[0]
    hog.id = "hog"
    hog.count = Int(2 * cores)
    hog.workload.arrival = .closed(
      users: HostFixture.exact(1), thinkTime: try .exponential(mean: 0.001))
    hog.workload.userComputation = try .exponential(mean: 0.5)
    scenario.guests.append(hog)
    scenario.guests[0].limits.weight = weights.0
    scenario.guests[1].limits.weight = weights.1
    scenario.guests[1].limits.processorLimit = limit
    return scenario
  }

  private static func responses(_ scenario: Scenario, _ approach: String) throws -> [Double] {
    try HostFixture.run(scenario, try RealProfiles.library.approach(approach)).classes
      .map { $0.sojournSeconds / Double($0.finished) }
  }

  @Test(
    "Equal weights change nothing, whatever they are",
    arguments: [("native", "server-2024"), ("xen-pv-32", "server-2006"), ("openvz", "server-2006")])
  func scale(approach: String, host: String) throws {
    let plain = try Self.responses(Self.scenario(host, cores: 2), approach)
    // A power of two changes no rounding.
    let scaled = try Self.responses(Self.scenario(host, cores: 2, weights: (64, 64)), approach)
    #expect(plain == scaled)
  }

  /// The kernel's credit for sleep is one of virtual time, worth more to a heavy group.
  @Test(
    "Heavy guests are served at least as well", arguments: ["kvm", "linux-container"])
  func heavy(approach: String) throws {
    let plain = try Self.responses(Self.scenario("server-2024", cores: 2), approach)
    let scaled = try Self.responses(
      Self.scenario("server-2024", cores: 2, weights: (64, 64)), approach)
    #expect(scaled[0] < 1.1 * plain[0])
  }

  @Test("Services side by side on a completely fair kernel have neither weights nor limits")
  func native() throws {
    let plain = try Self.responses(Self.scenario("server-2024", cores: 2), "native")
    let asked = try Self.scenario("server-2024", cores: 2, weights: (8, 1), limit: 0.1)
    #expect(try Self.responses(asked, "native") == plain)
    let grouped = try Self.responses(asked, "linux-container")
    #expect(grouped[1] > 2 * plain[1])
  }

  /// A process that slept starts half a latency before the others and takes over a core at once.
  @Test("The credit for sleep is the same for processes as for groups of equal weight")
  func credit() throws {
    let scenario = try Self.scenario("server-2024", cores: 8)
    let native = try Self.responses(scenario, "native")[0]
    let container = try Self.responses(scenario, "linux-container")[0]
    #expect(abs(native / container - 1) < 0.2)
  }
}
