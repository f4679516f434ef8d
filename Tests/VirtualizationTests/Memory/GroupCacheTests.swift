import Statistics
import Testing
import Virtualization

/// Files are asked for uniformly here, so a cache hits as large a share of reads as it holds of
/// them.
@Suite("Caches of control groups")
struct GroupCacheTests {
  private let group = MemoryFixtures.approach("group", .controlGroup)

  private func guest(
    _ id: String, memory: Double, files: Double?, worker: Double = 0, common: Double = 0
  ) throws -> GuestClass {
    try MemoryFixtures.guest(
      id, memory: memory * mebibyte, base: 0, worker: worker * mebibyte, baseProcesses: 0,
      kernelPerProcess: 0, files: files.map { $0 * 64 }, fileBytes: 16384, zipf: 0,
      common: common)
  }

  private func simulation(
    _ classes: [GuestClass], _ assignment: [Int], host: Double = 4096
  ) throws -> MemorySimulation {
    try MemorySimulation(
      host: MemoryFixtures.host(memory: host * mebibyte, sockets: (0, 0)), approach: group,
      classes: classes,
      assignment: assignment)
  }

  private func isClose(_ value: Double, _ expected: Double) -> Bool {
    abs(value - expected) < 0.003
  }

  /// 64 of 1,024 MiB are cached, whatever others that have no files are allowed.
  @Test("A group does not use the room of others", arguments: [16.0, 512, 2048])
  func roomOfOthers(others: Double) throws {
    let reader = try guest("b", memory: 64, files: 1024)
    let other = try guest("a", memory: others, files: nil)
    let memory = try simulation([reader, other], [0] + Array(repeating: 1, count: 10))
    #expect(isClose(memory.hitRatio(guest: 0), 64.0 / 1024))
    #expect(memory.pressure.cache == 64 * 256)
  }

  /// 64 of 1,024 MiB and 512 of 1,024 MiB.
  @Test("Groups that read hit what their own limits hold")
  func ownLimits() throws {
    let small = try guest("b", memory: 64, files: 1024)
    let large = try guest("a", memory: 512, files: 1024)
    let memory = try simulation([small, large], [0, 1, 1])
    #expect(isClose(memory.hitRatio(guest: 0), 64.0 / 1024))
    #expect(isClose(memory.hitRatio(guest: 1), 512.0 / 1024))
    #expect(memory.pressure.cache == (64 + 2 * 512) * 256)
  }

  /// Both read at one rate, so a host of 24 MiB gives each half of it, and one of 40 MiB gives the
  /// small group its limit of 16 MiB and the other one the rest.
  @Test(
    "Beneath their limits groups share the host's memory by use",
    arguments: [(24.0, 12.0, 12.0), (40, 16, 24), (80, 16, 64)])
  func hostBeneath(host: Double, first: Double, second: Double) throws {
    let small = try guest("b", memory: 16, files: 64)
    let large = try guest("a", memory: 64, files: 64)
    let memory = try simulation([small, large], [0, 1], host: host)
    #expect(isClose(memory.hitRatio(guest: 0), first / 64))
    #expect(isClose(memory.hitRatio(guest: 1), second / 64))
  }

  /// Four groups of 4 MiB hold 16 of 32 MiB of common files together, or 4 each of their own.
  @Test("Common files are on the account of one group each", arguments: [(1.0, 0.5), (0, 0.125)])
  func commonFiles(common: Double, hit: Double) throws {
    let guest = try guest("web", memory: 4, files: 32, common: common)
    let memory = try simulation([guest], [0, 0, 0, 0])
    for number in 0..<4 { #expect(isClose(memory.hitRatio(guest: Int32(number)), hit)) }
    #expect(memory.pressure.cache == 16 * 256)
  }

  /// Four workers of 1 MiB leave 4 of 8 MiB for files, in the group that has them alone.
  @Test("A group's cache gives way to its own workers only")
  func workers() throws {
    let guest = try guest("web", memory: 8, files: 32, worker: 1)
    var memory = try simulation([guest], [0, 0])
    #expect(isClose(memory.hitRatio(guest: 0), 8.0 / 32))
    for _ in 0..<4 { #expect(memory.startRequest(guest: 0) == .granted) }
    #expect(isClose(memory.hitRatio(guest: 0), 4.0 / 32))
    #expect(isClose(memory.hitRatio(guest: 1), 8.0 / 32))
    #expect(memory.pressure.cache == 12 * 256)
    for _ in 0..<4 { memory.endRequest(guest: 0) }
    #expect(isClose(memory.hitRatio(guest: 0), 8.0 / 32))
  }

  @Test("Groups without limits share one cache as native guests do")
  func withoutLimits() throws {
    let guest = try MemoryFixtures.guest(memory: .infinity, files: 20000, common: 0.3)
    let host = MemoryFixtures.host(memory: 100 * mebibyte)
    let native = try MemoryFixtures.simulation(
      MemoryFixtures.approach("native", .pool), host: host, guest, guests: 5)
    let groups = try MemoryFixtures.simulation(group, host: host, guest, guests: 5)
    #expect(native.hitRatio(guest: 0) < 0.95)
    #expect(groups.hitRatio(guest: 0) == native.hitRatio(guest: 0))
    #expect(groups.ledger == native.ledger)
  }
}
