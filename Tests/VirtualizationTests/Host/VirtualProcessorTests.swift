import ScenarioFormat
import Statistics
import Testing
import Virtualization

@Suite("A guest with a kernel of its own has the processors that the scenario gives it")
struct VirtualProcessorTests {
  /// Guests of an M/M/c queue each, on a host of 16 cores; their mean response in seconds.
  static func response(
    processors: Int, kernelPerGuest: Bool, guestProcessors: Double? = nil
  ) throws -> Double {
    let workload = try HostFixture.workload(
      arrival: .poisson(rate: HostFixture.exact(80, .hertz)), user: .exponential(mean: 0.0101))
    var scenario = HostFixture.scenario(
      host: HostFixture.host(cores: 16), native: HostFixture.approach(), workload: workload,
      guests: 2, seconds: 4000, warmup: 20)
    scenario.guests[0].limits.processors = processors
    var approach = HostFixture.approach("other", guestProcessors: guestProcessors)
    approach.topology.kernelPerGuest = kernelPerGuest
    let guests = try HostFixture.run(scenario, approach).classes[0]
    return guests.sojournSeconds / Double(guests.finished)
  }

  @Test("One virtual processor is an M/M/1 queue")
  func singleProcessor() throws {
    let exact = 0.0101 / (1 - 80 * 0.0101)
    #expect(abs(try Self.response(processors: 1, kernelPerGuest: true) / exact - 1) < 0.05)
  }

  @Test("Two virtual processors are an M/M/2 queue, of which the approach may allow fewer")
  func twoProcessors() throws {
    let rho = 80 * 0.0101 / 2
    let exact = 0.0101 / (1 - rho * rho)
    #expect(abs(try Self.response(processors: 2, kernelPerGuest: true) / exact - 1) < 0.03)
    let one = 0.0101 / (1 - 80 * 0.0101)
    let limited = try Self.response(processors: 2, kernelPerGuest: true, guestProcessors: 1)
    #expect(abs(limited / one - 1) < 0.05)
  }

  @Test("Under one kernel for all a guest uses every core")
  func sharedKernel() throws {
    #expect(abs(try Self.response(processors: 1, kernelPerGuest: false) / 0.0101 - 1) < 0.02)
  }

  @Test("Real approaches with a kernel per guest keep to it")
  func realApproaches() throws {
    var kernels = 0
    for id in RealProfiles.library.ids(of: .approach) {
      let topology = try RealProfiles.library.approach(id).topology
      var limits = GuestLimits(
        weight: 1, processorLimit: nil, memoryBytes: 1e9, processors: 1, beancounters: .unlimited)
      let one = topology.processors(of: limits, cores: 8)
      limits.processors = 4
      let four = topology.processors(of: limits, cores: 8)
      #expect(topology.processors(of: limits, cores: 2) <= 2)
      if topology.kernelPerGuest {
        kernels += 1
        #expect(one == 1, "\(id)")
        #expect(four <= 4, "\(id)")
      } else {
        #expect(one == 8 && four == 8, "\(id)")
      }
    }
    #expect(kernels > 5)
  }
}
