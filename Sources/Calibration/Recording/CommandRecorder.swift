import Foundation
import Glibc
import ScenarioFormat

/// A command's demand as measured: once run plain, once under strace.
package struct CommandRecording: Sendable {
  package var command: [String]
  /// Seconds from start to end of the plain run.
  package var elapsed: Double
  /// Of the plain run.
  package var usage: ChildProcess.Usage
  /// Of the traced run.
  package var calls: TraceCollector
  /// The plain run's minor faults by kind; nil where no address space was seen to its end.
  package var faults: FaultLedger.Split?
  /// Whether the command wrote anything on its standard output.
  package var wroteOutput: Bool
  /// The machine's processor and kernel, in few words.
  package var machine: String
  /// The recording machine's speed relative to the reference processor.
  package var speed: Double
  /// What could not be measured or told apart, for people.
  package var notes: [String]
}

/// Runs a command twice and measures what it asks of a kernel.
///
/// The first run is plain: times, faults and switches come from it, and its output goes where this
/// program's goes. The second is traced; its output is read and dropped, and its times mean
/// nothing. Standard input is passed on only where it is a file that can be read twice. What the
/// command changes, it changes twice.
package struct CommandRecorder: Sendable {
  package var command: [String]
  package var speed: Double
  package var machine: String
  /// Where the command's output and errors go in the plain run.
  package var output: Int32
  package var errors: Int32
  /// Whether INT, TERM, HUP and QUIT are passed on to the command.
  package var relaysSignals: Bool

  package init(
    _ command: [String], speed: Double = 1, machine: String, output: Int32 = 1,
    errors: Int32 = 2, relaysSignals: Bool = true
  ) {
    self.command = command
    self.speed = speed
    self.machine = machine
    self.output = output
    self.errors = errors
    self.relaysSignals = relaysSignals
  }

  /// Records; leaves no process behind, whatever happens.
  ///
  /// Throws `CalibrationError`: `missing` without strace, `commandFailed` where the command is
  /// not there or ends with anything but status 0, `interrupted` after a signal.
  package func record() throws(CalibrationError) -> CommandRecording {
    let relay = InterruptRelay()
    let result: Result<CommandRecording, CalibrationError> =
      relaysSignals ? relay.whileRelaying { attempt(relay) } : attempt(relay)
    return try result.get()
  }

  private func attempt(_ relay: InterruptRelay) -> Result<CommandRecording, CalibrationError> {
    do {
      return .success(try bothRuns(relay))
    } catch {
      return .failure(
        relay.isInterrupted
          ? CalibrationError(.interrupted, "interrupted; nothing was written") : error)
    }
  }

  private func bothRuns(_ relay: InterruptRelay) throws(CalibrationError) -> CommandRecording {
    guard let name = command.first, !name.isEmpty else {
      throw CalibrationError(.invalidInput, "no command is given; write it after --")
    }
    var notes: [String] = []
    let input = try openInput(&notes)
    defer { close(input.descriptor) }
    let token = "\(getpid())-\(UInt64.random(in: .min ... .max))"
    var environment = ProcessInfo.processInfo.environment
    environment[LeftoverProcesses.variable] = token
    try requireTracing(environment, relay, token: token)

    let start = ContinuousClock.now
    let child = try startPlain(environment, input: input.descriptor)
    relay.follow(child.id)
    let plain = try wait(for: child, token: token)
    relay.follow(nil)
    let elapsed = (ContinuousClock.now - start) / .seconds(1)
    let leftovers = LeftoverProcesses.end(group: child.id, token: token).count
    try check(plain.ending, relay, usedTerminal: plain.usedTerminal, run: "plain")

    if let offset = input.offset { lseek(input.descriptor, offset, SEEK_SET) }
    let traced = try TracedRun(
      command: command, environment: environment, input: input.descriptor, relay: relay,
      usesTerminal: plain.usedTerminal
    ).run(token: token)
    try check(traced.ending, relay, usedTerminal: plain.usedTerminal, run: "traced")

    let left = max(leftovers, traced.leftovers)
    if left > 0 {
      notes.append(
        "the command left \(left) \(left == 1 ? "process" : "processes") behind in a run; what "
          + "they used after it is not in the recording, and they were ended")
    }
    let collector = traced.collector
    notes += remarks(on: collector)
    if let note = Self.waitingNote(
      elapsed: elapsed, busy: plain.usage.userTime + plain.usage.systemTime)
    {
      notes.append(note)
    }
    return CommandRecording(
      command: command, elapsed: elapsed, usage: plain.usage, calls: collector,
      faults: collector.faults.split(minorFaults: plain.usage.minorFaults),
      wroteOutput: traced.outputBytes > 0, machine: machine, speed: speed, notes: notes)
  }

  /// Waits for the end of the plain run; the command gets the terminal where it asks for it.
  private func wait(
    for child: ChildProcess, token: String
  ) throws(CalibrationError) -> (
    ending: ChildProcess.Ending, usage: ChildProcess.Usage, usedTerminal: Bool
  ) {
    var terminal = TerminalLoan()
    defer { terminal.takeBack() }
    while let news = try child.wait() {
      switch news {
      case .ended(let ending, let usage): return (ending, usage, terminal.wasWanted)
      case .stopped(let signal):
        guard !terminal.lend(to: child.id, stoppedBy: signal) else { continue }
        throw try child.endStopped(by: signal, run: "plain", of: command, token: token)
      }
    }
    throw CalibrationError(.system, "no result", at: "wait4")
  }

  /// Starts the plain run; a command that is not there is the caller's mistake, not the machine's.
  private func startPlain(
    _ environment: [String: String], input: Int32
  ) throws(CalibrationError) -> ChildProcess {
    do {
      return try ChildProcess.start(
        command, environment: environment, input: input, output: output, errors: errors)
    } catch {
      guard error.code == .missing else { throw error }
      throw CalibrationError(
        .commandFailed, error.message + "; check its name and the PATH, or give its path",
        at: error.place)
    }
  }

  private func remarks(on collector: TraceCollector) -> [String] {
    var notes: [String] = []
    if collector.unreadable > 0 {
      notes.append("\(collector.unreadable) lines of strace could not be read and are not counted")
    }
    if collector.looks < collector.moments {
      notes.append(
        "\(collector.moments - collector.looks) of \(collector.moments) forks, execs and ends were "
          + "over before the process could be looked at; means are over the others")
    }
    if collector.tally.threads > 0 {
      notes.append(
        "\(collector.tally.threads) threads were made; each counts as a system call, since a "
          + "thread makes no address space")
    }
    return notes
  }

  /// What to say where a command waited for most of its time, which a workload does not have.
  ///
  /// Nothing below a tenth of a second, where starting the command is what takes the time.
  package static func waitingNote(elapsed: Double, busy: Double) -> String? {
    guard elapsed >= 0.1, busy < elapsed / 2 else { return nil }
    return "the command waited for \(PlainNumber.share(1 - busy / elapsed)) of its "
      + "\(PlainNumber.seconds(elapsed)): only \(PlainNumber.seconds(busy)) were processor time; "
      + "waiting for time or for others is not in the workload, whose user asks again at once, so "
      + "state a `think-time`, or arrivals at a `rate`, where the command comes now and then"
  }

  private func check(
    _ ending: ChildProcess.Ending, _ relay: InterruptRelay, usedTerminal: Bool, run: String
  ) throws(CalibrationError) {
    // On a terminal of its own the command alone gets what the keyboard interrupts.
    let isInterrupted =
      usedTerminal && (ending == .killed(signal: SIGINT) || ending == .killed(signal: SIGQUIT))
    if relay.isInterrupted || isInterrupted {
      throw CalibrationError(.interrupted, "interrupted; nothing was written")
    }
    switch ending {
    case .exited(0): return
    case .exited(let status):
      throw CalibrationError(
        .commandFailed, "ended with status \(status) in the \(run) run; nothing was written",
        at: command.first ?? "")
    case .killed(let signal):
      throw CalibrationError(
        .commandFailed, "was ended by signal \(signal) in the \(run) run; nothing was written",
        at: command.first ?? "")
    }
  }

  /// Asked first, by tracing a command that does nothing: a long plain run in vain would be a pity.
  private func requireTracing(
    _ environment: [String: String], _ relay: InterruptRelay, token: String
  ) throws(CalibrationError) {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    guard folders.contains(where: { access("\($0)/strace", X_OK) == 0 }) else {
      throw CalibrationError(
        .missing, "is needed to count system calls; install it: apt-get install strace",
        at: "strace")
    }
    let null = open("/dev/null", O_RDONLY | O_CLOEXEC)
    guard null >= 0 else {
      throw CalibrationError(.system, String(cString: strerror(errno)), at: "/dev/null")
    }
    defer { close(null) }
    _ = try TracedRun(
      command: ["true"], environment: environment, input: null, relay: relay, usesTerminal: false
    ).run(token: token)
  }

  private func openInput(
    _ notes: inout [String]
  ) throws(CalibrationError) -> (descriptor: Int32, offset: off_t?) {
    var information = stat()
    if fstat(0, &information) == 0, information.st_mode & S_IFMT == S_IFREG {
      let offset = lseek(0, 0, SEEK_CUR)
      let copy = fcntl(0, F_DUPFD_CLOEXEC, 10)
      if copy >= 0, offset >= 0 { return (copy, offset) }
    }
    let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw CalibrationError(.system, String(cString: strerror(errno)), at: "/dev/null")
    }
    var null = stat()
    if fstat(descriptor, &null) == 0, null.st_rdev != information.st_rdev {
      notes.append(
        "the command's standard input was empty, since it is not a file that can be read twice")
    }
    return (descriptor, nil)
  }
}
