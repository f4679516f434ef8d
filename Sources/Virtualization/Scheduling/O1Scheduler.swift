package import DiscreteEvents

/// The O(1) scheduler of Linux 2.6 before CFS, over entities that are single processes of the host.
///
/// Sources: Linux 2.6.16, `kernel/sched.c`; Aas, "Understanding the Linux 2.6.8.1 CPU Scheduler",
/// Silicon Graphics 2005.
///
/// - Each process has a slice of 100 ms. While any process of the active array has some of its slice
///   left, those that used theirs up wait in the expired array.
/// - Sleep earns and running costs a sleep average of up to ten slices, which raises the priority by 0
///   to 10. A process of high priority takes over the core of one of lower priority when it wakes.
/// - A process with a bonus of 7 or more counts as interactive and gets its new slice in the active
///   array, unless processes in the expired one have waited for ten slices times the number of
///   runnable processes.
///
/// Simplifications. All processes have nice level 0: weights and limits are ignored. Sleep counts in
/// full, where the kernel grants less to some kinds of sleep. One pair of arrays serves all cores, so
/// that balancing is perfect and free. Interactive processes of one priority do not take turns within
/// a slice.
package struct O1Scheduler: HostScheduler, ~Copyable {
  private struct Process: BitwiseCopyable {
    var epoch: Int64 = 0
    var sliceLeft: Int64
    var sleepAverage: Int64 = 0
    var asleepSince = SimulationTime.zero
    var running: Int32 = 0
    var isEligible = false
  }

  /// The number of priorities above that of a process that never sleeps.
  private static var bonuses: Int64 { 10 }
  private static var interactiveBonus: Int64 { 7 }

  private var processes: FixedArray<Process>
  private var queue: EpochQueue
  private let slice: Int64
  private var runnable: Int64 = 0
  /// Since when the expired array has not been empty, and the epoch that this holds for.
  private var expiredSince = SimulationTime.zero
  private var expiredEpoch: Int64 = 0

  package init(_ configuration: ProcessorConfiguration) {
    slice = configuration.policy.nanoseconds(.slice, default: 0.1)
    processes = FixedArray(
      repeating: Process(sliceLeft: slice), count: configuration.entities.count)
    queue = EpochQueue(entities: configuration.entities.count)
  }

  package mutating func makeEligible(_ entity: Int32, wokeUp: Bool, at now: SimulationTime) {
    if wokeUp {
      let slept = (now - processes[entity].asleepSince).nanoseconds
      let limit = slice * Self.bonuses
      processes[entity].sleepAverage = min(
        processes[entity].sleepAverage + min(slept, limit), limit)
      processes[entity].epoch = queue.epoch
    }
    processes[entity].isEligible = true
    if processes[entity].running == 0 { runnable += 1 }
    enter(entity)
  }

  package mutating func makeIneligible(_ entity: Int32, at now: SimulationTime) {
    processes[entity].isEligible = false
    queue.remove(entity)
    if processes[entity].running == 0 { fallAsleep(entity, at: now) }
  }

  package mutating func choose(core: Int32, at now: SimulationTime) -> SchedulingDecision? {
    let entity = queue.next()
    guard entity >= 0 else { return nil }
    processes[entity].running += 1
    return SchedulingDecision(
      entity: entity, slice: SimulationDuration(nanoseconds: processes[entity].sliceLeft))
  }

  package mutating func charge(
    _ entity: Int32, core: Int32, ran: SimulationDuration, at now: SimulationTime
  ) {
    processes[entity].sleepAverage = max(
      processes[entity].sleepAverage - ran.nanoseconds, 0)
    processes[entity].sliceLeft -= ran.nanoseconds
    if processes[entity].sliceLeft <= 0 {
      processes[entity].sliceLeft = slice
      if bonus(processes[entity].sleepAverage) < Self.interactiveBonus
        || expiredAreStarving(at: now)
      {
        processes[entity].epoch = queue.epoch + 1
        if expiredEpoch != queue.epoch + 1 {
          expiredEpoch = queue.epoch + 1
          expiredSince = now
        }
      }
    }
    processes[entity].running -= 1
    if processes[entity].isEligible {
      enter(entity)
    } else if processes[entity].running == 0 {
      fallAsleep(entity, at: now)
    }
  }

  package func preempts(
    _ entity: Int32, running: Int32, ranSoFar: SimulationDuration, at now: SimulationTime
  ) -> Bool {
    let average = processes[running].sleepAverage - ranSoFar.nanoseconds
    return processes[entity].epoch <= queue.epoch
      && bonus(processes[entity].sleepAverage) > bonus(max(average, 0))
  }

  private func bonus(_ sleepAverage: Int64) -> Int64 { sleepAverage / slice }

  private func expiredAreStarving(at now: SimulationTime) -> Bool {
    expiredEpoch == queue.epoch + 1
      && (now - expiredSince).nanoseconds > slice * Self.bonuses * max(runnable, 1)
  }

  private mutating func enter(_ entity: Int32) {
    queue.update(
      entity, epoch: processes[entity].epoch,
      priority: Self.bonuses - bonus(processes[entity].sleepAverage))
  }

  private mutating func fallAsleep(_ entity: Int32, at now: SimulationTime) {
    processes[entity].asleepSince = now
    runnable -= 1
  }
}
