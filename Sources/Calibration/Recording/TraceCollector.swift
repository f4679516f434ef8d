/// Takes in the output of strace as it comes, counts calls, and looks at processes that stand
/// still.
///
/// strace is told to hold every process for some milliseconds before it makes a process, replaces
/// its image or ends, and it writes the beginning of the line before that. So there is time to read
/// /proc; a reading counts only if the process stood in that very call before and after it.
package struct TraceCollector: Sendable {
  package private(set) var tally = OperationTally()
  package private(set) var faults = FaultLedger()
  /// Lines that could not be read.
  package private(set) var unreadable = 0
  /// Moments at which a process should have been looked at, and those at which that succeeded.
  package private(set) var moments = 0
  package private(set) var looks = 0
  /// Sums over copying forks, and over execs from an address space of their own.
  package private(set) var forkedSpaces = SpaceSum()
  package private(set) var replacedSpaces = SpaceSum()
  /// Execs that left a parent's space, so that nothing was taken down.
  package private(set) var execsFromShared = 0
  /// Most resident pages of one process.
  package private(set) var peakPages = 0
  /// Most anonymous pages of all processes together, as far as seen.
  package private(set) var peakAnonymousPages = 0
  /// Most processes at once.
  package private(set) var peakProcesses = 0
  /// Processes and threads that have spoken and not ended.
  package private(set) var living: Set<Int32> = []
  /// The first process: the command itself.
  package private(set) var root: Int32?
  package var rootHasEnded: Bool { root.map { !living.contains($0) } ?? false }
  /// Pages of files by path, the most that one process had of each.
  private var filePages: [String: Int] = [:]

  /// Means over address spaces at one kind of moment.
  package struct SpaceSum: Sendable, Equatable {
    package var count = 0
    package var pages = 0
    package var tablePages = 0
    package var ranges = 0

    mutating func add(_ sample: ProcessSample) {
      count += 1
      pages += sample.pages
      tablePages += sample.tablePages
      ranges += sample.ranges
    }
  }

  private var parser = StraceParser()
  private var rest: [UInt8] = []
  private var lookedAt: [Int32: Bool] = [:]
  private var anonymousNow: [Int32: Int] = [:]
  private var pendingExec: [Int32: ProcessSample] = [:]
  private let look: @Sendable (_ thread: Int32, _ call: String) -> ProcessSample?
  /// strace itself cuts paths at 4 KiB; longer lines are not its own.
  private static let lineLimit = 1 << 20
  private static let fileLimit = 20_000

  package init(look: @escaping @Sendable (_ thread: Int32, _ call: String) -> ProcessSample?) {
    self.look = look
  }

  /// Bytes of memory that files take when all of them are resident at most once.
  package var filePagesTotal: Int { filePages.values.reduce(0, +) }

  /// Takes in what strace wrote next.
  ///
  /// - Parameter isDrained: Whether nothing more was there: then an open line ends where strace
  ///   holds a process, not where the reading happened to stop.
  package mutating func add(_ chunk: some Collection<UInt8>, isDrained: Bool) {
    rest.append(contentsOf: chunk)
    var start = rest.startIndex
    while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
      line(rest[start..<end])
      start = end + 1
    }
    rest.removeFirst(start)
    if rest.count > Self.lineLimit {
      rest.removeAll()
      unreadable += 1
    }
    if isDrained, !rest.isEmpty, let begun = StraceParser.beginning(rest) {
      lookOnce(begun.process, begun.name, String(decoding: rest, as: UTF8.self))
    }
  }

  private mutating func line(_ bytes: ArraySlice<UInt8>) {
    do {
      switch try parser.read(bytes) {
      case .call(let call):
        appeared(call.process)
        if lookedAt[call.process] == nil, Self.isWatched(call.name), !isStart(call.process),
          moment(call.name, call.arguments.joined(separator: ",")) != nil
        {
          // Over before it could be looked at.
          moments += 1
        }
        lookedAt[call.process] = nil
        finish(call)
        tally.add(call)
      case .unfinished(let process, let name):
        appeared(process)
        lookOnce(process, name, String(decoding: bytes, as: UTF8.self))
      case .signal(let process, let name):
        appeared(process)
        tally.addSignal(name)
      case .ended(let process):
        living.remove(process)
        lookedAt[process] = nil
        anonymousNow[process] = nil
        pendingExec[process] = nil
      case .remark: break
      }
    } catch {
      unreadable += 1
    }
  }

  private mutating func appeared(_ process: Int32) {
    if root == nil { root = process }
    if living.insert(process).inserted { peakProcesses = max(peakProcesses, living.count) }
  }

  /// Whether the process is about to become the command: strace does not hold it there, and what it
  /// leaves is no part of the command, so a look is good luck only.
  private func isStart(_ process: Int32) -> Bool {
    tally.execs == 0 && (root == nil || root == process)
  }

  private static func isWatched(_ name: String) -> Bool {
    switch name {
    case "fork", "vfork", "clone", "clone3", "execve", "execveat", "exit_group": true
    default: false
    }
  }

  private func moment(_ name: String, _ text: String) -> FaultLedger.Moment? {
    switch name {
    case "fork": .copyingFork
    case "vfork": .sharingFork
    case "clone", "clone3":
      text.contains("CLONE_THREAD")
        ? nil : text.contains("CLONE_VM") ? .sharingFork : .copyingFork
    case "execve", "execveat": .exec
    case "exit_group": .end
    default: nil
    }
  }

  private mutating func lookOnce(_ thread: Int32, _ name: String, _ text: String) {
    guard Self.isWatched(name), lookedAt[thread] == nil, let moment = moment(name, text) else {
      return
    }
    let sample = look(thread, name)
    lookedAt[thread] = sample != nil
    if !isStart(thread) {
      moments += 1
      looks += sample == nil ? 0 : 1
    }
    guard let sample else { return }
    let isOwn = faults.add(sample, moment)
    peakPages = max(peakPages, sample.peakPages)
    switch moment {
    case .copyingFork: forkedSpaces.add(sample)
    case .exec: pendingExec[thread] = sample
    case .sharingFork, .end: break
    }
    if isOwn { anonymousNow[sample.process] = sample.anonymousPages }
    peakAnonymousPages = max(peakAnonymousPages, anonymousNow.values.reduce(0, +))
    for (path, pages) in sample.filePages
    where filePages.count < Self.fileLimit || filePages[path] != nil {
      filePages[path] = max(filePages[path] ?? 0, pages)
    }
  }

  private mutating func finish(_ call: StraceCall) {
    guard call.name == "execve" || call.name == "execveat" else { return }
    let pending = pendingExec.removeValue(forKey: call.process)
    guard call.succeeded else { return }
    guard let sample = pending else {
      if call.process == root, tally.execs == 0 { faults.begun(call.process) }
      return
    }
    // The command's own first exec replaces strace's copy of itself: no part of the command.
    if call.process != root || tally.execs > 0 {
      if faults.ownsSpace(sample.process) {
        replacedSpaces.add(sample)
      } else {
        execsFromShared += 1
      }
    }
    faults.replaced(sample.process)
  }
}

/// Numbers of the calls before which processes are looked at, as /proc/PID/syscall shows them.
enum WatchedCalls {
  static func number(_ name: String) -> Int? {
    #if arch(x86_64)
      switch name {
      case "clone": 56
      case "fork": 57
      case "vfork": 58
      case "execve": 59
      case "exit_group": 231
      case "execveat": 322
      case "clone3": 435
      default: nil
      }
    #else
      // The table that newer architectures share.
      switch name {
      case "exit_group": 94
      case "clone": 220
      case "execve": 221
      case "execveat": 281
      case "clone3": 435
      default: nil
      }
    #endif
  }

  /// Looks at a thread; nil unless it stood in that call before and after.
  static func look(_ thread: Int32, _ name: String) -> ProcessSample? {
    guard let number = number(name), ProcessSample.systemCall(thread: thread) == number,
      let sample = ProcessSample(thread: thread),
      ProcessSample.systemCall(thread: thread) == number
    else { return nil }
    return sample
  }
}
