/// Numbered members in order of a key, with true removal and change of keys in O(log n).
///
/// Keys are compared by the sign of their difference, so virtual times may wrap around as long as
/// members lie less than 2^63 apart. Equal keys come out in the order in which they were inserted
/// or last changed, except for those that were put ahead.
struct IndexedHeap: ~Copyable {
  struct Entry: BitwiseCopyable {
    var key: Int64
    /// Place among equal keys in the upper 40 bits, member in the lower 24.
    var order: Int64

    var member: Int32 { Int32(truncatingIfNeeded: order & 0xFF_FFFF) }

    func precedes(_ other: Entry) -> Bool {
      let difference = key &- other.key
      return difference < 0 || (difference == 0 && order < other.order)
    }
  }

  private var entries: UnsafeMutablePointer<Entry>
  /// Where each member lies; -1 for nowhere.
  private var positions: UnsafeMutablePointer<Int32>
  private var capacity: Int
  private var sequence: Int64
  private(set) var count: Int

  /// A heap for members 0 ..< `members`; grows when a larger one is inserted.
  init(members: Int) {
    capacity = max(members, 1)
    entries = .allocate(capacity: capacity)
    positions = .allocate(capacity: capacity)
    positions.initialize(repeating: -1, count: capacity)
    sequence = 0
    count = 0
  }

  deinit {
    entries.deallocate()
    positions.deallocate()
  }

  var isEmpty: Bool { count == 0 }

  /// The member with the smallest key; -1 when empty.
  var first: Int32 { count > 0 ? entries[0].member : -1 }

  /// The smallest key; meaningless when empty.
  var firstKey: Int64 { count > 0 ? entries[0].key : .max }

  /// The key that would be the smallest without the first member; meaningless for fewer than two.
  var secondKey: Int64 {
    guard count > 1 else { return .max }
    var second = 1
    for child in 2..<5 where child < count && entries[child].precedes(entries[second]) {
      second = child
    }
    return entries[second].key
  }

  @inline(__always)
  func contains(_ member: Int32) -> Bool { position(of: member) >= 0 }

  /// Where a member lies; -1 for nowhere.
  @inline(__always)
  private func position(of member: Int32) -> Int {
    guard UInt(bitPattern: Int(member)) < UInt(bitPattern: capacity) else { return -1 }
    return Int(positions[Int(member)])
  }

  /// Inserts a member, or gives it a new key and a new place behind or ahead of equal ones.
  @inline(__always)
  mutating func update(_ member: Int32, key: Int64, aheadOfEqual: Bool = false) {
    put(member, key: key, aheadOfEqual: aheadOfEqual, from: position(of: member))
  }

  /// Inserts a member or gives it a new key; its place among equal ones is not defined.
  ///
  /// - Returns: Whether it was not in yet.
  @inline(__always)
  mutating func setKey(of member: Int32, to key: Int64) -> Bool {
    let position = position(of: member)
    if position >= 0 && entries[position].key == key { return false }
    put(member, key: key, aheadOfEqual: false, from: position)
    return position < 0
  }

  /// Takes a member out, if it is in.
  @inline(__always)
  mutating func remove(_ member: Int32) {
    let position = position(of: member)
    guard position >= 0 else { return }
    positions[Int(member)] = -1
    count &-= 1
    if position < count { sift(entries[count], from: position) }
  }

  /// - Parameter position: Where the member lies; -1 for nowhere.
  @inline(__always)
  private mutating func put(
    _ member: Int32, key: Int64, aheadOfEqual: Bool, from position: Int
  ) {
    sequence &+= 1
    let place = aheadOfEqual ? ~sequence : sequence
    let entry = Entry(key: key, order: place << 24 | Int64(member))
    guard position < 0 else { return sift(entry, from: position) }
    if Int(member) >= capacity { grow(toHold: Int(member)) }
    count &+= 1
    siftUp(entry, from: count &- 1)
  }

  @inline(__always)
  private func sift(_ entry: Entry, from position: Int) {
    if position > 0 && entry.precedes(entries[(position - 1) >> 2]) {
      siftUp(entry, from: position)
    } else {
      siftDown(entry, from: position)
    }
  }

  // The walks are functions of the pointers alone: a write through them could else change the
  // heap's own, as far as the compiler knows, and passing the heap itself copies it to the stack.

  @inline(__always)
  private func siftUp(_ entry: Entry, from start: Int) {
    Self.siftUp(entry, from: start, entries, positions)
  }

  @inline(__always)
  private func siftDown(_ entry: Entry, from start: Int) {
    Self.siftDown(entry, from: start, entries, positions, count: count)
  }

  private static func siftUp(
    _ entry: Entry, from start: Int, _ entries: UnsafeMutablePointer<Entry>,
    _ positions: UnsafeMutablePointer<Int32>
  ) {
    var position = start
    while position > 0 {
      let parent = (position &- 1) >> 2
      let parentEntry = entries[parent]
      if !entry.precedes(parentEntry) { break }
      entries[position] = parentEntry
      positions[Int(parentEntry.member)] = Int32(truncatingIfNeeded: position)
      position = parent
    }
    entries[position] = entry
    positions[Int(entry.member)] = Int32(truncatingIfNeeded: position)
  }

  private static func siftDown(
    _ entry: Entry, from start: Int, _ entries: UnsafeMutablePointer<Entry>,
    _ positions: UnsafeMutablePointer<Int32>, count: Int
  ) {
    var position = start
    while true {
      let firstChild = position << 2 &+ 1
      if firstChild >= count { break }
      var smallest = firstChild
      var smallestEntry = entries[firstChild]
      var child = firstChild &+ 1
      let end = min(firstChild &+ 4, count)
      while child < end {
        let childEntry = entries[child]
        if childEntry.precedes(smallestEntry) { (smallest, smallestEntry) = (child, childEntry) }
        child &+= 1
      }
      if !smallestEntry.precedes(entry) { break }
      entries[position] = smallestEntry
      positions[Int(smallestEntry.member)] = Int32(truncatingIfNeeded: position)
      position = smallest
    }
    entries[position] = entry
    positions[Int(entry.member)] = Int32(truncatingIfNeeded: position)
  }

  private mutating func grow(toHold member: Int) {
    let newCapacity = max(capacity * 2, member + 1)
    let newEntries = UnsafeMutablePointer<Entry>.allocate(capacity: newCapacity)
    newEntries.update(from: entries, count: count)
    entries.deallocate()
    entries = newEntries
    let newPositions = UnsafeMutablePointer<Int32>.allocate(capacity: newCapacity)
    newPositions.update(from: positions, count: capacity)
    (newPositions + capacity).initialize(repeating: -1, count: newCapacity - capacity)
    positions.deallocate()
    positions = newPositions
    capacity = newCapacity
  }
}
