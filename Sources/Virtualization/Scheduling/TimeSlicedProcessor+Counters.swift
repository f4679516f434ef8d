package import DiscreteEvents

// Where core time goes. A core's time since `accountedTo` is paid in the order switch, refill,
// work; what is accounted adds up to what elapsed because each part is a difference of the same
// instants.
extension TimeSlicedProcessor where S: ~Copyable {
  /// How a stretch of time on a core divides, in nanoseconds.
  private struct Parts {
    var switching: Int64
    var refill: Int64
    var work: Int64

    init(_ core: CoreState, upTo now: SimulationTime) {
      let elapsed = (now - core.accountedTo).nanoseconds
      switching = min(elapsed, core.switchLeft)
      refill = min(elapsed &- switching, core.refillLeft)
      work = elapsed &- switching &- refill
    }
  }

  /// Brings the books of a core and of the task on it up to date.
  @inline(__always)
  mutating func account(_ core: Int, at now: SimulationTime) {
    let job = Pool<ProcessorJob>.Index(rawValue: cores[core].job)
    let entity = cores[core].entity
    Self.account(
      &cores[core], &jobs[job], isFair: entities[entity].queue.kind == .fair,
      time: &entityTimes[entity], at: now)
  }

  // All in place at once, so that each is looked up and checked once.
  @inline(__always)
  static func account(
    _ core: inout CoreState, _ job: inout ProcessorJob, isFair: Bool,
    time: inout SimulationDuration,
    at now: SimulationTime
  ) {
    let parts = Parts(core, upTo: now)
    let elapsed = now - core.accountedTo
    job.switching &+= parts.switching
    job.refill &+= parts.refill
    job.remaining &-= parts.work
    if job.sliceLeft != .max { job.sliceLeft &-= parts.work }
    if isFair { job.key &+= elapsed.nanoseconds }
    time += elapsed
    core.switching &+= parts.switching
    core.refill &+= parts.refill
    core.busy &+= parts.work
    core.switchLeft &-= parts.switching
    core.refillLeft &-= parts.refill
    core.accountedTo = now
  }

  package mutating func resetCounters(at now: SimulationTime) {
    for core in 0..<cores.count {
      if cores[core].job >= 0 { account(core, at: now) }
      cores[core].accountedTo = now
      cores[core].busy = 0
      cores[core].switching = 0
      cores[core].refill = 0
      cores[core].idle = 0
    }
    for entity in 0..<entities.count {
      entityTimes[entity] = .zero
      clocksAtReset[entity] = EntityClocks(
        stolen: entities[entity].stolenClock(at: now), held: entities[entity].heldClock(at: now))
    }
    entitySwitches = 0
    taskSwitches = 0
    preemptions = 0
    countedSince = now
  }

  package func counters(at now: SimulationTime) -> ProcessorCounters {
    var result = ProcessorCounters(cores: cores.count, entities: entities.count)
    result.elapsed = now - countedSince
    for entity in 0..<entities.count {
      let state = entities[entity]
      let before = clocksAtReset[entity]
      result.entityTime[entity] = entityTimes[entity]
      result.entitySteal[entity] = SimulationDuration(
        nanoseconds: state.stolenClock(at: now) &- before.stolen)
      result.entityThrottled[entity] = SimulationDuration(
        nanoseconds: state.heldClock(at: now) &- before.held)
    }
    for core in 0..<cores.count {
      let state = cores[core]
      var parts = Parts(state, upTo: now)
      var idle = state.idle
      if state.job < 0 {
        idle &+= (now - state.accountedTo).nanoseconds
        (parts.switching, parts.refill, parts.work) = (0, 0, 0)
      } else {
        result.entityTime[Int(state.entity)] += now - state.accountedTo
      }
      result.busy[core] = SimulationDuration(nanoseconds: state.busy &+ parts.work)
      result.switching[core] = SimulationDuration(
        nanoseconds: state.switching &+ parts.switching)
      result.refill[core] = SimulationDuration(nanoseconds: state.refill &+ parts.refill)
      result.idle[core] = SimulationDuration(nanoseconds: idle)
    }
    result.entitySwitches = entitySwitches
    result.taskSwitches = taskSwitches
    result.preemptions = preemptions
    return result
  }
}
