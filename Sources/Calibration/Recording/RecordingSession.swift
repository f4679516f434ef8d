import Foundation
import ScenarioFormat

/// What `tenancy record` does: records a command and puts the workload where it belongs.
package struct RecordingSession: Sendable {
  package var command: [String]
  package var name: String
  package var speed: Double
  package var out: String?

  package init(command: [String], name: String, speed: Double, out: String?) {
    self.command = command
    self.name = name
    self.speed = speed
    self.out = out
  }

  /// For standard output and standard error.
  package struct Answer: Sendable {
    package var output: String
    package var remarks: String
    /// Why the workload is on standard output and not in the file that it was meant for.
    package var failure: CalibrationError?
  }

  /// Records and writes.
  ///
  /// Without `out`, the workload goes to standard output unless the command printed there too, so
  /// that the two are never mixed; then it goes to a file of the workload's name in this folder.
  /// Where the file cannot be written in the end, the workload goes to standard output all the
  /// same: what a long run has found is not lost.
  package func run() throws(CalibrationError) -> Answer {
    guard !command.isEmpty else {
      throw CalibrationError(
        .invalidInput, "no command is given; write it after --, as in tenancy record -- ls -l")
    }
    let isId = name.utf8.allSatisfy {
      ($0 >= 0x61 && $0 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x2D
    }
    guard isId, !name.isEmpty, name.utf8.count <= 64 else {
      throw CalibrationError(
        .invalidInput, "--name takes lower-case letters, digits and hyphens", at: name)
    }
    guard speed.isFinite, speed >= 0.001, speed <= 1_000 else {
      throw CalibrationError(.invalidInput, "--speed is between 0.001 and 1000", at: "\(speed)")
    }
    if let out {
      try onFiles { () throws(FileError) in try OutputFile.demandNew(out) }
      try demandWorkloadName(out)
    }
    let fallback = "\(name).yaml"
    if out == nil, FileManager.default.fileExists(atPath: fallback) {
      throw CalibrationError(
        .file, "is there already and may be needed for the result; name another with --out",
        at: fallback)
    }
    let host = HostDescription()
    let recording = try CommandRecorder(command, speed: speed, machine: host.summary).record()
    let text = RecordedWorkload.text(recording)
    var remarks = recording.notes.map { "tenancy: \($0)\n" }.joined()
    remarks += RecordedWorkload.summary(recording)
    guard let target = out ?? (recording.wroteOutput ? fallback : nil) else {
      return Answer(output: text, remarks: remarks)
    }
    do {
      try OutputFile.writeNew(Data(text.utf8), to: target)
    } catch {
      return Answer(
        output: text,
        remarks: remarks + "tenancy: the workload is on standard output instead of \(target)\n",
        failure: CalibrationError(error))
    }
    remarks += "tenancy: the workload is in \(target)\n"
    return Answer(output: "", remarks: remarks)
  }
}

extension RecordedWorkload {
  /// What was recorded and how sure that is, in a few lines for standard error.
  package static func summary(_ recording: CommandRecording) -> String {
    let tally = recording.calls.tally
    var text =
      "tenancy: status 0; \(tally.totalCalls) system calls, \(recording.usage.minorFaults) minor "
      + "faults, \(tally.copyingForks) forks, \(tally.sharingForks) vforks, \(tally.execs) execs\n"
      + "tenancy: user time is taken at speed \(recording.speed) on \(recording.machine)\n"
    if let split = recording.faults {
      let parts = [split.anonymous, split.file, split.copyOnWrite].map {
        "\(Int($0.value)) [\(Int($0.low)), \(Int($0.high))]"
      }
      text +=
        "tenancy: faults by kind, from the pages at the end of each address space: anonymous "
        + "\(parts[0]), file \(parts[1]), copy-on-write \(parts[2]); memory given back before the "
        + "end counts as file faults\n"
    } else {
      text += "tenancy: faults could not be told apart; all count as anonymous\n"
    }
    return text
  }
}
