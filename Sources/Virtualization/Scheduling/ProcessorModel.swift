package import DiscreteEvents

/// What the cores of a host do with bursts of work: the seam between the host model and the ways of
/// sharing cores.
///
/// After a batch of `submit` and `handle` calls within one event, the caller calls `settle` once;
/// only `settle` gives work to cores, so that all that happens at one instant is seen together.
package protocol ProcessorModel: ~Copyable {
  init(_ configuration: ProcessorConfiguration)

  /// Makes a burst ready to run.
  mutating func submit<E: ProcessorEventCarrier>(
    _ burst: Burst, at now: SimulationTime, _ scheduler: inout Scheduler<E>)

  /// Takes an event of the processor's own; returns the burst that it completes, if any.
  mutating func handle<E: ProcessorEventCarrier>(
    _ event: ProcessorEvent, at now: SimulationTime, _ scheduler: inout Scheduler<E>
  )
    -> CompletedBurst?

  /// Gives ready work to free cores and preempts where the algorithm says so.
  mutating func settle<E: ProcessorEventCarrier>(
    at now: SimulationTime, _ scheduler: inout Scheduler<E>)

  /// Forgets what was counted so far; work in progress goes on.
  mutating func resetCounters(at now: SimulationTime)

  /// What was counted since the last reset, up to `now`.
  func counters(at now: SimulationTime) -> ProcessorCounters
}

/// An event of a processor model.
package enum ProcessorEvent: BitwiseCopyable, Sendable {
  /// What a core is running ends: its burst, its slice or its allowance.
  case quantumEnd(core: Int32)
  /// An entity that was held back by a limit, or a periodic accounting, falls due.
  case timer
}

/// An event type that can carry a processor's events.
package protocol ProcessorEventCarrier: BitwiseCopyable {
  static func processor(_ event: ProcessorEvent) -> Self
}

/// A piece of work that a task wants done without a break of its own making.
package struct Burst: BitwiseCopyable, Sendable {
  /// The caller's number for the task; comes back on completion.
  package var task: Int32
  /// The guest, driver domain or thread on whose behalf it runs.
  package var entity: Int32
  /// Work in core time.
  package var work: SimulationDuration
  /// Lower numbers first, where the entity's own scheduler looks at it.
  package var priority: UInt8

  package init(task: Int32, entity: Int32, work: SimulationDuration, priority: UInt8 = 0) {
    self.task = task
    self.entity = entity
    self.work = work
    self.priority = priority
  }
}

/// A burst that is done, with where its time went: from submission to completion these four and
/// the work itself add up exactly.
package struct CompletedBurst: BitwiseCopyable, Sendable {
  package var task: Int32
  package var entity: Int32
  /// The work itself, as submitted.
  package var work: SimulationDuration
  /// Ready while cores did other things.
  package var contention: SimulationDuration
  /// Ready while a limit held the entity back.
  package var throttled: SimulationDuration
  /// Direct cost of the switches that brought it onto a core.
  package var switching: SimulationDuration
  /// Refilling of caches after those switches.
  package var refill: SimulationDuration

  package init(
    task: Int32, entity: Int32, work: SimulationDuration, contention: SimulationDuration,
    throttled: SimulationDuration, switching: SimulationDuration, refill: SimulationDuration
  ) {
    self.task = task
    self.entity = entity
    self.work = work
    self.contention = contention
    self.throttled = throttled
    self.switching = switching
    self.refill = refill
  }
}

/// What a processor model is told of cores and entities before a run.
package struct ProcessorConfiguration: Sendable {
  /// How an entity orders its own ready tasks.
  package enum TaskDiscipline: Sendable, Hashable {
    /// Arrival order, to completion.
    case firstComeFirstServed
    /// Arrival order within priority classes, to completion.
    case nonpreemptivePriority
    /// The O(1) scheduler of Linux 2.6: time slices, woken tasks ahead of those that used theirs
    /// up.
    case o1(slice: SimulationDuration)
    /// Completely fair: smallest virtual run time first.
    case completelyFair(latency: SimulationDuration, minimumGranularity: SimulationDuration)
  }

  /// One guest, driver domain or thread.
  package struct Entity: Sendable {
    /// Share units in the algorithm's own scale (cpuunits, weight).
    package var weight: Double
    /// Core time per elapsed time that it may use; nil for no limit.
    package var limit: Double?
    /// Cores that it can use at once.
    package var processors: Int
    package var discipline: TaskDiscipline
    /// Direct price of switching a core between two of its tasks.
    package var taskSwitch: SimulationDuration
    /// Direct price of switching a core to it from another entity.
    package var entitySwitch: SimulationDuration
    /// Bytes that it touches again and again on a core.
    package var workingSetBytes: Double
    /// Whether it is a driver domain, which some algorithms favor on waking.
    package var isDriver: Bool
    /// What it is to the host's scheduler: nil for as many processes as it has tasks, else that
    /// many of them at most, such as a virtual machine's processors; 1 for a control group.
    package var hostProcesses: Int?
    /// Whether it leaves a core as it found it: its coming and going cost nothing and are no
    /// switch.
    package var isTransient = false

    package init(
      weight: Double, limit: Double?, processors: Int, discipline: TaskDiscipline,
      taskSwitch: SimulationDuration, entitySwitch: SimulationDuration, workingSetBytes: Double,
      isDriver: Bool, hostProcesses: Int? = nil
    ) {
      self.weight = weight
      self.limit = limit
      self.processors = processors
      self.discipline = discipline
      self.taskSwitch = taskSwitch
      self.entitySwitch = entitySwitch
      self.workingSetBytes = workingSetBytes
      self.isDriver = isDriver
      self.hostProcesses = hostProcesses
    }
  }

  package var cores: Int
  package var entities: [Entity]
  /// The algorithm among entities, with its constants.
  package var policy: SchedulingPolicy
  /// The cache of each core.
  package var cache: SetAssociativeCache
  /// Seconds to refill one byte of displaced working set.
  package var refillSecondsPerByte: Double
  /// Seconds between two timer ticks of the host's kernel, by which some schedulers count.
  package var tickSeconds = 0.001

  package init(
    cores: Int, entities: [Entity], policy: SchedulingPolicy, cache: SetAssociativeCache,
    refillSecondsPerByte: Double
  ) {
    self.cores = cores
    self.entities = entities
    self.policy = policy
    self.cache = cache
    self.refillSecondsPerByte = refillSecondsPerByte
  }
}

/// What a processor model counts.
///
/// Per core: busy + switching + refill + idle = elapsed.
package struct ProcessorCounters: Sendable, Equatable {
  package var elapsed: SimulationDuration
  package var busy: [SimulationDuration]
  package var switching: [SimulationDuration]
  package var refill: [SimulationDuration]
  package var idle: [SimulationDuration]
  /// Core time by entity, switching and refill included.
  package var entityTime: [SimulationDuration]
  /// Time in which the entity had a ready task and a free allowance of cores but no core.
  package var entitySteal: [SimulationDuration]
  /// Time in which a limit held the entity back while it had a ready task.
  package var entityThrottled: [SimulationDuration]
  package var entitySwitches: Int
  package var taskSwitches: Int
  package var preemptions: Int

  package init(cores: Int, entities: Int) {
    elapsed = .zero
    busy = Array(repeating: .zero, count: cores)
    switching = busy
    refill = busy
    idle = busy
    entityTime = Array(repeating: .zero, count: entities)
    entitySteal = entityTime
    entityThrottled = entityTime
    entitySwitches = 0
    taskSwitches = 0
    preemptions = 0
  }
}
