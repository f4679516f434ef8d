import Foundation
import Glibc
import ScenarioFormat

/// A command that was started in a process group of its own, and what it used.
///
/// The package for subprocesses reaps its children itself and keeps no account of what they used;
/// here `wait4` does both, so that the account is of this child and those it waited for, whatever
/// else the program runs. `posix_spawn` makes the child without copying this process's threads.
package struct ChildProcess: Sendable {
  /// Also the id of its process group.
  package let id: Int32

  /// What a process and those that it waited for used, by `wait4`.
  package struct Usage: Equatable, Sendable {
    /// In seconds.
    package var userTime: Double
    package var systemTime: Double
    package var minorFaults: Int
    package var majorFaults: Int
    package var voluntarySwitches: Int
    package var involuntarySwitches: Int
    /// Of the largest process, in bytes.
    ///
    /// Not less than what this program had when it started it.
    package var peakResidentBytes: Int
    /// Bytes of blocks read from, and scheduled to be written to, file systems.
    package var bytesIn: Int
    package var bytesOut: Int
  }

  /// How a process ended.
  package enum Ending: Equatable, Sendable {
    case exited(Int32)
    case killed(signal: Int32)
  }

  /// What became of a process that was waited for.
  package enum News: Equatable, Sendable {
    case ended(Ending, Usage)
    /// A signal stopped it, and somebody must wake or end it.
    case stopped(signal: Int32)
  }

  /// Starts a command found by name on the PATH or given by path.
  ///
  /// Throws `CalibrationError` with the code `missing` where there is no such program.
  package static func start(
    _ command: [String], environment: [String: String], input: Int32, output: Int32, errors: Int32
  ) throws(CalibrationError) -> ChildProcess {
    guard let name = command.first, !name.isEmpty else {
      throw CalibrationError(.invalidInput, "no command is given; write it after --")
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    // Descriptors may stand in each other's way, so they go through numbers that nothing else has.
    for (index, descriptor) in [input, output, errors].enumerated() {
      posix_spawn_file_actions_adddup2(&actions, descriptor, 200 + Int32(index))
    }
    for target in 0..<Int32(3) {
      posix_spawn_file_actions_adddup2(&actions, 200 + target, target)
    }
    for target in 0..<Int32(3) { posix_spawn_file_actions_addclose(&actions, 200 + target) }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes,
      Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    let variables = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
    var environs: [UnsafeMutablePointer<CChar>?] = variables.map { strdup($0) } + [nil]
    defer {
      for pointer in arguments + environs { free(pointer) }
    }
    var id: pid_t = 0
    let status = posix_spawnp(&id, name, &actions, &attributes, &arguments, &environs)
    guard status == 0 else {
      throw CalibrationError(
        status == ENOENT || status == EACCES ? .missing : .system,
        "cannot be started: \(String(cString: strerror(status)))", at: name)
    }
    return ChildProcess(id: id)
  }

  /// Waits for the end, or for a signal that stops it; nil where `block` is false and it still
  /// runs.
  package func wait(block: Bool = true) throws(CalibrationError) -> News? {
    var status: Int32 = 0
    var usage = rusage()
    while true {
      let result = wait4(id, &status, WUNTRACED | (block ? 0 : WNOHANG), &usage)
      if result == id { break }
      if result == 0 { return nil }
      guard errno == EINTR else {
        throw CalibrationError(.system, String(cString: strerror(errno)), at: "wait4")
      }
    }
    let signal = status & 0x7F
    if signal == 0x7F { return .stopped(signal: (status >> 8) & 0xFF) }
    let ending: Ending = signal == 0 ? .exited((status >> 8) & 0xFF) : .killed(signal: signal)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) * 1e-6 }
    return .ended(
      ending,
      Usage(
        userTime: seconds(usage.ru_utime), systemTime: seconds(usage.ru_stime),
        minorFaults: usage.ru_minflt, majorFaults: usage.ru_majflt,
        voluntarySwitches: usage.ru_nvcsw, involuntarySwitches: usage.ru_nivcsw,
        peakResidentBytes: usage.ru_maxrss * 1_024, bytesIn: usage.ru_inblock * 512,
        bytesOut: usage.ru_oublock * 512)
    )
  }
}

extension ChildProcess {
  /// Ends a process that was stopped and all of its recording, and gives the error that says so.
  func endStopped(
    by signal: Int32, run: String, of command: [String], token: String
  ) throws(CalibrationError) -> CalibrationError {
    kill(-id, SIGKILL)
    while case .stopped = try wait() {}
    _ = LeftoverProcesses.end(group: id, token: token)
    let advice =
      signal == SIGTTIN || signal == SIGTTOU
      ? "it asked for a terminal; run this in the foreground of one, with standard input from it"
      : "record a command that runs to its end by itself"
    return CalibrationError(
      .commandFailed,
      "was stopped by signal \(signal) in the \(run) run and ended; nothing was written; \(advice)",
      at: command.first ?? "")
  }
}

/// Ends what a command leaves behind.
enum LeftoverProcesses {
  /// A variable that every process of a recording inherits, by which those are found that left the
  /// process group.
  static let variable = "TENANCY_RECORDING"

  /// A process of a recording that has not ended.
  private struct Living {
    var id: Int32
    var isInGroup: Bool
  }

  /// Asks, then forces all of a recording to end, in bounded time.
  ///
  /// Returns those that were there.
  ///
  /// Out of reach is what has left the group and emptied its environment as well.
  static func end(group: Int32, token: String) -> Set<Int32> {
    var seen: Set<Int32> = []
    for round in 0..<60 {
      let living = living(group, token)
      guard !living.isEmpty else { break }
      seen.formUnion(living.map(\.id))
      let signal = round < 20 ? SIGTERM : SIGKILL
      if round % 20 == 0 || signal == SIGKILL {
        if living.contains(where: \.isInGroup) { kill(-group, signal) }
        for process in living { kill(process.id, signal) }
      }
      usleep(50_000)
    }
    return seen
  }

  /// The processes of a recording that have not ended.
  static func ids(group: Int32, token: String) -> Set<Int32> {
    Set(living(group, token).map(\.id))
  }

  private static func living(_ group: Int32, _ token: String) -> [Living] {
    let mark = "\(variable)=\(token)"
    let own = getpid()
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { Int32($0) }.sorted().compactMap { process in
      guard process != own, let its = self.group(of: process) else { return nil }
      if its == group { return Living(id: process, isInGroup: true) }
      guard let environment = try? OutputFile.read("/proc/\(process)/environ", limit: 1 << 24),
        environment.split(separator: 0).contains(where: { $0.elementsEqual(mark.utf8) })
      else { return nil }
      return Living(id: process, isInGroup: false)
    }
  }

  /// The process group; nil for what has ended and only waits for its parent to ask.
  private static func group(of process: Int32) -> Int32? {
    guard let bytes = try? OutputFile.read("/proc/\(process)/stat", limit: 1 << 16),
      // The command's name stands in parentheses and may hold any character.
      let end = bytes.lastIndex(of: UInt8(ascii: ")"))
    else { return nil }
    let fields = String(decoding: bytes[(end + 1)...], as: UTF8.self).split(separator: " ")
    guard fields.count > 2, !["Z", "X", "x"].contains(fields[0]) else { return nil }
    return Int32(fields[2])
  }
}
