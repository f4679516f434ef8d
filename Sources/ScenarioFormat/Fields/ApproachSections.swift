package import Virtualization

extension Section {
  static let approach = Section(
    "approach", "A way of dividing a machine.",
    [
      Field("title", .text, "One line for people."),
      Field(
        "drawn-as", .text,
        "The approach with which it shares the draws of uncertain numbers.",
        .optional("what it is a copy of, but for `native`; or itself")),
      Field("first-year", .integer(1960...2100), "The first year in which it could be used."),
      Field(
        "last-year", .integer(1960...2100), "The last year of its use.", .optional("still in use")),
      Field(
        "kernel-slowdown", .quantity(.count, 0.1...1_000),
        "Factor by which kernel code itself runs slower than native."),
      Field(
        "user-slowdown", .quantity(.count, 0.1...1_000),
        "Factor by which user code runs slower than native."),
      Field("topology", .nested("mapping"), "See *topology*."),
      Field(
        "guest-kernel", .nested("mapping"), "Only with kernels per guest; see *guest-kernel*.",
        .optional("as the host's kernel")),
      Field("scheduling", .nested("mapping"), "See *scheduling*."),
      Field("memory", .nested("mapping"), "See *memory (approach)*."),
      Field("storage", .nested("mapping"), "See *storage*."),
      Field(
        "paths", .nested("mapping"), "By operation, a list of hops; see *hop*.",
        .optional("all native")),
      Field(
        "notes", .nested("list of text"), "What is simplified, and with which consequence.",
        .optional("none")),
    ])

  static let topology = Section(
    "topology", "Which entities take part.",
    [
      Field("kernel-per-guest", .flag, "Whether every guest has a kernel of its own."),
      Field(
        "guest-processors", .whole(1...4_096), "Cores that one guest can use at once.",
        .optional("as many as the host has")),
      Field(
        "device-service", .choice(Topology.DeviceService.allCases.map(\.rawValue)),
        "Who serves the guests' devices."),
      Field(
        "driver-domain-processors", .whole(1...4_096),
        "Processors of the driver domain.",
        .optional("no driver domain")),
      Field(
        "backend-working-set", .quantity(.bytes, 0...1e12),
        "Cache that a driver domain, or a guest's thread, fills whenever it runs.",
        .optional("0 B")),
    ])

  static let guestKernel = Section(
    "guest-kernel", "What sets guests' own kernels apart from the host's.",
    [
      Field(
        "tick-rate", .quantity(.hertz, 0...100_000), "Timer ticks per second of a guest's kernel.",
        .optional("the host's")),
      Field(
        "idle-ticks", .flag, "Whether an idle guest's kernel goes on ticking.",
        .optional("unless the host's kernel is tickless")),
    ])

  static let scheduling = Section(
    "scheduling", "Who chooses among guests, and with which constants.",
    [
      Field(
        "algorithm", .choice(SchedulingPolicy.Algorithm.allCases.map(\.rawValue)),
        "The published algorithm."),
      Field(
        "mode", .choice(SchedulingPolicy.BucketMode.allCases.map(\.rawValue)),
        "With `token-bucket`: what a bucket means to a guest: a priority by its level (`soft`), "
          + "or, if it has a `cpu-limit`, being held back while it is empty, unless, with "
          + "`idle-time`, a core would be idle, which is then divided by "
          + "`weight`.", .optional("`hard`")),
      Field(
        "parameters", .nested("mapping"), "See *parameters*.",
        .optional("the algorithm's published ones")),
    ])

  static let parameters = Section(
    "parameters", "Constants of a scheduling algorithm.",
    SchedulingPolicy.Parameter.allCases.map { parameter in
      Field(
        parameter.rawValue, .quantity(parameter.unit, parameter.bounds), parameter.meaning,
        .optional(
          HostKernel.Scheduler.allCases.contains { $0.parameters.contains(parameter) }
            ? "the host kernel's, or the algorithm's published default"
            : "the algorithm's published default"))
    })

  static let approachMemory = Section(
    "memory (approach)", "How guests are given memory.",
    [
      Field("kind", .choice(MemoryPolicy.Kind.allCases.map(\.rawValue)), "The policy."),
      Field(
        "page-cache", .choice(MemoryPolicy.PageCache.allCases.map(\.rawValue)),
        "Where files are cached."),
      Field(
        "shares-identical-files", .flag, "Whether files alike in all guests are one copy in memory."
      ),
      Field(
        "guest-kernel", .quantity(.bytes, 0...1e12), "A guest kernel's own memory, per guest."),
      Field(
        "monitor", .quantity(.bytes, 0...1e12),
        "A monitor's memory beside the guest's, per guest."),
      Field(
        "monitor-swaps", .flag,
        "With `touch-on-demand`: whether the host may swap the monitor's memory, as that of an "
          + "ordinary process.", .optional("`false`")),
      Field(
        "host-overhead", .quantity(.bytes, 0...1e12),
        "Fixed memory of hypervisor and driver domain, per host."),
      Field(
        "per-process", .quantity(.bytes, 0...1e9),
        "Host memory per process of a guest beyond a native process's."),
      Field(
        "host-processes-per-guest", .quantity(.count, 0...10_000),
        "Host processes per guest, whatever it runs."),
      Field(
        "host-processes-per-process", .quantity(.count, 0...100),
        "Host processes per process of a guest."),
      Field(
        "balloon-floor", .quantity(.share, 0.01...1),
        "With `reservation`: the share of its memory that a guest's balloon leaves it at least.",
        .optional("no ballooning")),
      Field(
        "touched-share", .quantity(.share, share),
        "With `touch-on-demand`: the share of what it has left that a guest's kernel fills, in the "
          + "long run, with files read once, as far as its image and data are larger.",
        .optional("0 %")),
      Field(
        "admission", .nested("mapping"), "Which guests may be started; see *admission*.",
        .optional("all that memory and swap hold")),
    ])

  static let admission = Section(
    "admission",
    "Which guests may be started: those whose memory fits into host memory that is reserved for "
      + "them.",
    [
      Field(
        "rule", .choice(AdmissionPolicy.Rule.allCases.map(\.rawValue)),
        "What must fit: all memory of guests, or all but a share that the host may swap; with "
          + "`monitor` for each."
      ),
      Field(
        "kept-for-host", .quantity(.bytes, 0...1e15),
        "Host memory that is not reserved for guests; what the host itself holds if that is more."),
      Field(
        "swap-some", .quantity(.share, share),
        "The share of a guest's memory that need not fit under `rule: swap-some`."),
      Field(
        "swap-most", .quantity(.share, share),
        "The share of a guest's memory that need not fit under `rule: swap-most`."),
    ])

  static let storage = Section(
    "storage", "How guests are stored.",
    [
      Field(
        "image", .choice(StoragePolicy.Image.allCases.map(\.rawValue)), "Copies of the system."),
      Field(
        "private-share", .quantity(.share, share),
        "Share of a guest's system image that becomes private where copies are shared."),
      Field(
        "direct-io", .flag,
        "With `page-cache: double`: whether guests' images are opened with O_DIRECT, so that the "
          + "host caches nothing of them.", .optional("false")),
      Field(
        "memory-file", .flag,
        "Whether a guest's memory is a file on the host's disk, as large as it.",
        .optional("false")),
    ])

  static let hop = Section(
    "hop", "One step of a path, written `{do: hypercall, at: hypervisor}`.",
    [
      Field(
        "native", .text,
        "`true` or a phase: stands for the hops of the native path (of that phase) at this point; "
          + "then only `without` may follow.", .optional("an ordinary hop")),
      Field(
        "without", .nested("list of mechanisms"), "Left out of the native hops.",
        .optional("none")),
      Field(
        "do", .choice(Mechanism.allCases.filter(\.isPriced).map(\.rawValue)), "The mechanism.",
        .optional("none, with `native` only")),
      Field(
        "service", .choice(Operation.allCases.map(\.rawValue)),
        "With `kernel-work`: the operation whose native service is meant.",
        .optional("the path's own")),
      Field(
        "at", .choice(Virtualization.Place.allCases.map(\.rawValue)), "Where it runs.",
        .optional("`guest-kernel`")),
      Field(
        "phase", .choice(Phase.allCases.map(\.rawValue)), "Part of the operation.",
        .optional("`call`")),
      Field(
        "count", .nested("number or mapping"), "Occurrences; see *count*.", .optional("1")),
      Field(
        "range", .nested("share or two factors"),
        "Factors between which the count plausibly lies.",
        .optional("exact; required of an `assumed` count")),
      Field(
        "shared", .flag,
        "Whether it is left out while the entity that is notified is at work.",
        .optional("false")),
      Field(
        "status", .choice(Status.allCases.map(\.rawValue)), "How far the count can be trusted.",
        .optional("inherited")),
      Field("source", .text, "Where the count comes from.", .optional("inherited")),
    ])

  static let count = Section(
    "count",
    "A count that is linear in the attributes of the operation; numbers or fractions "
      + "such as `1/4096`.",
    [Field("constant", .text, "The part that depends on no attribute.", .optional("0"))]
      + Attribute.allCases.map { Field($0.name, .text, $0.meaning, .optional("0")) })
}

extension Attribute {
  /// What one unit of the attribute is.
  var meaning: String {
    switch self {
    case .pages: "Per page mapped in the address space concerned."
    case .tablePages: "Per page-table page of it."
    case .ranges: "Per contiguous range of it."
    case .bytes: "Per byte moved."
    case .names: "Per path name looked up."
    case .packets: "Per network packet."
    }
  }
}

extension SchedulingPolicy.Parameter {
  package var unit: Unit {
    switch self {
    case .slice, .contextSwitchAllowance, .warp, .quotaPeriod, .latency, .minimumGranularity,
      .wakeupGranularity:
      .seconds
    case .defaultWeight, .driverWeight, .fillRate, .fillInterval, .idleFillRate,
      .idleFillInterval, .bucketStart, .bucketMinimum, .bucketMaximum:
      .count
    }
  }

  /// What a kernel could do: no interval shorter than its own path, no slice longer than patience.
  ///
  /// Schedulers compute in whole nanoseconds of 64 bits, which hold these.
  package var bounds: ClosedRange<Double> {
    switch self {
    case .slice, .contextSwitchAllowance, .quotaPeriod, .latency, .minimumGranularity: 1e-6...10
    case .wakeupGranularity, .warp: 0...10
    case .defaultWeight, .driverWeight: 1e-6...1e9
    case .fillInterval, .idleFillInterval: 1...1e6
    case .fillRate, .idleFillRate: 0...1e6
    case .bucketStart, .bucketMinimum, .bucketMaximum: 0...1e5
    }
  }

  var meaning: String {
    switch self {
    case .slice: "Longest time that an entity runs before the scheduler chooses again."
    case .defaultWeight: "Share units of a guest for which none are configured."
    case .driverWeight: "Share units of a driver domain."
    case .fillRate: "Tokens per interval, in ticks."
    case .fillInterval: "Interval between fillings, in ticks."
    case .idleFillRate: "Tokens per interval in idle time, in ticks."
    case .idleFillInterval: "Interval between fillings in idle time, in ticks."
    case .bucketStart: "Tokens at the start, each of a tick of the host."
    case .bucketMinimum: "Tokens at which a held guest may run again, as `bucket-start`."
    case .bucketMaximum: "Most tokens that a bucket holds, as `bucket-start`."
    case .contextSwitchAllowance: "Context-switch allowance of borrowed virtual time."
    case .warp: "Virtual time that a driver domain may borrow on waking."
    case .quotaPeriod: "Period of a processor quota."
    case .latency: "Targeted latency of completely fair scheduling."
    case .minimumGranularity: "Shortest time before another task takes over."
    case .wakeupGranularity: "Lead in virtual time that a woken task needs to preempt."
    }
  }
}
