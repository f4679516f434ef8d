import Statistics
import Testing
import Virtualization

@Suite("File caches")
struct FileCacheTests {
  private func catalog(_ count: Double, _ exponent: Double) throws -> FileCatalog {
    try FileCatalog(
      files: FileSet(
        count: plain(count, .count), meanBytes: plain(1000),
        zipfExponent: plain(exponent, .count), commonShare: plain(0, .share)))
  }

  @Test(
    "The table agrees with Che's equation solved for each size",
    arguments: [1, 20, 1000, 50000], [0.0, 0.6, 1.0, 1.4])
  func agreesWithSolver(count: Int, exponent: Double) throws {
    let catalog = try catalog(Double(count), exponent)
    let solver = try LRUCacheApproximation(items: count, exponent: exponent)
    for share in [0.001, 0.01, 0.1, 0.3, 0.6, 0.9, 0.99] {
      let items = share * Double(count)
      let exact = try solver.hitRatio(cacheItems: items)
      let table = catalog.hitRatio(cacheBytes: items * 1000)
      #expect(abs(table - exact) < 0.004, "\(share): \(table) instead of \(exact)")
    }
    #expect(catalog.hitRatio(cacheBytes: 0) == 0)
    #expect(catalog.hitRatio(cacheBytes: Double(count) * 1000) == 1)
  }

  /// Hit ratios of two real LRU caches, the second of which sees the misses of the first ones.
  private func tandem(guests: Int, files: Int, first: Int, second: Int, common: Bool) -> (
    Double, Double
  ) {
    var random: UInt64 = 7
    var cumulative: [Double] = []
    var sum = 0.0
    for rank in 1...files {
      sum += 1 / Double(rank)
      cumulative.append(sum)
    }
    var upper = Array(repeating: LRUList(capacity: first), count: guests)
    var lower = LRUList(capacity: second)
    var counts = (reads: 0.0, hits: 0.0, below: 0.0)
    for step in 0..<400_000 {
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let guest = Int((random >> 33) % UInt64(guests))
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let target = Double(random >> 11) * 0x1p-53 * sum
      var low = 0
      var high = files - 1
      while low < high {
        let middle = (low + high) / 2
        if cumulative[middle] < target { low = middle + 1 } else { high = middle }
      }
      let hit = upper[guest].touch(low)
      let below = hit ? false : lower.touch(common ? low : guest * files + low)
      guard step >= 100_000 else { continue }
      counts.reads += 1
      if hit { counts.hits += 1 } else if below { counts.below += 1 }
    }
    return (counts.hits / counts.reads, counts.below / (counts.reads - counts.hits))
  }

  @Test(
    "A host cache below guests' caches hits as one that sees only their misses does",
    arguments: [(4, 400, true), (4, 400, false), (1, 400, true), (1, 80, true), (8, 1200, false)])
  func secondLevel(guests: Int, second: Int, common: Bool) throws {
    let files = 1000
    let first = 100
    let measured = tandem(
      guests: guests, files: files, first: first, second: second, common: common)
    // Pages of one file each; the guest's cache and the host's get exactly the sizes above.
    let page = 4096.0
    let guest = try MemoryFixtures.guest(
      memory: Double(first) * page, base: 0, baseProcesses: 0, files: Double(files),
      fileBytes: page, zipf: 1, common: 1)
    let memory = try MemoryFixtures.simulation(
      MemoryFixtures.approach(
        "uml", .touchOnDemand, cache: .double, image: common ? .copyOnWrite : .fullCopy),
      host: MemoryFixtures.host(
        memory: Double(guests * first + second) * page, swap: 0), guest, guests: guests)
    #expect(memory.ledger[.hostFileCache] == second)
    #expect(memory.ledger[.fileCachePrivate] == guests * first)
    let ratio = memory.hitRatio(guest: 0)
    let below = memory.hostHitRatio(guest: 0)
    #expect(abs(ratio - measured.0) < 0.01, "\(ratio) instead of \(measured.0)")
    #expect(abs(below - measured.1) < 0.03, "\(below) instead of \(measured.1)")
  }

  @Test("One shared cache serves common files better than copies of them")
  func sharingHelps() throws {
    let host = MemoryFixtures.host(memory: 100 * mebibyte)
    let guest = try MemoryFixtures.guest(
      base: 0, baseProcesses: 0, files: 10000, fileBytes: 16384, common: 0.8)
    let shared = try MemoryFixtures.simulation(
      MemoryFixtures.approach("ve", .pool), host: host, guest, guests: 5)
    let copies = try MemoryFixtures.simulation(
      MemoryFixtures.approach("ve", .pool, sharesFiles: false), host: host, guest, guests: 5)
    #expect(shared.hitRatio(guest: 0) > copies.hitRatio(guest: 0) + 0.1)
    #expect(shared.ledger[.fileCacheShared] > 0)
    #expect(copies.ledger[.fileCacheShared] == 0)
    // Copies are independent sources of one rate: a fifth of the cache each.
    let solver = try LRUCacheApproximation(items: 10000, exponent: 0.8)
    let each = try solver.hitRatio(cacheItems: 100 * mebibyte / 16384 / 5)
    #expect(abs(copies.hitRatio(guest: 0) - each) < 0.004)
  }

  @Test("A workload without files always hits")
  func noFiles() throws {
    let guest = try MemoryFixtures.guest(files: nil)
    for approach in MemoryFixtures.everyPolicy {
      let memory = try MemoryFixtures.simulation(approach, guest, guests: 2)
      #expect(memory.hitRatio(guest: 1) == 1)
    }
  }
}

/// A cache of the most recently used items: a queue of uses, of which only the last per item
/// counts.
private struct LRUList {
  let capacity: Int
  private var stamps: [Int: Int] = [:]
  private var order: [(item: Int, stamp: Int)] = []
  private var head = 0
  private var clock = 0

  init(capacity: Int) { self.capacity = capacity }

  /// Whether an item is in the cache; afterwards it is, as the last used.
  mutating func touch(_ item: Int) -> Bool {
    clock += 1
    let hit = stamps.updateValue(clock, forKey: item) != nil
    order.append((item, clock))
    while stamps.count > capacity {
      let oldest = order[head]
      head += 1
      if stamps[oldest.item] == oldest.stamp { stamps.removeValue(forKey: oldest.item) }
    }
    return hit
  }
}
