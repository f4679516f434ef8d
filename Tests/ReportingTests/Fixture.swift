import Experiments
import Reporting
import Statistics
import Virtualization

/// A made-up study: none of its numbers comes from a run, and none is meant to be plausible.
enum Fixture {
  static func quantity(_ value: Double, _ unit: Unit, _ status: Status = .assumed) -> Quantity {
    Quantity(
      value, unit, low: value * 0.5, high: value * 2, status: status, source: "made up for tests")
  }

  static let approaches = [
    "native", "openvz", "linux-vserver", "xen-pv", "vmware-workstation", "uml-tt", "uml-skas3",
    "uml-skas0",
  ]

  static func profile(_ id: String) -> ApproachProfile {
    let zero = Quantity(0, .bytes, status: .assumed, source: "made up for tests")
    let one = Quantity(1, .count, status: .assumed, source: "made up for tests")
    var paths: [Path] = []
    if id == "native" {
      paths = [
        Path(
          .systemCall,
          hops: [
            Hop(.trap, at: .guestKernel, status: .published, source: "made up for tests"),
            Hop(.kernelWork, at: .guestKernel, status: .published, source: "made up for tests"),
          ])
      ]
    } else if id.hasPrefix("uml") {
      paths = [
        Path(
          .systemCall,
          hops: [
            Hop(
              .ptraceStop, at: .hostKernel, count: LinearCount(2), countRange: 0.5...2,
              status: .assumed, source: "made up for tests"),
            Hop(
              .hostSwitch, at: .hostKernel, count: LinearCount(4), status: .published,
              source: "made up for tests"),
            Hop(.kernelWork, at: .guestKernel, status: .published, source: "made up for tests"),
          ])
      ]
    }
    return ApproachProfile(
      id: id, title: "Made-up \(id)", firstYear: 2003, lastYear: nil, paths: paths,
      kernelSlowdown: one, userSlowdown: one,
      topology: Topology(
        kernelPerGuest: false, guestProcessors: nil, deviceService: .inKernel,
        driverDomainProcessors: nil),
      scheduling: SchedulingPolicy(algorithm: .host, parameters: [:]),
      memory: MemoryPolicy(
        kind: .pool, pageCache: .shared, sharesIdenticalFiles: false, guestKernelBytes: zero,
        monitorBytes: zero, hostOverheadBytes: zero, perProcessBytes: zero,
        hostProcessesPerGuest: zero, hostProcessesPerProcess: one),
      storage: StoragePolicy(image: .fullCopy, privateShare: one),
      notes: ["A made-up simplification of \(id)."])
  }

  static func host() -> HostProfile {
    HostProfile(
      id: "made-up-host", title: "A made-up machine", year: 2006,
      processors: Processors(
        cores: quantity(4, .count, .published), speed: quantity(1, .count, .published),
        cacheBytes: quantity(2e6, .bytes, .published)),
      memory: HostMemory(
        bytes: quantity(8_589_934_592, .bytes, .published), swapBytes: quantity(2e9, .bytes),
        baseBytes: quantity(2e8, .bytes), lowMemoryBytes: nil),
      disk: DiskProfile(
        kind: .rotational, capacityBytes: quantity(3e11, .bytes),
        channels: quantity(2, .count), positioningTime: quantity(0.007, .seconds, .published),
        positioningVariation: quantity(0.4, .count),
        transferRate: quantity(7e7, .bytesPerSecond, .published)),
      network: NetworkProfile(
        rate: quantity(1.25e8, .bytesPerSecond, .published),
        segmentBytes: quantity(1448, .bytes, .published)),
      kernel: HostKernel(
        scheduler: .o1, tickRate: quantity(250, .hertz), isTickless: false, wordBits: 32,
        processCeiling: nil, parameters: [.slice: quantity(0.1, .seconds)],
        memory: MemoryAssumptions(
          cacheFloor: quantity(0.01, .share),
          swapCluster: quantity(8, .count),
          rewrittenShare: quantity(0.7, .share),
          guestSwap: quantity(1, .share),
          dirtyExpiry: quantity(30, .seconds), flusherPeriod: quantity(5, .seconds),
          dirtyBackground: quantity(0.1, .share), dirtyLimit: quantity(0.4, .share),
          flushedPages: quantity(1024, .count),
          allocatedPerTouched: quantity(1.5, .count),
          socketBytes: quantity(2048, .bytes),
          socketBufferBytes: quantity(2560, .bytes),
          filesPerProcess: quantity(16, .count),
          directoryCacheBytesPerFile: quantity(384, .bytes))),
      primitives: [
        Primitive(.trap, price: quantity(2e-7, .seconds, .measured)),
        Primitive(
          .kernelWork, service: .systemCall, price: quantity(1e-7, .seconds, .measured)),
        Primitive(.ptraceStop, price: quantity(4e-6, .seconds, .published)),
        Primitive(.hostSwitch, price: quantity(1e-6, .seconds, .assumed)),
      ])
  }

  static func scenario(
    id: String = "made-up", title: String = "How many made-up guests fit?",
    guestClass: String = "web"
  ) throws -> Scenario {
    let workload = Workload(
      id: "made-up-web", title: "Made-up requests", arrival: .poisson(rate: quantity(2, .hertz)),
      operations: [
        OperationCount(.systemCall, count: quantity(40, .count, .measured)),
        OperationCount(.fork, count: quantity(0.1, .count, .measured)),
      ],
      userComputation: try .deterministic(value: 0.001),
      responseBytes: try .deterministic(value: 8192), files: nil,
      processes: ProcessDemand(
        baseProcesses: quantity(10, .count), baseAnonymousBytes: quantity(2e7, .bytes),
        workerAnonymousBytes: quantity(2e6, .bytes), spareWorkers: quantity(2, .count),
        activeShare: quantity(0.3, .share), textBytes: quantity(8e6, .bytes),
        kernelBytesPerProcess: quantity(16384, .bytes), socketsPerWorker: quantity(1, .count),
        imageBytes: quantity(5e8, .bytes), dataBytes: quantity(5e7, .bytes)),
      workingSetBytes: quantity(65536, .bytes), background: nil, workers: quantity(8, .count),
      backlog: quantity(64, .count), source: "made up for tests")
    return Scenario(
      id: id, title: title, year: 2006, host: host(), approaches: approaches.map(profile),
      native: profile("native"),
      guests: [
        GuestClass(
          id: guestClass, workload: workload, count: 40,
          limits: GuestLimits(
            weight: 1, processorLimit: nil, memoryBytes: 1.3e8, processors: 1,
            beancounters: .veBasic))
      ],
      objective: Objective(
        percentile: 95, responseSeconds: 0.2, errorShare: 0.001, guestShare: 0.05),
      controls: RunControls(
        seconds: 60, warmupSeconds: 10, seed: 1, confidence: 0.95, precision: 0.05,
        minimumReplications: 5, maximumReplications: 20, parameterDraws: 16, maximumGuests: 5000))
  }

  static func estimate(_ value: Double, width: Double = 0.04) -> Estimate {
    Estimate(
      value: value, low: value * (1 - width), high: value * (1 + width), confidence: 0.95,
      noiseShare: 0.3, replications: 10, draws: 16)
  }
}
