package import DiscreteEvents

/// Level one: chooses which entity a core runs next.
///
/// One published algorithm per conforming type.
///
/// An entity is *eligible* while it has a ready task that no core has taken and fewer cores than it
/// may use. The caller keeps eligibility up to date; the algorithm keeps order and accounts.
/// Whether a limit holds an entity back changes only when the entity is made eligible, chosen or
/// charged, and in `timer(at:)`.
package protocol HostScheduler: ~Copyable {
  init(_ configuration: ProcessorConfiguration)

  /// A task of the entity becomes ready to run; before the entity is made eligible for it.
  mutating func taskArrived(_ entity: Int32, at now: SimulationTime)

  /// A task of the entity has done its burst.
  mutating func taskLeft(_ entity: Int32, at now: SimulationTime)

  /// The entity becomes eligible; `wokeUp` when it had neither a ready nor a running task before.
  mutating func makeEligible(_ entity: Int32, wokeUp: Bool, at now: SimulationTime)

  /// The entity stops being eligible.
  mutating func makeIneligible(_ entity: Int32, at now: SimulationTime)

  /// Chooses an eligible entity that no limit holds back, and how long it may run; does not change
  /// its eligibility. The entity runs until the matching `charge`.
  mutating func choose(at now: SimulationTime) -> SchedulingDecision?

  /// An entity ran on a core for a time (switching included) and is off it now.
  mutating func charge(
    _ entity: Int32, ran: SimulationDuration, at now: SimulationTime)

  /// Whether an entity that became eligible should take the core of one that runs.
  func preempts(
    _ entity: Int32, running: Int32, ranSoFar: SimulationDuration, at now: SimulationTime
  ) -> Bool

  /// Whether a limit holds the entity back.
  func isHeld(_ entity: Int32) -> Bool

  /// When the algorithm next wants `timer(at:)` to be called; nil for never.
  var nextTimer: SimulationTime? { get }

  /// Refills accounts, releases entities that were held back.
  mutating func timer(at now: SimulationTime)

  /// Names each entity that `timer(at:)` has released once, then nil.
  mutating func nextReleased() -> Int32?
}

/// What an algorithm leaves as it is that schedules entities whatever they consist of, or has no
/// limits.
extension HostScheduler where Self: ~Copyable {
  @inline(__always)
  package mutating func taskArrived(_ entity: Int32, at now: SimulationTime) {}

  @inline(__always)
  package mutating func taskLeft(_ entity: Int32, at now: SimulationTime) {}

  package func isHeld(_ entity: Int32) -> Bool { false }

  package var nextTimer: SimulationTime? { nil }

  package mutating func timer(at now: SimulationTime) {}

  package mutating func nextReleased() -> Int32? { nil }
}

/// An entity to run, and for how long at most.
package struct SchedulingDecision: BitwiseCopyable, Sendable {
  package var entity: Int32
  package var slice: SimulationDuration

  package init(entity: Int32, slice: SimulationDuration) {
    self.entity = entity
    self.slice = slice
  }
}
