import Statistics
import Virtualization

/// A host that is one queue, so that experiments have exact answers; no real system.
enum ExperimentFixture {
  static func exact(_ value: Double, _ unit: Unit = .count) -> Quantity {
    Quantity(value, unit, status: .assumed, source: "test fixture")
  }

  static func approach(
    _ id: String, _ algorithm: SchedulingPolicy.Algorithm, slowdown: Quantity = exact(1)
  ) -> ApproachProfile {
    let operations: [Operation] = [
      .contextSwitch, .guestSwitch, .timerTick, .idleWakeup, .diskRead,
    ]
    return ApproachProfile(
      id: id, title: id, firstYear: 2000, lastYear: nil,
      paths: operations.map { operation in
        Path(
          operation,
          hops: [Hop(.kernelWork, at: .guestKernel, status: .assumed, source: "test fixture")])
      },
      kernelSlowdown: exact(1), userSlowdown: slowdown,
      topology: Topology(
        kernelPerGuest: false, guestProcessors: nil, deviceService: .inKernel,
        driverDomainProcessors: nil),
      scheduling: SchedulingPolicy(algorithm: algorithm, parameters: [:]),
      memory: MemoryPolicy(
        kind: .pool, pageCache: .shared, sharesIdenticalFiles: true,
        guestKernelBytes: exact(0, .bytes), monitorBytes: exact(0, .bytes),
        hostOverheadBytes: exact(0, .bytes), perProcessBytes: exact(0, .bytes),
        hostProcessesPerGuest: exact(0), hostProcessesPerProcess: exact(1)),
      storage: StoragePolicy(image: .unified, privateShare: exact(0, .share)), notes: [])
  }

  static func host(diskSeconds: Double = 0.05) -> HostProfile {
    let operations: [Operation] = [
      .contextSwitch, .guestSwitch, .timerTick, .idleWakeup, .diskRead,
    ]
    return HostProfile(
      id: "fixture", title: "Test fixture", year: 2006,
      processors: Processors(cores: exact(1), speed: exact(1), cacheBytes: exact(1e6)),
      memory: HostMemory(
        bytes: exact(64e9, .bytes), swapBytes: exact(0, .bytes), baseBytes: exact(0, .bytes),
        lowMemoryBytes: nil),
      disk: DiskProfile(
        kind: .rotational, capacityBytes: exact(1e13, .bytes), channels: exact(1),
        positioningTime: exact(diskSeconds, .seconds), positioningVariation: exact(1),
        transferRate: exact(1e12, .bytesPerSecond)),
      network: NetworkProfile(
        rate: exact(1e9, .bytesPerSecond), segmentBytes: exact(1460, .bytes)),
      kernel: HostKernel(
        scheduler: .o1, tickRate: exact(0, .hertz), isTickless: true, wordBits: 64,
        processCeiling: nil, parameters: [.slice: exact(0.1, .seconds)],
        memory: MemoryAssumptions(
          cacheFloor: exact(0.01, .share),
          swapCluster: exact(8, .count),
          rewrittenShare: exact(0.7, .share),
          guestSwap: exact(1, .share),
          dirtyExpiry: exact(30, .seconds), flusherPeriod: exact(5, .seconds),
          dirtyBackground: exact(0.1, .share), dirtyLimit: exact(0.4, .share),
          flushedPages: exact(1024, .count),
          allocatedPerTouched: exact(1.5, .count),
          socketBytes: exact(2048, .bytes),
          socketBufferBytes: exact(2560, .bytes),
          filesPerProcess: exact(16, .count),
          directoryCacheBytesPerFile: exact(384, .bytes))),
      primitives: operations.map {
        Primitive(.kernelWork, service: $0, price: exact(0, .seconds))
      } + [Primitive(.cacheRefill, price: exact(0, .secondsPerByte))])
  }

  static func workload(
    _ arrival: Arrival, user: Distribution, diskReads: Double = 0
  ) throws -> Workload {
    Workload(
      id: "fixture", title: "Test fixture", arrival: arrival,
      operations: diskReads > 0 ? [OperationCount(.diskRead, count: exact(diskReads))] : [],
      userComputation: user, responseBytes: try .deterministic(value: 0), files: nil,
      processes: ProcessDemand(
        baseProcesses: exact(1), baseAnonymousBytes: exact(0, .bytes),
        workerAnonymousBytes: exact(0, .bytes), spareWorkers: exact(0), activeShare: exact(0),
        textBytes: exact(0, .bytes), kernelBytesPerProcess: exact(0, .bytes),
        socketsPerWorker: exact(1), imageBytes: exact(0, .bytes), dataBytes: exact(0, .bytes)),
      workingSetBytes: exact(0, .bytes), background: nil, workers: exact(1e6),
      backlog: exact(1e6), source: "test fixture")
  }

  static func scenario(
    _ approaches: [ApproachProfile], _ workload: Workload, guests: Int, seconds: Double,
    response: Double, seed: UInt64 = 1
  ) -> Scenario {
    Scenario(
      id: "fixture", title: "Test fixture", year: 2006, host: host(), approaches: approaches,
      native: approaches[0],
      guests: [
        GuestClass(
          id: "guest", workload: workload, count: guests,
          limits: GuestLimits(
            weight: 1, processorLimit: nil, memoryBytes: 1e9, processors: 1,
            beancounters: .unlimited))
      ],
      objective: Objective(
        percentile: 95, responseSeconds: response, errorShare: 0.01, guestShare: 1),
      controls: RunControls(
        seconds: seconds, warmupSeconds: seconds / 10, seed: seed, confidence: 0.95,
        precision: 0.05, minimumReplications: 5, maximumReplications: 20, parameterDraws: 0,
        maximumGuests: 200))
  }
}
