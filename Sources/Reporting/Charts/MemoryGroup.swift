import Virtualization

/// The kinds of frames in eight groups that a chart can show, and what does not fit into frames.
enum MemoryGroup: String, CaseIterable {
  case host = "host and hypervisor"
  case shared = "shared text and caches"
  case kernels = "guest kernels, monitors, kernel objects"
  case data = "program data"
  case text = "program text, private"
  case cache = "file cache, private"
  case unused = "given to guests, unused"
  case free = "free"
  /// Beyond memory: what was driven out to the host's swap and to the guests' own.
  case swap = "swapped out"

  /// The group of a kind.
  init(_ kind: FrameKind) {
    switch kind {
    case .hostBase, .hypervisor: self = .host
    case .programTextShared, .fileCacheShared, .hostFileCache: self = .shared
    case .guestKernel, .monitor, .kernelObjects: self = .kernels
    case .anonymousActive, .anonymousIdle: self = .data
    case .programTextPrivate: self = .text
    case .fileCachePrivate: self = .cache
    case .guestFree: self = .unused
    case .free: self = .free
    }
  }

  var fill: Fill {
    switch self {
    case .host: Fill(color: "#4D4D4D", ink: "white")
    case .shared: Fill(color: "#8CCBEE", ink: "black")
    case .kernels: Fill(color: "#B14A00", ink: "white")
    case .data: Fill(color: "#F2B134", ink: "black")
    case .text: Fill(color: "#006B4F", ink: "white")
    case .cache: Fill(color: "#F5EC7A", ink: "black")
    case .unused: Fill(color: "#7A3E66", ink: "white")
    case .free: Fill(color: "#F2F2F2", ink: "black")
    case .swap: Fill(color: "#1F1F1F", ink: "white")
    }
  }

  var letter: String {
    Self.allCases.firstIndex(of: self).map { Fill.letters[$0] } ?? ""
  }

  /// Bytes of the group in a map.
  func bytes(_ map: MemoryMap) -> Double {
    if self == .swap { return map.swapBytes + map.guestSwapBytes }
    return map.rows.reduce(0) { MemoryGroup($1.kind) == self ? $0 + $1.bytes : $0 }
  }
}
