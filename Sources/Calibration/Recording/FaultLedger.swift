/// Tells page faults apart by what the address spaces look like at their ends.
///
/// The kernel counts faults per process, not by kind. When a process stands still before it is
/// replaced (exec) or ends, its pages say what most of its faults were for:
/// - In a space that began with an exec: anonymous pages were one fault each (a huge page one for
///   all of it), copied pages of private file mappings one copy-on-write each. The rest brought in
///   file pages, several at a time as the kernel maps neighbors along.
/// - In a copy made by fork: pages of its own that the parent had are copy-on-write, pages beyond
///   the parent's anonymous, the rest file pages, which a copy maps anew.
/// - A parent that forks is write-protected, and its next writes fault without a trace in its
///   pages. What its space has beyond the file faults that its file pages would take elsewhere in
///   the same recording is taken for these.
///
/// Memory that was given back before the end, and touches of memory by system calls, are taken for
/// file faults; so anonymous faults are a lower bound, and the ranges say how far they could reach.
package struct FaultLedger: Sendable {
  private enum Space {
    /// Begun by an exec.
    case executed
    /// A copy of a parent that had this many anonymous pages.
    case copied(anonymous: Int)
    /// The parent's own, until an exec.
    case shared
    /// Of a process whose beginning was not seen.
    case unknown
  }
  private struct State {
    var space: Space
    /// Minor faults before this space.
    var before: Int
    /// Copies made of this space.
    var copies = 0
    /// Of the latest fork; nil before the first.
    var latest: Space?
    /// Seen before an exec that has not succeeded yet.
    var beforeExec: ProcessSample?
  }
  package enum Moment: Sendable {
    case copyingFork
    case sharingFork
    case exec
    case end
  }

  private var states: [Int32: State] = [:]
  private var anonymous = 0
  private var copied = 0
  private var copiedAfterFork = 0
  private var fileInCopies = 0
  private var restWithoutForks = 0
  private var filePagesWithoutForks = 0
  private var spacesWithForks: [(rest: Int, filePages: Int)] = []
  private var filePages = 0
  /// Faults per file page that is resident at the end, where the recording has no space to learn
  /// from: the kernel maps up to 16 neighbors (64 KiB) along with a page.
  private static let faultsPerFilePage = 1.0 / 16

  package init() {}

  /// Takes note of a process that stands still; true where its address space is its own.
  package mutating func add(_ sample: ProcessSample, _ moment: Moment) -> Bool {
    var state = states[sample.process] ?? begin(sample)
    let isOwn = if case .shared = state.space { false } else { true }
    switch moment {
    case .copyingFork:
      state.latest = .copied(anonymous: sample.anonymousPages)
      state.copies += 1
    case .sharingFork: state.latest = .shared
    case .exec: state.beforeExec = sample
    case .end: close(state, sample)
    }
    states[sample.process] = moment == .end ? nil : state
    return isOwn
  }

  /// Whether the process stands in an address space of its own, not in its parent's.
  package func ownsSpace(_ process: Int32) -> Bool {
    if case .shared? = states[process]?.space { return false }
    return true
  }

  /// The exec that was noted last has succeeded, so the space before it is gone.
  package mutating func replaced(_ process: Int32) {
    guard var state = states[process], let sample = state.beforeExec else { return }
    close(state, sample)
    state = State(space: .executed, before: sample.minorFaults)
    states[process] = state
  }

  /// The command's own first exec has succeeded, unseen.
  ///
  /// Faults before it are those of a copy of strace, a few dozen, which then count as the
  /// command's.
  package mutating func begun(_ process: Int32) {
    if states[process] == nil { states[process] = State(space: .executed, before: 0) }
  }

  private func begin(_ sample: ProcessSample) -> State {
    if let space = states[sample.parent]?.latest { return State(space: space, before: 0) }
    return State(space: .unknown, before: sample.minorFaults)
  }

  private mutating func close(_ state: State, _ sample: ProcessSample) {
    let faults = max(0, sample.minorFaults - state.before)
    switch state.space {
    case .executed:
      let touched = min(faults, sample.anonymousFaultsAtLeast)
      let copies = min(faults - touched, sample.copiedFilePages)
      let rest = faults - touched - copies
      anonymous += touched
      copied += copies
      filePages += sample.filePagesTotal
      if state.copies == 0 {
        restWithoutForks += rest
        filePagesWithoutForks += sample.filePagesTotal
      } else {
        spacesWithForks.append((rest, sample.filePagesTotal))
      }
    case .copied(let parent):
      let new = min(faults, max(0, sample.anonymousPages - parent))
      let own = min(faults - new, max(0, sample.ownAnonymousPages - new))
      anonymous += new
      copiedAfterFork += own
      fileInCopies += faults - new - own
    case .shared, .unknown: break
    }
  }

  /// Faults of one kind, with the ends that could not be excluded.
  package struct Part: Equatable, Sendable {
    package var value: Double
    package var low: Double
    package var high: Double

    package init(value: Double, low: Double, high: Double) {
      self.value = value
      self.low = low
      self.high = high
    }
  }

  /// The minor faults of a whole run, split.
  package struct Split: Equatable, Sendable {
    package var anonymous: Part
    package var file: Part
    package var copyOnWrite: Part
    /// The share of all faults that fell into spaces that were seen at both ends.
    package var coverage: Double
  }

  /// Splits the faults that a run without tracing had; nil where no space was seen to its end.
  package func split(minorFaults: Int) -> Split? {
    let ratio =
      filePagesWithoutForks > 0
      ? Double(restWithoutForks) / Double(filePagesWithoutForks) : Self.faultsPerFilePage
    var file = Double(restWithoutForks + fileInCopies)
    var afterForks = 0.0
    for space in spacesWithForks {
      let part = min(Double(space.rest), ratio * Double(space.filePages))
      file += part
      afterForks += Double(space.rest) - part
    }
    let copies = Double(copied + copiedAfterFork)
    let seen = Double(anonymous) + file + copies + afterForks
    guard seen > 0, minorFaults > 0 else { return nil }
    let scale = Double(minorFaults) / seen
    let leastFile = min(file, Double(filePages) * Self.faultsPerFilePage)
    let unclear = file - leastFile
    return Split(
      anonymous: Part(
        value: Double(anonymous) * scale, low: Double(anonymous) * scale,
        high: (Double(anonymous) + unclear + afterForks) * scale),
      file: Part(
        value: file * scale, low: leastFile * scale, high: (file + afterForks) * scale),
      copyOnWrite: Part(
        value: (copies + afterForks) * scale, low: copies * scale,
        high: (copies + afterForks + unclear) * scale),
      coverage: min(1, seen / Double(minorFaults)))
  }
}

extension ProcessSample {
  /// Faults that brought in the anonymous pages that are not copies of file pages.
  var anonymousFaultsAtLeast: Int {
    let pagesOfHuge = 512
    return max(0, anonymousPages - copiedFilePages - hugePages * pagesOfHuge) + hugePages
  }
}
