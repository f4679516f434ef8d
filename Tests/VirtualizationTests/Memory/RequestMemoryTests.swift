import Statistics
import Testing
import Virtualization

@Suite("A request takes its worker and its connection, or neither")
struct RequestMemoryTests {
  /// Base processes of every guest here.
  private static let base = 8

  private func simulation(_ approach: ApproachProfile) throws -> MemorySimulation {
    let classes = [
      try MemoryFixtures.guest(
        "web", count: 2, memory: 40 * mebibyte, spare: 2, baseProcesses: Double(Self.base),
        preset: .veBasic),
      try MemoryFixtures.guest(
        "mail", count: 1, memory: 48 * mebibyte, worker: 3 * mebibyte,
        baseProcesses: Double(Self.base), text: 2 * mebibyte, preset: .vpsBasic),
    ]
    return try MemorySimulation(
      host: MemoryFixtures.host(memory: 700 * mebibyte, swap: 60 * mebibyte), approach: approach,
      classes: classes, assignment: GuestMix.assignment(classes: classes, total: 9))
  }

  @Test(
    "What is refused takes nothing, and accounts hold what the requests under way hold",
    arguments: MemoryFixtures.everyPolicy, [UInt64(1), 2])
  func accounting(approach: ApproachProfile, seed: UInt64) throws {
    var memory = try simulation(approach)
    var random = seed
    var active = Array(repeating: 0, count: 9)
    var refused = 0
    for step in 0..<4000 {
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let guest = Int((random >> 33) % 9)
      let id = Int32(guest)
      if (random >> 50) % 10 < (step < 2000 ? 7 : 3) {
        let before = memory
        if memory.startRequest(guest: id) == .granted {
          active[guest] += 1
        } else {
          refused += 1
          try #require(memory.ledger == before.ledger && memory.totals == before.totals)
          try #require(memory.pressure == before.pressure)
          try #require(memory.hitRatio(guest: id) == before.hitRatio(guest: id))
        }
      } else if active[guest] > 0 {
        active[guest] -= 1
        memory.endRequest(guest: id)
      }
      let state = memory.guest(id).state
      try #require(Int(state.busyWorkers) == active[guest])
      try #require(Int(state.connections) == active[guest])
      guard let account = memory.beancounters(guest: id) else { continue }
      let facts = memory.model.facts[Int(state.classIndex)]
      let processes = Self.base + max(facts.spareWorkers, active[guest])
      try #require(account[.numproc].held == processes)
      try #require(account[.numtcpsock].held == active[guest])
      try #require(account[.tcpsndbuf].held == active[guest] * 2560)
      try #require(account[.tcprcvbuf].held == active[guest] * 2560)
      // 16 files a process and one a socket; 16 KiB a process and 2 a socket.
      try #require(account[.numfile].held == processes * 16 + active[guest])
      try #require(account[.kmemsize].held == processes * 16384 + active[guest] * 2048)
    }
    #expect(refused > 0, "the run never reached a limit, so it tested little")
  }

  /// 65 processes of which 8 are there, 80 sockets at 4 a request, and 524,288 bytes of buffers.
  @Test(
    "A beancounter that refuses leaves what the others had charged before it",
    arguments: [
      (BeancounterResource.numproc, 1.0, 2560.0, 57), (.numtcpsock, 4, 2560, 20),
      (.tcpsndbuf, 1, 65536, 8),
    ])
  func refusal(
    resource: BeancounterResource, sockets: Double, buffers: Double, requests: Int
  ) throws {
    var guest = try MemoryFixtures.guest(
      worker: 4096, baseProcesses: 8, kernelPerProcess: 1024, preset: .veBasic)
    guest.workload.processes.socketsPerWorker = plain(sockets, .count)
    var memory = try MemoryFixtures.simulation(
      MemoryFixtures.approach("ve", .beancounters),
      host: MemoryFixtures.host(sockets: (2048, buffers)), guest, guests: 2)
    for _ in 0..<requests { try #require(memory.startRequest(guest: 1) == .granted) }
    let before = try #require(memory.beancounters(guest: 1))
    #expect(memory.startRequest(guest: 1) == .refused(resource))
    let after = try #require(memory.beancounters(guest: 1))
    for other in BeancounterResource.allCases {
      #expect(after[other].held == before[other].held, "\(other.name)")
      #expect(after[other].failcnt == (other == resource ? 1 : 0), "\(other.name)")
    }
    #expect(memory.refusals(resource) == 1)
    #expect(memory.startRequest(guest: 0) == .granted)
    memory.endRequest(guest: 1)
    #expect(memory.startRequest(guest: 1) == .granted)
  }
}
