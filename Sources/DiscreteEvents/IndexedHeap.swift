public import CPrefetch

/// The memory of a four-ary heap of 128-bit keys, and of the index from slots to positions.
///
/// A trivial value of two pointers, so that the walks below run on registers and not on the queue
/// that owns the memory. Children of the node at p lie at 4p - 8 ... 4p - 5, its parent at p / 4 +
/// 2, the root at 3: the usual layout shifted so that siblings start at multiples of four, which
/// with 16-byte keys and 64-byte alignment is one cache line.
@frozen
@usableFromInline
struct IndexedHeap: BitwiseCopyable {
  /// Keys in heap order: time in the upper 64 bits, then sequence (40), then slot (24).
  ///
  /// Every cell behind the last key holds the largest key, so a node that has a child always has
  /// four comparable ones.
  @usableFromInline
  var keys: UnsafeMutablePointer<UInt128>

  /// Where in `keys` each slot's key lies; for a free slot, the next free one with `freeMark` set.
  @usableFromInline
  var positions: UnsafeMutablePointer<UInt32>

  @usableFromInline
  init(slots: Int) {
    let cells = (slots + EventQueueLimits.root + 3) / 4 * 4
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: cells * MemoryLayout<UInt128>.stride, alignment: 64)
    keys = memory.bindMemory(to: UInt128.self, capacity: cells)
    keys.initialize(repeating: .max, count: cells)
    positions = .allocate(capacity: slots)
  }

  @usableFromInline
  func deallocate() {
    keys.deallocate()
    positions.deallocate()
  }

  @inlinable
  @inline(__always)
  static func slot(of key: UInt128) -> Int {
    Int(truncatingIfNeeded: UInt64(truncatingIfNeeded: key) & EventQueueLimits.slotMask)
  }

  /// Writes a key into the heap and tells its slot where it went.
  @inlinable
  @inline(__always)
  func place(_ key: UInt128, at position: Int) {
    keys[position] = key
    positions[Self.slot(of: key)] = UInt32(truncatingIfNeeded: position)
  }

  /// Puts a key where it belongs, from an empty place anywhere in the heap.
  @inlinable
  func sift(_ key: UInt128, from position: Int, end: Int) {
    if position > EventQueueLimits.root && key < keys[Self.parent(of: position)] {
      siftUp(key, from: position)
    } else {
      siftDown(key, from: position, end: end)
    }
  }

  /// Moves an empty place towards the root until the key fits there.
  @inlinable
  func siftUp(_ key: UInt128, from start: Int) {
    var position = start
    while position > EventQueueLimits.root {
      let parent = Self.parent(of: position)
      let parentKey = keys[parent]
      if parentKey < key { break }
      place(parentKey, at: position)
      position = parent
    }
    place(key, at: position)
  }

  /// Moves an empty place towards the leaves until the key fits there.
  @inlinable
  func siftDown(_ key: UInt128, from start: Int, end: Int) {
    var position = start
    while true {
      let child = 4 &* position &- 8
      if child >= end { break }
      // The children of all four lie in four lines in a row, one of which is the next to be read;
      // a heap that fits the nearest cache has no use for the hint.
      let grandchildren = 4 &* child &- 8
      if end > EventQueueLimits.keysInNearestCache && grandchildren < end {
        prefetch_four_lines(keys + grandchildren)
      }
      let (smallest, smallestKey) = smallestOfFour(child)
      if key < smallestKey { break }
      place(smallestKey, at: position)
      position = smallest
    }
    place(key, at: position)
  }

  /// The smallest of four siblings and its position, found without a branch.
  @inlinable
  @inline(__always)
  func smallestOfFour(_ first: Int) -> (position: Int, key: UInt128) {
    let left = first &+ (keys[first &+ 1] < keys[first] ? 1 : 0)
    let right = first &+ 2 &+ (keys[first &+ 3] < keys[first &+ 2] ? 1 : 0)
    let leftKey = keys[left]
    let rightKey = keys[right]
    let isRight = rightKey < leftKey
    return (isRight ? right : left, isRight ? rightKey : leftKey)
  }

  @inlinable
  @inline(__always)
  static func parent(of position: Int) -> Int {
    Int(truncatingIfNeeded: UInt(truncatingIfNeeded: position) / 4 &+ 2)
  }
}
