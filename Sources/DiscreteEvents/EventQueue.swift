/// The future-event list: pending events in order of time, and of scheduling at equal times.
///
/// An indexed heap of four children per node. Scheduling, cancelling and rescheduling cost
/// O(log n); cancelling removes the event at once, so nothing dead is carried along. Memory is
/// contiguous, grows by doubling, and is neither allocated nor freed while the number of pending
/// events stays below an earlier peak.
///
/// Rules
/// - Equal times come out in the order in which they were scheduled. Rescheduling counts as
///   scheduling anew, even to the same time.
/// - Time never runs backwards: an event scheduled before ``now`` (the time of the last event
///   taken) is moved to `now` and counted in ``clampedCount``. A model that meets this has
///   usually computed a negative delay, so reports should show the count when it is not zero.
/// - At most 2^24 - 1 events are pending at once, and at most 2^40 - 1 are scheduled in a queue's
///   life (about 15 hours at 50 ns each); beyond either, ``EventQueueError`` is thrown and the
///   queue stays as it was.
@frozen
public struct EventQueue<Event: BitwiseCopyable>: ~Copyable {
  @usableFromInline
  var heap: IndexedHeap

  @usableFromInline
  var events: UnsafeMutablePointer<Event>

  /// One past the last key.
  @usableFromInline
  var end: Int

  /// Slots for which memory is held.
  @usableFromInline
  var capacity: Int

  /// Slots that were ever used; the ones above have no place in the free list yet.
  @usableFromInline
  var slotsUsed: Int

  @usableFromInline
  var firstFree: UInt32

  /// Whether the root is only the shadow of the event taken last.
  ///
  /// The shadow's key is at most any pending one, so the heap stays in order around it, and the
  /// next event to be scheduled may take its place: one walk down the heap instead of two.
  @usableFromInline
  var rootIsHole: Bool

  /// Lower half of the last key given out, slot bits zero.
  @usableFromInline
  var sequence: UInt64

  @usableFromInline
  let maximumPending: Int

  @usableFromInline
  var clock: SimulationTime

  @usableFromInline
  var peak: Int

  @usableFromInline
  var cancelled: Int

  @usableFromInline
  var rescheduled: Int

  @usableFromInline
  var clamped: Int

  /// Makes an empty queue at time zero.
  ///
  /// - Parameters:
  ///   - reserving: How many pending events to hold memory for from the start.
  ///   - maximumPending: How many events may be pending at once, at most 2^24 - 1.
  public init(reserving: Int = 64, maximumPending: Int = .max) {
    self.init(
      reserving: reserving, maximumPending: maximumPending, schedulingsBefore: 0)
  }

  /// Makes a queue that looks as if it had already scheduled a number of events.
  package init(reserving: Int, maximumPending: Int, schedulingsBefore: UInt64) {
    self.maximumPending = min(max(maximumPending, 1), EventQueueLimits.maximumPending)
    capacity = min(max(reserving, 4), self.maximumPending)
    heap = IndexedHeap(slots: capacity)
    events = .allocate(capacity: capacity)
    end = EventQueueLimits.root
    slotsUsed = 0
    firstFree = EventQueueLimits.noSlot
    rootIsHole = false
    sequence =
      min(schedulingsBefore, EventQueueLimits.maximumSequence) << EventQueueLimits.slotBits
    clock = .zero
    peak = 0
    cancelled = 0
    rescheduled = 0
    clamped = 0
  }

  @inlinable
  deinit {
    heap.deallocate()
    events.deallocate()
  }

  /// How many events may be pending at once in any queue.
  public static var maximumPending: Int { EventQueueLimits.maximumPending }

  /// How many events are pending.
  @inlinable
  public var count: Int { end &- EventQueueLimits.root &- (rootIsHole ? 1 : 0) }

  /// Whether no event is pending.
  @inlinable
  public var isEmpty: Bool { count == 0 }

  /// The time of the last event taken, or the time the queue was last advanced to.
  @inlinable
  public var now: SimulationTime { clock }

  /// The largest number of events that were pending at once.
  @inlinable
  public var peakCount: Int { peak }

  /// How many events were cancelled.
  @inlinable
  public var cancelledCount: Int { cancelled }

  /// How many events were rescheduled.
  @inlinable
  public var rescheduledCount: Int { rescheduled }

  /// How many events were scheduled or rescheduled in the past, and moved to ``now``.
  @inlinable
  public var clampedCount: Int { clamped }

  /// How many events were scheduled, reschedulings not included.
  @inlinable
  public var scheduledCount: Int {
    Int(truncatingIfNeeded: sequence >> EventQueueLimits.slotBits) - rescheduled
  }

  /// The time of the next event, or `nil` when none is pending.
  @inlinable
  public var nextTime: SimulationTime? {
    mutating get {
      closeHole()
      return end > EventQueueLimits.root ? time(of: heap.keys[EventQueueLimits.root]) : nil
    }
  }

  /// Adds an event.
  ///
  /// - Returns: The handle with which the event can be cancelled or rescheduled.
  /// - Throws: ``EventQueueError`` when the queue may hold no more.
  @inlinable
  @discardableResult
  public mutating func schedule(
    _ event: Event, at time: SimulationTime
  ) throws(EventQueueError) -> EventHandle {
    let handle = insert(event, at: time)
    if _slowPath(handle == .none) { throw limitMet() }
    return handle
  }

  /// Removes a pending event.
  ///
  /// - Returns: Whether there was one; a stale handle cancels nothing.
  @inlinable
  @discardableResult
  public mutating func cancel(_ handle: EventHandle) -> Bool {
    guard let position = position(of: handle) else { return false }
    release(slot: handle.slot)
    cancelled &+= 1
    removeKey(at: position)
    return true
  }

  /// Moves a pending event to another time, behind those already scheduled for it.
  ///
  /// - Parameter handle: Becomes the event's new handle; the old value is stale from then on.
  ///   Unchanged when nothing was moved.
  /// - Returns: Whether there was such an event; a stale handle moves nothing.
  /// - Throws: ``EventQueueError`` when sequence numbers have run out; the event stays in place.
  @inlinable
  @discardableResult
  public mutating func reschedule(
    _ handle: inout EventHandle, at time: SimulationTime
  ) throws(EventQueueError) -> Bool {
    guard let position = position(of: handle) else { return false }
    if _slowPath(sequenceIsExhausted) { throw limitMet() }
    handle = moveKey(at: position, slot: handle.slot, to: time)
    return true
  }

  /// Takes the next event and advances ``now`` to its time.
  @inlinable
  public mutating func next() -> (event: Event, time: SimulationTime)? {
    closeHole()
    if end == EventQueueLimits.root { return nil }
    return takeRoot()
  }

  /// Advances ``now`` to a time at which nothing happens.
  ///
  /// Moves no further than the next event, and never backwards.
  @inlinable
  public mutating func advance(to time: SimulationTime) {
    let target = min(time, nextTime ?? time)
    if target > clock { clock = target }
  }
}
