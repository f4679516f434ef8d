/// The two priority arrays of the O(1) scheduler, active and expired, as one queue.
///
/// Who is runnable has an epoch; those of the present epoch form the active array and come in order of
/// priority, then of arrival, and those of the next form the expired one. The arrays are exchanged
/// when the active one is empty.
struct EpochQueue: ~Copyable {
  private var queue: IndexedHeap
  private(set) var epoch: Int64 = 0

  init(entities: Int) { queue = IndexedHeap(members: entities) }

  /// Inserts an entity, or gives it a new place.
  ///
  /// - Parameter priority: 0 ... 255, lower first.
  mutating func update(_ entity: Int32, epoch: Int64, priority: Int64) {
    queue.update(entity, key: epoch << 8 | priority)
  }

  mutating func remove(_ entity: Int32) { queue.remove(entity) }

  /// The entity to run next, whose epoch becomes the present one; -1 when nobody is runnable.
  mutating func next() -> Int32 {
    if !queue.isEmpty { epoch = max(epoch, queue.firstKey >> 8) }
    return queue.first
  }
}
