import Virtualization

extension Section {
  static let host = Section(
    "host", "A machine: what it has, what it can do, and what its mechanisms cost.",
    [
      Field("title", .text, "One line for people."),
      Field("year", .integer(1960...2100), "Of the machine and its system software."),
      Field("processors", .nested("mapping"), "See *processors*."),
      Field("memory", .nested("mapping"), "See *memory*."),
      Field("disk", .nested("mapping"), "See *disk*."),
      Field("network", .nested("mapping"), "See *network*."),
      Field("kernel", .nested("mapping"), "See *kernel*."),
      Field(
        "primitives", .nested("mapping"),
        "Prices: `machine` or an approach's id, then mechanism (for `kernel-work`: then "
          + "operation), then a time, or a time per byte for `data-copy` and `cache-refill`.",
        .optional("those of `scaled-from`")),
      Field(
        "scaled-from", .nested("mapping"), "Another host whose prices to take; see *scaled-from*.",
        .optional("none")),
    ])

  static let processors = Section(
    "processors", "The processors of a host.",
    [
      Field("cores", .whole(1...4_096), "Cores that the scheduler sees."),
      Field(
        "speed", .quantity(.count, 0.001...1_000),
        "Relative to the reference processor in which workloads state user computation."),
      Field("cache", .quantity(.bytes, 0...1e12), "Cache that a core's working sets compete for."),
      Field(
        "ways", .whole(1...1_024), "Lines that one set of that cache holds.",
        .optional("\(SetAssociativeCache.usualWays)")),
    ])

  static let hostMemory = Section(
    "memory (host)", "The memory of a host.",
    [
      Field("bytes", .quantity(.bytes, 1_048_576...1e15), "Random-access memory."),
      Field("swap", .quantity(.bytes, 0...1e15), "Swap space."),
      Field("base", .quantity(.bytes, 0...1e15), "What the host's own kernel and daemons hold."),
      Field(
        "low-memory", .quantity(.bytes, 0...1e12),
        "Memory that a 32-bit kernel can use for its own objects.", .optional("does not bind")),
    ])

  static let disk = Section(
    "disk", "The disks of a host, all of one kind.",
    [
      Field("kind", .choice(DiskProfile.Kind.allCases.map(\.rawValue)), "What the disks are."),
      Field("capacity", .quantity(.bytes, 0...1e18), "Usable for guests' images."),
      Field(
        "channels", .whole(1...65_536),
        "Rotational: spindles, among which guests' data are divided. Solid state: requests looked "
          + "up at once."),
      Field("positioning-time", .quantity(.seconds, 0...10), "Mean, of a random request."),
      Field(
        "positioning-variation", .quantity(.count, 0...10),
        "Coefficient of variation of the positioning time."),
      Field(
        "transfer-rate", .quantity(.bytesPerSecond, 1...1e13),
        "Rotational: of one spindle. Solid state: of the whole drive, shared by its channels."),
    ])

  static let network = Section(
    "network", "The network link of a host.",
    [
      Field("rate", .quantity(.bytesPerSecond, 1...1e13), "In each direction."),
      Field("segment", .quantity(.bytes, 1...1_048_576), "Payload of a full packet."),
      Field(
        "overhead", .quantity(.bytes, 0...1_048_576),
        "What a packet takes on the wire beside its payload.",
        .optional("90 B: IP, TCP with time stamps, Ethernet with preamble and gap")),
    ])

  static let kernel = Section(
    "kernel", "Properties of a host's kernel that change what it can do.",
    [
      Field(
        "scheduler", .choice(HostKernel.Scheduler.allCases.map(\.rawValue)),
        "The kernel's own scheduler."),
      Field("tick-rate", .quantity(.hertz, 0...100_000), "Timer ticks per second and kernel."),
      Field("tickless", .flag, "Whether idle kernels stop their ticks."),
      Field("word-bits", .choice(["32", "64"]), "Word size."),
      Field(
        "process-ceiling", .quantity(.count, 1...1e8),
        "Processes beyond which the host responds poorly.", .optional("does not bind")),
      Field(
        "parameters", .nested("mapping"),
        "Constants of the scheduler, here and inside guests; see *kernel parameters*.",
        .optional("those of `scaled-from`, if its scheduler is the same")),
      Field(
        "memory", .nested("mapping"), "Of memory management; see *kernel memory*.",
        .optional("that of `scaled-from`")),
    ])

  static let kernelParameters = Section(
    "kernel parameters",
    "Constants of the kernel's own scheduler: all that it has, and no other. Those of `cfs` are "
      + "for one processor, and are multiplied by 1 + log2 of the host's cores, at most 4, where "
      + "it schedules the host.",
    HostKernel.Scheduler.allCases.flatMap { scheduler in
      scheduler.parameters.map { parameter in
        Field(
          parameter.rawValue, .quantity(parameter.unit, parameter.bounds), parameter.meaning,
          .optional("required by `\(scheduler.rawValue)`"))
      }
    })

  static let kernelMemory = Section(
    "kernel memory", "Numbers of memory management, of the host's kernel and of guests' own.",
    [
      Field(
        "cache-floor", .quantity(.share, share),
        "The share of a memory below which the page cache is not shrunk."),
      Field(
        "swap-cluster", .whole(1...1_024),
        "Pages that one read from swap brings in, and one write to it takes out."),
      Field(
        "rewritten-share", .quantity(.share, share),
        "Of pages brought in from swap, those written to before they are evicted again."),
      Field(
        "guest-swap", .quantity(.share, 0...100),
        "Swap space of a guest with a kernel of its own, relative to its memory."),
      Field(
        "dirty-expiry", .quantity(.seconds, 0...86_400),
        "Age at which what was written to a file is due to go to the disk."),
      Field(
        "flusher-period", .quantity(.seconds, 0.01...86_400),
        "Time between two looks of the kernel for what is due."),
      Field(
        "dirty-background", .quantity(.share, share),
        "Share of the memory that is free or caches files; what is written beyond it is due at "
          + "once."
      ),
      Field(
        "dirty-limit", .quantity(.share, share),
        "Share of the same memory beyond which those that write files wait for the disk."),
      Field(
        "flushed-pages", .whole(1...1_048_576),
        "Pages that one visit to the disk writes at most, after one positioning."),
      Field(
        "guest-kernel", .quantity(.bytes, 0...1e12),
        "Memory of a guest's own kernel of the host's date.", .optional("the approach's")),
      Field(
        "allocated-per-touched", .quantity(.count, 1...1_000),
        "Pages that a process allocates for each that it touches."),
      Field(
        "socket", .quantity(.bytes, 0...1e9), "Kernel memory of a connection without its buffers."),
      Field(
        "socket-buffer", .quantity(.bytes, 0...1e9),
        "Buffer space charged for a connection in each direction."),
      Field("files-per-process", .whole(0...1_000_000), "Files that a process holds open."),
      Field(
        "directory-cache-per-file", .quantity(.bytes, 0...1e6),
        "Directory cache charged for an open file."),
    ])

  static let scaledFrom = Section(
    "scaled-from",
    "The prices of another host, multiplied; they become `assumed` and name both "
      + "sources.",
    [
      Field("host", .text, "Id or path of a host profile."),
      Field(
        "time-factor", .quantity(.count, 0.0001...10_000),
        "Multiplies every price (its low end the low ends, its high end the high ends)."),
    ])

  static let quantity = Section(
    "quantity", "A number with its pedigree, in long form.",
    [
      Field("value", .text, "The number with its unit."),
      Field("low", .text, "The low end of what is plausible.", .optional("from `range`, or exact")),
      Field("high", .text, "The high end.", .optional("from `range`, or exact")),
      Field(
        "range", .text, "A share such as `20 %`, or two factors such as `[0.5, 2]`.",
        .optional("inherited; required of an `assumed` number without low and high")),
      Field(
        "status", .choice(Status.allCases.map(\.rawValue)), "How far it can be trusted.",
        .optional("inherited")),
      Field(
        "source", .text, "Where it comes from, so that one can look it up.", .optional("inherited")
      ),
      Field(
        "common-to", .text, "The name of an uncertain factor that several numbers contain.",
        .optional("none")),
      Field(
        "common-low", .text, "The low end of that factor, which `low` contains.",
        .optional("required with `common-to`")),
      Field(
        "common-high", .text, "The high end of that factor.",
        .optional("required with `common-to`")),
    ])
}
