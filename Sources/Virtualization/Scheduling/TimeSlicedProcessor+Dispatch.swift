import DiscreteEvents

// How cores change hands.
extension TimeSlicedProcessor where S: ~Copyable {
  /// Tells level one whether the entity wants a core, where that has changed.
  mutating func updateEligibility(
    of entity: Int32, wokeUp: Bool = false, at now: SimulationTime
  ) {
    let isEligible = entities[entity].wantsCore
    if isEligible != entities[entity].isEligible {
      entities[entity].isEligible = isEligible
      if isEligible {
        level1.makeEligible(entity, wokeUp: wokeUp, at: now)
      } else {
        level1.makeIneligible(entity, at: now)
      }
    }
    entities[entity].updateWaiting(isHeld: isEligible && level1.isHeld(entity), at: now)
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
    account(core, at: now)
    let entity = cores[core].entity
    let index = Pool<ProcessorJob>.Index(rawValue: job)
    cores[core].job = -1
    vacant[vacantCount] = Int32(truncatingIfNeeded: core)
    vacantCount += 1
    if jobs[index].remaining == 0 && cores[core].switchLeft == 0 && cores[core].refillLeft == 0 {
      let done = jobs.remove(index)
      return CompletedBurst(
        task: done.task, entity: entity, work: SimulationDuration(nanoseconds: done.work),
        contention: SimulationDuration(nanoseconds: done.contention),
        throttled: SimulationDuration(nanoseconds: done.throttled),
        switching: SimulationDuration(nanoseconds: done.switching),
        refill: SimulationDuration(nanoseconds: done.refill))
    }
    startWaiting(index, at: now)
    if jobs[index].sliceLeft == 0 {
      entities[entity].queue.insertExpired(job, &jobs)
    } else {
      entities[entity].queue.insertPaused(job, &jobs)
    }
    return nil
  }

  @inline(__always)
  private mutating func startWaiting(_ job: Pool<ProcessorJob>.Index, at now: SimulationTime) {
    let heldClock = entities[jobs[job].entity].heldClock(at: now)
    jobs[job].readySince = now.nanoseconds
    jobs[job].heldAtReady = heldClock
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
    level1.charge(
      entity, core: Int32(truncatingIfNeeded: core), ran: now - cores[core].stayStart, at: now)
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
      let first = idle.first
      guard let decision = level1.choose(core: Int32(truncatingIfNeeded: first), at: now) else {
        return
      }
      let last = Int(entities[decision.entity].lastCore)
      beginStay(decision, on: idle.contains(last) ? last : first, at: now, &scheduler)
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
    let running = entities[entity].running - 1
    let job = Pool<ProcessorJob>.Index(
      rawValue: entities[entity].queue.removeNext(running: running, &jobs))
    let heldClock = entities[entity].heldClock(at: now)
    jobs[job].endWait(at: now, heldClock: heldClock)
    cores[core].job = job.rawValue
    if cores[core].load(task: jobs[job].task, taskSwitch: entities[entity].taskSwitch) {
      taskSwitches += 1
    }
    let work = min(jobs[job].remaining, jobs[job].sliceLeft)
    let end = cores[core].start(
      work: SimulationDuration(nanoseconds: work), slice: slice, at: now)
    if !scheduler.reschedule(&cores[core].event, at: end) {
      cores[core].event = scheduler.schedule(
        .processor(.quantumEnd(core: Int32(truncatingIfNeeded: core))), at: end)
    }
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
  /// The choice among several depends on the tasks alone, not on the cores that they are on, so that
  /// the slices of level one cannot influence it.
  private mutating func takeOverFromSibling<E: ProcessorEventCarrier>(
    in entity: Int32, at now: SimulationTime, _ scheduler: inout Scheduler<E>
  ) -> Bool {
    var victim = -1
    var largest = (rank: Int64.min, task: Int32.min)
    for core in 0..<cores.count where cores[core].entity == entity {
      let running = Pool<ProcessorJob>.Index(rawValue: cores[core].job)
      let elapsed = (now - cores[core].accountedTo).nanoseconds
      let key = jobs[running].key &+ elapsed
      guard entities[entity].queue.preempts(running, key: key, jobs) else { continue }
      let isFair = entities[entity].queue.kind == .fair
      let rank = (rank: isFair ? key : elapsed &- jobs[running].sliceLeft, task: jobs[running].task)
      if victim < 0 || rank > largest { (victim, largest) = (core, rank) }
    }
    guard victim >= 0 else { return false }
    let running = Pool<ProcessorJob>.Index(rawValue: cores[victim].job)
    account(victim, at: now)
    startWaiting(running, at: now)
    entities[entity].queue.insertPreempted(running.rawValue, &jobs)
    preemptions += 1
    runNext(on: victim, at: now, &scheduler)
    return true
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

  /// Starts work, with a slice where the stay begins with it; returns when it ends or is interrupted.
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
  /// Divides the wait that ends now into throttling and contention.
  @inline(__always)
  fileprivate mutating func endWait(at now: SimulationTime, heldClock: Int64) {
    let waited = now.nanoseconds &- readySince
    let held = heldClock &- heldAtReady
    throttled &+= held
    contention &+= waited &- held
  }
}
