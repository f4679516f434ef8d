package import DiscreteEvents

/// The scheduler of Linux-VServer: a token bucket per context over the O(1) scheduler.
///
/// Sources: `kernel/vserver/sched.c` and `sched_init.h` of the Linux-VServer patch for 2.6 (github.com/
/// linux-scraping/linux-vserver); "Linux-VServer Paper", section "Token Bucket Extensions"
/// (linux-vserver.org).
///
/// - Running costs one token per tick of the host's kernel. A bucket gains `fill-rate` tokens per
///   `fill-interval` ticks (1 per 4) up to its maximum (HZ / 2), from a start of HZ / 4, with HZ ticks
///   per second.
/// - An entity's limit sets its rate instead. Without one, or in the mode `soft` (flag `sched_prio`),
///   the level of the bucket only sets the priority among the contexts of an array, in steps of a
///   tenth.
/// - In the mode `hard` (flag `sched_hard`) a context with a limit is held back at no tokens, until it
///   has the minimum (HZ / 16).
/// - In the mode `idle-time` (`VXSM_IDLE_TIME`, development releases 2.1 of 2006) likewise; but when a
///   core would be idle while contexts are held, a second clock is advanced to where the first of them
///   has its minimum (`vx_try_skip`). That clock fills the buckets of all of them, at `idle-fill-rate`
///   times the entity's weight per `idle-fill-interval`, so idle time is divided by these rates.
///
/// As in `O1Scheduler`, each process of a context has a slice of 100 ms an epoch.
///
/// Simplifications. Tokens flow evenly instead of by tick. The kernel has a bucket per context and
/// core; here a context has one, as large and as fast as those of all processors that it may use
/// together, so that its tokens are never stranded where it does not run and one task may use what
/// would fill several buckets. After the second clock has moved, the kernel's held contexts
/// look at their buckets one after the other; here all that have their minimum by then are let go of at
/// that instant.
package struct VServerTokenBucket: HostScheduler, ~Copyable {
  private struct Context: BitwiseCopyable {
    var turns: EpochTurns
    /// Nanoseconds of core time, times 1024.
    var bucket: Int64
    /// 1024ths of a core.
    var rate: Int64
    /// 1024ths of a core by the second clock; 0 without a claim to idle time.
    var idleRate: Int64 = 0
    var minimum: Int64
    var maximum: Int64
    var updated = SimulationTime.zero
    var idleUpdated: Int64 = 0
    var running: Int32 = 0
    var isHard: Bool
    /// Whether it has run out of tokens and not had the minimum since.
    var mustReachMinimum = false
    var isEligible = false
  }

  private var contexts: Table<Context>
  private var queue: EpochQueue
  private var held: HeldEntities
  private let slice: Int64
  private let sharesIdleTime: Bool
  /// How far the second clock has been advanced.
  private var idleClock: Int64 = 0

  package init(_ configuration: ProcessorConfiguration) {
    let policy = configuration.policy
    let count = configuration.entities.count
    let fill = Self.rate(
      policy.value(.fillRate, default: 1), per: policy.value(.fillInterval, default: 4))
    let mode = policy.mode ?? .hard
    sharesIdleTime = mode == .idleTime
    let idleFill = policy.value(.idleFillRate, default: 1) / policy.defaultWeight
    let idleInterval = policy.value(.idleFillInterval, default: 8)
    slice = policy.nanoseconds(.slice, default: 0.1)
    let ticks = 1 / configuration.tickSeconds
    func tokens(_ parameter: SchedulingPolicy.Parameter, part: Double) -> Int64 {
      // The kernel divides whole numbers.
      let count = policy.value(parameter, default: (ticks / part).rounded(.down))
      let nanoseconds = max(count, 0) * configuration.tickSeconds * 1e9
      return Int64(clamping: min((nanoseconds * 1024).rounded(), 0x1p59))
    }
    let start = tokens(.bucketStart, part: 4)
    let minimum = tokens(.bucketMinimum, part: 16)
    let maximum = tokens(.bucketMaximum, part: 2)
    contexts = Table(
      repeating: Context(
        turns: EpochTurns(slice: slice), bucket: start, rate: fill, minimum: minimum,
        maximum: maximum,
        isHard: false), count: count)
    for (index, entity) in configuration.entities.enumerated() {
      contexts[index].turns = EpochTurns(slice: slice, mostProcesses: entity.hostProcesses)
      let processors = Int64(min(max(entity.processors, 1), max(configuration.cores, 1)))
      // No more than can be added up, and multiplied by ten for the priority.
      let most = (1 << 59) / processors
      contexts[index].bucket = min(start, most) * processors
      contexts[index].minimum = min(max(minimum, 1), maximum, most) * processors
      contexts[index].maximum = min(maximum, most) * processors
      contexts[index].rate *= processors
      if let limit = entity.limit, limit.isFinite {
        contexts[index].isHard = mode != .soft
        if mode == .idleTime {
          contexts[index].idleRate = Self.rate(idleFill * entity.weight, per: idleInterval)
        }
        contexts[index].rate = Int64(clamping: min(max(limit * 1024, 1), 0x1p30).rounded())
      }
    }
    queue = EpochQueue(entities: count)
    held = HeldEntities(entities: count)
  }

  package mutating func taskArrived(_ entity: Int32, at now: SimulationTime) {
    if contexts[entity].turns.taskArrived(at: queue.epoch) { enter(entity) }
  }

  package mutating func taskLeft(_ entity: Int32, at now: SimulationTime) {
    if contexts[entity].turns.taskLeft(at: queue.epoch) { enter(entity) }
  }

  package mutating func makeEligible(_ entity: Int32, wokeUp: Bool, at now: SimulationTime) {
    if wokeUp { contexts[entity].turns.wake(at: queue.epoch) }
    contexts[entity].isEligible = true
    fill(entity, at: now)
    holdIfEmpty(entity, at: now)
    enter(entity)
  }

  package mutating func makeIneligible(_ entity: Int32, at now: SimulationTime) {
    contexts[entity].isEligible = false
    held.remove(entity)
    queue.remove(entity)
  }

  package mutating func choose(at now: SimulationTime) -> SchedulingDecision? {
    var entity = queue.next()
    if entity < 0 {
      guard sharesIdleTime, skipIdleTime(at: now) else { return nil }
      entity = queue.next()
      guard entity >= 0 else { return nil }
    }
    contexts[entity].running += 1
    var slice = contexts[entity].turns.sliceLeft
    if contexts[entity].isHard {
      fill(entity, at: now)
      let burn = Int64(contexts[entity].running) * 1024 - contexts[entity].rate
      if burn > 0 {
        slice = min(
          slice, max(nanoseconds(toFill: contexts[entity].bucket, atRate: burn), 1))
      }
    }
    return SchedulingDecision(entity: entity, slice: SimulationDuration(nanoseconds: slice))
  }

  package mutating func charge(
    _ entity: Int32, ran: SimulationDuration, at now: SimulationTime
  ) {
    contexts[entity].running -= 1
    if contexts[entity].turns.charge(ran, slice: slice) {
      _ = contexts[entity].turns.endTurn(at: queue.epoch)
    }
    // Charged first: a full bucket gains nothing, but this run has made room in it.
    contexts[entity].bucket = max(contexts[entity].bucket - charged(ran), deepestOverdraft)
    fill(entity, at: now)
    if contexts[entity].isHard {
      if contexts[entity].isEligible { holdIfEmpty(entity, at: now) }
    } else {
      contexts[entity].bucket = max(contexts[entity].bucket, 0)
    }
    enter(entity)
  }

  package func preempts(
    _ entity: Int32, running: Int32, ranSoFar: SimulationDuration, at now: SimulationTime
  ) -> Bool {
    contexts[entity].turns.epoch <= queue.epoch && level(entity) > level(running)
  }

  package func isHeld(_ entity: Int32) -> Bool { held.contains(entity) }

  package var nextTimer: SimulationTime? { held.nextTime }

  package mutating func timer(at now: SimulationTime) {
    while let entity = held.removeDue(at: now) {
      fill(entity, at: now)
      if contexts[entity].bucket < contexts[entity].minimum {
        hold(entity, at: now)
      } else {
        contexts[entity].mustReachMinimum = false
        held.noteReleased(entity)
      }
      enter(entity)
    }
  }

  package mutating func nextReleased() -> Int32? { held.nextReleased() }

  private static func rate(_ tokens: Double, per ticks: Double) -> Int64 {
    ticks > 0 ? max(Int64(clamping: min((tokens / ticks * 1024).rounded(), 0x1p40)), 0) : 0
  }

  private mutating func enter(_ entity: Int32) {
    if contexts[entity].isEligible && !held.contains(entity) {
      queue.update(entity, epoch: contexts[entity].turns.epoch, priority: 10 - level(entity))
    } else {
      queue.remove(entity)
    }
  }

  /// The priority bonus of a soft context, from 0 to 10.
  private func level(_ entity: Int32) -> Int64 {
    let context = contexts[entity]
    return context.isHard || context.maximum == 0
      ? 5 : min(max(context.bucket, 0) * 10 / context.maximum, 10)
  }

  private mutating func fill(_ entity: Int32, at now: SimulationTime) {
    let context = contexts[entity]
    let room = max(context.maximum - context.bucket, 0)
    let elapsed = (now - context.updated).nanoseconds
    let useful = min(elapsed, nanoseconds(toFill: room, atRate: context.rate))
    var gain = useful * context.rate
    if context.idleRate > 0 {
      let skipped = min(
        idleClock - context.idleUpdated, nanoseconds(toFill: room, atRate: context.idleRate))
      gain += skipped * context.idleRate
    }
    contexts[entity].bucket = min(context.bucket + gain, max(context.maximum, context.bucket))
    contexts[entity].updated = now
    contexts[entity].idleUpdated = idleClock
  }

  private mutating func holdIfEmpty(_ entity: Int32, at now: SimulationTime) {
    guard contexts[entity].isHard else { return }
    if contexts[entity].bucket <= 0 { contexts[entity].mustReachMinimum = true }
    guard contexts[entity].mustReachMinimum else { return }
    if contexts[entity].bucket < contexts[entity].minimum {
      hold(entity, at: now)
    } else {
      contexts[entity].mustReachMinimum = false
      held.remove(entity)
    }
  }

  private mutating func hold(_ entity: Int32, at now: SimulationTime) {
    let missing = contexts[entity].minimum - contexts[entity].bucket
    let wait = nanoseconds(toFill: missing, atRate: contexts[entity].rate)
    held.hold(entity, until: now + SimulationDuration(nanoseconds: wait))
  }

  /// Advances the second clock to where the first held context has its minimum; lets go of that one,
  /// and has the timer let go of the others that have theirs.
  private mutating func skipIdleTime(at now: SimulationTime) -> Bool {
    var chosen: Int32 = -1
    var least = Int64.max
    for index in 0..<contexts.count {
      let entity = Int32(truncatingIfNeeded: index)
      guard held.contains(entity), contexts[entity].idleRate > 0 else { continue }
      fill(entity, at: now)
      let missing = contexts[entity].minimum - contexts[entity].bucket
      let wait = nanoseconds(toFill: missing, atRate: contexts[entity].idleRate)
      if wait < least { (chosen, least) = (entity, wait) }
    }
    guard chosen >= 0 else { return false }
    idleClock = min(idleClock + least, 1 << 61)
    for index in 0..<contexts.count {
      let entity = Int32(truncatingIfNeeded: index)
      guard entity != chosen, held.contains(entity), contexts[entity].idleRate > 0 else {
        continue
      }
      fill(entity, at: now)
      hold(entity, at: now)
    }
    fill(chosen, at: now)
    contexts[chosen].mustReachMinimum = false
    held.remove(chosen)
    enter(chosen)
    return true
  }
}
