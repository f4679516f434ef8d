package import DiscreteEvents

/// Cores that work on one burst at a time each, in two levels: the algorithm `S` chooses which
/// entity a core runs and for how long, the entity's own discipline chooses which of its tasks.
///
/// What happens, in the order of a `settle`:
/// - A core whose burst ended, or whose task used up its own slice, goes on with the next ready
///   task of the same entity while the entity's slice lasts; else the entity gives the core up.
/// - Idle cores are given to entities in the order of `S`; an entity gets back its last core if
///   that is idle, else the idle one with the lowest number.
/// - An entity that received work and may use another core takes over that of a running entity
///   where `S` says so, looking at its own last core first; one that runs on all cores that it may
///   use lets the woken task take over from one of its running tasks where its discipline says so.
///
/// A task whose entity loses the core is paused and resumes with what is left of its slice when the
/// entity gets a core again, so that slices of level one are invisible inside an entity that is
/// alone (but for the order of events of two cores that fall on one nanosecond).
///
/// Prices. Switching a core to an entity costs `entitySwitch`, whatever task it then runs, and the
/// refill of `CacheRefill`; switching between tasks of the entity that the core is loaded with
/// costs `taskSwitch`; resuming what a core did last costs nothing, nor does the first switch of a
/// core that ran nothing yet. A transient entity costs only its work and leaves the core loaded as
/// it found it. Slices count from the end of the switch that starts them, so that every
/// slice makes progress whatever the prices are.
///
/// Simplifications. Moving a task between cores costs only what the core then has to load. An
/// entity released by a limit looks for idle cores and for one to take over at once, without a
/// delay for the timer that released it. Paused tasks can resume on any processor of their entity:
/// lock-holder preemption is not modeled here.
///
/// Every event costs O(log n) in entities and tasks, and O(cores) where a woken task looks for a
/// core to take over. Memory is allocated only when more bursts are in progress than ever before.
package struct TimeSlicedProcessor<S: HostScheduler & ~Copyable>: ProcessorModel, ~Copyable {
  var level1: S
  var cores: Table<CoreState>
  var entities: Table<EntityState>
  /// Core time of each entity since the last reset, of as many cores as there are.
  var entityTimes: Table<SimulationDuration>
  var clocksAtReset: Table<EntityClocks>
  var jobs: Pool<ProcessorJob>
  var refills: CacheRefill
  var idle: IdleCores
  /// Cores that are free but still held by an entity until the next `settle`.
  var vacant: Table<Int32>
  var vacantCount = 0
  /// Entities that received work, or were released, since the last `settle`.
  var woken: Table<Int32>
  var wokenCount = 0
  var timer = EventHandle.none
  var timerTime = SimulationTime.max
  var countedSince = SimulationTime.zero
  var entitySwitches = 0
  var taskSwitches = 0
  var preemptions = 0

  package init(_ configuration: ProcessorConfiguration) {
    level1 = S(configuration)
    let coreCount = max(configuration.cores, 1)
    cores = Table(repeating: CoreState(), count: coreCount)
    entities = Table(
      repeating: EntityState(cores: coreCount), count: configuration.entities.count)
    entityTimes = Table(repeating: .zero, count: configuration.entities.count)
    clocksAtReset = Table(repeating: EntityClocks(), count: configuration.entities.count)
    for (index, entity) in configuration.entities.enumerated() {
      entities[index] = EntityState(entity, cores: coreCount)
      // Started one after the other, they are spread; else all would displace each other on core 0
      // as long as little is going on.
      entities[index].lastCore = Int32(truncatingIfNeeded: index % coreCount)
    }
    jobs = Pool(reserving: 4 * configuration.entities.count + 64)
    refills = CacheRefill(configuration)
    idle = IdleCores(count: coreCount)
    vacant = Table(repeating: 0, count: coreCount)
    woken = Table(repeating: 0, count: configuration.entities.count)
  }

  @inline(__always)
  package mutating func submit<E: ProcessorEventCarrier>(
    _ burst: Burst, at now: SimulationTime, _ scheduler: inout Scheduler<E>
  ) {
    let entity = burst.entity
    let wakesUp = entities[entity].running == 0 && entities[entity].queue.count == 0
    let job = jobs.insert(
      ProcessorJob(
        burst, readySince: now.nanoseconds, heldAtReady: entities[entity].heldClock(at: now)))
    entities[entity].queue.insertWoken(job.rawValue, &jobs)
    level1.taskArrived(entity, at: now)
    updateEligibility(of: entity, wokeUp: wakesUp, at: now)
    noteWoken(entity, tasks: 1)
  }

  @inline(__always)
  package mutating func handle<E: ProcessorEventCarrier>(
    _ event: ProcessorEvent, at now: SimulationTime, _ scheduler: inout Scheduler<E>
  ) -> CompletedBurst? {
    switch event {
    case .quantumEnd(let core):
      return endQuantum(Int(core), at: now)
    case .timer:
      release(at: now)
      return nil
    }
  }

  /// Lets those go on whose limit no longer holds them back.
  @inline(never)
  private mutating func release(at now: SimulationTime) {
    timer = .none
    timerTime = .max
    level1.timer(at: now)
    while let entity = level1.nextReleased() {
      entities[entity].updateWaiting(isHeld: level1.isHeld(entity), at: now)
      noteWoken(entity, tasks: entities[entity].processors)
    }
  }

  @inline(__always)
  package mutating func settle<E: ProcessorEventCarrier>(
    at now: SimulationTime, _ scheduler: inout Scheduler<E>
  ) {
    continueVacantCores(at: now, &scheduler)
    fillIdleCores(at: now, &scheduler)
    preemptForWoken(at: now, &scheduler)
    updateTimer(&scheduler)
  }
}

/// What a core does and did.
struct CoreState: BitwiseCopyable {
  /// The entity that has the core; -1 when idle.
  var entity: Int32 = -1
  /// The task on it; -1 while idle or vacant.
  var job: Int32 = -1
  /// What the core is loaded with, busy or not.
  var loadedEntity: Int32 = -1
  var loadedTask: Int32 = -1
  /// When the entity got the core, and when it has to give it up.
  var stayStart = SimulationTime.zero
  var stayEnd = SimulationTime.max
  /// Up to when the core's time has been accounted.
  var accountedTo = SimulationTime.zero
  /// What is still to be paid before work begins, in nanoseconds.
  var switchLeft: Int64 = 0
  var refillLeft: Int64 = 0
  var event = EventHandle.none
  var busy: Int64 = 0
  var switching: Int64 = 0
  var refill: Int64 = 0
  var idle: Int64 = 0
}

/// An entity's tasks, cores and clocks; two cache lines, since of many entities each event reads
/// another one.
struct EntityState: BitwiseCopyable {
  enum Waiting: UInt8 {
    case no
    case forCore
    case forLimit
  }

  var queue: TaskQueue
  var isTransient = false
  var isEligible = false
  var waiting = Waiting.no
  /// Cores that it may use at once.
  var processors: Int32
  /// Cores that it has, vacant ones included.
  var running: Int32 = 0
  var lastCore: Int32 = 0
  /// Tasks that woke since the last `settle`.
  var wokenTasks: Int32 = 0
  var taskSwitch: Int64
  var entitySwitch: Int64
  var waitingSince = SimulationTime.zero
  /// Totals since the start of the run.
  var stolen: Int64 = 0
  var held: Int64 = 0

  init(cores: Int) {
    queue = TaskQueue(.firstComeFirstServed)
    processors = Int32(clamping: cores)
    taskSwitch = 0
    entitySwitch = 0
  }

  init(_ entity: ProcessorConfiguration.Entity, cores: Int) {
    queue = TaskQueue(entity.discipline)
    processors = Int32(clamping: min(max(entity.processors, 1), cores))
    taskSwitch = min(max(entity.taskSwitch.nanoseconds, 0), 1 << 61)
    entitySwitch = min(max(entity.entitySwitch.nanoseconds, 0), 1 << 61)
    isTransient = entity.isTransient
  }

  /// Time up to `now` in which a limit held the entity back while it had a ready task.
  func heldClock(at now: SimulationTime) -> Int64 {
    held &+ (waiting == .forLimit ? (now - waitingSince).nanoseconds : 0)
  }

  /// Time up to `now` in which the entity wanted a core and had no claim to one.
  func stolenClock(at now: SimulationTime) -> Int64 {
    stolen &+ (waiting == .forCore ? (now - waitingSince).nanoseconds : 0)
  }

  /// Whether it has a task that could run on one more core.
  var wantsCore: Bool { queue.count > 0 && running < processors }

  /// Brings the clocks up to date with eligibility and limit.
  @inline(__always)
  mutating func updateWaiting(isHeld: Bool, at now: SimulationTime) {
    let new: Waiting = !isEligible ? .no : isHeld ? .forLimit : .forCore
    guard new != waiting else { return }
    held = heldClock(at: now)
    stolen = stolenClock(at: now)
    waiting = new
    waitingSince = now
  }
}

/// What an entity's clocks showed, in nanoseconds.
struct EntityClocks: BitwiseCopyable {
  var stolen: Int64 = 0
  var held: Int64 = 0
}

/// The set of idle cores, a bit each.
struct IdleCores: ~Copyable {
  private var words: Table<UInt64>
  private(set) var count: Int

  init(count: Int) {
    words = Table(repeating: 0, count: (count + 63) / 64)
    self.count = 0
    for core in 0..<count { insert(core) }
  }

  @inline(__always)
  func contains(_ core: Int) -> Bool { words[core >> 6] & (1 << UInt64(core & 63)) != 0 }

  @inline(__always)
  mutating func insert(_ core: Int) {
    words[core >> 6] |= 1 << UInt64(core & 63)
    count += 1
  }

  @inline(__always)
  mutating func remove(_ core: Int) {
    words[core >> 6] &= ~(1 << UInt64(core & 63))
    count -= 1
  }

  /// The lowest idle core; -1 when there is none.
  var first: Int {
    guard count > 0 else { return -1 }
    for word in 0..<words.count where words[word] != 0 {
      return word << 6 + words[word].trailingZeroBitCount
    }
    return -1
  }
}
