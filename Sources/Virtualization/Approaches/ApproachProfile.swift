/// A way of dividing a machine: paths, topology, scheduler, memory policy, storage, and its dates.
public struct ApproachProfile: Sendable, Hashable {
  /// The name used on the command line and in scenario files.
  public var id: String
  /// The id under which its uncertain numbers are drawn: for a changed copy, that of the original.
  ///
  /// So the original and its copies differ in a draw only by what was changed.
  public var drawnAs: String
  /// A one-line description for people.
  public var title: String
  /// The first year in which it could be used.
  public var firstYear: Int
  /// The last year in which it was in use; nil for still.
  public var lastYear: Int?
  /// Paths that differ from native; every other operation takes its native path.
  public var paths: [Path]
  /// The factor by which kernel code itself runs slower than native (1 where it runs unchanged).
  public var kernelSlowdown: Quantity
  /// The factor by which user code runs slower than native.
  public var userSlowdown: Quantity
  /// Which entities take part.
  public var topology: Topology
  /// What sets the guests' own kernels apart from the host's.
  public var guestKernel: GuestKernel
  /// Who chooses among guests.
  public var scheduling: SchedulingPolicy
  /// How guests get memory.
  public var memory: MemoryPolicy
  /// How guests are stored on disk.
  public var storage: StoragePolicy
  /// Statements of what is simplified, and with which consequence, for reports.
  public var notes: [String]

  /// An approach profile from all its parts; units as each part says.
  public init(
    id: String, drawnAs: String? = nil, title: String, firstYear: Int, lastYear: Int?,
    paths: [Path],
    kernelSlowdown: Quantity, userSlowdown: Quantity, topology: Topology,
    guestKernel: GuestKernel = GuestKernel(), scheduling: SchedulingPolicy, memory: MemoryPolicy,
    storage: StoragePolicy, notes: [String]
  ) {
    self.id = id
    self.drawnAs = drawnAs ?? id
    self.title = title
    self.firstYear = firstYear
    self.lastYear = lastYear
    self.paths = paths
    self.kernelSlowdown = kernelSlowdown
    self.userSlowdown = userSlowdown
    self.topology = topology
    self.guestKernel = guestKernel
    self.scheduling = scheduling
    self.memory = memory
    self.storage = storage
    self.notes = notes
  }
}

/// Which entities take part under an approach.
public struct Topology: Sendable, Hashable {
  /// Who serves the guests' devices.
  public enum DeviceService: String, CaseIterable, Sendable, Hashable {
    /// The kernel that the guest itself runs on.
    case inKernel = "in-kernel"
    /// One driver domain for all guests.
    case driverDomain = "driver-domain"
    /// A thread of the host per guest.
    case threadPerGuest = "thread-per-guest"
  }
  /// Whether every guest has a kernel of its own.
  public var kernelPerGuest: Bool
  /// Cores that one guest can use at once; nil for as many as the host has.
  public var guestProcessors: Quantity?
  /// Who serves the devices.
  public var deviceService: DeviceService
  /// Processors of the driver domain, where there is one.
  public var driverDomainProcessors: Quantity?
  /// Bytes that a driver domain, or the thread that serves a guest, touches whenever it runs; nil
  /// for none.
  public var backendWorkingSetBytes: Quantity?

  /// A topology from all its parts; units as each part says.
  public init(
    kernelPerGuest: Bool, guestProcessors: Quantity?, deviceService: DeviceService,
    driverDomainProcessors: Quantity?, backendWorkingSetBytes: Quantity? = nil
  ) {
    self.kernelPerGuest = kernelPerGuest
    self.guestProcessors = guestProcessors
    self.deviceService = deviceService
    self.driverDomainProcessors = driverDomainProcessors
    self.backendWorkingSetBytes = backendWorkingSetBytes
  }

  /// Cores that a guest can use at once: its virtual processors where it has a kernel of its own,
  /// else as many as the approach gives, and never more than there are.
  package func processors(of limits: GuestLimits, cores: Int) -> Int {
    let allowed = guestProcessors.map { Int(clamping: $0.value) } ?? Int.max
    let isLimited = kernelPerGuest || guestProcessors != nil
    return max(1, min(isLimited ? min(allowed, limits.processors) : allowed, cores))
  }
}

/// What sets the guests' own kernels apart from the host's, where guests have kernels of their own.
public struct GuestKernel: Sendable, Hashable {
  /// Timer ticks per second of a guest's kernel; nil for those of the host's.
  public var tickRate: Quantity?
  /// Whether an idle guest's kernel goes on ticking; nil for as the host's kernel does.
  public var ticksWhenIdle: Bool?

  /// A guest kernel; what is nil is as in the host's kernel.
  public init(tickRate: Quantity? = nil, ticksWhenIdle: Bool? = nil) {
    self.tickRate = tickRate
    self.ticksWhenIdle = ticksWhenIdle
  }
}

/// How an approach gives memory to guests.
public struct MemoryPolicy: Sendable, Hashable {
  /// How memory is given to guests.
  public enum Kind: String, CaseIterable, Sendable, Hashable {
    /// One pool without limits per guest.
    case pool
    /// One pool, charged by user beancounters.
    case beancounters
    /// One pool, charged on touch, with a limit per control group.
    case controlGroup = "control-group"
    /// A fixed reservation per guest.
    case reservation
    /// Guest memory that the host supplies on first touch, up to the guest's size.
    case touchOnDemand = "touch-on-demand"
  }
  /// Where file pages are cached.
  public enum PageCache: String, CaseIterable, Sendable, Hashable {
    /// One cache for all guests.
    case shared
    /// A cache in every guest only (direct input and output below it).
    case perGuest = "per-guest"
    /// A cache in every guest, and one in the host below them for the guests' image files, unless
    /// they are opened for direct input and output.
    case double
  }
  /// How memory is given to guests.
  public var kind: Kind
  /// Where file pages are cached.
  public var pageCache: PageCache
  /// Whether files and program text that are alike in all guests are one copy in memory.
  public var sharesIdenticalFiles: Bool
  /// A guest kernel's own memory: code, data, tables, in bytes per guest.
  public var guestKernelBytes: Quantity
  /// A monitor's memory beside the guest's own, in bytes per guest.
  public var monitorBytes: Quantity
  /// Whether the host may swap that memory, as it may an ordinary process's.
  ///
  /// Only for `touchOnDemand`: of a process in user space, not of tables and locked memory.
  public var monitorSwaps = false
  /// Fixed memory of hypervisor and driver domain, in bytes per host.
  public var hostOverheadBytes: Quantity
  /// Host memory per process of a guest beyond a native process's, in bytes.
  public var perProcessBytes: Quantity
  /// Host processes per guest that exist whatever the guest runs.
  public var hostProcessesPerGuest: Quantity
  /// Host processes per process of the guest (1 where they are host processes).
  public var hostProcessesPerProcess: Quantity
  /// The share of its memory that a guest's balloon leaves it at least; nil without ballooning.
  ///
  /// Only for `reservation`: before guests start, all get the same share of their memory, as much
  /// as the host has.
  public var balloonFloor: Quantity?
  /// The share of what it has left that a guest's kernel fills, in the long run, with files that
  /// are read once; nil for none.
  ///
  /// Only for `touchOnDemand`, where the host does not get it back.
  public var touchedShare: Quantity?
  /// Which guests may be started; nil for all that memory and swap hold.
  public var admission: AdmissionPolicy?

  /// A memory policy from all its parts; units as each part says.
  public init(
    kind: Kind, pageCache: PageCache, sharesIdenticalFiles: Bool, guestKernelBytes: Quantity,
    monitorBytes: Quantity, hostOverheadBytes: Quantity, perProcessBytes: Quantity,
    hostProcessesPerGuest: Quantity, hostProcessesPerProcess: Quantity
  ) {
    self.kind = kind
    self.pageCache = pageCache
    self.sharesIdenticalFiles = sharesIdenticalFiles
    self.guestKernelBytes = guestKernelBytes
    self.monitorBytes = monitorBytes
    self.hostOverheadBytes = hostOverheadBytes
    self.perProcessBytes = perProcessBytes
    self.hostProcessesPerGuest = hostProcessesPerGuest
    self.hostProcessesPerProcess = hostProcessesPerProcess
  }
}

/// How an approach stores guests.
public struct StoragePolicy: Sendable, Hashable {
  /// How the system images of guests are stored.
  public enum Image: String, CaseIterable, Sendable, Hashable {
    /// Every guest has a full copy of its system.
    case fullCopy = "full-copy"
    /// Identical files are one copy, private once written.
    case unified
    /// A private overlay over one read-only base.
    case copyOnWrite = "copy-on-write"
  }
  /// How system images are stored.
  public var image: Image
  /// The share of a guest's system image that becomes private where copies are shared.
  public var privateShare: Quantity
  /// Whether the host opens guests' image files for direct input and output (O_DIRECT), so that its
  /// own cache holds none of them; a guest may be given something else.
  public var directIO: Bool
  /// Whether a guest's memory is a file on the host's disk, as large as it.
  public var memoryFile: Bool

  /// A storage policy from all its parts; units as each part says.
  public init(
    image: Image, privateShare: Quantity, directIO: Bool = false, memoryFile: Bool = false
  ) {
    self.image = image
    self.privateShare = privateShare
    self.directIO = directIO
    self.memoryFile = memoryFile
  }
}
