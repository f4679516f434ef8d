import Foundation
import ScenarioFormat
import Virtualization

/// Writes a recording as a workload file.
package enum RecordedWorkload {
  private static let pageBytes = 4_096.0

  /// The file's text; a request is one run of the command.
  package static func text(_ recording: CommandRecording) -> String {
    let tally = recording.calls.tally
    let usage = recording.usage
    let shown = shownCommand(recording.command)
    let user = usage.userTime * recording.speed
    var text = """
      # One run of a real command, as a request of a single user who asks again at once.
      # \(tally.totalCalls) system calls, \(usage.minorFaults) minor and \(usage.majorFaults) major faults, \
      \(tally.copyingForks + tally.sharingForks) processes made, \(tally.threads) threads, \(tally.execs) programs begun.
      # Plain run: \(number(recording.elapsed)) s elapsed, \(number(usage.userTime)) s user, \(number(usage.systemTime)) s system, \
      \(usage.voluntarySwitches) voluntary and \(usage.involuntarySwitches) involuntary switches.
      # User time is stated for a processor \(number(recording.speed)) times the reference (--speed); system time is what
      # the operations below cost on the recording machine and is not used.
      # \(tally.names) path names were looked up, \(number(Double(tally.components) / Double(max(1, tally.names)))) names between slashes in each.
      # \(bytes(tally.bytesRead)) were read and \(bytes(tally.bytesWritten)) written by system calls.

      """
    for note in notes(recording) { text += wrapped(note) }
    text += """
      tenancy: 1
      kind: workload
      title: \(PlainNumber.quoted("Recorded: \(shown)"))
      status: measured
      source: \(PlainNumber.quoted("recorded with tenancy record on \(recording.machine), command: \(shown)"))
      arrival: {process: closed, users: 1, think-time: 0 s}
      user-computation: \(PlainNumber.seconds(user))
      response: 0 B
      operations:

      """
    let lines = OperationLines(recording).lines
    text += lines.isEmpty ? "" : lines.joined(separator: "\n") + "\n"
    if lines.isEmpty { text = String(text.dropLast()) + " []\n" }
    return text + processes(recording)
  }

  private static func notes(_ recording: CommandRecording) -> [String] {
    var notes = recording.notes
    notes.append(
      "Looked at \(recording.calls.looks) of \(recording.calls.moments) forks, execs and ends "
        + "while the process stood still.")
    if let split = recording.faults {
      notes.append(
        "Faults by kind are told from the pages that an address space has at its end, which covers "
          + "\(PlainNumber.share(split.coverage)) of them; memory given back earlier counts as "
          + "file faults, and low and high say how far each kind could reach.")
    } else {
      notes.append(
        "Faults could not be told apart, so all minor faults count as anonymous ones.")
    }
    notes.append(
      "User and system time are told apart by sampling at timer ticks on many kernels: their sum "
        + "is exact, the split of a run shorter than a second is not.")
    notes.append(
      "Switches: voluntary ones alone; whether the core then idled or served another process of "
        + "the command is not known. Involuntary ones come from other work on the recording "
        + "machine.")
    return notes
  }

  private static func processes(_ recording: CommandRecording) -> String {
    let calls = recording.calls
    let anonymous = Double(calls.peakAnonymousPages) * pageBytes
    let text = Double(calls.filePagesTotal) * pageBytes
    let set = min(max(anonymous, 65_536), 1_048_576)
    return """
      processes:
        base: {value: 0, low: 0, high: 40, status: assumed, source: "daemons of a guest are not part of a recording"}
        base-anonymous: {value: 0 B, low: 0 B, high: 256 MiB, status: assumed, source: "daemons of a guest are not part of a recording"}
        # The most of all processes together, as seen at forks, execs and ends (a lower bound between them);
        # \(calls.peakProcesses) processes at once, the largest with \(bytes(Double(calls.peakPages) * pageBytes)) resident.
        worker-anonymous: \(PlainNumber.bytes(anonymous))
        spare-workers: 0
        active-share: {value: 100 %, low: 50 %, high: 100 %, status: assumed, source: "a command touches what it has while it runs"}
        text: \(PlainNumber.bytes(text))
        kernel-per-process: {value: 24 KiB, low: 12 KiB, high: 60 KiB, status: assumed, source: "stack, tables and descriptors of one process"}
        sockets-per-worker: \(calls.tally.sockets)
        image: {value: 1 GiB, low: 300 MiB, high: 8 GiB, status: assumed, source: "the system that a guest needs around the command is not part of a recording"}
        data: {value: 0 B, low: 0 B, high: 1 GiB, status: assumed, source: "what the command leaves on disk is not part of a recording"}
      working-set: {value: \(PlainNumber.bytes(set)), range: [0.25, 4], status: assumed, source: "the anonymous memory in use, within what a core's private caches hold"}
      workers: 1
      backlog: 0

      """
  }

  private static func number(_ value: Double) -> String { PlainNumber.count(value, digits: 4) }

  private static func bytes(_ value: Double) -> String { PlainNumber.bytes(value) }

  /// The command in one line, as a person would type it, shortened.
  private static func shownCommand(_ command: [String]) -> String {
    let words = command.map { word in
      !word.isEmpty
        && word.unicodeScalars.allSatisfy { scalar in
          scalar.isASCII
            && (scalar.properties.isAlphabetic
              || "0123456789-_./=+,:@%".unicodeScalars.contains(scalar))
        } ? word : "'" + word.replacing("'", with: "'\\''") + "'"
    }
    let line = words.joined(separator: " ")
    return line.count > 200 ? String(line.prefix(200)) + "..." : line
  }

  /// A comment in lines of at most 100 columns.
  private static func wrapped(_ note: String) -> String {
    var lines: [String] = []
    var line = "#"
    for word in note.split(whereSeparator: \.isWhitespace) {
      if line.count + word.count + 1 > 100 {
        lines.append(line)
        line = "#"
      }
      line += " " + word
    }
    return (lines + [line]).joined(separator: "\n") + "\n"
  }
}
