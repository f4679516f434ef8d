// What `EventQueue` does with its heap and its slots.

extension EventQueue {
  @inlinable
  func time(of key: UInt128) -> SimulationTime {
    SimulationTime(nanoseconds: Int64(truncatingIfNeeded: key >> 64))
  }

  /// The position of the event a handle names, or `nil` when the handle is stale.
  @inlinable
  func position(of handle: EventHandle) -> Int? {
    let slot = handle.slot
    guard slot < slotsUsed else { return nil }
    let position = heap.positions[slot]
    guard position & EventQueueLimits.freeMark == 0,
      UInt64(truncatingIfNeeded: heap.keys[Int(position)]) == handle.bits
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
      let slot = IndexedHeap.slot(of: heap.keys[EventQueueLimits.root])
      events[slot] = event
      let key = nextKey(at: time, slot: slot)
      heap.siftDown(key, from: EventQueueLimits.root, end: end)
      return EventHandle(bits: UInt64(truncatingIfNeeded: key))
    }
    let slot: Int
    if firstFree != EventQueueLimits.noSlot {
      slot = Int(firstFree & ~EventQueueLimits.freeMark)
      firstFree = heap.positions[slot]
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
    heap.siftUp(key, from: position)
    return EventHandle(bits: UInt64(truncatingIfNeeded: key))
  }

  /// Takes the root's event and leaves its shadow there; there must be one, and no hole.
  @inlinable
  mutating func takeRoot() -> (event: Event, time: SimulationTime) {
    let key = heap.keys[EventQueueLimits.root]
    let slot = IndexedHeap.slot(of: key)
    let time = time(of: key)
    heap.positions[slot] = EventQueueLimits.noSlot
    rootIsHole = true
    clock = time
    return (events[slot], time)
  }

  /// Gives the shadow's slot back and moves the last key into its place.
  @inlinable
  mutating func closeHole() {
    guard rootIsHole else { return }
    rootIsHole = false
    release(slot: IndexedHeap.slot(of: heap.keys[EventQueueLimits.root]))
    removeKey(at: EventQueueLimits.root)
  }

  @inlinable
  mutating func release(slot: Int) {
    heap.positions[slot] = firstFree
    firstFree = UInt32(truncatingIfNeeded: slot) | EventQueueLimits.freeMark
  }

  /// Takes a key out of the heap and fills its place with the last one.
  @inlinable
  mutating func removeKey(at position: Int) {
    end &-= 1
    let last = heap.keys[end]
    heap.keys[end] = .max
    if position == end { return }
    heap.sift(last, from: position, end: end)
  }

  /// Gives a pending event a new key.
  @inlinable
  mutating func moveKey(at position: Int, slot: Int, to time: SimulationTime) -> EventHandle {
    let key = nextKey(at: time, slot: slot)
    rescheduled &+= 1
    heap.sift(key, from: position, end: end)
    return EventHandle(bits: UInt64(truncatingIfNeeded: key))
  }

  /// Doubles the memory.
  @usableFromInline
  mutating func grow() {
    let newCapacity = min(capacity * 2, maximumPending)
    let newHeap = IndexedHeap(slots: newCapacity)
    newHeap.keys.update(from: heap.keys, count: end)
    newHeap.positions.update(from: heap.positions, count: slotsUsed)
    heap.deallocate()
    heap = newHeap
    let newEvents = UnsafeMutablePointer<Event>.allocate(capacity: newCapacity)
    newEvents.update(from: events, count: slotsUsed)
    events.deallocate()
    events = newEvents
    capacity = newCapacity
  }
}
