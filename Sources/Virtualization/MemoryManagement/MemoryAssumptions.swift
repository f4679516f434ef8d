/// Numbers of memory management that belong to a kernel of some date, whatever runs on it.
public struct MemoryAssumptions: Sendable, Hashable {
  /// The share of a memory below which the page cache is not shrunk in favor of other pages.
  public var cacheFloor: Quantity
  /// Pages that one read from swap brings in, and one write to it takes out.
  public var swapCluster: Quantity
  /// The share of pages brought in from swap that are written to before they are evicted again.
  public var rewrittenShare: Quantity
  /// Swap space of a guest with a kernel of its own, relative to its memory, on its own disk.
  public var guestSwap: Quantity
  /// Seconds after which a page that was written to is due to go to the disk.
  public var dirtyExpiry: Quantity
  /// Seconds between two looks of the flusher for pages that are due.
  public var flusherPeriod: Quantity
  /// Dirty pages above which the flusher writes at once, as a share of the memory that is free or
  /// caches files.
  public var dirtyBackground: Quantity
  /// Dirty pages above which writers wait, as a share of the same memory.
  public var dirtyLimit: Quantity
  /// Pages that the flusher writes in one visit to the disk, at most.
  public var flushedPages: Quantity
  /// Memory of a guest's own kernel of this date, in bytes; nil for what the approach says.
  public var guestKernelBytes: Quantity?
  /// Pages that a process allocates for each that it touches.
  public var allocatedPerTouched: Quantity
  /// Kernel memory of an open connection without its buffers, in bytes.
  public var socketBytes: Quantity
  /// Buffer space charged for an open connection in each direction, in bytes.
  public var socketBufferBytes: Quantity
  /// Files that a process holds open.
  public var filesPerProcess: Quantity
  /// Directory-cache bytes charged for an open file.
  public var directoryCacheBytesPerFile: Quantity

  /// Assumptions from all their parts; units as each part says.
  public init(
    cacheFloor: Quantity, swapCluster: Quantity, rewrittenShare: Quantity, guestSwap: Quantity,
    dirtyExpiry: Quantity, flusherPeriod: Quantity, dirtyBackground: Quantity,
    dirtyLimit: Quantity, flushedPages: Quantity, guestKernelBytes: Quantity? = nil,
    allocatedPerTouched: Quantity, socketBytes: Quantity,
    socketBufferBytes: Quantity, filesPerProcess: Quantity, directoryCacheBytesPerFile: Quantity
  ) {
    self.cacheFloor = cacheFloor
    self.swapCluster = swapCluster
    self.rewrittenShare = rewrittenShare
    self.guestSwap = guestSwap
    self.dirtyExpiry = dirtyExpiry
    self.flusherPeriod = flusherPeriod
    self.dirtyBackground = dirtyBackground
    self.dirtyLimit = dirtyLimit
    self.flushedPages = flushedPages
    self.guestKernelBytes = guestKernelBytes
    self.allocatedPerTouched = allocatedPerTouched
    self.socketBytes = socketBytes
    self.socketBufferBytes = socketBufferBytes
    self.filesPerProcess = filesPerProcess
    self.directoryCacheBytesPerFile = directoryCacheBytesPerFile
  }
}

/// A memory configuration that cannot be set up.
package struct MemoryError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kind of failure; open, so that later versions may add codes.
  package struct Code: RawRepresentable, Hashable, Sendable {
    package let rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }

    /// A number is negative, not finite or absurd.
    package static let invalidValue = Code(rawValue: "invalid-value")
    /// A guest's own memory or beancounters do not hold what it runs before any load.
    package static let guestTooSmall = Code(rawValue: "guest-too-small")
    /// The host's memory does not hold so many guests.
    package static let hostFull = Code(rawValue: "host-full")
  }

  package let code: Code
  /// What happened and what to do, as a sentence.
  package let message: String
  /// The guest or profile concerned.
  package let place: String

  package init(_ code: Code, _ message: String, at place: String) {
    self.code = code
    self.message = message
    self.place = place
  }

  package var description: String { "\(place): \(message) [\(code.rawValue)]" }
}
