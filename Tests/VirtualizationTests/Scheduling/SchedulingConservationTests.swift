import DiscreteEvents
import Testing
import Virtualization

/// Work and time are conserved, whatever the algorithm, and the same input gives the same run.
@Suite struct SchedulingConservationTests {
  /// Twelve entities of all disciplines, with prices, limits and working sets, on four cores.
  private static func busyHost(
    _ algorithm: SchedulingPolicy.Algorithm, priced: Bool = true
  ) -> ProcessorConfiguration {
    let disciplines: [ProcessorConfiguration.TaskDiscipline] = [
      .firstComeFirstServed, .nonpreemptivePriority, .o1(slice: .milliseconds(10)),
      .completelyFair(latency: .milliseconds(6), minimumGranularity: .microseconds(750)),
    ]
    let entities = (0..<12).map { index in
      ProcessorConfiguration.Entity(
        weight: Double(250 * (1 + index % 4)), limit: index % 3 == 0 ? 0.2 : nil,
        processors: 1 + index % 4, discipline: disciplines[index % 4],
        taskSwitch: .microseconds(priced ? 2 : 0), entitySwitch: .microseconds(priced ? 7 : 0),
        workingSetBytes: priced ? Double(40_000 * index) : 0, isDriver: index == 0)
    }
    var configuration = ProcessorConfiguration.plain(
      cores: 4, entities, algorithm, [.warp: 0.02], mode: .idleTime)
    configuration.cache.cacheBytes = 524_288
    configuration.refillSecondsPerByte = priced ? 0.6e-9 : 0
    return configuration
  }

  private func check<P: ProcessorModel & ~Copyable>(
    _: P.Type, _ algorithm: SchedulingPolicy.Algorithm
  ) {
    var scripts: [ScriptedHost<P>.Script] = []
    for task in Int64(0)..<60 {
      let work = SimulationDuration.microseconds(100 << (task % 7))
      let think = SimulationDuration.milliseconds(task % 5 * 4)
      scripts.append(
        ScriptedHost<P>.Script(
          entity: Int32(task % 12), work: work, think: think,
          start: SimulationTime(nanoseconds: task), priority: UInt8(task % 3), isRandom: true))
    }
    func run() -> ([ScriptedHost<P>.Entry], ProcessorCounters, Int, Int) {
      var run = ScriptedRun<P>(Self.busyHost(algorithm), scripts)
      let early = run.counters(at: 1.234567891)
      expectConserved(early)
      run.simulation.model.processor.resetCounters(at: run.simulation.now)
      let late = run.counters(at: 11)
      return (
        run.simulation.model.log, late, run.simulation.model.violations,
        run.simulation.counts.clamped
      )
    }
    let (log, counters, violations, clamped) = run()
    expectConserved(counters)
    #expect(counters.elapsed == SimulationTime(seconds: 11) - SimulationTime(seconds: 1.234567891))
    #expect(log.count > 3_000)
    #expect(violations == 0)
    #expect(clamped == 0)
    let (again, countersAgain, _, _) = run()
    #expect(log == again)
    #expect(counters == countersAgain)
  }

  private func expectConserved(_ counters: ProcessorCounters) {
    var used = SimulationDuration.zero
    for core in counters.busy.indices {
      let onCore = counters.busy[core] + counters.switching[core] + counters.refill[core]
      #expect(onCore + counters.idle[core] == counters.elapsed)
      used += onCore
    }
    let byEntity = counters.entityTime.reduce(SimulationDuration.zero, +)
    // Processor sharing rounds each burst's part to the nearest nanosecond.
    let rounding = counters.entitySwitches == 0 ? 20_000 : 0
    #expect(abs((byEntity - used).nanoseconds) <= rounding)
    for entity in counters.entityTime.indices {
      #expect(counters.entitySteal[entity] >= .zero)
      #expect(counters.entityThrottled[entity] >= .zero)
      let waiting = counters.entitySteal[entity] + counters.entityThrottled[entity]
      #expect(waiting <= counters.elapsed)
    }
  }

  @Test func firstComeFirstServed() {
    check(TimeSlicedProcessor<FirstComeFirstServed>.self, .firstComeFirstServed)
  }
  @Test func startTimeFairQueueing() {
    check(TimeSlicedProcessor<StartTimeFairQueueing>.self, .startTimeFairQueueing)
  }
  @Test func vserverTokenBucket() {
    check(TimeSlicedProcessor<VServerTokenBucket>.self, .tokenBucket)
  }
  @Test func borrowedVirtualTime() {
    check(TimeSlicedProcessor<BorrowedVirtualTime>.self, .borrowedVirtualTime)
  }
  @Test func o1() { check(TimeSlicedProcessor<O1Scheduler>.self, .o1) }
  @Test func completelyFairGroups() {
    check(TimeSlicedProcessor<CompletelyFairGroups>.self, .completelyFairGroups)
  }
  @Test func processorSharing() { check(ProcessorSharing.self, .processorSharing) }

  @Test func processorSharingConservesWork() {
    var run = ScriptedRun<ProcessorSharing>(
      .plain(cores: 2, [.plain()]),
      (0..<5).map { .init(work: .milliseconds(10 * Int64($0 + 1)), think: nil) })
    let log = run.log(at: 1)
    // 150 ms of work on two cores: five share until 25 ms, then four, three, and two alone.
    #expect(log.map(\.task) == [0, 1, 2, 3, 4])
    #expect(log.map { $0.time.nanoseconds / 1_000_000 } == [25, 45, 60, 70, 80])
    #expect(run.counters(at: 1).busy.reduce(SimulationDuration.zero, +) == .milliseconds(150))
  }

  private func logOfOneEntity<P: ProcessorModel & ~Copyable>(
    _: P.Type, _ algorithm: SchedulingPolicy.Algorithm,
    _ discipline: ProcessorConfiguration.TaskDiscipline
  ) -> [[Int64]] {
    var scripts: [ScriptedHost<P>.Script] = []
    for task in Int64(0)..<24 {
      let work = SimulationDuration.microseconds(200 << (task % 9))
      let think = SimulationDuration.milliseconds(task * 3 + 1)
      scripts.append(
        ScriptedHost<P>.Script(
          work: work, think: think, start: SimulationTime(nanoseconds: task * task),
          priority: UInt8(task % 3), isRandom: true))
    }
    var run = ScriptedRun<P>(
      .plain(cores: 4, [.plain(processors: 4, discipline: discipline)], algorithm), scripts)
    return run.log(at: 20).map {
      [$0.time.nanoseconds, Int64($0.task), $0.contention.nanoseconds, $0.throttled.nanoseconds]
    }
  }

  @Test(arguments: [
    ProcessorConfiguration.TaskDiscipline.firstComeFirstServed, .nonpreemptivePriority,
    .o1(slice: .milliseconds(7)),
    .completelyFair(latency: .milliseconds(6), minimumGranularity: .microseconds(750)),
  ])
  func anEntityAloneIsNative(discipline: ProcessorConfiguration.TaskDiscipline) {
    // The native run has no slices of level one at all.
    let native = logOfOneEntity(
      TimeSlicedProcessor<FirstComeFirstServed>.self, .firstComeFirstServed, discipline)
    #expect(native.count > 1_000)
    func expectNative<P: ProcessorModel & ~Copyable>(
      _ type: P.Type, _ algorithm: SchedulingPolicy.Algorithm
    ) {
      let log = logOfOneEntity(type, algorithm, discipline)
      #expect(log.count == native.count)
      // Compared entry by entry: a difference of long logs would take for ever to print.
      let first = zip(log, native).first { $0 != $1 }
      #expect(first == nil, "\(algorithm)")
    }
    expectNative(TimeSlicedProcessor<StartTimeFairQueueing>.self, .startTimeFairQueueing)
    expectNative(TimeSlicedProcessor<VServerTokenBucket>.self, .tokenBucket)
    expectNative(TimeSlicedProcessor<BorrowedVirtualTime>.self, .borrowedVirtualTime)
    expectNative(TimeSlicedProcessor<O1Scheduler>.self, .o1)
    expectNative(TimeSlicedProcessor<CompletelyFairGroups>.self, .completelyFairGroups)
  }
}
