import Experiments
import Reporting
import Testing
import Virtualization

/// With direct input and output the host copies nothing, so nothing may be said to rest on that
/// copy.
@Suite("What a class says of direct input and output holds for what answers rest on")
struct DirectIOTests {
  static func scenario(approach own: Bool, guests: Bool?) throws -> Scenario {
    var scenario = try Fixture.scenario()
    scenario.host.primitives += [
      Primitive(
        .kernelWork, service: .diskRead, price: Fixture.quantity(1e-6, .seconds, .measured)),
      Primitive(.dataCopy, price: Fixture.quantity(1e-9, .secondsPerByte, .assumed)),
    ]
    var approach = Fixture.profile("xen-pv")
    approach.memory.pageCache = .double
    approach.storage.directIO = own
    approach.paths = [
      Path(
        .diskRead,
        hops: [
          Hop(.kernelWork, at: .guestKernel, status: .published, source: "made up for tests"),
          Hop(
            .dataCopy, at: .hostKernel, in: .backend, count: LinearCount(4096),
            status: .published, source: "made up for tests"),
        ])
    ]
    scenario.approaches = [approach]
    scenario.guests[0].workload.operations = [
      OperationCount(.diskRead, count: Fixture.quantity(2, .count, .measured))
    ]
    scenario.guests[0].limits.directIO = guests
    return scenario
  }

  @Test(arguments: [
    (false, nil, true), (true, nil, false), (false, true, false), (true, false, true),
  ])
  func copies(approach own: Bool, guests: Bool?, expected: Bool) throws {
    let scenario = try Self.scenario(approach: own, guests: guests)
    let approach = scenario.approaches[0]
    let parts = Contribution.all(of: scenario.guests[0], under: approach, in: scenario)
    #expect(parts.map(\.mechanism) == (expected ? [.kernelWork, .dataCopy] : [.kernelWork]))
    let trust = try TrustShares(of: scenario, under: approach)
    #expect((trust.assumed > 0.5) == expected)
    #expect((trust.published == 1) == !expected)
    let operations = Because.operations(
      of: scenario.guests[0], under: approach, in: scenario, limit: 3)
    #expect(operations.first?.mechanisms.contains(.dataCopy) == expected)
  }
}
