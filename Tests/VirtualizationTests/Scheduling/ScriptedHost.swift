import DiscreteEvents
import Statistics
import Virtualization

/// A processor with a fixed cast of tasks that work and think in turn, and a log of what they got.
struct ScriptedHost<P: ProcessorModel & ~Copyable>: Model, ~Copyable {
  struct Script {
    var entity: Int32 = 0
    var work: SimulationDuration
    /// Time between the end of a burst and the next one; nil for a task that does one burst only.
    var think: SimulationDuration?
    var start = SimulationTime.zero
    var priority: UInt8 = 0
    /// Multiplies work and think time by exponential numbers.
    var isRandom = false
  }

  struct Entry: Equatable {
    var time: SimulationTime
    var task: Int32
    var contention: SimulationDuration
    var throttled: SimulationDuration
    var switching: SimulationDuration
    var refill: SimulationDuration
  }

  var processor: P
  let scripts: [Script]
  var log: [Entry] = []
  /// Completions whose parts do not add up to the time since submission.
  var violations = 0
  private var submitted: [SimulationTime]
  private var works: [SimulationDuration]
  private var stream: RandomStream

  init(_ configuration: ProcessorConfiguration, _ scripts: [Script], seed: UInt64 = 1) {
    processor = P(configuration)
    self.scripts = scripts
    submitted = Array(repeating: .zero, count: scripts.count)
    works = Array(repeating: .zero, count: scripts.count)
    stream = RandomStream(StreamKey(seed: seed, role: StreamRole(rawValue: 3)))
  }

  mutating func handle(
    _ event: StationEvent, at now: SimulationTime, _ scheduler: inout Scheduler<StationEvent>
  ) {
    switch event {
    case .endOfThought(let task): submit(task, at: now, &scheduler)
    case .processor(let event):
      if let done = processor.handle(event, at: now, &scheduler) {
        complete(done, at: now, &scheduler)
      }
    case .arrival, .diskDone: break
    }
    processor.settle(at: now, &scheduler)
  }

  private mutating func draw(_ mean: SimulationDuration, _ script: Script) -> SimulationDuration {
    script.isRandom ? mean * stream.exponential() : mean
  }

  private mutating func submit(
    _ task: Int32, at now: SimulationTime, _ scheduler: inout Scheduler<StationEvent>
  ) {
    let script = scripts[Int(task)]
    submitted[Int(task)] = now
    works[Int(task)] = draw(script.work, script)
    processor.submit(
      Burst(
        task: task, entity: script.entity, work: works[Int(task)], priority: script.priority),
      at: now, &scheduler)
  }

  private mutating func complete(
    _ done: CompletedBurst, at now: SimulationTime, _ scheduler: inout Scheduler<StationEvent>
  ) {
    let parts = done.work + done.contention + done.throttled + done.switching + done.refill
    let task = Int(done.task)
    if parts != now - submitted[task] || done.work != works[task]
      || done.entity != scripts[task].entity || done.contention < .zero
      || done.throttled < .zero || done.switching < .zero || done.refill < .zero
    {
      violations += 1
    }
    log.append(
      Entry(
        time: now, task: done.task, contention: done.contention, throttled: done.throttled,
        switching: done.switching, refill: done.refill))
    guard let think = scripts[task].think else { return }
    let pause = draw(think, scripts[task])
    if pause == .zero {
      submit(done.task, at: now, &scheduler)
    } else {
      scheduler.schedule(.endOfThought(done.task), after: pause)
    }
  }
}

/// A simulation of scripts that runs to given instants.
struct ScriptedRun<P: ProcessorModel & ~Copyable>: ~Copyable {
  var simulation: Simulation<ScriptedHost<P>>

  init(
    _ configuration: ProcessorConfiguration, _ scripts: [ScriptedHost<P>.Script],
    seed: UInt64 = 1
  ) {
    simulation = Simulation(ScriptedHost(configuration, scripts, seed: seed))
    for (task, script) in scripts.enumerated() {
      simulation.scheduler.schedule(.endOfThought(Int32(task)), at: script.start)
    }
  }

  /// Runs to an instant and returns the counters there.
  mutating func counters(at seconds: Double) -> ProcessorCounters {
    let time = SimulationTime(seconds: seconds)
    _ = simulation.run(until: time)
    return simulation.model.processor.counters(at: time)
  }

  mutating func log(at seconds: Double) -> [ScriptedHost<P>.Entry] {
    _ = simulation.run(until: SimulationTime(seconds: seconds))
    return simulation.model.log
  }
}

extension ProcessorCounters {
  /// An entity's part of one core's time.
  func share(_ entity: Int) -> Double { entityTime[entity] / elapsed }
}

extension ScriptedHost.Script where P: ~Copyable {
  /// A task that never ends.
  static func burner(_ entity: Int32) -> Self {
    Self(entity: entity, work: SimulationDuration(seconds: 1e6), think: nil)
  }
}
