import Statistics
import Virtualization

/// A small host and approaches with made-up round numbers: for tests of the machinery, not of any
/// real system.
enum HostFixture {
  static func exact(_ value: Double, _ unit: Unit = .count) -> Quantity {
    Quantity(value, unit, status: .assumed, source: "test fixture")
  }

  /// A host whose kernel costs `price` seconds for each operation that has a path.
  static func host(cores: Int = 1, price: Double = 0, refill: Double = 0) -> HostProfile {
    let services: [Operation] = [
      .systemCall, .contextSwitch, .guestSwitch, .timerTick, .idleWakeup,
    ]
    var primitives = services.map {
      Primitive(.kernelWork, service: $0, price: exact(price, .seconds))
    }
    let devices: [Operation] = [
      .packetReceive, .packetSend, .diskRead, .diskWrite, .fileRead, .fileFault,
    ]
    for service in devices {
      primitives.append(Primitive(.kernelWork, service: service, price: exact(price, .seconds)))
    }
    primitives.append(Primitive(.hypercall, price: exact(2 * price, .seconds)))
    primitives.append(Primitive(.notification, price: exact(3 * price, .seconds)))
    primitives.append(Primitive(.backendWork, price: exact(4 * price, .seconds)))
    primitives.append(Primitive(.cacheRefill, price: exact(refill, .secondsPerByte)))
    return HostProfile(
      id: "fixture", title: "Test fixture", year: 2006,
      processors: Processors(cores: exact(Double(cores)), speed: exact(1), cacheBytes: exact(1e6)),
      memory: HostMemory(
        bytes: exact(64e9, .bytes), swapBytes: exact(0, .bytes), baseBytes: exact(0, .bytes),
        lowMemoryBytes: nil),
      disk: DiskProfile(
        kind: .rotational, capacityBytes: exact(1e13, .bytes), channels: exact(1),
        positioningTime: exact(0.05, .seconds), positioningVariation: exact(1),
        transferRate: exact(1e12, .bytesPerSecond)),
      network: NetworkProfile(
        rate: exact(1e9, .bytesPerSecond), segmentBytes: exact(1460, .bytes)),
      kernel: HostKernel(
        scheduler: .o1, tickRate: exact(0, .hertz), isTickless: false, wordBits: 64,
        processCeiling: nil, parameters: [.slice: exact(0.1, .seconds)],
        memory: MemoryFixtures.assumptions),
      primitives: primitives)
  }

  /// An approach in which every operation is one piece of kernel work.
  static func approach(
    _ id: String = "native", algorithm: SchedulingPolicy.Algorithm = .firstComeFirstServed,
    paths: [Path] = [], service: Topology.DeviceService = .inKernel, guestProcessors: Double? = nil
  ) -> ApproachProfile {
    var all = paths
    let plain: [Operation] = [
      .systemCall, .contextSwitch, .guestSwitch, .timerTick, .idleWakeup, .packetReceive,
      .packetSend, .diskRead, .diskWrite, .fileRead, .fileFault,
    ]
    for operation in plain where !paths.contains(where: { $0.operation == operation }) {
      all.append(
        Path(
          operation,
          hops: [Hop(.kernelWork, at: .guestKernel, status: .assumed, source: "test fixture")]))
    }
    return ApproachProfile(
      id: id, title: id, firstYear: 2000, lastYear: nil, paths: all, kernelSlowdown: exact(1),
      userSlowdown: exact(1),
      topology: Topology(
        kernelPerGuest: false, guestProcessors: guestProcessors.map { exact($0) },
        deviceService: service, driverDomainProcessors: service == .inKernel ? nil : exact(1)),
      scheduling: SchedulingPolicy(algorithm: algorithm, parameters: [:]),
      memory: MemoryPolicy(
        kind: .pool, pageCache: .shared, sharesIdenticalFiles: true,
        guestKernelBytes: exact(0, .bytes), monitorBytes: exact(0, .bytes),
        hostOverheadBytes: exact(0, .bytes), perProcessBytes: exact(0, .bytes),
        hostProcessesPerGuest: exact(0), hostProcessesPerProcess: exact(1)),
      storage: StoragePolicy(image: .unified, privateShare: exact(0, .share)), notes: [])
  }

  static func workload(
    arrival: Arrival, user: Distribution, operations: [OperationCount] = [],
    responseBytes: Double = 0
  ) throws -> Workload {
    Workload(
      id: "fixture", title: "Test fixture", arrival: arrival, operations: operations,
      userComputation: user,
      responseBytes: try .deterministic(value: responseBytes), files: nil,
      processes: ProcessDemand(
        baseProcesses: exact(1), baseAnonymousBytes: exact(0, .bytes),
        workerAnonymousBytes: exact(0, .bytes), spareWorkers: exact(0), activeShare: exact(0),
        textBytes: exact(0, .bytes), kernelBytesPerProcess: exact(0, .bytes),
        socketsPerWorker: exact(1), imageBytes: exact(0, .bytes), dataBytes: exact(0, .bytes)),
      workingSetBytes: exact(0, .bytes), background: nil, workers: exact(1e6),
      backlog: exact(1e6), source: "test fixture")
  }

  static func scenario(
    host: HostProfile, native: ApproachProfile, approaches: [ApproachProfile]? = nil,
    workload: Workload, guests: Int, seconds: Double, warmup: Double, seed: UInt64 = 1
  ) -> Scenario {
    Scenario(
      id: "fixture", title: "Test fixture", year: 2006, host: host,
      approaches: approaches ?? [native], native: native,
      guests: [
        GuestClass(
          id: "guest", workload: workload, count: guests,
          limits: GuestLimits(
            weight: 1, processorLimit: nil, memoryBytes: 1e9, processors: 64,
            beancounters: .unlimited))
      ],
      objective: Objective(
        percentile: 95, responseSeconds: 1, errorShare: 0.01, guestShare: 0.05),
      controls: RunControls(
        seconds: seconds, warmupSeconds: warmup, seed: seed, confidence: 0.95, precision: 0.05,
        minimumReplications: 5, maximumReplications: 20, parameterDraws: 5, maximumGuests: 1000))
  }

  static func run(
    _ scenario: Scenario, _ approach: ApproachProfile? = nil, replication: Int = 0
  ) throws -> RunResult {
    try HostSimulation.run(
      HostPlan(
        scenario: scenario, approach: approach ?? scenario.native, guests: scenario.guestCount,
        replication: replication))
  }
}
