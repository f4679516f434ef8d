import Testing
import Virtualization

@Suite("Swapping in mean demands")
struct TwinSwappingTests {
  @Test("The mean demand of the disk holds what the run reads from swap and writes there")
  func disk() throws {
    let scenario = try HostSwappingTests.scenario(memory: 165 * mebibyte)
    let ample = try HostSwappingTests.scenario(memory: 1e9)
    func demand(_ scenario: Scenario) throws -> Double {
      try HostPlan(
        scenario: scenario, approach: scenario.native, guests: 1, replication: 0
      ).meanDemands()[0].request.disk
    }
    // A quarter of 256 pages of a worker is in swap, 8 to a read; 0.7 writes to each.
    let visits = 256 * 0.25 / 8 * 1.7
    let disk = scenario.host.disk
    let each = disk.positioningTime.value + 8 * 4096 / disk.transferRate.value
    let difference = try demand(scenario) - demand(ample)
    #expect(abs(difference / (visits * each) - 1) < 1e-9)
  }
}
