import AllocationCounter
import Testing
import Virtualization

@Suite(
  "Allocations of memory management",
  .enabled(
    if: allocation_count() >= 0, "allocations are counted with glibc and without sanitizers only")
)
struct MemoryAllocationTests {
  @Test(
    "Requests come and go without an allocation",
    arguments: MemoryFixtures.everyPolicy)
  func nothingIsAllocated(approach: ApproachProfile) throws {
    let guest = try MemoryFixtures.guest(memory: 30 * mebibyte, files: 20000, preset: .vpsBasic)
    var memory = try MemoryFixtures.simulation(
      approach, host: MemoryFixtures.host(memory: 480 * mebibyte, swap: 100 * mebibyte), guest,
      guests: 10)
    let start = memory.ledger
    var changes = 0
    var refusals = 0
    var sum = 0.0
    let before = allocation_count()
    for step in 0..<20_000 {
      let id = Int32(truncatingIfNeeded: step &* 7 % 10)
      if step / 600 % 2 == 0 {
        if memory.startRequest(guest: id) != .granted { refusals += 1 }
      } else {
        memory.endRequest(guest: id)
      }
      sum += memory.hitRatio(guest: id) + memory.hostHitRatio(guest: id)
      sum += memory.swapReadsPerRequest(guest: id).total
      if memory.ledger != start { changes += 1 }
    }
    let after = allocation_count()
    #expect(after - before == 0)
    #expect(changes > 10_000)
    #expect(refusals > 0)
    #expect(sum > 0)
  }
}
