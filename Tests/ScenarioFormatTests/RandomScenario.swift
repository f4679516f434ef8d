import ScenarioFormat
import Statistics
import Virtualization

/// Scenarios of every shape within the bounds of the format, for round trips.
struct RandomScenario {
  var random: Mixer

  init(seed: UInt64) { random = Mixer(seed: seed) }

  mutating func scenario() throws -> Scenario {
    let native = approach("native")
    var approaches = [native]
    if random.flip() { approaches = [approach("other-1"), native, approach("x")] }
    if random.below(4) == 0 { approaches = [approach("alone")] }
    var guests: [GuestClass] = []
    for number in 0...random.below(3) {
      let limits = GuestLimits(
        weight: random.measure(1e-6...1e6),
        processorLimit: random.flip() ? random.measure(0.0001...4_096) : nil,
        memoryBytes: random.measure(1_048_576...1e12), processors: 1 + random.below(64),
        beancounters: random.pick(BeancounterPreset.allCases),
        directIO: random.pick([nil, true, false]))
      let workload = try workload()
      let count = 1 + random.below(100)
      guests.append(
        GuestClass(id: "class-\(number)", workload: workload, count: count, limits: limits))
    }
    let minimum = 2 + random.below(100)
    var objective = Objective(
      percentile: random.measure(0.001...99.9999), responseSeconds: random.measure(1e-9...1e6),
      errorShare: random.measure(0...1), guestShare: random.measure(0...1))
    objective.statistic = random.pick(Objective.Statistic.allCases)
    return Scenario(
      id: "made", title: text(), year: 1990 + random.below(40), host: host(),
      approaches: approaches, native: native, guests: guests,
      objective: objective,
      controls: RunControls(
        // Long enough for a request of every class, short enough to end.
        seconds: random.measure(2_000...5_000), warmupSeconds: random.measure(0...1_000),
        seed: random.next() >> 1, confidence: random.measure(0.5...0.9999),
        precision: random.measure(0.0001...1), minimumReplications: minimum,
        maximumReplications: minimum + random.below(100), parameterDraws: random.below(100),
        // As many as are allowed on the largest host, each with a thread of its own.
        maximumGuests: 1 + random.below(16_000)))
  }

  private mutating func text() -> String {
    random.pick([
      "plain", "a: b # c", "\"quoted\" 'twice' \\", "two\nlines\t\n", " spaces ", "010", "true",
      "- [x, {y}] & * ! | > % @ `", "\u{E9}\u{6F22}\u{1F980}\u{A0}\u{85}\u{2028}", "~", "\u{7}bell",
      String(repeating: "long text, ", count: 40),
    ])
  }

  private mutating func quantity(_ unit: Unit, _ bounds: ClosedRange<Double>) -> Quantity {
    let value = random.measure(bounds)
    var quantity = Quantity(
      value, unit, low: random.flip() ? random.measure(bounds.lowerBound...value) : nil,
      high: random.flip() ? random.measure(value...bounds.upperBound) : nil,
      status: random.pick(Status.allCases), source: text())
    if quantity.low > 0, random.below(8) == 0 {
      quantity.common = CommonFactor(
        name: random.pick(["speed", "load"]), low: max(1e-6, quantity.low / value),
        high: min(1e6, quantity.high / value))
    }
    return quantity
  }

  private mutating func whole(_ bounds: ClosedRange<Double>) -> Quantity {
    var result = quantity(.count, bounds)
    result.value = result.value.rounded()
    result.low = min(result.low, result.value)
    result.high = max(result.high, result.value)
    return result
  }

  private mutating func optional(_ unit: Unit, _ bounds: ClosedRange<Double>) -> Quantity? {
    random.flip() ? quantity(unit, bounds) : nil
  }

  private mutating func host() -> HostProfile {
    var prices: [Primitive] = []
    for approach in [nil, "other-1", "x"] {
      for mechanism in Mechanism.allCases where mechanism.isPriced {
        guard approach == nil || random.below(8) == 0 else { continue }
        let isPerByte = mechanism == .dataCopy || mechanism == .cacheRefill
        for service in Operation.allCases where mechanism == .kernelWork || service.rank == 0 {
          prices.append(
            Primitive(
              mechanism, service: mechanism == .kernelWork ? service : nil, approach: approach,
              price: quantity(isPerByte ? .secondsPerByte : .seconds, 0...60)))
        }
      }
    }
    let scheduler = random.pick(HostKernel.Scheduler.allCases)
    var constants: [SchedulingPolicy.Parameter: Quantity] = [:]
    for parameter in scheduler.parameters {
      constants[parameter] = quantity(parameter.unit, parameter.bounds)
    }
    return HostProfile(
      id: "machine-1", title: text(), year: 1990,
      processors: Processors(
        cores: whole(1...4_096), speed: quantity(.count, 0.001...1_000),
        cacheBytes: quantity(.bytes, 0...1e12),
        cacheWays: random.flip() ? whole(1...1_024) : nil),
      memory: HostMemory(
        bytes: quantity(.bytes, 1e12...1e15), swapBytes: quantity(.bytes, 0...1e15),
        baseBytes: quantity(.bytes, 0...9e11), lowMemoryBytes: optional(.bytes, 0...1e12)),
      disk: DiskProfile(
        kind: random.pick(DiskProfile.Kind.allCases), capacityBytes: quantity(.bytes, 0...1e18),
        channels: whole(1...65_536), positioningTime: quantity(.seconds, 0...10),
        positioningVariation: quantity(.count, 0...10),
        transferRate: quantity(.bytesPerSecond, 1...1e13)),
      network: NetworkProfile(
        rate: quantity(.bytesPerSecond, 1...1e13), segmentBytes: quantity(.bytes, 1...1_048_576),
        overheadBytes: quantity(.bytes, 0...1_048_576)),
      kernel: HostKernel(
        scheduler: scheduler,
        tickRate: quantity(.hertz, 0...100_000), isTickless: random.flip(),
        wordBits: random.pick([32, 64]), processCeiling: optional(.count, 1...1e8),
        parameters: constants,
        memory: MemoryAssumptions(
          cacheFloor: quantity(.share, 0...1), swapCluster: whole(1...1_024),
          rewrittenShare: quantity(.share, 0...1), guestSwap: quantity(.share, 0...100),
          dirtyExpiry: quantity(.seconds, 0...86_400),
          flusherPeriod: quantity(.seconds, 0.01...86_400),
          dirtyBackground: quantity(.share, 0...1), dirtyLimit: quantity(.share, 0...1),
          flushedPages: whole(1...1_048_576), guestKernelBytes: optional(.bytes, 0...1e12),
          allocatedPerTouched: quantity(.count, 1...1_000), socketBytes: quantity(.bytes, 0...1e9),
          socketBufferBytes: quantity(.bytes, 0...1e9), filesPerProcess: whole(0...1_000_000),
          directoryCacheBytesPerFile: quantity(.bytes, 0...1e6))),
      primitives: prices)
  }

  private mutating func approach(_ id: String) -> ApproachProfile {
    var parameters: [SchedulingPolicy.Parameter: Quantity] = [:]
    for parameter in SchedulingPolicy.Parameter.allCases where random.below(3) == 0 {
      parameters[parameter] = quantity(parameter.unit, parameter.bounds)
    }
    var paths: [Path] = []
    for operation in Operation.allCases where id == "native" || random.flip() {
      paths.append(Path(operation, hops: (0..<random.below(4)).map { _ in hop(of: operation) }))
    }
    let service = random.pick(Topology.DeviceService.allCases)
    let kernelPerGuest = random.flip()
    let pageCache = random.pick(MemoryPolicy.PageCache.allCases)
    let algorithm = random.pick(SchedulingPolicy.Algorithm.allCases)
    var profile = ApproachProfile(
      id: id, drawnAs: random.flip() ? "model-1" : nil, title: text(), firstYear: 1980,
      lastYear: random.flip() ? 2_100 : nil, paths: paths,
      kernelSlowdown: quantity(.count, 0.1...1_000), userSlowdown: quantity(.count, 0.1...1_000),
      topology: Topology(
        kernelPerGuest: kernelPerGuest, guestProcessors: random.flip() ? whole(1...4_096) : nil,
        deviceService: service,
        driverDomainProcessors: service == .driverDomain ? whole(1...4_096) : nil,
        backendWorkingSetBytes: service == .inKernel ? nil : optional(.bytes, 0...1e12)),
      guestKernel: kernelPerGuest
        ? GuestKernel(
          tickRate: optional(.hertz, 0...100_000),
          ticksWhenIdle: random.pick([nil, true, false])) : GuestKernel(),
      scheduling: SchedulingPolicy(
        algorithm: algorithm,
        mode: algorithm == .tokenBucket
          ? random.pick([nil] + SchedulingPolicy.BucketMode.allCases) : nil,
        parameters: parameters),
      memory: MemoryPolicy(
        kind: random.pick(MemoryPolicy.Kind.allCases),
        pageCache: pageCache,
        sharesIdenticalFiles: random.flip(), guestKernelBytes: quantity(.bytes, 0...1e12),
        monitorBytes: quantity(.bytes, 0...1e12), hostOverheadBytes: quantity(.bytes, 0...1e12),
        perProcessBytes: quantity(.bytes, 0...1e9),
        hostProcessesPerGuest: quantity(.count, 0...10_000),
        hostProcessesPerProcess: quantity(.count, 0...100)),
      storage: StoragePolicy(
        image: random.pick(StoragePolicy.Image.allCases), privateShare: quantity(.share, 0...1),
        directIO: pageCache == .double && random.flip(), memoryFile: random.flip()),
      notes: (0..<random.below(3)).map { _ in text() })
    if profile.memory.kind == .touchOnDemand { profile.memory.monitorSwaps = random.flip() }
    if profile.memory.kind == .reservation {
      profile.memory.balloonFloor = optional(.share, 0.01...1)
    }
    if profile.memory.kind == .touchOnDemand {
      profile.memory.touchedShare = optional(.share, 0...1)
    }
    if random.flip() {
      profile.memory.admission = AdmissionPolicy(
        rule: random.pick(AdmissionPolicy.Rule.allCases),
        keptForHostBytes: quantity(.bytes, 0...1e15),
        swapSomeShare: quantity(.share, 0...1), swapMostShare: quantity(.share, 0...1))
    }
    return profile
  }

  private mutating func hop(of operation: Operation) -> Hop {
    let mechanism = random.pick(Mechanism.allCases.filter(\.isPriced))
    let other = random.pick(Operation.allCases)
    var count = LinearCount(random.measure(0...1e6))
    for attribute in Attribute.allCases where random.below(4) == 0 {
      count.slope[attribute] = random.measure(0...1e6)
    }
    return Hop(
      mechanism, service: mechanism == .kernelWork && other != operation ? other : nil,
      at: random.pick(Place.allCases),
      in: operation.isInputOutput ? random.pick(Phase.allCases) : .call, count: count,
      countRange: random.measure(0...1)...random.measure(1...1_000), isShared: random.flip(),
      status: random.pick(Status.allCases), source: text())
  }

  private mutating func workload() throws -> Workload {
    let arrival: Arrival =
      switch random.below(3) {
      case 0: .poisson(rate: quantity(.hertz, 1e-3...20))
      case 1:
        .bursty(
          rate: quantity(.hertz, 1e-3...20), peakToMean: quantity(.count, 1...10_000),
          burstSeconds: quantity(.seconds, 1e-6...1e6),
          shareInBursts: quantity(.share, 0.001...1))
      default: .closed(users: whole(1...20), thinkTime: try distribution(from: 1))
      }
    var scales = DistributionScales(userComputation: scale(), response: scale())
    if case .closed = arrival { scales.thinkTime = scale() }
    return Workload(
      id: "work", title: text(), arrival: arrival,
      operations: (0..<random.below(6)).map { _ in operation() },
      userComputation: try distribution(), responseBytes: try distribution(),
      files: random.flip()
        ? FileSet(
          count: quantity(.count, 1...1e9), meanBytes: quantity(.bytes, 1...1e15),
          zipfExponent: quantity(.count, 0...5), commonShare: quantity(.share, 0...1)) : nil,
      processes: ProcessDemand(
        baseProcesses: quantity(.count, 0...1e6), baseAnonymousBytes: quantity(.bytes, 0...1e13),
        workerAnonymousBytes: quantity(.bytes, 0...1e12), spareWorkers: quantity(.count, 0...1e6),
        activeShare: quantity(.share, 0...1), textBytes: quantity(.bytes, 0...1e12),
        kernelBytesPerProcess: quantity(.bytes, 0...1e9),
        socketsPerWorker: quantity(.count, 0...1e6), imageBytes: quantity(.bytes, 0...1e15),
        dataBytes: quantity(.bytes, 0...1e15)),
      workingSetBytes: quantity(.bytes, 0...1e12),
      background: random.flip()
        ? BackgroundWork(
          period: quantity(.seconds, 1...1e7), userSeconds: quantity(.seconds, 0...1e5),
          operations: (0..<random.below(3)).map { _ in operation() }) : nil,
      workers: whole(1...1e6), backlog: whole(0...1e9), source: text(), scales: scales)
  }

  private mutating func scale() -> Quantity {
    Quantity(
      1, .count, low: random.measure(0.01...1), high: random.measure(1...1_000),
      status: random.pick(Status.allCases), source: text())
  }

  private mutating func operation() -> OperationCount {
    var attributes = Attributes()
    for attribute in Attribute.allCases where random.flip() {
      attributes[attribute] = random.measure(0...1e9)
    }
    let operation = random.pick(Operation.allCases.filter { $0 != .userComputation })
    // All trips to the disk together are bounded further.
    let isTrip = [.fileRead, .diskRead, .diskWrite].contains(operation)
    return OperationCount(
      operation, count: quantity(.count, 0...(isTrip ? 100 : 1e9)), attributes: attributes,
      movesResponse: random.flip())
  }

  private mutating func distribution(from least: Double = 1e-9) throws -> Distribution {
    let mean = random.measure(least...1e3)
    switch random.below(10) {
    case 0: return try .deterministic(value: mean)
    case 1: return try .uniform(lower: mean, upper: mean * 3)
    case 2: return try .exponential(mean: mean)
    case 3: return try .erlang(mean: mean, stages: 1 + random.below(20))
    case 4: return try .hyperexponential(mean: mean, squaredCoefficientOfVariation: 3.7)
    case 5: return try .gamma(mean: mean, coefficientOfVariation: 0.7)
    case 6: return try .lognormal(mean: mean, coefficientOfVariation: 1.3)
    case 7: return try .pareto(mean: mean, shape: 1.7)
    case 8: return try .boundedPareto(minimum: mean, maximum: mean * 100, shape: 1.1)
    default: return try .empirical(samples: (0..<5).map { _ in random.measure(least...1e3) })
    }
  }
}
