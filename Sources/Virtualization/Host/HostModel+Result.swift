import DiscreteEvents
import Statistics

extension HostModel where P: ~Copyable {
  /// What the run found.
  mutating func result(
    of plan: HostPlan, at end: SimulationTime, counts: EventCounts, reason: StopReason
  ) -> RunResult {
    changePopulation(by: 0, at: end)
    var inSystem = timeInSystem
    var next = requests.firstIndex
    while let index = next {
      if !requests[index].isBackground {
        inSystem += Int128(overlap(of: requests[index].arrival, end))
      }
      next = requests.index(after: index)
    }
    let totals = atClose ?? totals(at: end)
    let window = (windowEnd - windowStart).seconds
    let cores = Double(totals.processors.busy.count)
    let backends = totals.processors.entityTime.dropFirst(plan.firstBackend)
    let driver = plan.approach.topology.deviceService == .driverDomain ? backends.first : nil
    let idle = totals.processors.idle.reduce(0.0) { $0 + $1.seconds }
    return RunResult(
      approach: plan.approach.id, counts: plan.counts, replication: plan.replication,
      classes: plan.scenario.guests.indices.map { classResult($0, plan, totals.processors) },
      processors: totals.processors,
      processorUtilization: 1 - idle / (cores * window),
      diskUtilization: totals.diskBusy / (Double(disk.channels) * window),
      diskTransferUtilization: totals.diskTransferBusy / window,
      linkInUtilization: totals.linkInBusy / window,
      linkOutUtilization: totals.linkOutBusy / window,
      diskCompletions: totals.diskCompletions, linkInCompletions: totals.linkInCompletions,
      linkOutCompletions: totals.linkOutCompletions,
      driverUtilization: (driver?.seconds ?? 0)
        / (window * (plan.approach.topology.driverDomainProcessors?.value ?? 1)),
      diskQueue: totals.diskQueue / window, memory: memory.memoryMap,
      refusals: refusals(), unfinished: Int(unfinished),
      overdueRounds: Int(overdueRounds), areTicksBehind: areTicksBehind,
      areTouchesBehind: areTouchesBehind, isWriteBackBehind: isWriteBackBehind,
      populationSamples: samples,
      populationIntegral: Double(populationArea) / 1e9, timeInSystem: Double(inSystem) / 1e9,
      windowSeconds: window, eventsHandled: counts.handled, peakPending: counts.peakPending,
      endedBecause: reason)
  }

  private func refusals() -> [ResourceRefusals] {
    var result: [ResourceRefusals] = []
    for resource in BeancounterResource.allCases {
      let count = memory.refusals(resource)
      if count > 0 { result.append(ResourceRefusals(resource: resource.name, count: count)) }
    }
    var outOfMemory = 0
    for slot in 0..<guests.count { outOfMemory += Int(guests[slot].outOfMemory) }
    if outOfMemory > 0 { result.append(ResourceRefusals(resource: "memory", count: outOfMemory)) }
    return result
  }

  private func classResult(
    _ index: Int, _ plan: HostPlan, _ processors: ProcessorCounters
  ) -> ClassResult {
    let counted = counters[index]
    let program = plan.programs[index]
    var work = pricedWork(of: 0..<program.requestStages, index, program)
    work.add(pricedWork(of: program.requestSwapping.all, index, program))
    program.addKernelWork(
      userSeconds: counted.userSeconds, wakeups: counted.wakeups,
      tickedSeconds: counted.tickedSeconds, to: &work)
    let switching = program.switchingItems(
      seconds: Double(counted.times.switching) / 1e9, entitySwitches: processors.entitySwitches,
      taskSwitches: processors.taskSwitches)
    var processor = work
    processor.add(switching)
    processor[.cacheRefill] += Double(counted.times.refill) / 1e9
    var response = processor
    counted.times.addWaits(to: &response)
    let rounds = counted.background
    var background = pricedWork(
      of: program.requestStages..<program.roundEnd, index, program)
    background.add(pricedWork(of: program.touching.all, index, program))
    background.add(pricedWork(of: program.flushing, index, program))
    program.addKernelWork(
      userSeconds: rounds.userSeconds, wakeups: rounds.wakeups,
      tickedSeconds: rounds.tickedSeconds, to: &background)
    var backgroundWaits = MechanismVector()
    rounds.times.addWaits(to: &backgroundWaits)
    background.add(program.idleTickItems, times: counted.idleTicks)
    var withRequests = 0
    var above = 0
    for slot in 0..<guests.count where Int(guests[slot].classIndex) == index {
      guard guests[slot].measured > 0 else { continue }
      withRequests += 1
      if guests[slot].isAbove(plan.scenario.objective) { above += 1 }
    }
    return ClassResult(
      id: plan.scenario.guests[index].id, guests: plan.counts[index],
      arrivals: Int(counted.arrivals), finished: Int(counted.finished),
      refused: Int(counted.refused), completionsInWindow: Int(counted.completions),
      responses: histograms[index], sojournSeconds: Double(counted.sojourn) / 1e9,
      response: response, processor: processor, workSeconds: Double(counted.work) / 1e9,
      background: background, backgroundWaits: backgroundWaits, rounds: Int(rounds.rounds),
      swapReads: Int(counted.swapReads),
      swapWrites: Int(counted.swapWrites), touchReads: Int(counted.touchReads),
      touchWrites: Int(counted.touchWrites), flushes: Int(counted.flushes),
      flushedBytes: counted.flushedBytes, guestsWithRequests: withRequests,
      guestsAboveObjective: above)
  }

  /// The work of some stages by mechanism: counts of what happened times prices.
  private func pricedWork(
    of range: Range<Int>, _ index: Int, _ program: RequestProgram
  ) -> MechanismVector {
    let first = Int(classes[index].firstStage)
    var work = MechanismVector()
    for stage in range {
      let executed = stageCounters[first + stage]
      switch program.stages[stage].kind {
      case .guest, .backend:
        work.add(program.fixedItems[stage], times: Double(executed.executions))
        work.add(program.perByteItems[stage], times: executed.responseBytes)
        work.add(program.perPacketItems[stage], times: executed.responsePackets)
        work.add(program.sharedItems[stage], times: Double(executed.received))
        work.add(program.sentItems[stage], times: Double(executed.sent))
      case .disk, .linkIn, .linkOut, .again, .swapDisk, .hostSwapDisk, .swapEnd, .dirty: break
      }
    }
    return work
  }
}

extension GuestInRun {
  /// Whether a guest's own judged figure is above an objective beyond chance.
  fileprivate func isAbove(_ objective: Objective) -> Bool {
    switch objective.statistic {
    case .percentile: isPercentileAbove(allowed: 1 - objective.percentile / 100)
    case .mean: excess.isAboveZero
    }
  }

  /// Whether the 95 % interval (Clopper and Pearson) of the share of slow requests lies above the
  /// share allowed.
  private func isPercentileAbove(allowed: Double) -> Bool {
    let slow = Int(aboveObjective)
    let all = Int(measured)
    guard Double(slow) > allowed * Double(all) else { return false }
    guard let interval = try? proportionInterval(successes: slow, trials: all) else { return true }
    return interval.lower > allowed
  }
}

extension RequestProgram {
  /// User computation, wake-ups and the ticks of a guest at work, by mechanism.
  fileprivate func addKernelWork(
    userSeconds: Double, wakeups: Int64, tickedSeconds: Double, to work: inout MechanismVector
  ) {
    let user = userSeconds * userScale
    work[.userExecution] += user * (1 - userSlowdownShare)
    work[.userSlowdown] += user * userSlowdownShare
    work.add(wakeupItems, times: Double(wakeups))
    work.add(tickItemsPerSecond, times: tickedSeconds)
  }

  /// Direct switching time by mechanism, in the mixture of the run's switches.
  fileprivate func switchingItems(
    seconds: Double, entitySwitches: Int, taskSwitches: Int
  ) -> MechanismVector {
    var mixture = MechanismVector()
    mixture.add(guestSwitchItems, times: Double(entitySwitches))
    mixture.add(taskSwitchItems, times: Double(taskSwitches))
    let total = mixture.total
    return total > 0 ? mixture.scaled(by: seconds / total) : MechanismVector()
  }
}

extension RequestTimes {
  fileprivate func addWaits(to vector: inout MechanismVector) {
    let waits: [(Mechanism, Nanoseconds)] = [
      (.processorContention, contention), (.throttling, throttled),
      (.driverContention, driverContention), (.workerQueueing, workerQueueing),
      (.diskQueueing, diskQueueing), (.diskService, diskService), (.swapping, swapping),
      (.linkQueueing, linkQueueing), (.linkService, linkService),
    ]
    for (mechanism, nanoseconds) in waits { vector[mechanism] += Double(nanoseconds) / 1e9 }
  }
}
