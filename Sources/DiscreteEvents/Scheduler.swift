/// What a model uses, while it handles an event, to shape the future: schedule, cancel, stop.
///
/// Nothing here throws, so that handlers stay plain: when the queue may hold no more events, the
/// call has no effect, ``EventHandle/none`` or `false` is returned, and the run ends after the
/// present handler (or does not begin) with ``StopReason/queueExhausted(_:)``.
@frozen
public struct Scheduler<Event: BitwiseCopyable>: ~Copyable {
  @usableFromInline
  var queue: EventQueue<Event>

  /// Whether the run is to end after the present handler.
  @usableFromInline
  var stopsRun: Bool

  @usableFromInline
  var failure: EventQueueError?

  @inlinable
  init(queue: consuming EventQueue<Event>) {
    self.queue = queue
    stopsRun = false
    failure = nil
  }

  /// The simulated time: that of the event being handled, or where the last run ended.
  @inlinable
  public var now: SimulationTime { queue.now }

  /// Schedules an event for an instant.
  ///
  /// Among events of the same instant the one scheduled first comes first. An instant before
  /// ``now`` is moved to `now` and counted (``EventCounts/clamped``).
  @inlinable
  @discardableResult
  public mutating func schedule(_ event: Event, at time: SimulationTime) -> EventHandle {
    let handle = queue.insert(event, at: time)
    if _slowPath(handle == .none) { fail() }
    return handle
  }

  /// Schedules an event for a duration from ``now``; a negative one counts as zero.
  @inlinable
  @discardableResult
  public mutating func schedule(_ event: Event, after delay: SimulationDuration) -> EventHandle {
    schedule(event, at: queue.now + delay)
  }

  /// Removes a pending event; a stale handle cancels nothing and returns `false`.
  ///
  /// The event being handled is no longer pending.
  @inlinable
  @discardableResult
  public mutating func cancel(_ handle: EventHandle) -> Bool {
    queue.cancel(handle)
  }

  /// Moves a pending event to another instant, behind those already scheduled for it.
  ///
  /// - Parameter handle: Becomes the event's new handle; unchanged when nothing was moved.
  /// - Returns: Whether the event was moved; a stale handle moves nothing.
  @inlinable
  @discardableResult
  public mutating func reschedule(
    _ handle: inout EventHandle, at time: SimulationTime
  ) -> Bool {
    // The common case where what was scheduled has happened, without a call.
    guard handle != .none else { return false }
    do throws(EventQueueError) {
      return try queue.reschedule(&handle, at: time)
    } catch {
      fail()
      return false
    }
  }

  /// Moves a pending event to a duration from ``now``, behind those already scheduled for then.
  @inlinable
  @discardableResult
  public mutating func reschedule(
    _ handle: inout EventHandle, after delay: SimulationDuration
  ) -> Bool {
    reschedule(&handle, at: queue.now + delay)
  }

  /// Ends the run after the present handler; what is pending stays pending.
  @inlinable
  public mutating func stop() {
    stopsRun = true
  }

  @usableFromInline
  mutating func fail() {
    failure = queue.limitMet()
    stopsRun = true
  }
}
