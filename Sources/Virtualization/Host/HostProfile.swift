/// A machine: what it has, what it can do, and what its mechanisms cost.
public struct HostProfile: Sendable, Hashable {
  /// The name used in scenario files.
  public var id: String
  /// A one-line description for people.
  public var title: String
  /// The year that the machine and its system software are of.
  public var year: Int
  /// Cores, their speed and caches.
  public var processors: Processors
  /// Memory and swap.
  public var memory: HostMemory
  /// The disks, seen as one device.
  public var disk: DiskProfile
  /// The link to the outside.
  public var network: NetworkProfile
  /// Properties of the kernel that owns the machine.
  public var kernel: HostKernel
  /// Prices of mechanisms, those of the machine and those of approaches on it.
  public var primitives: [Primitive]

  /// A machine described in full.
  public init(
    id: String, title: String, year: Int, processors: Processors, memory: HostMemory,
    disk: DiskProfile, network: NetworkProfile, kernel: HostKernel, primitives: [Primitive]
  ) {
    self.id = id
    self.title = title
    self.year = year
    self.processors = processors
    self.memory = memory
    self.disk = disk
    self.network = network
    self.kernel = kernel
    self.primitives = primitives
  }

  /// The price of a mechanism for an approach: the approach's own if there is one, else the
  /// machine's.
  public func price(of mechanism: Mechanism, service: Operation?, under approach: String)
    -> Primitive?
  {
    // By index: a primitive holds texts, and most of them are only passed by.
    var shared: Int?
    for index in primitives.indices
    where primitives[index].mechanism == mechanism && primitives[index].service == service {
      if primitives[index].approach == approach { return primitives[index] }
      if primitives[index].approach == nil { shared = index }
    }
    return shared.map { primitives[$0] }
  }
}

/// The processors of a host.
public struct Processors: Sendable, Hashable {
  /// Cores that the scheduler sees.
  public var cores: Quantity
  /// Speed relative to the reference processor in which workloads state user computation.
  public var speed: Quantity
  /// Bytes of cache that a core's working sets compete for.
  public var cacheBytes: Quantity
  /// Lines that one set of that cache holds; nil for 8.
  public var cacheWays: Quantity?

  /// Processors from all their parts; units as each part says.
  public init(
    cores: Quantity, speed: Quantity, cacheBytes: Quantity, cacheWays: Quantity? = nil
  ) {
    self.cores = cores
    self.speed = speed
    self.cacheBytes = cacheBytes
    self.cacheWays = cacheWays
  }

  /// The cache that a core's working sets compete for.
  public var cache: SetAssociativeCache {
    SetAssociativeCache(
      cacheBytes: cacheBytes.value,
      ways: cacheWays.map { Int(clamping: $0.value.rounded()) } ?? SetAssociativeCache.usualWays)
  }
}

/// The memory of a host.
public struct HostMemory: Sendable, Hashable {
  /// Random-access memory, in bytes.
  public var bytes: Quantity
  /// Swap space, in bytes.
  public var swapBytes: Quantity
  /// What the host's own kernel and daemons hold, in bytes.
  public var baseBytes: Quantity
  /// Memory that a 32-bit kernel can use for its own objects, in bytes; nil where it does not bind.
  public var lowMemoryBytes: Quantity?

  /// A host memory from all its parts; units as each part says.
  public init(
    bytes: Quantity, swapBytes: Quantity, baseBytes: Quantity, lowMemoryBytes: Quantity?
  ) {
    self.bytes = bytes
    self.swapBytes = swapBytes
    self.baseBytes = baseBytes
    self.lowMemoryBytes = lowMemoryBytes
  }
}

/// The disks of a host, all of one kind.
///
/// A rotational disk positions and transfers one request at a time, and a guest's data are on one
/// of them. A solid-state drive looks requests up on many channels at once and transfers them one
/// after the other.
public struct DiskProfile: Sendable, Hashable {
  /// What a disk is made of.
  public enum Kind: String, CaseIterable, Sendable, Hashable {
    case rotational
    case solidState = "solid-state"
  }
  /// How requests are positioned.
  public var kind: Kind
  /// Usable bytes for guests' images.
  public var capacityBytes: Quantity
  /// Spindles, each with a queue of its own; for solid state, requests looked up at once.
  public var channels: Quantity
  /// Mean positioning time of a random request, in seconds (seek and rotation, or flash access).
  public var positioningTime: Quantity
  /// Coefficient of variation of the positioning time.
  public var positioningVariation: Quantity
  /// Transfer rate of one spindle, or of a whole solid-state drive, in bytes per second.
  public var transferRate: Quantity

  /// A disk profile from all its parts; units as each part says.
  public init(
    kind: Kind, capacityBytes: Quantity, channels: Quantity, positioningTime: Quantity,
    positioningVariation: Quantity, transferRate: Quantity
  ) {
    self.kind = kind
    self.capacityBytes = capacityBytes
    self.channels = channels
    self.positioningTime = positioningTime
    self.positioningVariation = positioningVariation
    self.transferRate = transferRate
  }

  /// Disks among which guests' data are divided; 1 for solid state.
  package var spindles: Int { kind == .rotational ? channelCount : 1 }

  /// Channels as a whole number.
  package var channelCount: Int { max(1, Int(clamping: channels.value)) }
}

/// The network link of a host.
public struct NetworkProfile: Sendable, Hashable {
  /// Rate in each direction, in bytes per second.
  public var rate: Quantity
  /// Payload bytes of a full packet.
  public var segmentBytes: Quantity
  /// Bytes that a packet takes on the wire beside its payload; nil for none.
  public var overheadBytes: Quantity?

  /// What TCP over Ethernet adds to a packet: 20 bytes of IP (RFC 791), 20 of TCP (RFC 9293) with
  /// 12 of time stamps (RFC 7323, appendix A), and of Ethernet (IEEE 802.3, clauses 3 and 4) 14 of
  /// header, 4 of check sequence, 8 of preamble and start delimiter, and a gap of 12.
  public static let ethernetOverhead = Quantity(
    90, .bytes, status: .published,
    source: "RFC 791, RFC 9293 and RFC 7323: 52 bytes of IP and TCP with time stamps; "
      + "IEEE 802.3: 18 of frame, 8 of preamble, gap of 12")

  /// A network profile from all its parts; units as each part says.
  public init(rate: Quantity, segmentBytes: Quantity, overheadBytes: Quantity? = nil) {
    self.rate = rate
    self.segmentBytes = segmentBytes
    self.overheadBytes = overheadBytes
  }

  /// The packets that so many bytes of payload fill.
  package func packets(_ bytes: Double) -> Double { (bytes / segmentBytes.value).rounded(.up) }
}

/// Properties of a host's kernel that change what it can do.
public struct HostKernel: Sendable, Hashable {
  /// The kernel's own scheduler, by its date.
  public enum Scheduler: String, CaseIterable, Sendable, Hashable {
    case o1 = "o1"
    case completelyFair = "cfs"
  }
  /// The kernel's own scheduler.
  public var scheduler: Scheduler
  /// Timer ticks per second and kernel.
  public var tickRate: Quantity
  /// Whether idle kernels stop their ticks.
  public var isTickless: Bool
  /// Word size: 32 or 64 bits.
  public var wordBits: Int
  /// Processes beyond which the host responds poorly; nil where it does not bind.
  public var processCeiling: Quantity?
  /// The constants of its scheduler, and of those of guests' kernels of the same date, as they are
  /// for one processor.
  public var parameters: [SchedulingPolicy.Parameter: Quantity]
  /// Numbers of its memory management, and of that of guests' kernels.
  public var memory: MemoryAssumptions

  /// A host kernel from all its parts; units as each part says.
  public init(
    scheduler: Scheduler, tickRate: Quantity, isTickless: Bool, wordBits: Int,
    processCeiling: Quantity?, parameters: [SchedulingPolicy.Parameter: Quantity],
    memory: MemoryAssumptions
  ) {
    self.scheduler = scheduler
    self.tickRate = tickRate
    self.isTickless = isTickless
    self.wordBits = wordBits
    self.processCeiling = processCeiling
    self.parameters = parameters
    self.memory = memory
  }
}
