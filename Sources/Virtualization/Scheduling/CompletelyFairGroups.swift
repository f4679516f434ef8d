package import DiscreteEvents

/// Group scheduling of Linux from 2.6.24 (2008): completely fair among control groups, with quota.
///
/// Sources: Linux kernel documentation `scheduler/sched-design-CFS` and `scheduler/sched-bwc`, and
/// `kernel/sched/fair.c` before version 6.6; Turner, Rao and Rao, "CPU bandwidth control for CFS",
/// Linux Symposium 2010.
///
/// - The group with the smallest virtual run time runs, which grows by time over weight, for its
///   share of the targeted latency or the minimum granularity, whichever is longer.
/// - A group that slept starts half a latency before the smallest virtual run time, unless it is
///   ahead of that anyway, and takes over a core whose group is ahead by the wake-up granularity.
/// - Processes outside of groups have equal shares: an entity of several weighs as many times more.
/// - A limit gives the group `limit * period` of run time per period, which begins when the group
///   first runs; a group that has used it up is throttled to the end of the period.
///
/// The constants are 6, 0.75 and 1 ms times 1 + log2 of the number of cores (8 at most), and 100 ms
/// for the period. Those of latency, granularity and wake-up hold from 2.6.32 (2009).
///
/// Simplifications. One tree serves all cores, where Linux has one per core and spreads a group's
/// weight over them; so balancing is perfect and free, and a group of one busy task on a large host
/// does not suffer from weight that lies on other cores. Quota is handed out per stay instead of in
/// 5 ms slices, so none is stranded on a core.
package struct CompletelyFairGroups: HostScheduler, ~Copyable {
  struct Group: BitwiseCopyable {
    var runTime: Int64 = 0
    var weight: Double = 1
    /// Virtual time per time.
    var rate: Int64 = 0
    /// Quota per period; 0 for none.
    var quota: Int64 = 0
    var quotaLeft: Int64 = 0
    var periodStart = SimulationTime.zero
    var running: Int32 = 0
    var isEligible = false
    var hasRun = false
    /// Tasks that are ready or running, and how many of them count at most.
    var tasks: Int32 = 0
    var mostProcesses: Int32 = 1

    /// What it counts as: a group as one, processes outside of groups one by one.
    @inline(__always)
    var processes: Int32 { max(min(tasks, mostProcesses), 1) }

    @inline(__always)
    func runTime(after ran: SimulationDuration) -> Int64 {
      runTime &+ ran.nanoseconds.timesWithinHalfRange(rate)
    }

    @inline(__always)
    mutating func charge(_ ran: SimulationDuration) {
      let own = processes == 1 ? rate : max(rate / Int64(processes), 1)
      runTime &+= ran.nanoseconds.timesWithinHalfRange(own)
      running &-= 1
    }
  }

  private var groups: Table<Group>
  private var choosable: IndexedHeap
  private var runnable: IndexedHeap
  private var held: HeldEntities
  private var runnableWeight = 0.0
  private var smallestRunTime: Int64 = 0
  private let cores: Double
  private let latency: Int64
  private let granularity: Int64
  private let wakeupGranularity: Int64
  private let sleeperCredit: Int64
  private let period: Int64
  private let countsTasks: Bool

  package init(_ configuration: ProcessorConfiguration) {
    let count = configuration.entities.count
    let policy = configuration.policy
    let coreCount = max(configuration.cores, 1)
    // The kernel's "scaled logarithmically" tunables.
    let factor = Double(1 + (Int.bitWidth - 1 - min(coreCount, 8).leadingZeroBitCount))
    countsTasks = configuration.entities.contains { $0.hostProcesses != 1 }
    // Finer where it is divided by the number of processes.
    let rates = VirtualTimeRates(
      configuration.entities, unit: countsTasks ? 1 << 18 : VirtualTimeRates.usualUnit)
    choosable = IndexedHeap(members: count)
    runnable = IndexedHeap(members: count)
    held = HeldEntities(entities: count)
    cores = Double(coreCount)
    latency = policy.nanoseconds(.latency, default: 0.006 * factor)
    granularity = policy.nanoseconds(.minimumGranularity, default: 0.000_75 * factor)
    wakeupGranularity = policy.nanoseconds(.wakeupGranularity, default: 0.001 * factor)
    period = policy.nanoseconds(.quotaPeriod, default: 0.1)
    sleeperCredit = (latency / 2).timesWithinHalfRange(rates.rate(ofWeight: policy.defaultWeight))
    groups = Table(repeating: Group(), count: count)
    for (index, entity) in configuration.entities.enumerated() {
      // Over the largest weight, with weights that make no sense already tamed.
      groups[index].rate = rates[Int32(index)]
      groups[index].weight = Double(rates.unit) / Double(groups[index].rate)
      groups[index].mostProcesses = Int32(clamping: max(entity.hostProcesses ?? .max, 1))
      if let limit = entity.limit, limit.isFinite {
        let cores = min(limit, Double(coreCount))
        groups[index].quota = Int64(clamping: max(Double(period) * cores, 1).rounded())
        groups[index].quotaLeft = groups[index].quota
      }
    }
  }

  @inline(__always)
  package mutating func taskArrived(_ entity: Int32, at now: SimulationTime) {
    if countsTasks { count(1, of: entity) }
  }

  @inline(__always)
  package mutating func taskLeft(_ entity: Int32, at now: SimulationTime) {
    if countsTasks { count(-1, of: entity) }
  }

  private mutating func count(_ tasks: Int32, of entity: Int32) {
    let before = groups[entity].processes
    groups[entity].tasks &+= tasks
    let difference = groups[entity].processes - before
    if difference != 0 && runnable.contains(entity) {
      runnableWeight += Double(difference) * groups[entity].weight
    }
  }

  @inline(__always)
  package mutating func makeEligible(_ entity: Int32, wokeUp: Bool, at now: SimulationTime) {
    if wokeUp {
      advanceSmallest()
      let place = smallestRunTime &- sleeperCredit
      if groups[entity].runTime &- place < 0 { groups[entity].runTime = place }
    }
    groups[entity].isEligible = true
    if groups[entity].quota > 0 && !held.contains(entity) {
      if !groups[entity].hasRun {
        groups[entity].hasRun = true
        groups[entity].periodStart = now
      }
      refill(entity, at: now)
    }
    enter(entity, aheadOfEqual: wokeUp)
  }

  @inline(__always)
  package mutating func makeIneligible(_ entity: Int32, at now: SimulationTime) {
    groups[entity].isEligible = false
    enter(entity)
  }

  @inline(__always)
  package mutating func choose(at now: SimulationTime) -> SchedulingDecision? {
    let entity = choosable.first
    guard entity >= 0 else { return nil }
    groups[entity].running += 1
    let share = groups[entity].weight * cores / max(runnableWeight, groups[entity].weight)
    let fair = Int64(clamping: (Double(latency) * min(share, 1)).rounded())
    var slice = max(fair, granularity)
    if groups[entity].quota > 0 {
      refill(entity, at: now)
      slice = min(slice, max(groups[entity].quotaLeft, 1))
    }
    choosable.update(entity, key: groups[entity].runTime)
    return SchedulingDecision(entity: entity, slice: SimulationDuration(nanoseconds: slice))
  }

  @inline(__always)
  package mutating func charge(
    _ entity: Int32, ran: SimulationDuration, at now: SimulationTime
  ) {
    groups[entity].charge(ran)
    if groups[entity].quota > 0 {
      // What ran before the present period began is charged to the one before it.
      let boundary = (now - groups[entity].periodStart).nanoseconds / period * period
      let recent = min(
        ran.nanoseconds, (now - groups[entity].periodStart).nanoseconds - boundary)
      groups[entity].quotaLeft -= ran.nanoseconds - recent
      refill(entity, at: now)
      groups[entity].quotaLeft -= recent
      if groups[entity].quotaLeft <= 0 {
        held.hold(
          entity, until: groups[entity].periodStart + SimulationDuration(nanoseconds: period))
      }
    }
    enter(entity)
  }

  @inline(__always)
  package func preempts(
    _ entity: Int32, running: Int32, ranSoFar: SimulationDuration, at now: SimulationTime
  ) -> Bool {
    let ahead = groups[running].runTime(after: ranSoFar)
    return ahead &- groups[entity].runTime
      > wakeupGranularity.timesWithinHalfRange(groups[entity].rate)
  }

  @inline(__always)
  package func isHeld(_ entity: Int32) -> Bool {
    groups[entity].quota > 0 && held.contains(entity)
  }

  package var nextTimer: SimulationTime? { held.nextTime }

  package mutating func timer(at now: SimulationTime) {
    while let entity = held.removeDue(at: now) {
      refill(entity, at: now)
      if groups[entity].quotaLeft > 0 {
        held.noteReleased(entity)
      } else {
        held.hold(
          entity, until: groups[entity].periodStart + SimulationDuration(nanoseconds: period))
      }
      enter(entity)
    }
  }

  package mutating func nextReleased() -> Int32? { held.nextReleased() }

  /// Begins the period that `now` lies in; what was overdrawn is carried over, what was left is
  /// not.
  private mutating func refill(_ entity: Int32, at now: SimulationTime) {
    let periods = (now - groups[entity].periodStart).nanoseconds / period
    guard periods > 0 else { return }
    groups[entity].periodStart += SimulationDuration(nanoseconds: periods * period)
    let quota = groups[entity].quota
    // Further periods than this cannot fill more, and the product stays in range.
    let useful = min(periods, (quota - groups[entity].quotaLeft + quota - 1) / quota)
    groups[entity].quotaLeft = min(groups[entity].quotaLeft + useful * quota, quota)
  }

  /// Puts a group where it belongs by its run time, or takes it out.
  private mutating func enter(_ entity: Int32, aheadOfEqual: Bool = false) {
    let group = groups[entity]
    let isChoosable = group.isEligible && !isHeld(entity)
    if isChoosable {
      choosable.update(entity, key: group.runTime, aheadOfEqual: aheadOfEqual)
    } else {
      choosable.remove(entity)
    }
    if isChoosable || group.running > 0 {
      if runnable.setKey(of: entity, to: group.runTime) {
        runnableWeight += group.weight * Double(group.processes)
      }
    } else if runnable.contains(entity) {
      advanceSmallest()
      runnable.remove(entity)
      runnableWeight =
        runnable.isEmpty ? 0 : runnableWeight - group.weight * Double(group.processes)
    }
  }

  /// Follows the smallest virtual run time, never backwards.
  private mutating func advanceSmallest() {
    if !runnable.isEmpty && runnable.firstKey &- smallestRunTime > 0 {
      smallestRunTime = runnable.firstKey
    }
  }
}
