import ScenarioFormat
import Statistics
import Testing
import Virtualization

@Suite("Who is notified decides whether a notification is paid")
struct NotificationTests {
  /// One KVM guest with a packet to send and four writes in each request, hardly ever two at a
  /// time, and no ticks.
  static func run(
    rate: Double, users: Double? = nil, seconds: Double = 500
  ) throws -> (RunResult, PathPricing) {
    var host = try RealProfiles.library.host("server-2024")
    host.kernel.tickRate = HostFixture.exact(0, .hertz)
    let arrival: Arrival =
      if let users {
        .closed(users: HostFixture.exact(users), thinkTime: try .exponential(mean: 1 / rate))
      } else {
        .poisson(rate: HostFixture.exact(rate, .hertz))
      }
    let workload = try HostFixture.workload(
      arrival: arrival, user: .deterministic(value: 0.0011),
      operations: [
        OperationCount(.packetSend, count: HostFixture.exact(1), movesResponse: true),
        OperationCount(
          .diskWrite, count: HostFixture.exact(4), attributes: Attributes([.bytes: 4096])),
      ], responseBytes: 1000)
    let scenario = try RealProfiles.scenario(
      host: host, workload: workload, guests: 1, seconds: seconds, memory: 1e9)
    let kvm = try RealProfiles.library.approach("kvm")
    let pricing = PathPricing(host: host, approach: kvm, native: scenario.native)
    return (try HostFixture.run(scenario, kvm), pricing)
  }

  static func price(_ mechanism: Mechanism, _ pricing: PathPricing) throws -> Double {
    let found = pricing.host.price(of: mechanism, service: nil, under: "kvm")
    return try #require(found).price.value
  }

  // By hand: a request begins with a wake-up, each write ends with one, and the back end is idle
  // whenever it is called. A wake-up contains an exit and an injection.
  @Test(
    "An idle back end is kicked, and an idle guest is woken once",
    arguments: [
      (Mechanism.vmExit, 10.0), (.notification, 9), (.interruptInjection, 5), (.remoteWakeup, 5),
    ])
  func idle(mechanism: Mechanism, times: Double) throws {
    let (result, pricing) = try Self.run(rate: 2)
    let guests = result.classes[0]
    #expect(guests.finished > 800)
    let price = try Self.price(mechanism, pricing)
    let paid = guests.processor[mechanism] / Double(guests.finished) / price
    #expect(abs(paid / times - 1) < 0.01, "\(paid)")
  }

  @Test("A busy back end is not kicked again")
  func busy() throws {
    let (idle, _) = try Self.run(rate: 2)
    let (busy, pricing) = try Self.run(rate: 1000, users: 300, seconds: 5)
    let price = try Self.price(.vmExit, pricing)
    func exits(_ result: RunResult) -> Double {
      result.classes[0].processor[.vmExit] / Double(result.classes[0].finished) / price
    }
    #expect(exits(busy) < 0.6 * exits(idle))
    #expect(busy.classes[0].residual < 1e-5)
  }

  @Test("The guest is told by what differs from waking it, mechanism by mechanism")
  func excess() {
    var told = MechanismVector()
    told[.interrupt] = 3
    told[.interruptInjection] = 5
    var woken = MechanismVector()
    woken[.interruptInjection] = 4
    woken[.wakeup] = 9
    let excess = told.excess(over: woken)
    #expect(excess[.interrupt] == 3)
    #expect(excess[.interruptInjection] == 1)
    #expect(excess[.wakeup] == 0)
    #expect(excess.total == 4)
  }
}
