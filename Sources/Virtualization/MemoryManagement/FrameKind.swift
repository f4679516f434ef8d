/// What a page frame of the host holds.
///
/// Every frame is of exactly one kind at every instant.
package enum FrameKind: Int, CaseIterable, Sendable, Hashable {
  /// The host's own kernel and daemons.
  case hostBase
  /// A hypervisor and its driver domain.
  case hypervisor
  /// A monitor's memory beside a guest's own.
  case monitor
  /// Code, data and tables of a guest's own kernel.
  case guestKernel
  /// Objects that a kernel keeps for processes and sockets, the host's and the guests' own.
  case kernelObjects
  /// Anonymous pages touched within the last minute.
  case anonymousActive
  /// Anonymous pages not touched within the last minute.
  case anonymousIdle
  /// Program text and libraries of which all guests map one copy.
  case programTextShared
  /// Program text and libraries of one guest.
  case programTextPrivate
  /// Cached pages of files that several guests read.
  case fileCacheShared
  /// Cached pages of files that one guest reads.
  case fileCachePrivate
  /// Cached pages of guests' images in the host, below the guests' own caches.
  case hostFileCache
  /// Frames that a guest owns and has no use for, which nobody else can have: free in the guest, or
  /// full of files that are read once.
  case guestFree
  /// Frames that nobody owns.
  case free

  /// The name used in tables and files.
  package var name: String {
    switch self {
    case .hostBase: "host-base"
    case .hypervisor: "hypervisor"
    case .monitor: "monitor"
    case .guestKernel: "guest-kernel"
    case .kernelObjects: "kernel-objects"
    case .anonymousActive: "anonymous-active"
    case .anonymousIdle: "anonymous-idle"
    case .programTextShared: "program-text-shared"
    case .programTextPrivate: "program-text-private"
    case .fileCacheShared: "file-cache-shared"
    case .fileCachePrivate: "file-cache-private"
    case .hostFileCache: "host-file-cache"
    case .guestFree: "guest-free"
    case .free: "free"
    }
  }

  /// Whose a frame of this kind is.
  package enum Ownership: String, CaseIterable, Sendable, Hashable {
    /// The machine's own software.
    case host
    /// One guest's.
    case `private`
    /// In use for several guests at once.
    case shared
    /// Nobody's.
    case free
  }

  /// Whose a frame of this kind is, for maps of private and shared memory.
  package var ownership: Ownership {
    switch self {
    case .hostBase, .hypervisor: .host
    case .monitor, .guestKernel, .kernelObjects, .anonymousActive, .anonymousIdle,
      .programTextPrivate, .fileCachePrivate, .guestFree:
      .private
    case .programTextShared, .fileCacheShared, .hostFileCache: .shared
    case .free: .free
    }
  }
}
