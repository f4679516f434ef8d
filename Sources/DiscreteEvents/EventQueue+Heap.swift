// The heap behind `EventQueue`. Children of the node at p lie at 4p - 8 ... 4p - 5, its parent at
// p / 4 + 2, the root at 3: the usual four-ary layout shifted so that siblings start at multiples
// of four, which with 16-byte keys and 64-byte alignment is one cache line.

/// Cache-aligned room for the keys of so many slots, every cell holding the largest key.
@usableFromInline
func allocateKeys(slots: Int) -> UnsafeMutablePointer<UInt128> {
  let cells = (slots + EventQueueLimits.root + 3) / 4 * 4
  let memory = UnsafeMutableRawPointer.allocate(
    byteCount: cells * MemoryLayout<UInt128>.stride, alignment: 64)
  let keys = memory.bindMemory(to: UInt128.self, capacity: cells)
  keys.initialize(repeating: .max, count: cells)
  return keys
}

extension EventQueue {
  @inlinable
  func time(of key: UInt128) -> SimulationTime {
    SimulationTime(nanoseconds: Int64(truncatingIfNeeded: key >> 64))
  }

  @inlinable
  func slot(of key: UInt128) -> Int {
    Int(truncatingIfNeeded: UInt64(truncatingIfNeeded: key) & EventQueueLimits.slotMask)
  }

  /// Writes a key into the heap and tells its slot where it went.
  @inlinable
  func place(_ key: UInt128, at position: Int) {
    keys[position] = key
    positions[slot(of: key)] = UInt32(truncatingIfNeeded: position)
  }

  /// The position of the event a handle names, or `nil` when the handle is stale.
  @inlinable
  func position(of handle: EventHandle) -> Int? {
    let slot = handle.slot
    guard slot < slotsUsed else { return nil }
    let position = positions[slot]
    guard position & EventQueueLimits.freeMark == 0,
      UInt64(truncatingIfNeeded: keys[Int(position)]) == handle.bits
    else { return nil }
    return Int(position)
  }

  @inlinable
  var sequenceIsExhausted: Bool {
    sequence >> EventQueueLimits.slotBits == EventQueueLimits.maximumSequence
  }

  /// The limit that stands in the way of one more scheduling.
  @usableFromInline
  func limitMet() -> EventQueueError {
    sequenceIsExhausted
      ? EventQueueError(
        code: .sequenceExhausted, limit: Int(EventQueueLimits.maximumSequence))
      : EventQueueError(code: .tooManyPending, limit: maximumPending)
  }

  /// A key for a new scheduling in a slot; the caller has checked the sequence.
  @inlinable
  mutating func nextKey(at time: SimulationTime, slot: Int) -> UInt128 {
    var time = time
    if _slowPath(time < clock) {
      time = clock
      clamped &+= 1
    }
    sequence &+= EventQueueLimits.sequenceStep
    let lower = sequence | UInt64(truncatingIfNeeded: slot)
    return UInt128(UInt64(bitPattern: time.nanoseconds)) << 64 | UInt128(lower)
  }

  /// Adds an event, or returns ``EventHandle/none`` when the queue may hold no more.
  @inlinable
  mutating func insert(_ event: Event, at time: SimulationTime) -> EventHandle {
    if _slowPath(sequenceIsExhausted) { return .none }
    if rootIsHole {
      // The shadow's slot is still reserved: use it, and its place in the heap.
      rootIsHole = false
      let slot = slot(of: keys[EventQueueLimits.root])
      events[slot] = event
      let key = nextKey(at: time, slot: slot)
      siftDown(key, from: EventQueueLimits.root)
      return EventHandle(bits: UInt64(truncatingIfNeeded: key))
    }
    let slot: Int
    if firstFree != EventQueueLimits.noSlot {
      slot = Int(firstFree & ~EventQueueLimits.freeMark)
      firstFree = positions[slot]
    } else {
      if _slowPath(slotsUsed == capacity) {
        if slotsUsed == maximumPending { return .none }
        grow()
      }
      slot = slotsUsed
      slotsUsed &+= 1
    }
    events[slot] = event
    let key = nextKey(at: time, slot: slot)
    let position = end
    end &+= 1
    if count > peak { peak = count }
    siftUp(key, from: position)
    return EventHandle(bits: UInt64(truncatingIfNeeded: key))
  }

  /// Takes the root's event and leaves its shadow there; there must be one, and no hole.
  @inlinable
  mutating func takeRoot() -> (event: Event, time: SimulationTime) {
    let key = keys[EventQueueLimits.root]
    let slot = slot(of: key)
    let time = time(of: key)
    positions[slot] = EventQueueLimits.noSlot
    rootIsHole = true
    clock = time
    return (events[slot], time)
  }

  /// Gives the shadow's slot back and moves the last key into its place.
  @inlinable
  mutating func closeHole() {
    guard rootIsHole else { return }
    rootIsHole = false
    release(slot: slot(of: keys[EventQueueLimits.root]))
    removeKey(at: EventQueueLimits.root)
  }

  @inlinable
  mutating func release(slot: Int) {
    positions[slot] = firstFree
    firstFree = UInt32(truncatingIfNeeded: slot) | EventQueueLimits.freeMark
  }

  /// Takes a key out of the heap and fills its place with the last one.
  @inlinable
  mutating func removeKey(at position: Int) {
    end &-= 1
    let last = keys[end]
    keys[end] = .max
    if position == end { return }
    sift(last, from: position)
  }

  /// Gives a pending event a new key.
  @inlinable
  mutating func moveKey(at position: Int, slot: Int, to time: SimulationTime) -> EventHandle {
    let key = nextKey(at: time, slot: slot)
    rescheduled &+= 1
    sift(key, from: position)
    return EventHandle(bits: UInt64(truncatingIfNeeded: key))
  }

  /// Puts a key where it belongs, from an empty place anywhere in the heap.
  @inlinable
  func sift(_ key: UInt128, from position: Int) {
    if position > EventQueueLimits.root && key < keys[position / 4 + 2] {
      siftUp(key, from: position)
    } else {
      siftDown(key, from: position)
    }
  }

  /// Moves an empty place towards the root until the key fits there.
  @inlinable
  func siftUp(_ key: UInt128, from start: Int) {
    var position = start
    while position > EventQueueLimits.root {
      let parent = Int(UInt(bitPattern: position) / 4 + 2)
      let parentKey = keys[parent]
      if parentKey < key { break }
      place(parentKey, at: position)
      position = parent
    }
    place(key, at: position)
  }

  /// Moves an empty place towards the leaves until the key fits there.
  @inlinable
  func siftDown(_ key: UInt128, from start: Int) {
    var position = start
    while true {
      let child = 4 &* position &- 8
      if child >= end { break }
      let (smallest, smallestKey) = smallestOfFour(child)
      if key < smallestKey { break }
      place(smallestKey, at: position)
      position = smallest
    }
    place(key, at: position)
  }

  /// The smallest of four siblings, found without a branch; missing ones compare as largest.
  @inlinable
  func smallestOfFour(_ first: Int) -> (position: Int, key: UInt128) {
    let left = first &+ (keys[first &+ 1] < keys[first] ? 1 : 0)
    let right = first &+ 2 &+ (keys[first &+ 3] < keys[first &+ 2] ? 1 : 0)
    let smallest = keys[right] < keys[left] ? right : left
    return (smallest, keys[smallest])
  }

  /// Doubles the memory.
  @usableFromInline
  mutating func grow() {
    let newCapacity = min(capacity * 2, maximumPending)
    let newKeys = allocateKeys(slots: newCapacity)
    newKeys.update(from: keys, count: end)
    keys.deallocate()
    keys = newKeys
    let newPositions = UnsafeMutablePointer<UInt32>.allocate(capacity: newCapacity)
    newPositions.update(from: positions, count: slotsUsed)
    positions.deallocate()
    positions = newPositions
    let newEvents = UnsafeMutablePointer<Event>.allocate(capacity: newCapacity)
    newEvents.update(from: events, count: slotsUsed)
    events.deallocate()
    events = newEvents
    capacity = newCapacity
  }
}
