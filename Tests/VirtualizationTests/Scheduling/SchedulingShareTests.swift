import DiscreteEvents
import Testing
import Virtualization

typealias StartTimeFair = TimeSlicedProcessor<StartTimeFairQueueing>
typealias Borrowed = TimeSlicedProcessor<BorrowedVirtualTime>
typealias FairGroups = TimeSlicedProcessor<CompletelyFairGroups>
typealias TokenBucket = TimeSlicedProcessor<VServerTokenBucket>
typealias ConstantTime = TimeSlicedProcessor<O1Scheduler>

/// Who gets how much: shares by weight, limits, and how fast a woken entity gets a core.
@Suite struct SchedulingShareTests {
  private func shares<P: ProcessorModel & ~Copyable>(
    _: P.Type, _ algorithm: SchedulingPolicy.Algorithm, cores: Int, weights: [Double],
    seconds: Double = 200
  ) -> [Double] {
    var run = ScriptedRun<P>(
      .plain(cores: cores, weights.map { .plain(weight: $0) }, algorithm),
      weights.indices.map { .burner(Int32($0)) })
    let counters = run.counters(at: seconds)
    return weights.indices.map { counters.share($0) / Double(cores) }
  }

  private func expectShares(_ shares: [Double], _ weights: [Double]) {
    let total = weights.reduce(0, +)
    for (share, weight) in zip(shares, weights) {
      #expect(abs(share / (weight / total) - 1) < 0.01)
    }
  }

  @Test(arguments: [1, 2])
  func sharesFollowWeights(cores: Int) {
    // The heaviest is entitled to less than one core, so that all shares can be had.
    let weights = [250.0, 500, 1000, 500, 250, 1000, 500]
    expectShares(
      shares(StartTimeFair.self, .startTimeFairQueueing, cores: cores, weights: weights), weights)
    expectShares(
      shares(Borrowed.self, .borrowedVirtualTime, cores: cores, weights: weights), weights)
    expectShares(
      shares(FairGroups.self, .completelyFairGroups, cores: cores, weights: weights), weights)
  }

  @Test func equalProcessesShareEqually() {
    let weights = Array(repeating: 1.0, count: 5)
    expectShares(shares(ConstantTime.self, .o1, cores: 1, weights: weights), weights)
    expectShares(shares(TokenBucket.self, .tokenBucket, cores: 1, weights: weights), weights)
  }

  /// What an entity of many tasks gets beside one of a single task, all of which always want a
  /// core.
  private func shareOfMany<P: ProcessorModel & ~Copyable>(
    _: P.Type, _ algorithm: SchedulingPolicy.Algorithm, tasks: Int, hostProcesses: Int?,
    cores: Int = 1
  ) -> Double {
    let slice = SimulationDuration.milliseconds(100)
    let many = ProcessorConfiguration.Entity.plain(
      processors: hostProcesses ?? cores,
      discipline: algorithm == .completelyFairGroups
        ? .completelyFair(latency: slice, minimumGranularity: slice) : .o1(slice: slice),
      hostProcesses: hostProcesses)
    var one = many
    one.processors = 1
    one.hostProcesses = hostProcesses.map { _ in 1 }
    var run = ScriptedRun<P>(
      .plain(cores: cores, [many, one], algorithm),
      (0..<tasks).map { _ in .burner(0) } + [.burner(1)])
    _ = run.counters(at: 50)
    run.simulation.model.processor.resetCounters(at: run.simulation.now)
    return run.counters(at: 1050).share(0) / Double(cores)
  }

  @Test(arguments: [1, 4, 50])
  func processesOfOneKernelShareByProcess(tasks: Int) {
    let exact = Double(tasks) / Double(tasks + 1)
    let found = [
      shareOfMany(ConstantTime.self, .o1, tasks: tasks, hostProcesses: nil),
      shareOfMany(TokenBucket.self, .tokenBucket, tasks: tasks, hostProcesses: nil),
      shareOfMany(FairGroups.self, .completelyFairGroups, tasks: tasks, hostProcesses: nil),
    ]
    for share in found { #expect(abs(share - exact) < 0.01) }
  }

  @Test func virtualMachinesShareByProcessor() {
    // Two virtual processors against one, on one core; the tasks behind them do not count.
    let share = shareOfMany(ConstantTime.self, .o1, tasks: 50, hostProcesses: 2)
    #expect(abs(share - 2.0 / 3) < 0.01)
  }

  @Test func controlGroupsShareAsWholes() {
    let share = shareOfMany(FairGroups.self, .completelyFairGroups, tasks: 50, hostProcesses: 1)
    #expect(abs(share - 0.5) < 0.01)
  }

  @Test func kernelWeightIsAWholeNumber() {
    // 500000 / 300 is 1666 and 500000 / 1000 is 500.
    let found = shares(
      StartTimeFair.self, .startTimeFairQueueing, cores: 1, weights: [300, 1000], seconds: 2000)
    let expected = (1.0 / 1666) / (1.0 / 1666 + 1.0 / 500)
    #expect(abs(found[0] - expected) < 1e-4)
  }

  private func limited<P: ProcessorModel & ~Copyable>(
    _: P.Type, _ algorithm: SchedulingPolicy.Algorithm, limit: Double, cores: Int,
    processors: Int, rivals: Int
  ) -> ProcessorCounters {
    var entities = [
      ProcessorConfiguration.Entity.plain(limit: limit, processors: processors)
    ]
    var scripts = (0..<processors).map { _ in ScriptedHost<P>.Script.burner(0) }
    for rival in 0..<rivals {
      entities.append(.plain())
      scripts.append(.burner(Int32(rival + 1)))
    }
    var run = ScriptedRun<P>(.plain(cores: cores, entities, algorithm), scripts)
    _ = run.counters(at: 10)
    run.simulation.model.processor.resetCounters(at: run.simulation.now)
    return run.counters(at: 210)
  }

  @Test(arguments: [
    (0.25, 1, 1, 0), (0.1, 1, 1, 3), (0.9, 1, 1, 0), (1.5, 4, 4, 0), (0.6, 4, 4, 2),
  ])
  func limitsHold(limit: Double, cores: Int, processors: Int, rivals: Int) {
    let all = [
      limited(
        StartTimeFair.self, .startTimeFairQueueing, limit: limit, cores: cores,
        processors: processors, rivals: rivals),
      limited(
        FairGroups.self, .completelyFairGroups, limit: limit, cores: cores,
        processors: processors, rivals: rivals),
      limited(
        TokenBucket.self, .tokenBucket, limit: limit, cores: cores, processors: processors,
        rivals: rivals),
    ]
    for counters in all {
      #expect(abs(counters.share(0) / limit - 1) < 0.01)
      #expect(counters.entityThrottled[0] > .zero)
      #expect(counters.entityThrottled.dropFirst().allSatisfy { $0 == .zero })
      if cores == 1 && rivals == 0 {
        #expect(counters.entitySteal[0] == .zero)
        #expect(counters.entityTime[0] + counters.entityThrottled[0] == counters.elapsed)
      }
    }
  }

  /// The bucket of a context that computes without pause, seen through its time on the core.
  private func bucketRun(start: Double?, tick: Double = 0.001) -> ScriptedRun<TokenBucket> {
    var configuration = ProcessorConfiguration.plain(
      [.plain(limit: 0.25)], .tokenBucket, start.map { [.bucketStart: $0] } ?? [:])
    configuration.tickSeconds = tick
    return ScriptedRun(configuration, [.burner(0)])
  }

  @Test func aTokenIsATickOfTheHost() {
    // 50 tokens at a net loss of 3/4 token per tick of 10 ms: 666.67 ms; the bucket holds no more.
    var stated = bucketRun(start: 50, tick: 0.01)
    #expect(stated.counters(at: 0.6666).entityTime[0] == SimulationDuration(seconds: 0.6666))
    #expect(abs(stated.counters(at: 0.7).entityTime[0].seconds - 0.666667) < 1e-5)
    // What is not stated goes with the ticks: 25 tokens at 100 a second last 333.33 ms, and it
    // takes HZ / 16, in whole tokens 6, to go on: 240 ms.
    var usual = bucketRun(start: nil, tick: 0.01)
    #expect(abs(usual.counters(at: 0.5).entityTime[0].seconds - 0.333333) < 1e-5)
    #expect(abs(usual.counters(at: 0.573).entityTime[0].seconds - 0.333333) < 1e-5)
    #expect(usual.counters(at: 0.58).entityTime[0].seconds > 0.339)
  }

  @Test func aFullBucketLastsTwoThirdsOfASecond() {
    // 500 tokens at a net loss of 3/4 token per tick of 1 ms: 666.67 ms.
    var run = bucketRun(start: 500)
    #expect(run.counters(at: 0.6666).entityTime[0] == SimulationDuration(seconds: 0.6666))
    let after = run.counters(at: 0.8)
    #expect(abs(after.entityTime[0].seconds - 0.666667) < 1e-5)
    #expect(after.entityThrottled[0] == after.elapsed - after.entityTime[0])
  }

  @Test func anEmptyBucketHoldsForItsMinimum() {
    // 62 tokens at 1/4 per tick take 248 ms, and last 82.67 ms.
    var run = bucketRun(start: 0)
    let first = run.counters(at: 0.2479)
    #expect(first.entityTime[0].seconds < 1e-5)
    let ran = run.counters(at: 0.2480 + 0.0826)
    #expect(abs(ran.entityTime[0].seconds - 0.0826) < 2e-5)
    let held = run.counters(at: 0.2480 + 0.0827 + 0.2479)
    #expect(abs(held.entityTime[0].seconds - 0.082667) < 2e-5)
  }

  @Test func idleTimeGoesToHeldContexts() {
    func time(rivals: Int) -> Double {
      var run = ScriptedRun<TokenBucket>(
        .plain(
          [.plain(limit: 0.25)] + Array(repeating: .plain(), count: rivals), .tokenBucket,
          mode: .idleTime), (0...rivals).map { .burner(Int32($0)) })
      return run.counters(at: 100).share(0)
    }
    #expect(time(rivals: 0) > 0.999)
    #expect(abs(time(rivals: 3) - 0.25) < 0.005)
  }

  /// Two contexts of 25 % with empty buckets, on one core.
  ///
  /// The first one's 62 tokens last 82.67 ms, since it gains 1 while it spends 4. The other has 62
  /// and a quarter of that time by then, 82.67 tokens: 100 ms and, after its slice, 10.22 ms more.
  /// Now the first lacks 62 less a quarter of those 110.22 ms, 34.44 tokens, and the other 62, so
  /// the second clock moves until the first has its own, and the other gains 34.44 by it: it lacks
  /// 6.89 after the next 82.67 ms, and takes turns.
  @Test func idleTimeByHand() {
    var run = ScriptedRun<TokenBucket>(
      .plain(
        [.plain(limit: 0.25), .plain(limit: 0.25)], .tokenBucket, [.bucketStart: 0],
        mode: .idleTime), [.burner(0), .burner(1)])
    for (time, first, second) in [
      (0.08, 80.0, 0.0), (0.18, 82.667, 97.333), (0.192, 82.667, 109.333),
      (0.275, 164.778, 110.222), (0.35, 165.333, 184.667),
    ] {
      let counters = run.counters(at: time)
      #expect(abs(counters.entityTime[0].seconds * 1000 - first) < 0.01)
      #expect(abs(counters.entityTime[1].seconds * 1000 - second) < 0.01)
    }
  }

  /// Half of the core is left by two limits of 25 %, and divided 1 : 3.
  @Test(arguments: [(1.0, 3.0), (1, 1), (2, 0.5)])
  func idleTimeIsDividedByWeight(weights: (Double, Double)) {
    var run = ScriptedRun<TokenBucket>(
      .plain(
        [.plain(weight: weights.0, limit: 0.25), .plain(weight: weights.1, limit: 0.25)],
        .tokenBucket, mode: .idleTime), [.burner(0), .burner(1)])
    let counters = run.counters(at: 200)
    let part = 0.5 * weights.0 / (weights.0 + weights.1)
    #expect(abs(counters.share(0) - (0.25 + part)) < 0.005)
    #expect(abs(counters.share(1) - (0.75 - part)) < 0.005)
  }

  @Test func theModeSaysWhatAnEmptyBucketMeans() {
    func share(_ mode: SchedulingPolicy.BucketMode?) -> Double {
      var run = ScriptedRun<TokenBucket>(
        .plain([.plain(limit: 0.25)], .tokenBucket, [.idleFillRate: 1], mode: mode), [.burner(0)])
      return run.counters(at: 100).share(0)
    }
    #expect(share(.soft) == 1)
    #expect(abs(share(.hard) - 0.25) < 0.005)
    #expect(share(nil) == share(.hard))
    #expect(share(.idleTime) > 0.999)
  }

  /// A context that works 6 ms and rests 4, beside one that always works and has spent its bucket.
  ///
  /// With the flag `sched_prio` a full bucket is 20 levels above an empty one, so the first one
  /// takes the core over whenever it wakes; without, neither has a bonus, and it waits for the end
  /// of slices.
  @Test func anEmptyBucketLowersThePriority() {
    func meanWait(_ mode: SchedulingPolicy.BucketMode) -> Double {
      var run = ScriptedRun<TokenBucket>(
        .plain(
          [.plain(limit: mode == .soft ? 0.01 : 1), .plain(limit: 1)], .tokenBucket, mode: mode),
        [
          .burner(0),
          .init(
            entity: 1, work: .milliseconds(6), think: .milliseconds(4),
            start: SimulationTime(seconds: 10)),
        ])
      let waits = run.log(at: 60).filter { $0.task == 1 && $0.time > SimulationTime(seconds: 20) }
        .map(\.contention.seconds)
      return waits.reduce(0, +) / Double(max(waits.count, 1))
    }
    #expect(meanWait(.hard) > 0)
    #expect(meanWait(.soft) < meanWait(.hard) / 2)
  }

  private func worstWait<P: ProcessorModel & ~Copyable>(
    _: P.Type, _ algorithm: SchedulingPolicy.Algorithm, work: Int64, think: Int64,
    _ parameters: [SchedulingPolicy.Parameter: Double] = [:]
  ) -> Double {
    var entities = (0..<4).map { _ in ProcessorConfiguration.Entity.plain() }
    entities[3].isDriver = true
    var scripts: [ScriptedHost<P>.Script] = (0..<3).map { .burner(Int32($0)) }
    scripts.append(
      .init(
        entity: 3, work: .microseconds(work), think: .microseconds(think),
        start: SimulationTime(seconds: 0.0012345)))
    var run = ScriptedRun<P>(.plain(entities, algorithm, parameters), scripts)
    let log = run.log(at: 60)
    return log.map(\.contention.seconds).max() ?? .infinity
  }

  @Test func aWokenDomainWaitsNoLongerThanTheAllowance() {
    // Rarely runs, so its virtual time is behind all others when it wakes.
    #expect(
      worstWait(Borrowed.self, .borrowedVirtualTime, work: 1_000, think: 203_000) <= 0.005)
  }

  @Test func warpLetsADriverDomainBorrow() {
    // Wants 40 % of a core shared by four, so without warp it waits for its share.
    #expect(worstWait(Borrowed.self, .borrowedVirtualTime, work: 4_000, think: 6_000) > 0.010)
    let withWarp = worstWait(
      Borrowed.self, .borrowedVirtualTime, work: 40, think: 6_000, [.warp: 0.05])
    #expect(withWarp <= 1e-6)
  }

  @Test func aWokenGroupTakesOverFromARunningOne() {
    #expect(worstWait(FairGroups.self, .completelyFairGroups, work: 100, think: 50_000) <= 0.001)
  }

  @Test func aSleeperGetsABonus() {
    // Without sleep to its credit it waits for the slices of three others at most.
    #expect(worstWait(ConstantTime.self, .o1, work: 500, think: 100_000) <= 0.3)
    var run = ScriptedRun<ConstantTime>(
      .plain([.plain(), .plain()], .o1),
      [
        .burner(0),
        .init(
          entity: 1, work: .milliseconds(1), think: .milliseconds(99),
          start: SimulationTime(seconds: 0.01)),
      ])
    let log = run.log(at: 30)
    // After a second of sleep every wake-up takes over the core at once.
    #expect(
      log.filter { $0.time > SimulationTime(seconds: 2) }.allSatisfy { $0.contention == .zero })
  }

  @Test func aWokenContainerWaitsForASliceAtMost() {
    let wait = worstWait(StartTimeFair.self, .startTimeFairQueueing, work: 100, think: 50_000)
    #expect(wait > 0.001)
    #expect(wait <= 0.016)
  }
}
