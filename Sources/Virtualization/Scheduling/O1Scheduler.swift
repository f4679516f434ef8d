package import DiscreteEvents

/// The O(1) scheduler of Linux 2.6 before CFS, which knows processes only.
///
/// An entity is what its processes are: each of them has a turn per epoch. A guest without a kernel
/// of its own has a process for each of its tasks, a virtual machine one for each virtual
/// processor.
///
/// Sources: Linux 2.6.16, `kernel/sched.c`; Aas, "Understanding the Linux 2.6.8.1 CPU Scheduler",
/// Silicon Graphics 2005.
///
/// - Each process has a slice of 100 ms. While any process of the active array has some of its
///   slice left, those that used theirs up wait in the expired array.
/// - Sleep earns and running costs a sleep average of up to ten slices, which raises the priority
///   by 0 to 10. A process of high priority takes over the core of one of lower priority when it
///   wakes.
/// - A process with a bonus of 7 or more counts as interactive and gets its new slice in the active
///   array, unless processes in the expired one have waited for ten slices times the number of
///   runnable processes.
///
/// Simplifications. All processes have nice level 0: weights and limits are ignored. Sleep counts
/// in full, where the kernel grants less to some kinds of sleep. One pair of arrays serves all
/// cores, so that balancing is perfect and free. Interactive processes of one priority do not take
/// turns within a slice. The processes of an entity have one sleep average, which grows while all
/// of them sleep.
package struct O1Scheduler: HostScheduler, ~Copyable {
  struct Entity: BitwiseCopyable {
    var turns: EpochTurns
    var sleepAverage: Int64 = 0
    var asleepSince = SimulationTime.zero
    var running: Int32 = 0
    /// What an extension of the scheduler takes from the bonus.
    var penalty: Int8 = 0
    var isEligible = false
  }

  /// The number of priorities above that of a process that never sleeps.
  private static var bonuses: Int64 { 10 }
  private static var interactiveBonus: Int64 { 7 }
  /// The best and the worst that a bonus and a penalty come to, in between nice levels -20 and 19.
  private static var bestLevel: Int64 { 15 }
  private static var worstLevel: Int64 { -14 }

  private var entities: Table<Entity>
  private var queue: EpochQueue
  private let slice: Int64
  /// Processes that are ready or running.
  private var runnable: Int64 = 0
  /// Since when the expired array has not been empty, and the epoch that this holds for.
  private var expiredSince = SimulationTime.zero
  private var expiredEpoch: Int64 = 0

  package init(_ configuration: ProcessorConfiguration) {
    slice = configuration.policy.nanoseconds(.slice, default: 0.1)
    entities = Table(
      repeating: Entity(turns: EpochTurns(slice: slice)), count: configuration.entities.count)
    for (index, entity) in configuration.entities.enumerated() {
      entities[index].turns = EpochTurns(slice: slice, mostProcesses: entity.hostProcesses)
    }
    queue = EpochQueue(entities: configuration.entities.count)
  }

  package mutating func taskArrived(_ entity: Int32, at now: SimulationTime) {
    let before = entities[entity].turns.processes
    let moves = entities[entity].turns.taskArrived(at: queue.epoch)
    runnable += Int64(entities[entity].turns.processes - before)
    if moves && entities[entity].isEligible { enter(entity) }
  }

  package mutating func taskLeft(_ entity: Int32, at now: SimulationTime) {
    let before = entities[entity].turns.processes
    let moves = entities[entity].turns.taskLeft(at: queue.epoch)
    runnable += Int64(entities[entity].turns.processes - before)
    if moves {
      noteExpired(at: now)
      if entities[entity].isEligible { enter(entity) }
    }
  }

  package mutating func makeEligible(_ entity: Int32, wokeUp: Bool, at now: SimulationTime) {
    if wokeUp {
      let slept = (now - entities[entity].asleepSince).nanoseconds
      let limit = slice * Self.bonuses
      entities[entity].sleepAverage = min(entities[entity].sleepAverage + min(slept, limit), limit)
      entities[entity].turns.wake(at: queue.epoch)
    }
    entities[entity].isEligible = true
    enter(entity)
  }

  package mutating func makeIneligible(_ entity: Int32, at now: SimulationTime) {
    entities[entity].isEligible = false
    queue.remove(entity)
    if entities[entity].running == 0 { entities[entity].asleepSince = now }
  }

  package mutating func choose(at now: SimulationTime) -> SchedulingDecision? {
    let entity = queue.next()
    guard entity >= 0 else { return nil }
    entities[entity].running += 1
    return SchedulingDecision(
      entity: entity, slice: SimulationDuration(nanoseconds: entities[entity].turns.sliceLeft))
  }

  package mutating func charge(
    _ entity: Int32, ran: SimulationDuration, at now: SimulationTime
  ) {
    entities[entity].sleepAverage = max(entities[entity].sleepAverage - ran.nanoseconds, 0)
    if entities[entity].turns.charge(ran, slice: slice),
      level(entity, entities[entity].sleepAverage) < Self.interactiveBonus
        || expiredAreStarving(at: now),
      entities[entity].turns.endTurn(at: queue.epoch)
    {
      noteExpired(at: now)
    }
    entities[entity].running -= 1
    if entities[entity].isEligible {
      enter(entity)
    } else if entities[entity].running == 0 {
      entities[entity].asleepSince = now
    }
  }

  package func preempts(
    _ entity: Int32, running: Int32, ranSoFar: SimulationDuration, at now: SimulationTime
  ) -> Bool {
    let average = entities[running].sleepAverage - ranSoFar.nanoseconds
    return entities[entity].turns.epoch <= queue.epoch
      && level(entity, entities[entity].sleepAverage) > level(running, max(average, 0))
  }

  /// Sets what is taken from the bonus of an entity's processes, from -5 to 15.
  mutating func setPenalty(_ penalty: Int64, of entity: Int32) {
    entities[entity].penalty = Int8(clamping: penalty)
    if entities[entity].isEligible { enter(entity) }
  }

  /// The bonus of an entity's processes at a sleep average, less their penalty.
  private func level(_ entity: Int32, _ sleepAverage: Int64) -> Int64 {
    max(sleepAverage / slice - Int64(entities[entity].penalty), Self.worstLevel)
  }

  private func expiredAreStarving(at now: SimulationTime) -> Bool {
    expiredEpoch == queue.epoch + 1
      && (now - expiredSince).nanoseconds > slice * Self.bonuses * max(runnable, 1)
  }

  private mutating func enter(_ entity: Int32) {
    queue.update(
      entity, epoch: entities[entity].turns.epoch,
      priority: Self.bestLevel - level(entity, entities[entity].sleepAverage))
  }

  /// Remembers since when somebody waits in the expired array.
  private mutating func noteExpired(at now: SimulationTime) {
    guard expiredEpoch != queue.epoch + 1 else { return }
    expiredEpoch = queue.epoch + 1
    expiredSince = now
  }
}
