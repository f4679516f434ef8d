import Calibration
import Foundation
import ScenarioFormat
import Testing
import Virtualization

/// Whether strace is there and may trace; asked by tracing `true`.
private let canTrace: Bool = {
  let null = open("/dev/null", O_RDWR | O_CLOEXEC)
  defer { close(null) }
  guard
    let child = try? ChildProcess.start(
      ["strace", "-f", "-o", "/dev/null", "true"],
      environment: ProcessInfo.processInfo.environment, input: null, output: null, errors: null),
    case .ended(.exited(0), _)? = try? child.wait()
  else { return false }
  return true
}()

private let needsTracing: Comment = "strace is missing or may not trace here"

@Suite(.serialized) struct RecordingTests {
  private static func record(_ command: [String]) throws -> CommandRecording {
    let null = open("/dev/null", O_RDWR | O_CLOEXEC)
    defer { close(null) }
    return try CommandRecorder(
      command, machine: "a machine", output: null, errors: null, relaysSignals: false
    ).record()
  }

  private static func shell(_ script: String) throws -> CommandRecording {
    try record(["sh", "-c", script])
  }

  /// Counts are differences between two scripts, so that the shell's own start drops out.
  @Test(.enabled(if: canTrace, needsTracing)) func programsOfAShellAreCounted() throws {
    let none = try Self.shell(":")
    let ten = try Self.shell("for i in 1 2 3 4 5 6 7 8 9 10; do /bin/true; done; :")
    let forks = { (r: CommandRecording) in r.calls.tally.copyingForks + r.calls.tally.sharingForks }
    #expect(forks(ten) - forks(none) == 10)
    #expect(ten.calls.tally.execs - none.calls.tally.execs == 10)
    #expect(ten.calls.tally[.signalDelivery].count <= 10)
    #expect(ten.calls.unreadable == 0)
    // The machine may be too busy for some looks, but not for most.
    #expect(Double(ten.calls.looks) >= 0.5 * Double(ten.calls.moments))
  }

  @Test(.enabled(if: canTrace, needsTracing)) func subshellsAreCopiesOfTheShell() throws {
    let recording = try Self.shell("(:); (:); (:); :")
    #expect(recording.calls.tally.copyingForks == 3)
    #expect(recording.calls.tally.execs == 1)
    let space = recording.calls.forkedSpaces
    #expect(space.count == 0 || space.pages / space.count > 20)
  }

  @Test(.enabled(if: canTrace, needsTracing)) func filesAndBytesAreCounted() throws {
    let folder = NSTemporaryDirectory() + "tenancy-test-\(UInt64.random(in: 0 ... .max))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let recording = try Self.record([
      "dd", "if=/dev/zero", "of=\(folder)/out", "bs=1000", "count=50", "status=none",
    ])
    let tally = recording.calls.tally
    #expect(tally[.fileWrite].count == 50)
    #expect(tally[.fileWrite].bytes == 50_000)
    #expect(tally[.nullIO].count == 50)
    #expect(tally[.nullIO].bytes == 50_000)
    #expect(recording.usage.minorFaults > 20)
    #expect(!recording.wroteOutput)
  }

  @Test(.enabled(if: canTrace, needsTracing)) func aRecordingReadsBackAsAWorkload() throws {
    let recording = try Self.shell("echo a 'b: \"c\"' | cat > /dev/null; (cat /proc/self/stat)")
    #expect(recording.wroteOutput)
    let text = RecordedWorkload.text(recording)
    let library = Library(
      folders: ["lib"], store: .memory(["lib/workloads/recorded.yaml": text]))
    let workload = try library.workload("recorded")
    #expect(workload.operations.contains { $0.operation == .exec })
    #expect(workload.operations.allSatisfy { $0.count.status != .published })
    let calls = try #require(workload.operations.first { $0.operation == .systemCall })
    #expect(Int(calls.count.value) == recording.calls.tally[.systemCall].count)
    #expect(calls.count.status == .measured)
  }

  @Test func theRecordedCompileReadsAsAWorkload() throws {
    let sample = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Scenarios/samples/compile-here.workload.yaml").standardized
    let text = try String(contentsOf: sample, encoding: .utf8)
    let workload = try Library(
      folders: ["lib"], store: .memory(["lib/workloads/compile-here.yaml": text])
    ).workload("compile-here")
    #expect(workload.operations.contains { $0.operation == .anonymousFault })
  }

  @Test(.enabled(if: canTrace, needsTracing)) func whatACommandLeavesBehindIsEnded() throws {
    let mark = "91234\(UInt16.random(in: 10 ... 99))"
    let recording = try Self.shell("setsid sleep \(mark) & sleep \(mark) & exit 0")
    #expect(recording.notes.contains { $0.contains("behind") })
    let names = try FileManager.default.contentsOfDirectory(atPath: "/proc")
    let left = names.filter {
      Int32($0) != nil
        && (try? OutputFile.read("/proc/\($0)/cmdline", limit: 1 << 20)).map {
          String(decoding: $0, as: UTF8.self) == "sleep\0\(mark)\0"
        } == true
    }
    #expect(left == [])
  }

  /// Nobody would ever wake it; without a time limit the test of a hang would hang itself.
  @Test(
    .enabled(if: canTrace, needsTracing), .timeLimit(.minutes(1)),
    arguments: ["kill -STOP $$", "sleep 100 & kill -TSTP $$"])
  func aCommandThatStopsIsReportedAndEnded(script: String) throws {
    let error = #expect(throws: CalibrationError.self) { try Self.shell(script) }
    #expect(error?.code == .commandFailed)
    #expect(error?.message.contains("stopped") == true)
  }

  @Test(
    .enabled(if: canTrace, needsTracing),
    arguments: [
      ("sleep 97 & exit 0", "left 1 process behind in a run"),
      ("sleep 97 & sleep 97 & exit 0", "left 2 processes behind in a run"),
    ])
  func whatIsLeftBehindIsCountedOnce(script: String, note: String) throws {
    #expect(try Self.shell(script).notes.contains { $0.contains(note) })
  }

  @Test(
    .enabled(if: canTrace, needsTracing),
    arguments: [
      (["false"], CalibrationError.Code.commandFailed),
      (["sh", "-c", "kill -9 $$"], .commandFailed),
      (["/nowhere/at-all"], .commandFailed), ([], .invalidInput), ([""], .invalidInput),
    ])
  func failuresSayWhy(command: [String], code: CalibrationError.Code) {
    #expect { try Self.record(command) } throws: { ($0 as? CalibrationError)?.code == code }
  }
}

@Suite struct FilesOfCalibrationTests {
  /// Here the recorded command itself makes the file that the recording was meant for.
  @Test(.enabled(if: canTrace, needsTracing)) func aRecordingThatHasNoPlaceIsNotLost() throws {
    try Self.withFolder { folder in
      let out = folder + "/taken.yaml"
      let answer = try RecordingSession(
        command: ["sh", "-c", "echo kept > \(out)"], name: "x", speed: 1, out: out
      ).run()
      #expect(answer.failure?.code == .file && answer.failure?.place == out)
      #expect(answer.output.contains("operations:"))
      #expect(answer.remarks.contains("standard output instead of \(out)"))
      #expect(try OutputFile.read(out, limit: 10) == Array("kept\n".utf8))
    }
  }

  private static func withFolder(_ body: (String) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "tenancy-test-\(UInt64.random(in: 0 ... .max))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  @Test func aTraceIsNotReplacedByWhatIsMadeOfIt() throws {
    try Self.withFolder { folder in
      let trace = folder + "/trace.csv"
      try Data("anything".utf8).write(to: URL(filePath: trace))
      let error = #expect(throws: CalibrationError.self) {
        try TraceInspection(path: trace, out: trace).run()
      }
      #expect(error?.code == .file && error?.place == trace)
      let twice = #expect(throws: CalibrationError.self) {
        try TraceInspection(path: trace, out: folder + "/x", series: folder + "/x").run()
      }
      #expect(twice?.code == .invalidInput)
      try FileManager.default.createSymbolicLink(
        atPath: folder + "/again", withDestinationPath: folder)
      for other in ["/./x", "//x", "/again/x", "/again/./x"] {
        let error = #expect(throws: CalibrationError.self, "\(other)") {
          try TraceInspection(path: trace, out: folder + "/x", series: folder + other).run()
        }
        #expect(error?.message.contains("name two files") == true, "\(other)")
      }
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
          == ["again", "trace.csv"])
      #expect(try OutputFile.read(trace, limit: 10) == Array("anything".utf8))
    }
  }

  @Test(arguments: ["UPPER.yaml", "W.yaml", "a b.yaml", "x.txt"])
  func aWorkloadIsCalledAsAScenarioCanNameIt(name: String) throws {
    try Self.withFolder { folder in
      let (trace, out) = (folder + "/trace.csv", folder + "/" + name)
      try Data("Timestamp [ms];\tCPU usage [%]\n".utf8).write(to: URL(filePath: trace))
      let inspected = #expect(throws: CalibrationError.self) {
        try TraceInspection(path: trace, out: out).run()
      }
      let command = ["touch", folder + "/was-run"]
      let recorded = #expect(throws: CalibrationError.self) {
        try RecordingSession(command: command, name: "x", speed: 1, out: out).run()
      }
      for error in [inspected, recorded] {
        #expect(error?.exitStatus == 2 && error?.place == out)
        #expect(error?.message.contains("a scenario names a workload by its file") == true)
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["trace.csv"])
    }
  }

  @Test func coresThatATraceSaysItselfAreNotGivenAgain() throws {
    try Self.withFolder { folder in
      let trace = folder + "/trace.csv"
      var text = "Timestamp [ms];\tCPU cores;\tCPU usage [%]\n"
      for second in 1...4 { text += "\(1_376_314_846 + second);\t2;\t50\n" }
      try Data(text.utf8).write(to: URL(filePath: trace))
      let error = #expect(throws: CalibrationError.self) {
        try TraceInspection(path: trace, cores: 8).run()
      }
      #expect(error?.exitStatus == 2)
      #expect(
        error?.message == "the trace says 2 cores itself; leave --cores 8 out")
      #expect(throws: Never.self) { try TraceInspection(path: trace, cores: 2).run() }
    }
  }

  @Test(arguments: [
    (1.019, 0.006, "waited for 99.41 % of its 1.019 s: only 6 ms were processor time"),
    (1, 0.4, "waited for 60 %"), (1, 0.6, nil), (0.05, 0.002, nil), (1, 3.5, nil),
  ])
  func waitingThatAWorkloadLacksIsSaid(elapsed: Double, busy: Double, words: String?) {
    let note = CommandRecorder.waitingNote(elapsed: elapsed, busy: busy)
    #expect((note != nil) == (words != nil), "\(note ?? "")")
    if let words { #expect(note?.contains(words) == true, "\(note ?? "")") }
  }

  @Test func aRecordingIsNotMadeInVain() throws {
    try Self.withFolder { folder in
      let out = folder + "/taken.yaml"
      try Data("kept".utf8).write(to: URL(filePath: out))
      let command = ["touch", folder + "/was-run"]
      let error = #expect(throws: CalibrationError.self) {
        try RecordingSession(command: command, name: "x", speed: 1, out: out).run()
      }
      #expect(error?.exitStatus == 2)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["taken.yaml"])
    }
  }
}
