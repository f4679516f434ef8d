import Statistics
import Testing
import Virtualization

/// Files are asked for uniformly here, so a cache hits as large a share of reads as it holds of
/// them.
@Suite("Dirty memory")
struct DirtyMemoryTests {
  private func simulation(_ approach: ApproachProfile, memory: Double) throws -> MemorySimulation {
    let guest = try MemoryFixtures.guest(
      memory: memory * mebibyte, base: 0, worker: 0, baseProcesses: 0, kernelPerProcess: 0,
      files: 64 * 64, fileBytes: 16384, zipf: 0, common: 0)
    return try MemoryFixtures.simulation(
      approach, host: MemoryFixtures.host(memory: 64 * mebibyte), guest, guests: 1)
  }

  /// 16 dirty MiB leave 48 of 64 MiB to files that are read, or 16 of the 32 that a group may have.
  @Test(
    "Dirty pages take the place of others in the cache that has them",
    arguments: [
      (MemoryFixtures.approach("native", .pool), 64.0, 0.75),
      (MemoryFixtures.approach("group", .controlGroup), 32, 0.25),
      (
        MemoryFixtures.approach("xen", .reservation, cache: .perGuest, processesPerProcess: 0),
        64, 0.75
      ),
    ])
  func takesRoom(approach: ApproachProfile, memory: Double, hit: Double) throws {
    var simulation = try simulation(approach, memory: memory)
    let before = simulation.ledger
    let clean = simulation.hitRatio(guest: 0)
    simulation.setDirty(guest: 0, bytes: 16 * mebibyte)
    #expect(abs(simulation.hitRatio(guest: 0) - hit) < 0.004)
    #expect(simulation.ledger.isBalanced)
    #expect(
      simulation.ledger[.fileCachePrivate] + simulation.ledger[.fileCacheShared]
        == Int(memory) * 256)
    simulation.setDirty(guest: 0, bytes: 0)
    #expect(simulation.ledger == before)
    #expect(abs(simulation.hitRatio(guest: 0) - clean) < 1e-9)
  }

  @Test("Shares of dirty memory are of what is free or caches files")
  func dirtyable() throws {
    let guest = try MemoryFixtures.guest(
      memory: 64 * mebibyte, base: 16 * mebibyte, baseProcesses: 0, kernelPerProcess: 0)
    let native = try MemoryFixtures.simulation(
      MemoryFixtures.approach("native", .pool), guest, guests: 2)
    #expect(native.dirtyDomain(guest: 1) == nil)
    #expect(native.dirtyableBytes(domain: nil) == (1024 - 2 * 16) * mebibyte)
    let xen = try MemoryFixtures.simulation(
      MemoryFixtures.approach(
        "xen", .reservation, cache: .perGuest, guestKernel: 8 * mebibyte, processesPerProcess: 0),
      guest, guests: 2)
    #expect(xen.dirtyDomain(guest: 1) == 1)
    #expect(xen.dirtyableBytes(domain: 1) == (64 - 16 - 8) * mebibyte)
    let group = try MemoryFixtures.simulation(
      MemoryFixtures.approach("group", .controlGroup), guest, guests: 2)
    #expect(group.dirtyableBytes(domain: group.dirtyDomain(guest: 0)) == 48 * mebibyte)
  }

  @Test("Frames stay balanced whatever is dirty", arguments: MemoryFixtures.everyPolicy)
  func balanced(approach: ApproachProfile) throws {
    let guest = try MemoryFixtures.guest(memory: 40 * mebibyte)
    var memory = try MemoryFixtures.simulation(
      approach, host: MemoryFixtures.host(memory: 400 * mebibyte), guest, guests: 4)
    for step in 0..<200 {
      memory.setDirty(guest: Int32(step % 4), bytes: Double(step * 37 % 101) * mebibyte)
      if step % 3 == 0 { _ = memory.startRequest(guest: Int32(step % 4)) }
      try #require(memory.ledger.isBalanced)
    }
  }
}
