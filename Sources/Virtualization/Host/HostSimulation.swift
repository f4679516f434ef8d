package import DiscreteEvents
import Statistics

/// One run of a host: a pure function of its plan.
package enum HostSimulation {
  /// Runs a plan to the end of its last measured request.
  ///
  /// The run is broken off, and the result is unstable, when the requests of the window are not
  /// done, or its rounds of periodic work have not begun, ten times the objective's response time,
  /// or a tenth of the window, after it.
  ///
  /// - Throws: `ModelError` where the plan cannot be run, where more events are pending than the
  ///   queue holds, and where the run takes more events than its budget; `CancellationError` soon
  ///   after the task is cancelled.
  /// - Parameters:
  ///   - budget: Events that the run may take.
  ///   - pauses: Instants, in ascending order, after whose last event the run calls `pause`; they
  ///     change nothing about the result.
  ///   - pause: Called at each of them with its number, as far as the run gets.
  package static func run(
    _ plan: HostPlan, budget: Int = eventBudget, pausingAt pauses: [SimulationTime] = [],
    _ pause: (Int) -> Void = { _ in }
  ) throws -> RunResult {
    let limits = RunLimits(budget: budget, pauses: pauses)
    return switch plan.processors.policy.algorithm {
    case .startTimeFairQueueing:
      try run(plan, TimeSlicedProcessor<StartTimeFairQueueing>(plan.processors), limits, pause)
    case .tokenBucket:
      try run(plan, TimeSlicedProcessor<VServerTokenBucket>(plan.processors), limits, pause)
    case .borrowedVirtualTime:
      try run(plan, TimeSlicedProcessor<BorrowedVirtualTime>(plan.processors), limits, pause)
    case .host, .o1:
      try run(plan, TimeSlicedProcessor<O1Scheduler>(plan.processors), limits, pause)
    case .completelyFairGroups:
      try run(plan, TimeSlicedProcessor<CompletelyFairGroups>(plan.processors), limits, pause)
    case .firstComeFirstServed:
      try run(plan, TimeSlicedProcessor<FirstComeFirstServed>(plan.processors), limits, pause)
    case .processorSharing: try run(plan, ProcessorSharing(plan.processors), limits, pause)
    }
  }

  /// Guests that a scenario may have in all.
  package static var mostGuests: Int { 1_000_000 }

  /// Users of closed arrivals that a run may have in all: each has a pending event from the start.
  package static var mostUsers: Int { EventQueue<HostEvent>.maximumPending }

  /// Some hours on the machine it was chosen on; far more than any scenario of practical size.
  package static var eventBudget: Int { 20_000_000_000 }

  /// What ends or interrupts a run beside its model.
  private struct RunLimits {
    var budget: Int
    var pauses: [SimulationTime]
  }

  private static func run<P: ProcessorModel & ~Copyable>(
    _ plan: HostPlan, _ processors: consuming P, _ limits: RunLimits, _ pause: (Int) -> Void
  ) throws -> RunResult {
    let model = HostModel(plan, try HostPreparation(plan), processors: processors)
    let grace = max(10 * model.objective, (model.windowEnd - model.windowStart) / 10)
    let end = model.windowEnd + grace
    var simulation = Simulation(model, reservingPending: 3 * plan.guestClasses.count + 64)
    simulation.model.scheduleFirstEvents(plan, &simulation.scheduler)
    var reason = StopReason.timeReached
    for (number, instant) in limits.pauses.enumerated() where reason == .timeReached {
      reason = try advance(&simulation, until: min(instant, end), budget: limits.budget)
      if reason == .timeReached { pause(number) }
    }
    if reason == .timeReached {
      reason = try advance(&simulation, until: end, budget: limits.budget)
    }
    return simulation.model.result(
      of: plan, at: simulation.now, counts: simulation.counts, reason: reason)
  }

  /// Events between two looks at the budget and at whether the task was cancelled.
  private static var chunk: Int { 1 << 20 }

  /// Chunks within which time may stand still: more events than can be pending at one instant.
  private static var patience: Int { 32 }

  private static func advance<P: ProcessorModel & ~Copyable>(
    _ simulation: inout Simulation<HostModel<P>>, until end: SimulationTime, budget: Int
  ) throws -> StopReason {
    var (before, stalled) = (simulation.now, 0)
    while true {
      let left = budget - simulation.counts.handled
      let reason = simulation.run(until: end, maximumEvents: min(chunk, left))
      switch reason {
      case .timeReached, .noMoreEvents, .stoppedByModel: return reason
      case .queueExhausted(let failure):
        throw ModelError(
          .tooManyEvents,
          failure.code == .tooManyPending
            ? "more than \(failure.limit) pending events at \(simulation.now) of simulated time; "
              + "simulate fewer guests, users or requests at once"
            : "more than \(failure.limit) events were scheduled by \(simulation.now) of simulated "
              + "time; shorten `run.duration` or simulate fewer requests")
      case .eventLimitReached:
        guard simulation.counts.handled < budget else {
          throw ModelError(
            .tooManyEvents,
            "more than \(budget) events by \(simulation.now) of simulated time; shorten "
              + "`run.duration`, simulate fewer requests, or give the scheduler longer slices")
        }
        stalled = simulation.now == before ? stalled + 1 : 0
        before = simulation.now
        guard stalled < patience else {
          throw ModelError(
            .tooManyEvents,
            "time stands still at \(before) of simulated time, with one event after the other; "
              + "give requests, users or periodic work a time that they take")
        }
        try Task.checkCancellation()
      }
    }
  }
}

/// What can fail while a run is prepared, done before the model is made.
struct HostPreparation {
  var positioning: Distribution
  var memory: MemorySimulation
  var guests: [GuestInRun]
  var users: Int

  init(_ plan: HostPlan) throws(ModelError) {
    let host = plan.scenario.host
    positioning = try Self.checked("host \(host.id): positioning time") {
      host.disk.positioningVariation.value > 0
        ? try .gamma(
          mean: host.disk.positioningTime.value,
          coefficientOfVariation: host.disk.positioningVariation.value)
        : try .deterministic(value: host.disk.positioningTime.value)
    }
    let requestRates = try plan.requestRates()
    do throws(MemoryError) {
      memory = try MemorySimulation(
        host: host, approach: plan.approach, classes: plan.scenario.guests,
        assignment: plan.guestClasses, requestRates: requestRates)
    } catch {
      throw ModelError(error)
    }
    (guests, users) = try Self.guestStates(plan)
  }

  private static func guestStates(
    _ plan: HostPlan
  ) throws(ModelError) -> (states: [GuestInRun], users: Int) {
    var states: [GuestInRun] = []
    var users = 0
    for (guest, classIndex) in plan.guestClasses.enumerated() {
      let workload = plan.scenario.guests[classIndex].workload
      var state = GuestInRun(
        classIndex: Int32(classIndex), spindle: Int32(plan.guestSpindles[guest]),
        arrivals: RandomStream(
          StreamKey(
            seed: plan.scenario.controls.seed, role: .arrival,
            guest: UInt32(truncatingIfNeeded: guest),
            replication: UInt32(truncatingIfNeeded: plan.replication))))
      switch plan.approach.topology.deviceService {
      case .inKernel: break
      case .driverDomain: state.backend = Int32(plan.firstBackend)
      case .threadPerGuest: state.backend = Int32(plan.firstBackend + guest)
      }
      switch workload.arrival {
      case .poisson: break
      case .bursty(let rate, let peak, let burst, let share):
        var arrivals = state.arrivals
        state.bursts = try checked("workload \(workload.id): bursty arrivals") {
          try MarkovModulatedArrivals(
            meanRate: rate.value, peakToMean: peak.value, meanBurst: burst.value,
            shareInBursts: share.value, stream: &arrivals)
        }
        state.arrivals = arrivals
      case .closed(let count, _):
        state.firstUser = Int32(users)
        users += Int(clamping: count.value)
        guard users <= HostSimulation.mostUsers else {
          throw ModelError(
            .tooManyEvents,
            "more than \(HostSimulation.mostUsers) pending events; simulate fewer guests or users "
              + "at once"
          )
        }
      }
      states.append(state)
    }
    return (states, users)
  }

  private static func checked<T>(
    _ what: String, _ make: () throws -> T
  ) throws(ModelError) -> T {
    do { return try make() } catch {
      throw ModelError(.invalidValue, "\(what): \(error)")
    }
  }
}

extension HostModel where P: ~Copyable {
  /// The state of a host before the first event.
  init(_ plan: HostPlan, _ prepared: HostPreparation, processors: consuming P) {
    let scenario = plan.scenario
    let controls = scenario.controls
    self.processors = processors
    let drive = scenario.host.disk
    disk = DeviceStation(
      channels: drive.channelCount / drive.spindles, groups: drive.spindles)
    sharesDiskTransfer = drive.kind == .solidState
    diskRate = drive.transferRate.value
    requests = Pool(reserving: 4 * plan.guestClasses.count + 64)
    firstBackend = Int32(plan.firstBackend)
    firstTicker = Int32(plan.firstTicker)
    seed = controls.seed
    replication = UInt32(truncatingIfNeeded: plan.replication)
    windowStart = SimulationTime(seconds: controls.warmupSeconds)
    windowEnd = windowStart + SimulationDuration(seconds: controls.seconds)
    flusher = FlusherParameters(scenario.host.kernel.memory)
    domains = Table(repeating: DirtyDomain(), count: plan.guestClasses.count + 1)
    objective = SimulationDuration(seconds: scenario.objective.responseSeconds)
    linkRate = scenario.host.network.rate.value
    segmentBytes = scenario.host.network.segmentBytes.value
    sampleInterval = SimulationDuration(
      seconds: (controls.warmupSeconds + controls.seconds) / Double(Self.sampleCount))
    var stages: [Stage] = []
    var parameters: [ClassParameters] = []
    for (guest, program) in zip(scenario.guests, plan.programs) {
      parameters.append(
        ClassParameters(program, of: guest.workload, firstStage: stages.count))
      stages.append(contentsOf: program.stages)
    }
    self.stages = Table(stages)
    stageCounters = Table(repeating: StageCounters(), count: stages.count)
    classes = Table(parameters)
    counters = Table(repeating: ClassCounters(), count: parameters.count)
    demands = scenario.guests.map { ClassDemands($0.workload) }
    histograms = scenario.guests.map { _ in LatencyHistogram() }
    backendBursts = Table(repeating: 0, count: plan.firstTicker - plan.firstBackend)
    positioning = prepared.positioning
    memory = prepared.memory
    guests = Table(prepared.guests)
    userRequests = Table(repeating: 0, count: prepared.users)
    samples.reserveCapacity(Self.sampleCount + 2)
  }

  static var sampleCount: Int { 400 }

  /// Schedules what starts a run: first arrivals or first thoughts of users, rounds, the window.
  mutating func scheduleFirstEvents(_ plan: HostPlan, _ scheduler: inout Scheduler<HostEvent>) {
    scheduler.schedule(.windowOpens, at: windowStart)
    scheduler.schedule(.sample, at: .zero)
    for (guest, classIndex) in plan.guestClasses.enumerated() {
      let workload = plan.scenario.guests[classIndex].workload
      var phases = RandomStream(
        StreamKey(
          seed: seed, role: .background, guest: UInt32(truncatingIfNeeded: guest),
          replication: replication))
      switch workload.arrival {
      case .poisson, .bursty: scheduleArrival(of: Int32(guest), at: .zero, &scheduler)
      case .closed(let users, _):
        for user in 0..<Int32(clamping: users.value) {
          let seconds = demands[classIndex].thinkTime.draw(&phases)
          scheduler.schedule(
            .askAgain(guest: Int32(guest), user: user), after: SimulationDuration(seconds: seconds))
        }
      }
      let parameters = classes[classIndex]
      if parameters.hasRounds {
        let phase = parameters.backgroundPeriod.seconds * phases.uniform()
        scheduler.schedule(
          .backgroundRound(guest: Int32(guest)), after: SimulationDuration(seconds: phase))
      }
      if parameters.ticksWhenIdle {
        let phase = parameters.idleTickSlice.seconds * phases.uniform()
        scheduler.schedule(
          .idleTicks(guest: Int32(guest)), after: SimulationDuration(seconds: phase))
      }
    }
    scheduler.schedule(.windowCloses, at: windowEnd)
    beginTouching(at: .zero, &scheduler)
    beginFlushing(plan, &scheduler)
  }
}

extension ClassParameters {
  init(_ program: RequestProgram, of workload: Workload, firstStage: Int) {
    let interarrival: Double
    switch workload.arrival {
    case .poisson(let rate), .bursty(let rate, _, _, _): interarrival = 1 / rate.value
    case .closed: interarrival = .infinity
    }
    self.init(
      firstStage: Int32(firstStage), endStage: Int32(firstStage + program.requestStages),
      endOfRound: Int32(firstStage + program.roundEnd),
      swapStage: Int32(firstStage + program.receivingStages),
      requestSwapping: program.requestSwapping.moved(by: firstStage),
      touching: program.touching.moved(by: firstStage),
      flushBegin: Int32(firstStage + program.flushing.lowerBound),
      flushEnd: Int32(firstStage + program.flushing.upperBound),
      workers: Int32(clamping: workload.workers.value),
      backlog: Int32(clamping: workload.backlog.value), meanInterarrival: interarrival,
      userScale: program.userScale, wakeupSeconds: program.wakeupItems.total,
      tickShare: program.tickItemsPerSecond.total,
      idleTickSeconds: program.idleTickItems.total, idleTickRate: program.idleTickRate,
      idleTickSlice: SimulationDuration(seconds: program.idleTickSlice),
      hasRounds: program.hasRounds,
      backgroundPeriod: SimulationDuration(seconds: program.backgroundPeriod),
      backgroundUserSeconds: program.backgroundUserSeconds)
  }
}

extension ClassDemands {
  init(_ workload: Workload) {
    userComputation = workload.userComputation
    responseBytes = workload.responseBytes
    switch workload.arrival {
    case .poisson, .bursty: thinkTime = workload.userComputation
    case .closed(_, let time): thinkTime = time
    }
  }
}
