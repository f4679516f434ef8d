import Statistics
import Testing
import Virtualization

@Suite("The order in which classes are written down changes no answer")
struct ClassOrderTests {
  static let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]

  /// A web guest, a changed copy of it that kept its name and has another image, and a mail guest.
  static func classes() throws -> [GuestClass] {
    let web = try MemoryFixtures.guest("web", image: 100 * mebibyte, data: 10 * mebibyte)
    var large = web
    large.id = "large"
    large.workload.processes.imageBytes = plain(6000 * mebibyte)
    let mail = try MemoryFixtures.guest("mail", image: 1000 * mebibyte, data: mebibyte)
    return [web, large, mail]
  }

  @Test(
    "A changed copy with another image has that image on the disk",
    arguments: [
      (StoragePolicy.Image.fullCopy, 2 * 100 + 3 * 6000 + 4 * 1000),
      // A tenth of each further image is private; of a base, of every one's.
      (.unified, 110 + 7200 + 1300),
      (.copyOnWrite, 120 + 7800 + 1400),
    ], orders)
  func disk(sum: (StoragePolicy.Image, Int), order: [Int]) throws {
    let policy = StoragePolicy(image: sum.0, privateShare: plain(0.1, .share))
    let classes = try Self.classes()
    let bytes = policy.bytes(
      classes: order.map { classes[$0] }, counts: order.map { [2, 3, 4][$0] })
    let data = Double(2 * 10 + 3 * 10 + 4)
    #expect(abs(bytes / mebibyte - Double(sum.1) - data) < 1e-6)
  }

  @Test("As many guests fit, and the same binds", arguments: MemoryFixtures.everyPolicy, orders)
  func capacity(approach: ApproachProfile, order: [Int]) throws {
    var approach = approach
    let classes = try Self.classes()
    let host = MemoryFixtures.host(disk: 100_000 * mebibyte)
    for image in [StoragePolicy.Image.fullCopy, .unified, .copyOnWrite] {
      approach.storage = StoragePolicy(image: image, privateShare: plain(0.1, .share))
      func bindings(_ order: [Int]) throws -> [CapacityBinding] {
        try CapacityLimits(
          host: host, approach: approach, classes: order.map { classes[$0] }
        ).firstBinding(maximumGuests: 500)
      }
      let found = try bindings(order)
      #expect(found.contains { $0.resource == .diskSpace })
      #expect(try found == bindings([0, 1, 2]))
    }
  }

  @Test("Every guest does the same", arguments: orders)
  func runs(order: [Int]) throws {
    func run(_ order: [Int]) throws -> RunResult {
      var scenario = HostFixture.scenario(
        host: HostFixture.host(cores: 1, price: 1e-4), native: HostFixture.approach(),
        workload: try HostFixture.workload(
          arrival: .poisson(rate: HostFixture.exact(4, .hertz)), user: .exponential(mean: 0.02),
          operations: [OperationCount(.diskRead, count: HostFixture.exact(0.5))]),
        guests: 1, seconds: 20, warmup: 1)
      var classes: [GuestClass] = []
      for (name, rate) in [("web", 4.0), ("large", 7.0), ("mail", 2.0)] {
        var guest = scenario.guests[0]
        guest.id = name
        guest.workload.id = name
        guest.workload.arrival = .poisson(rate: HostFixture.exact(rate, .hertz))
        classes.append(guest)
      }
      scenario.guests = order.map { classes[$0] }
      // Not in whole rounds, so that somebody has a guest more.
      let plan = try HostPlan(
        scenario: scenario, approach: scenario.native, guests: 5, replication: 0)
      return try HostSimulation.run(plan)
    }
    let found = try run(order)
    for expected in try run([0, 1, 2]).classes {
      let same = try #require(found.classes.first { $0.id == expected.id })
      #expect(same.guests == expected.guests)
      #expect(same.finished == expected.finished && same.finished > 20)
      #expect(same.sojournSeconds == expected.sojournSeconds)
    }
  }
}
