/// Numbers of memory management that belong to kernels in general, not to one host or approach.
package struct MemoryAssumptions: Sendable, Hashable {
  /// The share of a memory below which the page cache is not shrunk in favor of other pages.
  package var cacheFloor: Quantity
  /// Pages that one read from swap brings in, and one write to it takes out.
  package var swapCluster: Quantity
  /// The share of pages brought in from swap that are written to before they are evicted again.
  package var rewrittenShare: Quantity
  /// Swap space of a guest with a kernel of its own, relative to its memory, on its own disk.
  package var guestSwap: Quantity
  /// Pages that a process allocates for each that it touches.
  package var allocatedPerTouched: Quantity
  /// Kernel memory of an open connection without its buffers, in bytes.
  package var socketBytes: Quantity
  /// Buffer space charged for an open connection in each direction, in bytes.
  package var socketBufferBytes: Quantity
  /// Files that a process holds open.
  package var filesPerProcess: Quantity
  /// Directory-cache bytes charged for an open file.
  package var directoryCacheBytesPerFile: Quantity

  /// The values used unless a study varies them.
  package static let standard = MemoryAssumptions(
    cacheFloor: Quantity(
      0.01, .share, low: 0.002, high: 0.05, status: .assumed,
      source: "a few pages of every running program stay cached even under pressure"),
    swapCluster: Quantity(
      8, .count, low: 1, high: 8, status: .published,
      source: "Linux Documentation/sysctl/vm.txt, page-cluster: default 3, that is 2^3 pages, "
        + "written to swap in a single attempt (so until 2012) or read from it (since)"),
    rewrittenShare: Quantity(
      0.7, .share, low: 0.3, high: 1, status: .assumed,
      source: "Linux mm/vmscan.c writes a page only if it is dirty or has no copy in swap; what "
        + "share is written to is a guess, up to all where swap is half full and copies are "
        + "dropped (mm/memory.c, vm_swap_full)"),
    guestSwap: Quantity(
      1, .share, low: 0.5, high: 2, status: .assumed,
      source: "installers of the time proposed one to two times the memory"),
    allocatedPerTouched: Quantity(
      1.5, .count, low: 1, high: 2.5, status: .assumed,
      source: "at least 1; ve-vps.basic.conf-sample allows 65536 pages for 26112 guaranteed: 2.5"),
    socketBytes: Quantity(
      2048, .bytes, low: 1024, high: 4096, status: .assumed,
      source: "socket, file, inode and directory entry structures of a 32-bit 2.6 kernel"),
    socketBufferBytes: Quantity(
      2560, .bytes, low: 2560, high: 16384, status: .assumed,
      source: "vzctl's rule that the gap of tcpsndbuf is at least 2.5 KiB per socket"),
    filesPerProcess: Quantity(
      16, .count, low: 8, high: 32, status: .assumed,
      source: "half of what vzctl's rule numfile >= 32 avnumproc provides"),
    directoryCacheBytesPerFile: Quantity(
      384, .bytes, status: .published,
      source: "vzctl's rule dcachesize >= 384 numfile"))
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
