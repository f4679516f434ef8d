import Testing
import Virtualization

@Suite struct SetAssociativeCacheTests {
  private let xeon = SetAssociativeCache(cacheBytes: 512 * 1024)

  @Test func nothingIsLostWhileAllFits() {
    #expect(xeon.displacedShare(of: 8 * 1024, by: 8 * 1024) < 1e-6)
    #expect(xeon.refillBytes(of: 65_536, after: 0) == 0)
  }

  @Test func allIsLostToAWorkingSetManyTimesTheCache() {
    #expect(xeon.displacedShare(of: 65_536, by: 64 * 1024 * 1024) > 0.999_999)
    #expect(xeon.displacedShare(of: 65_536, by: 1e12) == 1)
  }

  // A direct-mapped cache keeps a page while no other falls into its place: exp(-mean) by hand.
  @Test func oneWayIsTheExponentialLaw() {
    let direct = SetAssociativeCache(cacheBytes: 16 * 4096, ways: 1)
    let share = direct.displacedShare(of: 4096, by: 16 * 4096)
    #expect(abs(share - (1 - 0.367_879_441_171_442)) < 1e-12)
  }

  // Mean 2 on 2 ways: 1 - exp(-2) (1 + 2).
  @Test func twoWaysByHand() {
    let cache = SetAssociativeCache(cacheBytes: 8 * 4096, ways: 2)
    let share = cache.displacedShare(of: 4096, by: 8 * 4096)
    #expect(abs(share - (1 - 3 * 0.135_335_283_236_613)) < 1e-12)
  }

  @Test func moreOthersNeverDisplaceLess() {
    var last = 0.0
    for others in stride(from: 0.0, through: 4e6, by: 4096) {
      let share = xeon.displacedShare(of: 65_536, by: others)
      #expect(share >= last && share <= 1)
      last = share
    }
  }

  @Test(arguments: [0.0, -1.0])
  func anEmptyCacheOrWorkingSetCostsNothing(_ bytes: Double) {
    #expect(SetAssociativeCache(cacheBytes: bytes).displacedShare(of: 4096, by: 4096) == 0)
    #expect(xeon.refillBytes(of: bytes, after: 4096) == 0)
  }
}
