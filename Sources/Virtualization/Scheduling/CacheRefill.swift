/// What entities that take turns on a core push out of each other's cache.
///
/// An entity that comes back to a core has lost the share of its working set that
/// `SetAssociativeCache` gives for the bytes that others brought in since it left; one that never
/// ran there refills all of it. Of a working set larger than the cache, only as much as the cache
/// holds can be lost to others: what exceeds it misses without any switch as well, and is part of
/// the program's own time.
///
/// Limits. Every stay counts as one pass over the working set, so short stays in quick succession
/// overstate what an entity displaces. A cache that cores share is not modeled; give each core its
/// part.
struct CacheRefill: ~Copyable {
  struct Stay: BitwiseCopyable {
    /// What the core's counter showed when the entity left.
    var usedBefore: Double
    /// Bytes of the working set that were in the cache then.
    var resident: Double
  }

  private let isPriced: Bool
  private let cores: Int
  private let cache: SetAssociativeCache
  private let nanosecondsPerByte: Double
  private var workingSets: Table<Double>
  private var used: Table<Double>
  private var stays: Table<Stay>

  init(_ configuration: ProcessorConfiguration) {
    cores = max(configuration.cores, 1)
    cache = configuration.cache
    nanosecondsPerByte = configuration.refillSecondsPerByte * 1e9
    let entities = configuration.entities
    isPriced = nanosecondsPerByte > 0 && entities.contains { $0.workingSetBytes > 0 }
    workingSets = Table(repeating: 0, count: entities.count)
    for (index, entity) in entities.enumerated() {
      workingSets[index] = max(entity.workingSetBytes, 0)
    }
    used = Table(repeating: 0, count: cores)
    stays = Table(
      repeating: Stay(usedBefore: 0, resident: 0), count: isPriced ? entities.count * cores : 0)
  }

  /// The entity loaded on a core gives it up, with some of its refill perhaps not done.
  mutating func leave(_ entity: Int32, core: Int, refillLeft: Int64) {
    guard isPriced else { return }
    let missing = Double(refillLeft) / nanosecondsPerByte
    let resident = max(cacheable(entity) - missing, 0)
    // What passed through displaces others too, although it does not stay.
    used[core] += resident + workingSets[entity] - cacheable(entity)
    stays[Int(entity) * cores + core] = Stay(usedBefore: used[core], resident: resident)
  }

  /// Nanoseconds that an entity spends refilling when a core is switched to it.
  func refill(_ entity: Int32, core: Int) -> Int64 {
    guard isPriced else { return 0 }
    let stay = stays[Int(entity) * cores + core]
    let displaced = used[core] - stay.usedBefore
    let lost = cache.displacedShare(of: cacheable(entity), by: displaced)
    let kept = cache.cacheBytes > 0 ? stay.resident * (1 - lost) : 0
    let bytes = cacheable(entity) - kept
    return Int64(clamping: min((bytes * nanosecondsPerByte).rounded(), 0x1p61))
  }

  /// The bytes of a working set that the cache can hold at once.
  private func cacheable(_ entity: Int32) -> Double {
    min(workingSets[entity], max(cache.cacheBytes, 0))
  }
}
