import Experiments
import Reporting
import Virtualization

extension Fixture {
  /// Guests that fit, bytes a guest holds for itself, and extra mechanisms in microseconds.
  struct Shape {
    var guests: Int
    var privateBytes: Double
    var extra: [(Mechanism, Double)]
    var binding: String
  }

  static func shape(_ id: String) -> Shape {
    switch id {
    case "openvz":
      Shape(
        guests: 212, privateBytes: 3e7,
        extra: [(.accounting, 21), (.virtualLink, 38), (.groupScheduling, 12)], binding: "memory")
    case "linux-vserver":
      Shape(guests: 219, privateBytes: 2.9e7, extra: [(.groupScheduling, 9)], binding: "memory")
    case "xen-pv":
      Shape(
        guests: 57, privateBytes: 1.35e8,
        extra: [
          (.hypercall, 61), (.exceptionReflection, 40), (.pageTableUpdate, 130),
          (.pageTablePinning, 55), (.vcpuSwitch, 35), (.eventUpcall, 22), (.grant, 64),
          (.notification, 31), (.backendWork, 210),
        ], binding: "memory")
    case "vmware-workstation":
      Shape(
        guests: 41, privateBytes: 1.5e8,
        extra: [
          (.kernelSlowdown, 330), (.vmExit, 260), (.shadowSync, 310), (.deviceEmulation, 420),
          (.worldSwitch, 180), (.interruptInjection, 44),
        ], binding: "memory")
    case "uml-tt":
      Shape(
        guests: 22, privateBytes: 5.5e7,
        extra: [(.ptraceStop, 1900), (.hostSwitch, 2600), (.hostSignal, 800), (.hostMapping, 500)],
        binding: "processors")
    case "uml-skas3":
      Shape(
        guests: 61, privateBytes: 5.2e7,
        extra: [
          (.ptraceStop, 610), (.hostSwitch, 480), (.hostMapping, 210), (.hostAddressSpace, 95),
        ], binding: "processors")
    case "uml-skas0":
      Shape(
        guests: 48, privateBytes: 5.2e7,
        extra: [
          (.ptraceStop, 900), (.hostSwitch, 700), (.hostMapping, 330), (.hostSignal, 140),
          (.hostAddressSpace, 120),
        ], binding: "processors")
    default: Shape(guests: 231, privateBytes: 2.8e7, extra: [], binding: "memory")
    }
  }

  static func memory(_ id: String, guests: Int) -> MemoryMap {
    let total = 8_589_934_592.0
    let shape = shape(id)
    let kernels = id.hasPrefix("uml") || id.hasPrefix("xen") || id.hasPrefix("vm")
    let count = Double(guests)
    var bytes: [FrameKind: Double] = [
      .hostBase: 2e8, .hypervisor: id.hasPrefix("xen") ? 2e8 : 0,
      .monitor: kernels ? 4e6 * count : 0, .guestKernel: kernels ? 1.2e7 * count : 0,
      .kernelObjects: 1.5e6 * count, .anonymousActive: 0.3 * shape.privateBytes * count,
      .anonymousIdle: 0.4 * shape.privateBytes * count,
      .programTextShared: kernels ? 0 : 8e6, .programTextPrivate: kernels ? 8e6 * count : 0,
      .fileCacheShared: kernels ? 0 : 9e8,
      .fileCachePrivate: 0.1 * shape.privateBytes * count,
      .hostFileCache: id.hasPrefix("uml") ? 5e8 : 0,
      .guestFree: kernels ? 0.1 * shape.privateBytes * count : 0,
    ]
    // Anonymous pages beyond the machine's memory are left out, so that all frames add up to it.
    let needed = bytes.values.sorted().reduce(0, +)
    if needed > total {
      bytes[.anonymousIdle, default: 0] -= min(needed - total, 0.4 * shape.privateBytes * count)
    }
    let used = FrameKind.allCases.reduce(0) { $0 + (bytes[$1] ?? 0) }
    bytes[.free] = max(0, total - used)
    return MemoryMap(
      guests: guests,
      rows: FrameKind.allCases.map { MemoryMap.Row(kind: $0, bytes: bytes[$0] ?? 0) },
      swapBytes: 0, guestSwapBytes: 0)
  }

  static func items(_ id: String, waiting: Bool) -> [ItemEstimate] {
    let base: [(Mechanism, Double)] = [
      (.userExecution, 1000), (.kernelWork, 420), (.trap, 16), (.exception, 9), (.interrupt, 12),
      (.cacheRefill, 60), (.dataCopy, 8), (.wakeup, 14),
    ]
    let waits: [(Mechanism, Double)] = [
      (.processorContention, 2100), (.diskQueueing, 1400), (.diskService, 5200),
      (.linkService, 70),
    ]
    let all = base + shape(id).extra + (waiting ? waits : [])
    return Mechanism.allCases.compactMap { mechanism in
      let sum = all.filter { $0.0 == mechanism }.reduce(0) { $0 + $1.1 }
      guard sum > 0 else { return nil }
      return ItemEstimate(mechanism: mechanism, estimate: estimate(sum * 1e-6, width: 0.08))
    }
  }

  static func total(_ items: [ItemEstimate]) -> Double {
    items.reduce(0) { $0 + $1.estimate.value }
  }

  static func overhead(_ id: String, guestClass: String) -> ApproachOverhead {
    let processor = items(id, waiting: false)
    let response = items(id, waiting: true)
    let extra = total(processor) - total(items("native", waiting: false))
    let against =
      id == "native"
      ? nil
      : NativeComparison(
        response: estimate(extra, width: 0.2), processor: estimate(extra, width: 0.1),
        responseDiffers: id != "linux-vserver", processorDiffers: id != "linux-vserver")
    let guests = ClassOverhead(
      id: guestClass, guests: 40, throughput: estimate(80, width: 0.01),
      meanResponse: estimate(total(response)),
      percentiles: [
        PercentileEstimate(percentile: 50, estimate: estimate(total(response) * 0.7)),
        PercentileEstimate(percentile: 95, estimate: estimate(total(response) * 2.4)),
      ],
      processorPerRequest: estimate(total(processor)),
      refusedShare: Estimate(
        value: 0, low: 0, high: 0, confidence: 0.95, noiseShare: 1, replications: 10, draws: 16),
      againstNative: against, responseItems: response, processorItems: processor,
      residual: 0.0004,
      twin: TwinAnswer(
        method: "made-up formula", meanResponse: total(response) * 1.1,
        percentileResponse: total(response) * 2.9))
    return ApproachOverhead(
      approach: id, title: "Made-up \(id)", outcome: .answered, explanation: nil,
      classes: [guests],
      utilizations: [
        ResourceUtilization(resource: "processors", share: min(0.98, total(processor) * 20)),
        ResourceUtilization(resource: "disk", share: 0.21),
      ],
      trust: TrustShares(measured: 0.1, published: 0.65, assumed: 0.25),
      memory: memory(id, guests: 40))
  }

  static func density(_ id: String) -> ApproachDensity {
    let shape = shape(id)
    let factors = [0.25, 0.5, 0.75, 0.9, 0.97, 1, 1.04, 1.1, 1.25]
    var curve: [DensityPoint] = []
    for factor in factors {
      let guests = Int((Double(shape.guests) * factor).rounded())
      let load = factor * 0.82
      let value = 0.036 / (1 - load) * 0.999
      let isStable = factor < 1.2
      let memory = memory(id, guests: guests)
      let share = 1 - memory[.free] / 8_589_934_592
      curve.append(
        DensityPoint(
          guests: guests,
          percentile: isStable ? estimate(value, width: 0.02 + 0.12 * factor * factor) : nil,
          refusedShare: 0, guestsAbove: factor > 1 ? 0.2 : 0.01, isStable: isStable,
          holds: factor <= 1,
          utilizations: [
            ResourceUtilization(resource: "processors", share: load),
            ResourceUtilization(resource: "memory", share: share),
          ], memory: memory))
    }
    let spread = max(1, shape.guests / 18)
    return ApproachDensity(
      approach: id, title: "Made-up \(id)", outcome: .answered, guests: shape.guests,
      low: shape.guests - spread, high: shape.guests + spread * 2 / 3,
      noiseLow: shape.guests - spread / 3, noiseHigh: shape.guests + spread / 3, confidence: 0.95,
      binding: shape.binding, next: shape.binding == "memory" ? "processors" : "disk",
      nextHeadroom: 0.09,
      failure: shape.binding == "memory"
        ? "memory for 1 more guest is not there and swapping lifts p95 to 231 ms"
        : "p95 is 231 ms",
      curve: curve, twinGuests: Int(Double(shape.guests) * 1.05),
      trust: TrustShares(measured: 0.1, published: 0.65, assumed: 0.25))
  }

  static func study(guestClass: String = "web", title: String = "How many made-up guests fit?")
    throws -> Study
  {
    var densities = approaches.map(density)
    if let index = densities.firstIndex(where: { $0.approach == "uml-tt" }) {
      densities[index].outcome = .precisionNotReached
    }
    if let index = densities.firstIndex(where: { $0.approach == "vmware-workstation" }) {
      densities[index].outcome = .impossible
      densities[index].guests = 0
      densities[index].curve = []
      densities[index].failure = "one guest alone has a p95 of 412 ms"
    }
    let overheads = approaches.map { overhead($0, guestClass: guestClass) }
    return Study(
      scenario: try scenario(title: title, guestClass: guestClass),
      overhead: OverheadAnswer(
        counts: [40], approaches: overheads,
        pairs: [
          ClassPairs(
            id: guestClass,
            processor: pairs(overheads.map { ($0.approach, $0.classes[0].processorPerRequest) }),
            response: pairs(overheads.map { ($0.approach, $0.classes[0].meanResponse) }))
        ]),
      density: DensityAnswer(
        approaches: densities,
        pairs: pairs(
          densities.filter { $0.guests > 0 }.map {
            ($0.approach, estimate(Double($0.guests), width: 0.05))
          })),
      warnings: ["all numbers of this study are made up"])
  }

  /// Decided are the pairs whose made-up intervals have nothing in common.
  private static func pairs(_ figures: [(name: String, estimate: Estimate)]) -> [PairDifference] {
    figures.enumerated().flatMap { index, first in
      figures[(index + 1)...].map { second in
        let overlap =
          first.estimate.low <= second.estimate.high && second.estimate.low <= first.estimate.high
        let value = first.estimate.value - second.estimate.value
        var difference = first.estimate
        (difference.value, difference.low, difference.high) = (value, value * 0.9, value * 1.1)
        return PairDifference(
          first: first.name, second: second.name, difference: difference,
          noisePValue: overlap ? 0.4 : 0.001, combinedPValue: overlap ? 0.6 : 0.002,
          reversals: overlap ? 3 : 0, isDecided: !overlap)
      }
    }
  }

  static func prices() -> [OperationPrice] {
    var prices: [OperationPrice] = []
    for (index, id) in approaches.enumerated() {
      let factor = id.hasPrefix("uml") ? 30.0 : 1 + 0.1 * Double(index)
      prices.append(OperationPrice(operation: .systemCall, approach: id, seconds: 3e-7 * factor))
      prices.append(
        OperationPrice(
          operation: .fork, approach: id, seconds: 1.1e-4 * (1 + factor / 3), detail: "200 pages"))
    }
    return prices
  }

  static func report(_ study: Study) -> Report {
    Report(
      study: study, scenarioHash: "0123456789abcdef", scenarioText: "title: made up\n",
      programVersion: "0.0.0", command: "tenancy run made-up.yaml --seed 1", prices: prices())
  }
}
