import DiscreteEvents
import Testing
import Virtualization

/// Slices, prices, parallelism, affinity, scaling and bad input.
@Suite struct SchedulingBehaviorTests {
  @Test(arguments: [(5, 0.075), (50, 0.0080)])
  func domainsThatTakeTurnsPayForSwitches(slice: Int64, loss: Double) {
    // The price that loses 7.5 % at slices of 5 ms, as 128 domains did (Barham 2003).
    let entities = (0..<128).map { _ in
      var entity = ProcessorConfiguration.Entity.plain()
      entity.entitySwitch = .microseconds(405)
      return entity
    }
    var run = ScriptedRun<Borrowed>(
      .plain(entities, .borrowedVirtualTime, [.contextSwitchAllowance: Double(slice) / 1000]),
      (0..<128).map { .burner(Int32($0)) })
    let counters = run.counters(at: 128)
    let lost = 1 - counters.busy[0] / counters.elapsed
    #expect(abs(lost / loss - 1) < 0.02)
    let times = counters.entityTime.map(\.nanoseconds)
    let spread = (times.max() ?? 0) - (times.min() ?? 0)
    #expect(spread <= 2 * (slice * 1_000_000 + 405_000))
  }

  @Test func stealIsTheTimeWithoutACore() {
    var run = ScriptedRun<StartTimeFair>(
      .plain([.plain(), .plain()], .startTimeFairQueueing), [.burner(0), .burner(1)])
    let counters = run.counters(at: 3.2)
    for entity in 0..<2 {
      #expect(counters.entityTime[entity] + counters.entitySteal[entity] == counters.elapsed)
      #expect(counters.entityTime[entity] == .milliseconds(1600))
    }
  }

  @Test func parallelismIsLimited() {
    var run = ScriptedRun<StartTimeFair>(
      .plain(cores: 4, [.plain(processors: 2)], .startTimeFairQueueing),
      (0..<6).map { _ in .burner(0) })
    let counters = run.counters(at: 1)
    #expect(counters.entityTime[0] == .milliseconds(2_000))
    // Its own tasks wait for each other, which is nobody's theft.
    #expect(counters.entitySteal[0] == .zero)
  }

  @Test func contentionAndThrottlingAreToldApart() {
    // Alone with half a core from a quota of 50 ms per 100 ms: 120 ms of work end in the third
    // period, after two waits of 50 ms.
    var run = ScriptedRun<FairGroups>(
      .plain([.plain(limit: 0.5)], .completelyFairGroups, [.quotaPeriod: 0.1]),
      [.init(work: .milliseconds(120), think: nil)])
    let log = run.log(at: 1)
    #expect(log.map(\.time) == [SimulationTime(seconds: 0.22)])
    #expect(log.map(\.throttled) == [.milliseconds(100)])
    #expect(log.map(\.contention) == [.zero])
  }

  @Test func switchesArePricedByWhatTheCoreIsLoadedWith() {
    var entities = [ProcessorConfiguration.Entity.plain(), .plain()]
    for index in entities.indices {
      entities[index].taskSwitch = .microseconds(2)
      entities[index].entitySwitch = .microseconds(7)
    }
    // Tasks 0 and 1 of entity 0 alternate with pauses; task 2 of entity 1 comes once, in between.
    var run = ScriptedRun<FirstCome>(
      .plain(entities),
      [
        .init(work: .milliseconds(1), think: .milliseconds(9)),
        .init(
          work: .milliseconds(1), think: .milliseconds(9), start: SimulationTime(seconds: 0.003)),
        .init(
          entity: 1, work: .milliseconds(1), think: nil, start: SimulationTime(seconds: 0.006)),
      ])
    let log = run.log(at: 0.015)
    #expect(log.map(\.task) == [0, 1, 2, 0, 1])
    #expect(
      log.map(\.switching)
        == [.zero, .microseconds(2), .microseconds(7), .microseconds(7), .microseconds(2)])
    let counters = run.counters(at: 0.015)
    #expect(counters.taskSwitches == 2)
    #expect(counters.entitySwitches == 2)
  }

  @Test func anEntityReturnsToItsLastCore() {
    var entities = (0..<3).map { _ in ProcessorConfiguration.Entity.plain() }
    for index in entities.indices { entities[index].entitySwitch = .microseconds(7) }
    var scripts: [ScriptedHost<StartTimeFair>.Script] = []
    for index in Int64(0)..<3 {
      let work = SimulationDuration.microseconds(300 + 100 * index)
      let think = SimulationDuration.microseconds(500 + 170 * index)
      scripts.append(.init(entity: Int32(index), work: work, think: think))
    }
    var run = ScriptedRun<StartTimeFair>(
      .plain(cores: 3, entities, .startTimeFairQueueing), scripts)
    #expect(run.counters(at: 10).entitySwitches == 0)
  }

  @Test func entitiesStartSpreadOverTheCores() {
    // One after the other, so that none is driven to another core by work that is going on.
    let entities = (0..<3).map { _ in ProcessorConfiguration.Entity.plain() }
    let scripts = (0..<3).map { index in
      ScriptedHost<StartTimeFair>.Script(
        entity: Int32(index), work: .microseconds(100), think: .microseconds(900),
        start: SimulationTime(nanoseconds: Int64(index) * 300_000))
    }
    var run = ScriptedRun<StartTimeFair>(
      .plain(cores: 3, entities, .startTimeFairQueueing), scripts)
    #expect(run.counters(at: 1).entitySwitches == 0)
  }

  /// One lap after another of processes that touch 64 KiB each on a 512 KiB cache.
  private func lap(processes: Int, price: Double) -> Double {
    let entities = (0..<processes).map { _ in
      var entity = ProcessorConfiguration.Entity.plain()
      entity.workingSetBytes = 65_536
      entity.entitySwitch = SimulationDuration(nanoseconds: 770)
      return entity
    }
    var configuration = ProcessorConfiguration.plain(entities)
    configuration.cache.cacheBytes = 524_288
    configuration.refillSecondsPerByte = price
    var run = ScriptedRun<FirstCome>(
      configuration,
      (0..<processes).map {
        .init(
          entity: Int32($0), work: .microseconds(1), think: SimulationDuration(nanoseconds: 1))
      })
    _ = run.counters(at: 0.2)
    run.simulation.model.processor.resetCounters(at: run.simulation.now)
    let counters = run.counters(at: 0.7)
    let paid = counters.switching[0] + counters.refill[0]
    return paid.seconds / Double(counters.entitySwitches) * 1e6
  }

  @Test func refillMeetsLmbench() {
    // Barham 2003, table 4, L-UP: 16p/64K 37.6 us sets the price; 8p/64K 24.3 us and 2p/64K 1.06 us
    // are predicted.
    let price = 0.568e-9
    #expect(abs(lap(processes: 16, price: price) / 37.6 - 1) < 0.01)
    #expect(abs(lap(processes: 8, price: price) / 24.3 - 1) < 0.15)
    #expect(abs(lap(processes: 2, price: price) / 1.06 - 1) < 0.3)
    #expect(lap(processes: 16, price: 0) < 0.771)
  }

  @Test func wokenTasksGoAheadOfThoseThatUsedTheirSliceUp() {
    let discipline = ProcessorConfiguration.TaskDiscipline.o1(slice: .milliseconds(100))
    var run = ScriptedRun<FirstCome>(
      .plain([.plain(discipline: discipline)]),
      [
        .burner(0), .burner(0),
        .init(
          work: .milliseconds(5), think: .milliseconds(300), start: SimulationTime(seconds: 0.25)),
      ])
    let log = run.log(at: 10)
    #expect(log.count > 20)
    #expect(log.allSatisfy { $0.contention == .zero })
  }

  private func scaledLog<P: ProcessorModel & ~Copyable>(
    _: P.Type, _ algorithm: SchedulingPolicy.Algorithm, by k: Int64
  ) -> [[Int64]] {
    let seconds: [SchedulingPolicy.Parameter: Double] = [
      .slice: 0.016, .contextSwitchAllowance: 0.005, .quotaPeriod: 0.1, .latency: 0.012,
      .minimumGranularity: 0.001, .wakeupGranularity: 0.001, .bucketStart: 250,
      .bucketMinimum: 62, .bucketMaximum: 500,
    ]
    let entities = (0..<4).map { index in
      ProcessorConfiguration.Entity(
        weight: 1000, limit: index == 1 ? 0.5 : nil, processors: 2,
        discipline: .o1(slice: .milliseconds(9 * k)), taskSwitch: .microseconds(3 * k),
        entitySwitch: .microseconds(8 * k), workingSetBytes: 0, isDriver: false,
        // Shares of the latency that are no whole nanoseconds are rounded, and do not scale.
        hostProcesses: algorithm == .completelyFairGroups ? 1 : nil)
    }
    var scripts: [ScriptedHost<P>.Script] = []
    for task in Int64(0)..<12 {
      let work = SimulationDuration.microseconds((137 << (task % 8)) * k)
      let think = SimulationDuration.microseconds(971 * task * k)
      scripts.append(.init(entity: Int32(task % 4), work: work, think: think))
    }
    var run = ScriptedRun<P>(
      .plain(cores: 2, entities, algorithm, seconds.mapValues { $0 * Double(k) }), scripts)
    return run.log(at: 5 * Double(k)).map {
      [
        $0.time.nanoseconds, Int64($0.task), $0.contention.nanoseconds, $0.throttled.nanoseconds,
        $0.switching.nanoseconds,
      ]
    }
  }

  private func expectScaling<P: ProcessorModel & ~Copyable>(
    _ type: P.Type, _ algorithm: SchedulingPolicy.Algorithm
  ) {
    let plain = scaledLog(type, algorithm, by: 1)
    let scaled = scaledLog(type, algorithm, by: 4)
    #expect(plain.count > 500)
    #expect(plain.count == scaled.count)
    let first = zip(plain, scaled).first { plain, scaled in
      scaled != [plain[0] * 4, plain[1], plain[2] * 4, plain[3] * 4, plain[4] * 4]
    }
    #expect(first == nil, "\(algorithm)")
  }

  @Test func scalingAllTimesScalesResults() {
    expectScaling(FirstCome.self, .firstComeFirstServed)
    expectScaling(StartTimeFair.self, .startTimeFairQueueing)
    expectScaling(Borrowed.self, .borrowedVirtualTime)
    expectScaling(ConstantTime.self, .o1)
    expectScaling(FairGroups.self, .completelyFairGroups)
    expectScaling(TokenBucket.self, .tokenBucket)
  }

  private func survivesAbsurdInput<P: ProcessorModel & ~Copyable>(
    _: P.Type, _ algorithm: SchedulingPolicy.Algorithm
  ) -> Bool {
    let weights = [0, -5, .nan, .infinity, 1e-300, 1e300]
    var entities = weights.map {
      ProcessorConfiguration.Entity.plain(
        weight: $0, limit: $0, processors: -1, discipline: .o1(slice: .zero))
    }
    entities.append(.plain(discipline: .completelyFair(latency: .zero, minimumGranularity: .zero)))
    entities[0].entitySwitch = .milliseconds(-3)
    entities[1].workingSetBytes = -.infinity
    var configuration = ProcessorConfiguration.plain(
      cores: 0, entities, algorithm,
      [.slice: 0, .latency: -1, .quotaPeriod: 0.001, .fillInterval: 0, .warp: -1])
    configuration.cache.cacheBytes = -1
    configuration.refillSecondsPerByte = 1e-9
    var scripts: [ScriptedHost<P>.Script] = []
    for index in entities.indices {
      let work = SimulationDuration.microseconds(Int64(index) - 1)
      scripts.append(.init(entity: Int32(index), work: work, think: .milliseconds(1)))
    }
    var run = ScriptedRun<P>(configuration, scripts)
    let counters = run.counters(at: 0.05)
    return run.simulation.model.log.count > 10 && counters.elapsed == .milliseconds(50)
  }

  @Test func absurdInputIsTamed() {
    #expect(survivesAbsurdInput(FirstCome.self, .firstComeFirstServed))
    #expect(survivesAbsurdInput(StartTimeFair.self, .startTimeFairQueueing))
    #expect(survivesAbsurdInput(Borrowed.self, .borrowedVirtualTime))
    #expect(survivesAbsurdInput(ConstantTime.self, .o1))
    #expect(survivesAbsurdInput(FairGroups.self, .completelyFairGroups))
    #expect(survivesAbsurdInput(TokenBucket.self, .tokenBucket))
    #expect(survivesAbsurdInput(ProcessorSharing.self, .processorSharing))
  }
}
