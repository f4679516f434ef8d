import DiscreteEvents

// How cores change hands.
extension TimeSlicedProcessor where S: ~Copyable {
  /// Tells level one whether the entity wants a core, where that has changed.
  @inline(__always)
  mutating func updateEligibility(
    of entity: Int32, wokeUp: Bool = false, at now: SimulationTime
  ) {
    // Who wanted none before either waits for nothing.
    guard entities[entity].wantsCore || entities[entity].isEligible else { return }
    Self.updateEligibility(of: entity, &entities[entity], &level1, wokeUp: wokeUp, at: now)
  }

  // All in place at once, so that each is looked up and checked once.
  private static func updateEligibility(
    of entity: Int32, _ state: inout EntityState, _ level1: inout S, wokeUp: Bool,
    at now: SimulationTime
  ) {
    let isEligible = state.wantsCore
    if isEligible != state.isEligible {
      state.isEligible = isEligible
      if isEligible {
        level1.makeEligible(entity, wokeUp: wokeUp, at: now)
      } else {
        level1.makeIneligible(entity, at: now)
      }
    }
    state.updateWaiting(isHeld: isEligible && level1.isHeld(entity), at: now)
  }

  /// Remembers that so many tasks of an entity may look for a core to take over.
  @inline(__always)
  mutating func noteWoken(_ entity: Int32, tasks: Int32) {
    entities[entity].wokenTasks &+= tasks
    guard entities[entity].wokenTasks == tasks else { return }
    woken[wokenCount] = entity
    wokenCount += 1
  }

  /// A core's event: its burst is done, or its task's or its entity's slice is over.
  @inline(__always)
  mutating func endQuantum(_ core: Int, at now: SimulationTime) -> CompletedBurst? {
    cores[core].event = .none
    let job = cores[core].job
    guard job >= 0 else { return nil }
    let index = Pool<ProcessorJob>.Index(rawValue: job)
    let entity = cores[core].entity
    let isDone = Self.endQuantum(
      &cores[core], &jobs[index], entities[entity], time: &entityTimes[entity], at: now)
    vacant[vacantCount] = Int32(truncatingIfNeeded: core)
    vacantCount += 1
    guard isDone else {
      Self.wait(index, &jobs, &entities[entity])
      return nil
    }
    level1.taskLeft(entity, at: now)
    return CompletedBurst(jobs.remove(index))
  }

  /// Takes the task off the core; whether it is done.
  @inline(__always)
  private static func endQuantum(
    _ core: inout CoreState, _ job: inout ProcessorJob, _ entity: borrowing EntityState,
    time: inout SimulationDuration, at now: SimulationTime
  ) -> Bool {
    account(&core, &job, isFair: entity.queue.kind == .fair, time: &time, at: now)
    core.job = -1
    if job.remaining == 0 && core.switchLeft == 0 && core.refillLeft == 0 { return true }
    job.startWaiting(entity, at: now)
    return false
  }

  /// Puts back a task whose slice, or whose entity's, is over.
  private static func wait(
    _ index: Pool<ProcessorJob>.Index, _ jobs: inout Pool<ProcessorJob>,
    _ entity: inout EntityState
  ) {
    if jobs[index].sliceLeft == 0 {
      entity.queue.insertExpired(index.rawValue, &jobs)
    } else {
      entity.queue.insertPaused(index.rawValue, &jobs)
    }
  }

  @inline(__always)
  private mutating func startWaiting(_ job: Pool<ProcessorJob>.Index, at now: SimulationTime) {
    jobs[job].startWaiting(entities[jobs[job].entity], at: now)
  }

  /// Gives vacant cores to the next task of the entity that has them, or takes them away from it.
  @inline(__always)
  mutating func continueVacantCores<E: ProcessorEventCarrier>(
    at now: SimulationTime, _ scheduler: inout Scheduler<E>
  ) {
    for position in 0..<vacantCount {
      let core = Int(vacant[position])
      let entity = cores[core].entity
      if cores[core].stayEnd > now && entities[entity].queue.count > 0 {
        runNext(on: core, at: now, &scheduler)
      } else {
        release(core, at: now)
      }
      updateEligibility(of: entity, at: now)
    }
    vacantCount = 0
  }

  /// Ends an entity's stay on a core, which becomes idle.
  @inline(__always)
  private mutating func release(_ core: Int, at now: SimulationTime) {
    let entity = cores[core].entity
    level1.charge(entity, ran: now - cores[core].stayStart, at: now)
    entities[entity].running -= 1
    entities[entity].lastCore = Int32(truncatingIfNeeded: core)
    cores[core].entity = -1
    idle.insert(core)
  }

  @inline(__always)
  mutating func fillIdleCores<E: ProcessorEventCarrier>(
    at now: SimulationTime, _ scheduler: inout Scheduler<E>
  ) {
    while idle.count > 0 {
      guard let decision = level1.choose(at: now) else { return }
      let last = Int(entities[decision.entity].lastCore)
      beginStay(decision, on: idle.contains(last) ? last : idle.first, at: now, &scheduler)
    }
  }

  /// Gives an idle core to an entity.
  private mutating func beginStay<E: ProcessorEventCarrier>(
    _ decision: SchedulingDecision, on core: Int, at now: SimulationTime,
    _ scheduler: inout Scheduler<E>
  ) {
    let entity = decision.entity
    idle.remove(core)
    cores[core].beginStay(of: entity, at: now)
    entities[entity].running += 1
    entities[entity].lastCore = Int32(truncatingIfNeeded: core)
    load(entity, on: core)
    runNext(on: core, slice: decision.slice, at: now, &scheduler)
    updateEligibility(of: entity, at: now)
  }

  /// Loads a core with an entity; sets what that costs.
  @inline(__always)
  private mutating func load(_ entity: Int32, on core: Int) {
    let loaded = cores[core].loadedEntity
    guard loaded != entity else { return }
    // What is left to be paid for the entity that was interrupted may not be paid twice.
    if entities[entity].isTransient, cores[core].switchLeft == 0, cores[core].refillLeft == 0 {
      return
    }
    if loaded >= 0 {
      refills.leave(loaded, core: core, refillLeft: cores[core].refillLeft)
      cores[core].switchLeft = entities[entity].entitySwitch
      entitySwitches += 1
    }
    cores[core].refillLeft = refills.refill(entity, core: core)
    cores[core].loadedEntity = entity
    cores[core].loadedTask = -1
  }

  /// Starts the entity's next task on a core that it has.
  ///
  /// - Parameter slice: The length of the stay, where it begins with this task.
  private mutating func runNext<E: ProcessorEventCarrier>(
    on core: Int, slice: SimulationDuration? = nil, at now: SimulationTime,
    _ scheduler: inout Scheduler<E>
  ) {
    let entity = cores[core].entity
    let end = Self.runNext(
      on: &cores[core], of: &entities[entity], &jobs, slice: slice, at: now, &taskSwitches)
    if !scheduler.reschedule(&cores[core].event, at: end) {
      cores[core].event = scheduler.schedule(
        .processor(.quantumEnd(core: Int32(truncatingIfNeeded: core))), at: end)
    }
  }

  /// Starts the entity's next task on a core; returns when that ends or is interrupted.
  @inline(__always)
  private static func runNext(
    on core: inout CoreState, of entity: inout EntityState, _ jobs: inout Pool<ProcessorJob>,
    slice: SimulationDuration?, at now: SimulationTime, _ taskSwitches: inout Int
  ) -> SimulationTime {
    let job = Pool<ProcessorJob>.Index(
      rawValue: entity.queue.removeNext(running: entity.running - 1, &jobs))
    core.job = job.rawValue
    let (task, work) = jobs[job].endWait(at: now, heldClock: entity.heldClock(at: now))
    if core.load(task: task, taskSwitch: entity.taskSwitch) { taskSwitches += 1 }
    return core.start(work: SimulationDuration(nanoseconds: work), slice: slice, at: now)
  }

  /// Lets entities with new work take over cores, and new tasks take over from their siblings.
  @inline(__always)
  mutating func preemptForWoken<E: ProcessorEventCarrier>(
    at now: SimulationTime, _ scheduler: inout Scheduler<E>
  ) {
    for position in 0..<wokenCount {
      let entity = woken[position]
      var attempts = entities[entity].wokenTasks
      entities[entity].wokenTasks = 0
      while attempts > 0 && entities[entity].queue.count > 0 {
        attempts -= 1
        if entities[entity].isEligible {
          guard entities[entity].waiting == .forCore,
            takeOverCore(for: entity, at: now, &scheduler)
          else { break }
        } else {
          guard entities[entity].queue.isPreemptive,
            takeOverFromSibling(in: entity, at: now, &scheduler)
          else { break }
        }
      }
    }
    wokenCount = 0
  }

  /// Looks for a core that level one would rather give to an entity; false when there is none.
  private mutating func takeOverCore<E: ProcessorEventCarrier>(
    for entity: Int32, at now: SimulationTime, _ scheduler: inout Scheduler<E>
  ) -> Bool {
    var core = Int(entities[entity].lastCore)
    for _ in 0..<cores.count {
      let running = cores[core].entity
      if running >= 0 && running != entity
        && level1.preempts(
          entity, running: running, ranSoFar: now - cores[core].stayStart, at: now)
      {
        account(core, at: now)
        let job = cores[core].job
        startWaiting(Pool<ProcessorJob>.Index(rawValue: job), at: now)
        entities[running].queue.insertPaused(job, &jobs)
        cores[core].job = -1
        release(core, at: now)
        updateEligibility(of: running, at: now)
        preemptions += 1
        fillIdleCores(at: now, &scheduler)
        if cores[core].entity < 0 {
          scheduler.cancel(cores[core].event)
          cores[core].event = .none
        }
        return true
      }
      core += 1
      if core == cores.count { core = 0 }
    }
    return false
  }

  /// Looks for a running task that the entity's first ready one takes over from.
  ///
  /// The choice among several depends on the tasks alone, not on the cores that they are on, so
  /// that the slices of level one cannot influence it.
  private mutating func takeOverFromSibling<E: ProcessorEventCarrier>(
    in entity: Int32, at now: SimulationTime, _ scheduler: inout Scheduler<E>
  ) -> Bool {
    let victim = Self.sibling(in: entity, entities[entity].queue, cores, jobs, at: now)
    guard victim >= 0 else { return false }
    let running = Pool<ProcessorJob>.Index(rawValue: cores[victim].job)
    account(victim, at: now)
    startWaiting(running, at: now)
    entities[entity].queue.insertPreempted(running.rawValue, &jobs)
    preemptions += 1
    runNext(on: victim, at: now, &scheduler)
    return true
  }

  /// The core of the running task that an entity's first ready one takes over from; -1 for none.
  @inline(__always)
  private static func sibling(
    in entity: Int32, _ queue: borrowing TaskQueue, _ cores: borrowing Table<CoreState>,
    _ jobs: borrowing Pool<ProcessorJob>, at now: SimulationTime
  ) -> Int {
    let isFair = queue.kind == .fair
    var victim = -1
    var largest = (rank: Int64.min, task: Int32.min)
    for core in 0..<cores.count where cores[core].entity == entity {
      let running = Pool<ProcessorJob>.Index(rawValue: cores[core].job)
      let elapsed = (now - cores[core].accountedTo).nanoseconds
      let key = jobs[running].key &+ elapsed
      guard queue.preempts(running, key: key, jobs) else { continue }
      let rank = (rank: isFair ? key : elapsed &- jobs[running].sliceLeft, task: jobs[running].task)
      if victim < 0 || rank > largest { (victim, largest) = (core, rank) }
    }
    return victim
  }

  /// Keeps one event pending for the time that level one asks for.
  @inline(__always)
  mutating func updateTimer<E: ProcessorEventCarrier>(_ scheduler: inout Scheduler<E>) {
    let wanted = level1.nextTimer ?? .max
    guard wanted != timerTime else { return }
    timerTime = wanted
    if wanted == .max {
      scheduler.cancel(timer)
      timer = .none
    } else if !scheduler.reschedule(&timer, at: wanted) {
      timer = scheduler.schedule(.processor(.timer), at: wanted)
    }
  }
}

// What changes on one core or task only, in place, so that it is looked up and checked once.

extension CoreState {
  /// Ends the idle time; the entity's stay begins.
  @inline(__always)
  fileprivate mutating func beginStay(of entity: Int32, at now: SimulationTime) {
    idle &+= (now - accountedTo).nanoseconds
    accountedTo = now
    self.entity = entity
    stayStart = now
  }

  /// Loads a task, if of the entity that the core is loaded with; whether that is a switch.
  @inline(__always)
  fileprivate mutating func load(task: Int32, taskSwitch: Int64) -> Bool {
    guard loadedEntity == entity, loadedTask != task else { return false }
    let isSwitch = loadedTask >= 0
    if isSwitch { switchLeft = taskSwitch }
    loadedTask = task
    return isSwitch
  }

  /// Starts work, with a slice where the stay begins with it; returns when it ends or is
  /// interrupted.
  @inline(__always)
  fileprivate mutating func start(
    work: SimulationDuration, slice: SimulationDuration?, at now: SimulationTime
  ) -> SimulationTime {
    accountedTo = now
    let begin = now + SimulationDuration(nanoseconds: switchLeft &+ refillLeft)
    if let slice { stayEnd = begin + slice }
    return min(begin + work, stayEnd)
  }
}

extension ProcessorJob {
  /// Divides the wait that ends now into throttling and contention; returns what runs, and for how
  /// long it may.
  @inline(__always)
  fileprivate mutating func endWait(
    at now: SimulationTime, heldClock: Int64
  ) -> (task: Int32, work: Int64) {
    let waited = now.nanoseconds &- readySince
    let held = heldClock &- heldAtReady
    throttled &+= held
    contention &+= waited &- held
    return (task, min(remaining, sliceLeft))
  }

  @inline(__always)
  fileprivate mutating func startWaiting(_ entity: borrowing EntityState, at now: SimulationTime) {
    readySince = now.nanoseconds
    heldAtReady = entity.heldClock(at: now)
  }
}

extension CompletedBurst {
  @inline(__always)
  fileprivate init(_ job: ProcessorJob) {
    self.init(
      task: job.task, entity: job.entity, work: SimulationDuration(nanoseconds: job.work),
      contention: SimulationDuration(nanoseconds: job.contention),
      throttled: SimulationDuration(nanoseconds: job.throttled),
      switching: SimulationDuration(nanoseconds: job.switching),
      refill: SimulationDuration(nanoseconds: job.refill))
  }
}
