import Numerics
import Statistics
import Testing

@Suite
struct LRUCacheApproximationTests {
  /// A plain LRU cache of integers: a doubly linked list threaded through arrays.
  struct Cache {
    private var next: [Int]
    private var previous: [Int]
    private var present: [Bool]
    private var used = 0
    private let size: Int

    init(items: Int, size: Int) {
      // Entry 0 is the ring's head; ranks start at 1.
      next = [Int](repeating: 0, count: items + 1)
      previous = next
      present = [Bool](repeating: false, count: items + 1)
      self.size = size
    }

    mutating func reference(_ item: Int) -> Bool {
      let hit = present[item]
      if hit {
        unlink(item)
      } else {
        if used == size {
          let victim = previous[0]
          unlink(victim)
          present[victim] = false
        } else {
          used += 1
        }
        present[item] = true
      }
      next[item] = next[0]
      previous[item] = 0
      previous[next[0]] = item
      next[0] = item
      return hit
    }

    private mutating func unlink(_ item: Int) {
      next[previous[item]] = next[item]
      previous[next[item]] = previous[item]
    }
  }

  @Test(arguments: [
    (2000, 0.8, 50), (2000, 0.8, 600), (2000, 1.0, 200), (2000, 1.2, 20), (20_000, 0.7, 4000),
  ])
  func agreesWithASimulatedCache(_ items: Int, _ exponent: Double, _ size: Int) throws {
    let law = try Zipf(items: items, exponent: exponent)
    var cache = Cache(items: items, size: size)
    var stream = testStream(30)
    for _ in 0..<200_000 { _ = cache.reference(law.draw(&stream)) }
    var hits = 0
    let n = 600_000
    for _ in 0..<n where cache.reference(law.draw(&stream)) { hits += 1 }
    let simulated = Double(hits) / Double(n)
    let predicted = try cheHitRatio(items: items, exponent: exponent, cacheItems: Double(size))
    #expect((predicted - simulated).magnitude < 0.005)
  }

  @Test(arguments: [0.0, 0.7, 1.0, 1.4])
  func groupingCostsNoAccuracy(_ exponent: Double) throws {
    let items = 200_000
    let single = (1...items).map { rank in
      LRUCacheApproximation.Group(items: 1, rate: Double.pow(Double(rank), -exponent))
    }
    let exact = try LRUCacheApproximation(groups: single)
    let grouped = try LRUCacheApproximation(items: items, exponent: exponent)
    #expect(grouped.groups.count < 2000)
    for size in [10.0, 3000, 150_000] {
      let difference = try exact.hitRatio(cacheItems: size) - grouped.hitRatio(cacheItems: size)
      #expect(difference.magnitude < 2e-5)
    }
  }

  @Test
  func tenMillionItemsTakeFewGroups() throws {
    let cache = try LRUCacheApproximation(items: 10_000_000, exponent: 0.9)
    #expect(cache.groups.count < 2000)
    #expect((cache.groups.reduce(0) { $0 + $1.items } - 10_000_000).magnitude < 1e-6)
    var last = 0.0
    for size in [1e3, 1e4, 1e5, 1e6, 5e6] {
      let ratio = try cache.hitRatio(cacheItems: size)
      #expect(ratio > last && ratio < 1)
      last = ratio
    }
  }

  @Test
  func endsAreExact() throws {
    let cache = try LRUCacheApproximation(items: 100, exponent: 0.8)
    #expect(try cache.hitRatio(cacheItems: 0) == 0)
    #expect(try cache.hitRatio(cacheItems: 100) == 1)
    #expect(try cache.hitRatio(cacheItems: 1e9) == 1)
    // Equal popularity: the hit ratio is the cached share.
    #expect((try cheHitRatio(items: 100, exponent: 0, cacheItems: 25) - 0.25).magnitude < 1e-9)
    #expect(try cache.residency(cacheItems: 30).reduce(0, +) - 30 < 1e-6)
    #expect(throws: StatisticsError.self) { try cache.hitRatio(cacheItems: -1) }
    #expect(throws: StatisticsError.self) { try LRUCacheApproximation(groups: []) }
    #expect(throws: StatisticsError.self) { try LRUCacheApproximation(items: 0, exponent: 1) }
  }
}
