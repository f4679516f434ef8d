/// A system that changes only at events.
///
/// Keep the state in the conforming structure itself and the events in an enumeration without
/// references: then a run neither allocates nor counts references, and the compiler specializes
/// the loop for the model. The structure may be noncopyable, to own ``Pool``s.
public protocol Model: ~Copyable {
  /// What can happen; a small enumeration whose cases carry indices, not objects.
  associatedtype Event: BitwiseCopyable

  /// Changes the state as an event demands, and schedules what follows from it.
  mutating func handle(
    _ event: Event, at now: SimulationTime, _ scheduler: inout Scheduler<Event>)
}

/// Why a run ended.
public enum StopReason: Hashable, Sendable {
  /// The next event lies beyond the time the run was to reach; the clock stands at that time.
  case timeReached

  /// No event is pending; the clock stands at the time the run was to reach, if one was given.
  case noMoreEvents

  /// As many events were handled as were asked for.
  case eventLimitReached

  /// A handler called ``Scheduler/stop()``.
  case stoppedByModel

  /// More was scheduled than the queue may hold, by a handler or before the run; the simulation
  /// misses events from then on, so it does not go on and its results are not to be trusted.
  case queueExhausted(EventQueueError)
}

/// What the loop has counted since the simulation was made.
public struct EventCounts: Hashable, Sendable {
  /// Events handled by the model.
  public var handled: Int

  /// Events scheduled, reschedulings not included.
  public var scheduled: Int

  /// Events cancelled.
  public var cancelled: Int

  /// Events moved to another time.
  public var rescheduled: Int

  /// Events scheduled in the past and moved to the present; a sign of a mistake in a model.
  public var clamped: Int

  /// Events pending now.
  public var pending: Int

  /// The largest number of events that were pending at once.
  public var peakPending: Int
}

/// A model, its future events and its clock: one synchronous, deterministic run.
///
/// A simulation shares nothing, so many may run side by side on different threads; one is never
/// spread over threads.
@frozen
public struct Simulation<M: Model & ~Copyable>: ~Copyable {
  /// The state of the model.
  public var model: M

  /// The future events; used between runs, and to schedule the first ones.
  public var scheduler: Scheduler<M.Event>

  @usableFromInline
  var handled: Int

  /// Makes a simulation at time zero with nothing pending.
  ///
  /// - Parameters:
  ///   - model: The initial state.
  ///   - reservingPending: How many pending events to hold memory for from the start.
  ///   - maximumPending: How many events may be pending at once, at most 2^24 - 1.
  @inlinable
  public init(
    _ model: consuming M, reservingPending: Int = 64, maximumPending: Int = .max
  ) {
    self.model = model
    scheduler = Scheduler(
      queue: EventQueue(reserving: reservingPending, maximumPending: maximumPending))
    handled = 0
  }

  /// The simulated time.
  @inlinable
  public var now: SimulationTime { scheduler.now }

  /// What the loop has counted so far.
  public var counts: EventCounts {
    EventCounts(
      handled: handled, scheduled: scheduler.queue.scheduledCount,
      cancelled: scheduler.queue.cancelledCount,
      rescheduled: scheduler.queue.rescheduledCount,
      clamped: scheduler.queue.clampedCount, pending: scheduler.queue.count,
      peakPending: scheduler.queue.peakCount)
  }

  /// Handles the next event.
  ///
  /// - Returns: `nil` when an event was handled and the run may go on, else why it may not.
  @inlinable
  public mutating func step() -> StopReason? {
    let reason = run(until: .max, maximumEvents: 1)
    return reason == .eventLimitReached ? nil : reason
  }

  /// Handles a number of events, or fewer when there are no more or the model stops.
  @inlinable
  public mutating func run(maximumEvents: Int) -> StopReason {
    run(until: .max, maximumEvents: maximumEvents)
  }

  /// Handles every event up to and including an instant, and leaves the clock there.
  ///
  /// Running to one instant and then to a later one gives the same as running to the later one.
  /// When the model stops the run, or the number of events does, the clock stays at the last event.
  ///
  /// - Parameters:
  ///   - time: The last instant to simulate; `.max` means until nothing is pending, events at
  ///     ``SimulationTime/max`` included.
  ///   - maximumEvents: How many events to handle at most.
  @inlinable
  public mutating func run(
    until time: SimulationTime, maximumEvents: Int = .max
  ) -> StopReason {
    scheduler.stopsRun = false
    if let failure = scheduler.failure { return .queueExhausted(failure) }
    var remaining = maximumEvents
    while true {
      guard let next = scheduler.queue.nextTime, next <= time else {
        let reason: StopReason = scheduler.queue.isEmpty ? .noMoreEvents : .timeReached
        if time < .max { scheduler.queue.advance(to: time) }
        return reason
      }
      if remaining <= 0 { return .eventLimitReached }
      remaining &-= 1
      let taken = scheduler.queue.takeRoot()
      model.handle(taken.event, at: taken.time, &scheduler)
      handled &+= 1
      if _slowPath(scheduler.stopsRun) {
        if let failure = scheduler.failure { return .queueExhausted(failure) }
        return .stoppedByModel
      }
    }
  }

  /// Ends the simulation and hands back the model.
  @inlinable
  public consuming func finish() -> M {
    model
  }
}
