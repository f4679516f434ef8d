import Foundation
import Glibc

/// One run of a command under strace.
struct TracedRun {
  var command: [String]
  var environment: [String: String]
  var input: Int32
  var relay: InterruptRelay
  /// Whether the command asked for the terminal in the plain run.
  var usesTerminal: Bool
  /// How long each process is held before a fork, exec or end, in microseconds.
  static let hold = 8_000
  /// Processes that outlive the command are ended after this time, in seconds.
  private static let grace = 3.0

  struct Outcome {
    var collector: TraceCollector
    var ending: ChildProcess.Ending
    /// What the command wrote on its standard output.
    var outputBytes: Int
    var leftovers: Int
  }

  /// Runs, counts, and leaves no process and no file behind.
  func run(token: String) throws(CalibrationError) -> Outcome {
    let folder = try makeFolder()
    let fifo = folder + "/trace"
    defer {
      unlink(fifo)
      rmdir(folder)
    }
    guard mkfifo(fifo, 0o600) == 0 else { throw failure("mkfifo") }
    let trace = open(fifo, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard trace >= 0 else { throw failure("open") }
    defer { close(trace) }
    let output = try makePipe()
    let errors = try makePipe()
    defer {
      close(output.reading)
      close(errors.reading)
    }
    // The first reading is slow, and the first process is held no longer than the others.
    _ = ProcessSample(thread: getpid())
    let watched = "?fork,?vfork,clone,?clone3,execve,?execveat,exit_group"
    let child: ChildProcess
    do {
      defer {
        close(output.writing)
        close(errors.writing)
      }
      do {
        child = try ChildProcess.start(
          [
            "strace", "-f", "-yy", "-s", "0", "-o", fifo,
            "-e", "inject=\(watched):delay_enter=\(Self.hold)", "--",
          ] + command, environment: environment, input: input, output: output.writing,
          errors: errors.writing)
      } catch {
        guard error.code == .missing else { throw error }
        throw CalibrationError(
          .missing, "is needed to count system calls; install it: apt-get install strace",
          at: "strace")
      }
    }
    var terminal = TerminalLoan()
    // Before it asks: a tracer and a traced process that are stopped together do not wake together.
    if usesTerminal { terminal.give(to: child.id) }
    defer { terminal.takeBack() }
    relay.follow(child.id)
    defer { relay.follow(nil) }
    return try collect(child, trace, output.reading, errors.reading, token)
  }

  private func collect(
    _ child: ChildProcess, _ trace: Int32, _ output: Int32, _ errors: Int32, _ token: String
  ) throws(CalibrationError) -> Outcome {
    var collector = TraceCollector(look: WatchedCalls.look)
    var outputBytes = 0
    var lastErrors: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    var polled = [trace, output, errors].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    var ended: ChildProcess.Ending?
    var rootEnd: ContinuousClock.Instant?
    var leftovers: Set<Int32> = []
    while true {
      poll(&polled, 3, 100)
      for (index, descriptor) in [trace, output, errors].enumerated() {
        guard polled[index].fd >= 0, polled[index].revents != 0 else { continue }
        let count = read(descriptor, &chunk, chunk.count)
        if count > 0 {
          switch index {
          case 0: collector.add(chunk[..<count], isDrained: count < chunk.count)
          case 1: outputBytes += count
          default: lastErrors = (lastErrors + chunk[..<count]).suffix(4_096)
          }
        } else if count == 0 || (errno != EINTR && errno != EAGAIN) {
          polled[index].fd = -1
        }
      }
      let isTraceRead = polled[0].fd < 0 || polled[0].revents == 0
      if ended != nil, isTraceRead { break }
      switch ended == nil ? try child.wait(block: false) : nil {
      case .ended(let ending, _): ended = ending
      case .stopped(let signal):
        throw try child.endStopped(by: signal, run: "traced", of: command, token: token)
      case nil: break
      }
      if collector.rootHasEnded, rootEnd == nil { rootEnd = .now }
      if let since = rootEnd, ended == nil, leftovers.isEmpty,
        ContinuousClock.now - since > .seconds(Self.grace)
      {
        // All but strace, which ends after them.
        leftovers = LeftoverProcesses.ids(group: child.id, token: token).subtracting([child.id])
        for process in collector.living { kill(process, SIGKILL) }
      }
    }
    leftovers.formUnion(LeftoverProcesses.end(group: child.id, token: token))
    guard let ended else { throw failure("wait4") }
    guard collector.root != nil else {
      let text =
        String(decoding: lastErrors, as: UTF8.self)
        .split(separator: "\n").first.map(String.init) ?? "it wrote nothing"
      throw CalibrationError(
        .missing, "cannot trace here (\(text)); allow ptrace for your own processes", at: "strace")
    }
    return Outcome(
      collector: collector, ending: ended, outputBytes: outputBytes, leftovers: leftovers.count)
  }

  private func makeFolder() throws(CalibrationError) -> String {
    let base = environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    var template = Array("\(base)/tenancy-record-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw CalibrationError(
        .file,
        "cannot make a folder for the trace here (\(String(cString: strerror(errno)))); set TMPDIR "
          + "to a folder that can be written to", at: base)
    }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private func makePipe() throws(CalibrationError) -> (reading: Int32, writing: Int32) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw failure("pipe") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  private func failure(_ call: String) -> CalibrationError {
    CalibrationError(.system, String(cString: strerror(errno)), at: call)
  }
}
