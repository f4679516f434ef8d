package import DiscreteEvents

/// The scheduler of Linux-VServer: token buckets of contexts over the O(1) scheduler.
///
/// Sources: `kernel/vserver/sched.c`, `sched_init.h` and `include/linux/vs_sched.h` of the
/// Linux-VServer patch for 2.6 (github.com/linux-scraping/linux-vserver); "Linux-VServer Paper",
/// section "Token Bucket Extensions" (linux-vserver.org).
///
/// - A context that sets neither of the flags `sched_hard` and `sched_prio` is scheduled by the
///   O(1) scheduler as if there were no contexts, its sleep bonus included: `vx_schedule`,
///   `vx_need_resched` and `vx_adjust_prio` look at the flags first. Here these are the contexts
///   without a limit, except in the mode `soft`.
/// - Running costs one token per tick of the host's kernel. A bucket gains the entity's limit in
///   tokens up to its maximum (HZ / 2), from a start of HZ / 4, with HZ ticks per second.
/// - In the mode `hard` (flag `sched_hard`) a context with a limit is held back at no tokens, until
///   it has the minimum (HZ / 16). Its priority is that of O(1).
/// - In the mode `idle-time` (`VXSM_IDLE_TIME`, development releases 2.1 of 2006) likewise; but
///   when a core would be idle while contexts are held, a second clock is advanced to where the
///   first of them has its minimum (`vx_try_skip`). That clock fills the buckets of all of them, at
///   `idle-fill-rate` times the entity's weight per `idle-fill-interval`, so idle time is divided
///   by these rates.
/// - In the mode `soft` (flag `sched_prio`) nobody is held back, and every context has a bucket,
///   which without a limit gains `fill-rate` tokens per `fill-interval` ticks (1 per 4). Its level
///   is added to the priority by sleep, from 5 levels better (full) to 15 worse (empty), with the
///   square of what is missing (`vx_effective_vavavoom`).
///
/// Simplifications. Tokens flow evenly instead of by tick. The kernel has a bucket per context and
/// core; here a context has one, as large and as fast as those of all processors that it may use
/// together, so that its tokens are never stranded where it does not run and one task may use what
/// would fill several buckets. After the second clock has moved, the kernel's held contexts
/// look at their buckets one after the other; here all that have their minimum by then are let go
/// of at that instant. Who is let go of comes back into the array that it was in (the kernel: into
/// the expired one). A context with an empty bucket keeps its slice in the mode `soft` (the kernel:
/// it ends at every tick).
package struct VServerTokenBucket: HostScheduler, ~Copyable {
  /// The bucket of a context with one of the flags.
  struct Bucket: BitwiseCopyable {
    /// Nanoseconds of core time, times 1024.
    var level: Int64
    /// 1024ths of a core.
    var rate: Int64
    /// 1024ths of a core by the second clock; 0 without a claim to idle time.
    var idleRate: Int64 = 0
    var minimum: Int64
    var maximum: Int64
    var updated = SimulationTime.zero
    var idleUpdated: Int64 = 0
    var running: Int32 = 0
    var flag = Flag.none
    /// Whether it has run out of tokens and not had the minimum since.
    var mustReachMinimum = false
    var isEligible = false
    /// Whether the O(1) scheduler takes it for eligible.
    var isEntered = false
  }

  enum Flag: UInt8 {
    case none
    case hard
    case priority
  }

  private var processes: O1Scheduler
  private var buckets: Table<Bucket>
  private var held: HeldEntities
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
    buckets = Table(
      repeating: Bucket(level: start, rate: fill, minimum: minimum, maximum: maximum),
      count: count)
    for (index, entity) in configuration.entities.enumerated() {
      let processors = Int64(min(max(entity.processors, 1), max(configuration.cores, 1)))
      // No more than can be added up.
      let most = (1 << 59) / processors
      buckets[index].level = min(start, most) * processors
      buckets[index].minimum = min(max(minimum, 1), maximum, most) * processors
      buckets[index].maximum = min(maximum, most) * processors
      buckets[index].rate *= processors
      if mode == .soft { buckets[index].flag = .priority }
      if let limit = entity.limit, limit.isFinite {
        if mode != .soft { buckets[index].flag = .hard }
        if mode == .idleTime {
          buckets[index].idleRate = Self.rate(idleFill * entity.weight, per: idleInterval)
        }
        buckets[index].rate = Int64(clamping: min(max(limit * 1024, 1), 0x1p30).rounded())
      }
    }
    processes = O1Scheduler(configuration)
    held = HeldEntities(entities: count)
  }

  package mutating func taskArrived(_ entity: Int32, at now: SimulationTime) {
    processes.taskArrived(entity, at: now)
  }

  package mutating func taskLeft(_ entity: Int32, at now: SimulationTime) {
    processes.taskLeft(entity, at: now)
  }

  package mutating func makeEligible(_ entity: Int32, wokeUp: Bool, at now: SimulationTime) {
    processes.makeEligible(entity, wokeUp: wokeUp, at: now)
    guard buckets[entity].flag != .none else { return }
    buckets[entity].isEligible = true
    buckets[entity].isEntered = true
    fill(entity, at: now)
    look(at: entity, at: now)
  }

  package mutating func makeIneligible(_ entity: Int32, at now: SimulationTime) {
    processes.makeIneligible(entity, at: now)
    buckets[entity].isEligible = false
    buckets[entity].isEntered = false
    held.remove(entity)
  }

  package mutating func choose(at now: SimulationTime) -> SchedulingDecision? {
    var choice = processes.choose(at: now)
    if choice == nil && sharesIdleTime && skipIdleTime(at: now) {
      choice = processes.choose(at: now)
    }
    guard var decision = choice else { return nil }
    let entity = decision.entity
    buckets[entity].running += 1
    if buckets[entity].flag == .hard {
      fill(entity, at: now)
      let burn = Int64(buckets[entity].running) * 1024 - buckets[entity].rate
      if burn > 0 {
        let left = max(nanoseconds(toFill: buckets[entity].level, atRate: burn), 1)
        decision.slice = min(decision.slice, SimulationDuration(nanoseconds: left))
      }
    }
    return decision
  }

  package mutating func charge(
    _ entity: Int32, ran: SimulationDuration, at now: SimulationTime
  ) {
    processes.charge(entity, ran: ran, at: now)
    buckets[entity].running -= 1
    guard buckets[entity].flag != .none else { return }
    // Charged first: a full bucket gains nothing, but this run has made room in it.
    buckets[entity].level = max(buckets[entity].level - charged(ran), deepestOverdraft)
    fill(entity, at: now)
    look(at: entity, at: now)
  }

  package func preempts(
    _ entity: Int32, running: Int32, ranSoFar: SimulationDuration, at now: SimulationTime
  ) -> Bool {
    processes.preempts(entity, running: running, ranSoFar: ranSoFar, at: now)
  }

  package func isHeld(_ entity: Int32) -> Bool { held.contains(entity) }

  package var nextTimer: SimulationTime? { held.nextTime }

  package mutating func timer(at now: SimulationTime) {
    while let entity = held.removeDue(at: now) {
      fill(entity, at: now)
      if buckets[entity].level < buckets[entity].minimum {
        hold(entity, at: now)
      } else {
        buckets[entity].mustReachMinimum = false
        held.noteReleased(entity)
      }
      enter(entity, at: now)
    }
  }

  package mutating func nextReleased() -> Int32? { held.nextReleased() }

  private static func rate(_ tokens: Double, per ticks: Double) -> Int64 {
    ticks > 0 ? max(Int64(clamping: min((tokens / ticks * 1024).rounded(), 0x1p40)), 0) : 0
  }

  /// Tells the O(1) scheduler whether the context is there for it.
  ///
  /// Being held is no sleep: a context comes back without having woken up.
  private mutating func enter(_ entity: Int32, at now: SimulationTime) {
    let isThere = buckets[entity].isEligible && !held.contains(entity)
    guard isThere != buckets[entity].isEntered else { return }
    buckets[entity].isEntered = isThere
    if isThere {
      processes.makeEligible(entity, wokeUp: false, at: now)
    } else {
      processes.makeIneligible(entity, at: now)
    }
  }

  /// Draws the consequence of what is in a bucket.
  private mutating func look(at entity: Int32, at now: SimulationTime) {
    switch buckets[entity].flag {
    case .none: break
    case .hard:
      if buckets[entity].isEligible { holdIfEmpty(entity, at: now) }
      enter(entity, at: now)
    case .priority:
      buckets[entity].level = max(buckets[entity].level, 0)
      processes.setPenalty(penalty(of: buckets[entity]), of: entity)
    }
  }

  /// By how many levels of priority a bucket makes its context worse, in whole numbers as the
  /// kernel.
  private func penalty(of bucket: Bucket) -> Int64 {
    guard bucket.maximum > 0 else { return 0 }
    let missing = Double(bucket.maximum - bucket.level) / Double(bucket.maximum)
    return Int64((20 * (missing * missing - 0.25)).rounded(.towardZero))
  }

  private mutating func fill(_ entity: Int32, at now: SimulationTime) {
    let bucket = buckets[entity]
    let room = max(bucket.maximum - bucket.level, 0)
    let elapsed = (now - bucket.updated).nanoseconds
    let useful = min(elapsed, nanoseconds(toFill: room, atRate: bucket.rate))
    var gain = useful * bucket.rate
    if bucket.idleRate > 0 {
      let skipped = min(
        idleClock - bucket.idleUpdated, nanoseconds(toFill: room, atRate: bucket.idleRate))
      gain += skipped * bucket.idleRate
    }
    buckets[entity].level = min(bucket.level + gain, max(bucket.maximum, bucket.level))
    buckets[entity].updated = now
    buckets[entity].idleUpdated = idleClock
  }

  private mutating func holdIfEmpty(_ entity: Int32, at now: SimulationTime) {
    if buckets[entity].level <= 0 { buckets[entity].mustReachMinimum = true }
    guard buckets[entity].mustReachMinimum else { return }
    if buckets[entity].level < buckets[entity].minimum {
      hold(entity, at: now)
    } else {
      buckets[entity].mustReachMinimum = false
      held.remove(entity)
    }
  }

  private mutating func hold(_ entity: Int32, at now: SimulationTime) {
    let missing = buckets[entity].minimum - buckets[entity].level
    let wait = nanoseconds(toFill: missing, atRate: buckets[entity].rate)
    held.hold(entity, until: now + SimulationDuration(nanoseconds: wait))
  }

  /// Advances the second clock to where the first held context has its minimum; lets go of that
  /// one, and has the timer let go of the others that have theirs.
  private mutating func skipIdleTime(at now: SimulationTime) -> Bool {
    var chosen: Int32 = -1
    var least = Int64.max
    for index in 0..<buckets.count {
      let entity = Int32(truncatingIfNeeded: index)
      guard held.contains(entity), buckets[entity].idleRate > 0 else { continue }
      fill(entity, at: now)
      let missing = buckets[entity].minimum - buckets[entity].level
      let wait = nanoseconds(toFill: missing, atRate: buckets[entity].idleRate)
      if wait < least { (chosen, least) = (entity, wait) }
    }
    guard chosen >= 0 else { return false }
    idleClock = min(idleClock + least, 1 << 61)
    for index in 0..<buckets.count {
      let entity = Int32(truncatingIfNeeded: index)
      guard entity != chosen, held.contains(entity), buckets[entity].idleRate > 0 else {
        continue
      }
      fill(entity, at: now)
      hold(entity, at: now)
    }
    fill(chosen, at: now)
    buckets[chosen].mustReachMinimum = false
    held.remove(chosen)
    enter(chosen, at: now)
    return true
  }
}
