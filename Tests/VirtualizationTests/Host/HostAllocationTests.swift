import AllocationCounter
import DiscreteEvents
import ScenarioFormat
import Statistics
import Testing
import Virtualization

@Suite(
  "The host's event loop allocates nothing once it has reached its peak",
  .enabled(
    if: allocation_count() >= 0, "allocations are counted with glibc and without sanitizers only")
)
struct HostAllocationTests {
  /// Allocations between 60 s and 350 s of a run, and what the run found.
  static func allocations(
    _ approachID: String, _ workload: Workload, host: String = "server-2006", guests: Int = 20,
    memory: Double = 256e6
  ) throws -> (count: Int64, result: RunResult) {
    let scenario = try RealProfiles.scenario(
      host: RealProfiles.library.host(host), workload: workload, guests: guests, seconds: 350,
      memory: memory)
    return try allocations(scenario, RealProfiles.library.approach(approachID))
  }

  private static func allocations(
    _ scenario: Scenario, _ approach: ApproachProfile
  ) throws -> (count: Int64, result: RunResult) {
    let plan = try HostPlan(
      scenario: scenario, approach: approach, guests: scenario.guestCount, replication: 0)
    var before: Int64 = 0
    var after: Int64 = -1
    let result = try HostSimulation.run(
      plan, pausingAt: [SimulationTime(seconds: 60), SimulationTime(seconds: 350)]
    ) { number in
      if number == 0 { before = allocation_count() } else { after = allocation_count() }
    }
    return (after - before, result)
  }

  @Test(
    "Web guests",
    arguments: [
      "native", "openvz", "linux-vserver", "xen-pv-32", "vmware-workstation", "uml-skas0",
    ])
  func webGuests(approach: String) throws {
    var workload = try RealProfiles.library.workload("static-web-2006")
    workload.arrival = .poisson(rate: HostFixture.exact(10, .hertz))
    let (count, result) = try Self.allocations(approach, workload)
    #expect(count == 0)
    #expect(result.classes[0].finished > 10_000)
  }

  @Test("Bursts, users who think and modern hosts", arguments: ["mail", "web-modern", "database"])
  func otherWorkloads(workload: String) throws {
    for approach in ["linux-container", "kvm"] {
      let (count, result) = try Self.allocations(
        approach, RealProfiles.library.workload(workload), host: "server-2024", guests: 4,
        memory: 8e9)
      #expect(count == 0)
      #expect(result.classes[0].finished > 1000)
    }
  }

  @Test("Guests that swap, for requests and beside them")
  func swapping() throws {
    let scenario = try TouchingTests.scenario(rate: 1, price: 1e-5)
    let (count, result) = try Self.allocations(scenario, scenario.native)
    #expect(count == 0)
    #expect(result.classes[0].touchReads > 5000)
    #expect(result.classes[0].swapReads > 10_000)
  }
}
