package import DiscreteEvents

/// Borrowed virtual time, the scheduler of Xen in 2003 and a choice until 2006.
///
/// Source: Duda and Cheriton, "Borrowed-Virtual-Time (BVT) Scheduling", SOSP 1999; its use and the
/// 5 ms: Barham et al., "Xen and the Art of Virtualization", SOSP 2003.
///
/// - A domain's actual virtual time grows by the time that it ran over its weight. The one with the
///   smallest effective virtual time runs, which is the actual one, less the warp for a driver
///   domain.
/// - It runs until it leads the next one by the context-switch allowance.
/// - On waking, actual virtual time is raised to the smallest of the runnable domains, and the
///   woken domain takes over a core whose domain is ahead of it.
///
/// Simplifications. The virtual time of a running domain is brought up to date when it leaves its
/// core, so a woken one starts at most one stay earlier than in the paper. Warp has no time limit:
/// a driver domain that computes without pause leads by its warp once and gets its share after
/// that. One queue serves all cores, where Xen had one per core and did not balance them.
package struct BorrowedVirtualTime: HostScheduler, ~Copyable {
  struct Domain: BitwiseCopyable {
    var actual: Int64 = 0
    var warp: Int64 = 0
    var running: Int32 = 0
    var isEligible = false
  }

  private var domains: Table<Domain>
  private var rates: VirtualTimeRates
  /// Eligible domains by effective, runnable ones by actual virtual time.
  private var choosable: IndexedHeap
  private var runnable: IndexedHeap
  private var virtualTime: Int64 = 0
  private let allowance: Int64

  package init(_ configuration: ProcessorConfiguration) {
    let count = configuration.entities.count
    domains = Table(repeating: Domain(), count: count)
    rates = VirtualTimeRates(configuration.entities)
    choosable = IndexedHeap(members: count)
    runnable = IndexedHeap(members: count)
    allowance = configuration.policy.nanoseconds(.contextSwitchAllowance, default: 0.005)
    let warp = max(
      SimulationDuration(seconds: configuration.policy.value(.warp, default: 0)).nanoseconds, 0)
    for (index, entity) in configuration.entities.enumerated() where entity.isDriver {
      // A warp is given in time of a domain with the largest weight.
      domains[index].warp = warp.timesWithinHalfRange(VirtualTimeRates.usualUnit)
    }
  }

  package mutating func makeEligible(_ entity: Int32, wokeUp: Bool, at now: SimulationTime) {
    if wokeUp {
      advanceVirtualTime()
      if domains[entity].actual &- virtualTime < 0 { domains[entity].actual = virtualTime }
    }
    domains[entity].isEligible = true
    runnable.update(entity, key: domains[entity].actual)
    choosable.update(entity, key: effective(entity), aheadOfEqual: wokeUp)
  }

  package mutating func makeIneligible(_ entity: Int32, at now: SimulationTime) {
    domains[entity].isEligible = false
    choosable.remove(entity)
    if domains[entity].running == 0 { leaveRunnable(entity) }
  }

  package mutating func choose(at now: SimulationTime) -> SchedulingDecision? {
    let entity = choosable.first
    guard entity >= 0 else { return nil }
    domains[entity].running += 1
    let lag = choosable.count > 1 ? choosable.secondKey &- choosable.firstKey : 0
    return SchedulingDecision(
      entity: entity,
      slice: SimulationDuration(nanoseconds: lag / rates[entity] + allowance))
  }

  package mutating func charge(
    _ entity: Int32, ran: SimulationDuration, at now: SimulationTime
  ) {
    domains[entity].actual &+= ran.nanoseconds.timesWithinHalfRange(rates[entity])
    domains[entity].running -= 1
    if domains[entity].isEligible { choosable.update(entity, key: effective(entity)) }
    if domains[entity].isEligible || domains[entity].running > 0 {
      runnable.update(entity, key: domains[entity].actual)
    } else {
      leaveRunnable(entity)
    }
  }

  package func preempts(
    _ entity: Int32, running: Int32, ranSoFar: SimulationDuration, at now: SimulationTime
  ) -> Bool {
    let ahead =
      effective(running) &+ ranSoFar.nanoseconds.timesWithinHalfRange(rates[running])
    return effective(entity) &- ahead < 0
  }

  private func effective(_ entity: Int32) -> Int64 {
    domains[entity].actual &- domains[entity].warp
  }

  private mutating func leaveRunnable(_ entity: Int32) {
    advanceVirtualTime()
    runnable.remove(entity)
  }

  /// Follows the smallest actual virtual time, never backwards.
  private mutating func advanceVirtualTime() {
    if !runnable.isEmpty && runnable.firstKey &- virtualTime > 0 {
      virtualTime = runnable.firstKey
    }
  }
}
