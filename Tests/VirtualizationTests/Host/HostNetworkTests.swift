import Statistics
import Testing
import Virtualization

@Suite("Packets and the wire")
struct HostNetworkTests {
  private static func run(
    response: Double, operation: OperationCount, price: Double, overhead: Double? = nil
  ) throws -> RunResult {
    var host = HostFixture.host(cores: 4, price: price)
    host.network = NetworkProfile(
      rate: HostFixture.exact(1e9, .bytesPerSecond),
      segmentBytes: HostFixture.exact(1448, .bytes),
      overheadBytes: overhead.map { HostFixture.exact($0, .bytes) })
    for service in [Operation.contextSwitch, .guestSwitch, .timerTick, .idleWakeup] {
      host.primitives.removeAll { $0.service == service }
      host.primitives.append(
        Primitive(.kernelWork, service: service, price: HostFixture.exact(0, .seconds)))
    }
    var perPacket = Attributes()
    perPacket[.packets] = 1
    let native = HostFixture.approach(paths: [
      Path(
        .packetSend,
        hops: [
          Hop(
            .kernelWork, at: .guestKernel, count: LinearCount(0, perPacket), status: .assumed,
            source: "test fixture")
        ])
    ])
    let workload = try HostFixture.workload(
      arrival: .poisson(rate: HostFixture.exact(100, .hertz)), user: .deterministic(value: 0),
      operations: [operation], responseBytes: response)
    return try HostFixture.run(
      HostFixture.scenario(
        host: host, native: native, workload: workload, guests: 1, seconds: 20, warmup: 1))
  }

  private static let response = OperationCount(
    .packetSend, count: HostFixture.exact(1), movesResponse: true)

  private static func stated(bytes: Double, packets: Double) -> OperationCount {
    var attributes = Attributes()
    attributes[.bytes] = bytes
    attributes[.packets] = packets
    return OperationCount(.packetSend, count: HostFixture.exact(1), attributes: attributes)
  }

  @Test(
    "A response is sent in whole packets, which cost what stated ones cost",
    arguments: [(1.0, 1.0), (1448, 1), (1449, 2), (14_480, 10)])
  func wholePackets(bytes: Double, packets: Double) throws {
    let drawn = try Self.run(response: bytes, operation: Self.response, price: 0.001)
    let stated = try Self.run(
      response: 0, operation: Self.stated(bytes: bytes, packets: packets), price: 0.001)
    for result in [drawn, stated] {
      let counted = result.classes[0]
      #expect(counted.finished > 1000)
      let each = counted.processor[.kernelWork] / Double(counted.finished)
      #expect(abs(each - 0.001 * packets) < 1e-9)
    }
  }

  /// 173 packets for 250,000 bytes, each with 90 bytes of headers, framing, preamble and gap.
  @Test("Every packet takes its overhead on the wire, with and without payload")
  func overhead() throws {
    let drawn = try Self.run(
      response: 250_000, operation: Self.response, price: 1e-6, overhead: 90)
    let acknowledgments = try Self.run(
      response: 0, operation: Self.stated(bytes: 0, packets: 6), price: 1e-6, overhead: 90)
    for (result, bytes) in [(drawn, 250_000.0 + 173 * 90), (acknowledgments, 540)] {
      let busy = result.linkOutUtilization * result.windowSeconds
      #expect(result.linkOutCompletions > 1000)
      #expect(abs(busy - Double(result.linkOutCompletions) * bytes / 1e9) < 1e-6)
    }
  }

  /// 1448 of 1538 bytes are payload: 941 Mbit/s of a gigabit.
  @Test("Gigabit Ethernet carries 941 Mbit/s of payload")
  func goodput() throws {
    let network = NetworkProfile(
      rate: HostFixture.exact(1.25e8, .bytesPerSecond),
      segmentBytes: HostFixture.exact(1448, .bytes),
      overheadBytes: NetworkProfile.ethernetOverhead)
    let plan = try HostPlan(
      scenario: HostFixture.scenario(
        host: {
          var host = HostFixture.host()
          host.network = network
          return host
        }(), native: HostFixture.approach(),
        workload: HostFixture.workload(
          arrival: .poisson(rate: HostFixture.exact(1, .hertz)), user: .deterministic(value: 0),
          operations: [Self.response], responseBytes: 1448e6), guests: 1, seconds: 1, warmup: 0),
      approach: HostFixture.approach(), guests: 1, replication: 0)
    let seconds = try plan.meanDemands()[0].request.linkOut
    #expect(abs(1448e6 * 8 / seconds / 1e6 - 941.5) < 0.1)
  }
}
