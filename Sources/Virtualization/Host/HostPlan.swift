import DiscreteEvents

/// One run, worked out from a scenario before the first event: pure data.
package struct HostPlan: Sendable {
  /// The scenario, with its uncertain numbers drawn.
  package let scenario: Scenario
  /// The approach of this run.
  package let approach: ApproachProfile
  /// Guests of each class, in the order of the scenario's classes.
  package let counts: [Int]
  /// The seed's replication.
  package let replication: Int
  /// For each guest its class.
  let guestClasses: [Int]
  /// For each guest the spindle that holds its data.
  let guestSpindles: [Int]
  let programs: [RequestProgram]
  /// What the processors are told; changed only by tests of the model's symmetries.
  package var processors: ProcessorConfiguration
  /// Entities: guests first, then the driver domain or one thread per guest, then, where idle
  /// guests tick, for each guest what its idle kernel does.
  let firstBackend: Int
  let firstTicker: Int

  /// Plans a run with the first `guests` guests of the scenario's mix.
  ///
  /// - Throws: `ModelError` when a path or price is missing.
  package init(
    scenario: Scenario, approach: ApproachProfile, guests: Int, replication: Int
  ) throws(ModelError) {
    self.scenario = scenario
    self.approach = approach
    self.replication = replication
    guestClasses = GuestMix.assignment(classes: scenario.guests, total: guests)
    var counts = scenario.guests.map { _ in 0 }
    for index in guestClasses { counts[index] += 1 }
    self.counts = counts
    guestSpindles = Self.spindles(guestClasses, of: scenario.host.disk)
    let pricing = PathPricing(host: scenario.host, approach: approach, native: scenario.native)
    let needs = Self.swapNeeds(scenario, approach, counts)
    var programs: [RequestProgram] = []
    for (guest, need) in zip(scenario.guests, needs) {
      programs.append(
        try RequestProgram(
          guest.workload, under: pricing.with(directIO: guest.limits.directIO), swapping: need))
    }
    self.programs = programs
    firstBackend = guestClasses.count
    switch approach.topology.deviceService {
    case .inKernel: firstTicker = firstBackend
    case .driverDomain: firstTicker = firstBackend + 1
    case .threadPerGuest: firstTicker = firstBackend + guestClasses.count
    }
    processors = try Self.configuration(
      scenario, approach, guestClasses, programs, pricing: pricing)
  }

  /// What each class may ask of swap; nothing where memory cannot be set up, which the run will
  /// say.
  private static func swapNeeds(
    _ scenario: Scenario, _ approach: ApproachProfile, _ counts: [Int]
  ) -> [SwapNeed] {
    guard
      let memory = try? MemoryModel(
        host: scenario.host, approach: approach, classes: scenario.guests, counts: counts)
    else { return counts.map { _ in .none } }
    let may = memory.maySwap(
      counts: counts, workers: scenario.guests.map { Int(clamping: $0.workload.workers.value) })
    return may.own.map { SwapNeed(own: $0, host: may.host, cluster: memory.swapCluster) }
  }

  /// Guests of a class take the spindles in turn, and the next class begins one further on, so that
  /// a guest more moves nobody and no mix of classes puts one of them on one spindle.
  private static func spindles(_ guestClasses: [Int], of disk: DiskProfile) -> [Int] {
    var next: [Int] = Array(0..<((guestClasses.max() ?? -1) + 1))
    return guestClasses.map { index in
      defer { next[index] += 1 }
      return next[index] % disk.spindles
    }
  }

  /// For each spindle that holds data, the share of each class's guests that have theirs there.
  package var spindleShares: [[Double]] {
    let classes = counts.indices
    guard let last = guestSpindles.max() else { return [counts.map { _ in 1 }] }
    var shares = Array(repeating: counts.map { _ in 0.0 }, count: last + 1)
    for (spindle, index) in zip(guestSpindles, guestClasses) {
      shares[spindle][index] += 1 / Double(counts[index])
    }
    return shares.filter { row in classes.contains { row[$0] > 0 } }
  }

  private static func configuration(
    _ scenario: Scenario, _ approach: ApproachProfile, _ guestClasses: [Int],
    _ programs: [RequestProgram], pricing: PathPricing
  ) throws(ModelError) -> ProcessorConfiguration {
    let host = scenario.host
    let cores = Int(clamping: host.processors.cores.value)
    guard cores > 0 else {
      throw ModelError(.invalidValue, "host \(host.id): it needs at least one core")
    }
    var approach = approach
    approach.scheduling = approach.scheduling(of: scenario.guests)
    let policy = approach.scheduling.resolved(on: host)
    let readsLimits = approach.honorsLimits(on: host) || policy.algorithm == .tokenBucket
    let discipline = try ProcessorConfiguration.TaskDiscipline.of(host)
    var entities: [ProcessorConfiguration.Entity] = []
    for classIndex in guestClasses {
      let limits = scenario.guests[classIndex].limits
      let program = programs[classIndex]
      let processors = approach.topology.processors(of: limits, cores: cores)
      entities.append(
        .init(
          weight: policy.defaultWeight * (approach.honorsWeights(on: host) ? limits.weight : 1),
          limit: readsLimits ? limits.processorLimit : nil,
          processors: processors,
          discipline: discipline,
          taskSwitch: SimulationDuration(seconds: program.taskSwitchItems.total),
          entitySwitch: SimulationDuration(seconds: program.guestSwitchItems.total),
          workingSetBytes: scenario.guests[classIndex].workload.workingSetBytes.value,
          isDriver: false, hostProcesses: approach.hostProcesses(of: processors, on: host)))
    }
    let switchItems = try pricing.cost(of: .guestSwitch, with: Attributes())
    // Weights say only how guests stand to each other: a driver domain stands to the average guest.
    let average =
      entities.isEmpty ? 1 : entities.reduce(0) { $0 + $1.weight } / Double(entities.count)
    var backend = ProcessorConfiguration.Entity(
      weight: (policy.parameters[.driverWeight]?.value ?? policy.defaultWeight)
        * average / policy.defaultWeight, limit: nil,
      processors: Int(clamping: approach.topology.driverDomainProcessors?.value ?? 1),
      discipline: discipline, taskSwitch: .zero,
      entitySwitch: SimulationDuration(seconds: switchItems.total),
      workingSetBytes: approach.topology.backendWorkingSetBytes?.value ?? 0,
      isDriver: approach.topology.deviceService == .driverDomain)
    backend.hostProcesses = backend.processors
    switch approach.topology.deviceService {
    case .inKernel: break
    case .driverDomain: entities.append(backend)
    case .threadPerGuest:
      for guest in guestClasses.indices {
        // In the control group of its guest, as under libvirt.
        backend.weight = entities[guest].weight
        entities.append(backend)
      }
    }
    if programs.contains(where: \.ticksWhenIdle) {
      for guest in guestClasses.indices { entities.append(.ticker(of: entities[guest])) }
    }
    let refill = try pricing.refillSecondsPerByte(scenario.guests)
    var configuration = ProcessorConfiguration(
      cores: cores, entities: entities, policy: policy,
      cache: host.processors.cache, refillSecondsPerByte: refill)
    let tickRate = host.kernel.tickRate.value
    if tickRate > 0 { configuration.tickSeconds = 1 / tickRate }
    return configuration
  }
}

extension ProcessorConfiguration.Entity {
  /// What does the ticks of an idle guest: with the guest's weight, but without a working set or a
  /// price for switching to it, which the price of an idle tick contains.
  fileprivate static func ticker(of guest: Self) -> Self {
    var ticker = guest
    ticker.limit = nil
    ticker.processors = 1
    ticker.taskSwitch = .zero
    ticker.entitySwitch = .zero
    ticker.workingSetBytes = 0
    ticker.isTransient = true
    return ticker
  }
}

extension Scenario {
  /// The number of guests of all classes.
  package var guestCount: Int { guests.reduce(0) { $0 + max(0, $1.count) } }
}
