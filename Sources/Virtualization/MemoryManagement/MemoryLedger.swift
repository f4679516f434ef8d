/// The frames of a host by kind, and the pages of its swap space in use.
///
/// Every update takes frames from one kind and gives them to another, so the sum is the host's
/// memory at every instant; an update that would take more than is there changes nothing and says
/// so. Updates are O(1) and allocate nothing.
package struct MemoryLedger: Sendable, Equatable {
  /// Bytes of a frame: the page size of the architectures that are modeled.
  package static let pageBytes = 4096

  private var frames: InlineArray<14, Int>
  /// Frames of the host.
  package let total: Int
  /// Pages of the host's swap space; they are beside memory, not part of it.
  package let swapTotal: Int
  /// Pages of the host's swap space in use.
  package private(set) var swapUsed = 0

  /// A host all of whose frames are free.
  package init(frames total: Int, swapPages: Int) {
    self.total = max(0, total)
    swapTotal = max(0, swapPages)
    frames = InlineArray(repeating: 0)
    frames[FrameKind.free.rawValue] = self.total
  }

  /// The frames of one kind.
  package subscript(kind: FrameKind) -> Int { frames[kind.rawValue] }

  /// Makes frames of one kind frames of another; false, and nothing changes, if there are too few.
  @discardableResult
  package mutating func move(_ count: Int, from source: FrameKind, to target: FrameKind) -> Bool {
    guard count >= 0, frames[source.rawValue] >= count else { return false }
    frames[source.rawValue] -= count
    frames[target.rawValue] += count
    return true
  }

  /// Makes one kind hold a number of frames, taking from or giving to the free ones.
  @discardableResult
  package mutating func resize(_ kind: FrameKind, to count: Int) -> Bool {
    guard kind != .free, count >= 0 else { return false }
    let change = count - frames[kind.rawValue]
    return change >= 0
      ? move(change, from: .free, to: kind) : move(-change, from: kind, to: .free)
  }

  /// Sets the pages of swap in use; false, and nothing changes, if there are too few.
  @discardableResult
  package mutating func setSwap(_ pages: Int) -> Bool {
    guard pages >= 0, pages <= swapTotal else { return false }
    swapUsed = pages
    return true
  }

  package static func == (a: MemoryLedger, b: MemoryLedger) -> Bool {
    guard a.total == b.total, a.swapTotal == b.swapTotal, a.swapUsed == b.swapUsed else {
      return false
    }
    for index in a.frames.indices where a.frames[index] != b.frames[index] { return false }
    return true
  }
}
