package import DiscreteEvents

/// First come, first served, to completion: for tests and teaching.
///
/// One entity is served in exact order of arrival. Among several, the one that waits longest since
/// it became ready or was last given a core goes next, so each gets one stay on a core in turn;
/// order among bursts of different entities is therefore not strictly that of arrival. Weights and
/// limits are ignored.
package struct FirstComeFirstServed: HostScheduler, ~Copyable {
  private var eligible: IndexedHeap

  package init(_ configuration: ProcessorConfiguration) {
    eligible = IndexedHeap(members: configuration.entities.count)
  }

  package mutating func makeEligible(_ entity: Int32, wokeUp: Bool, at now: SimulationTime) {
    eligible.update(entity, key: 0)
  }

  package mutating func makeIneligible(_ entity: Int32, at now: SimulationTime) {
    eligible.remove(entity)
  }

  package mutating func choose(at now: SimulationTime) -> SchedulingDecision? {
    let entity = eligible.first
    guard entity >= 0 else { return nil }
    eligible.update(entity, key: 0)
    return SchedulingDecision(entity: entity, slice: .max)
  }

  package mutating func charge(
    _ entity: Int32, ran: SimulationDuration, at now: SimulationTime
  ) {}

  package func preempts(
    _ entity: Int32, running: Int32, ranSoFar: SimulationDuration, at now: SimulationTime
  ) -> Bool { false }
}
