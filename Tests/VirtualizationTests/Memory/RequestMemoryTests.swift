import Statistics
import Testing
import Virtualization

@Suite("A request takes and gives back what its worker and its connection do")
struct RequestMemoryTests {
  @Test(
    "In one step as in two", arguments: MemoryFixtures.everyPolicy, [UInt64(1), 2])
  func sameAsInTwoSteps(approach: ApproachProfile, seed: UInt64) throws {
    let classes = [
      try MemoryFixtures.guest("web", count: 2, memory: 40 * mebibyte, spare: 2, preset: .veBasic),
      try MemoryFixtures.guest(
        "mail", count: 1, memory: 48 * mebibyte, worker: 3 * mebibyte, text: 2 * mebibyte,
        preset: .vpsBasic),
    ]
    let host = MemoryFixtures.host(memory: 700 * mebibyte, swap: 60 * mebibyte)
    var whole = try MemorySimulation(
      host: host, approach: approach, classes: classes,
      assignment: GuestMix.assignment(classes: classes, total: 9))
    var parts = whole
    var random = seed
    var active = Array(repeating: 0, count: 9)
    var refused = 0
    for step in 0..<4000 {
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let guest = Int((random >> 33) % 9)
      let id = Int32(guest)
      if (random >> 50) % 10 < (step < 2000 ? 7 : 3) {
        let grant = whole.startRequest(guest: id)
        var other = parts.startWorker(guest: id)
        if other == .granted {
          other = parts.openConnection(guest: id)
          if other != .granted { parts.stopWorker(guest: id) }
        }
        try #require((grant == .granted) == (other == .granted))
        if grant == .granted { active[guest] += 1 } else { refused += 1 }
        if case .refused(let resource) = grant { #expect(other == .refused(resource)) }
      } else if active[guest] > 0 {
        active[guest] -= 1
        whole.endRequest(guest: id)
        parts.stopWorker(guest: id)
        parts.closeConnection(guest: id)
      }
      try #require(whole.ledger.isBalanced)
      try #require(whole.guest(id).state.busyWorkers == parts.guest(id).state.busyWorkers)
      try #require(whole.guest(id).state.connections == parts.guest(id).state.connections)
      if approach.memory.kind != .touchOnDemand {
        try #require(whole.totals == parts.totals && whole.pressure == parts.pressure)
        // Hit ratios are solved again when a cache has changed by some, so the way there matters.
        try #require(abs(whole.hitRatio(guest: id) - parts.hitRatio(guest: id)) < 1e-3)
      }
    }
    #expect(refused > 0, "the run never reached a limit, so it tested little")
    for resource in BeancounterResource.allCases where approach.memory.kind == .beancounters {
      #expect(whole.refusals(resource) == parts.refusals(resource), "\(resource.name)")
    }
  }
}
