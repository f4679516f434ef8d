import ArgumentParser
import Calibration

/// Runs a command and writes what it asked of the kernel as a workload.
struct RecordCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record",
    abstract: "Runs a command twice, plain and under strace, and writes its workload.",
    discussion: """
      The command's output is passed on in the first run and dropped in the second; what it \
      changes, it changes twice. Without --out, the workload goes to standard output if the \
      command printed nothing there, else to NAME.yaml in this folder. Exit status 2 if the \
      command fails or is not there, 5 without strace, 6 after an interrupt; nothing is written \
      then. If the file cannot be written in the end, the workload goes to standard output.
      """)

  @Option(
    help: ArgumentHelp("Write the workload here; the file must not exist yet.", valueName: "file"))
  var out: String?

  @Option(help: "The workload's id, for the file's name.")
  var name = "recorded"

  @Option(
    parsing: .unconditional,
    help: "This machine's speed relative to the reference processor of the host profiles.")
  var speed = 1.0

  @Argument(
    parsing: .postTerminator, help: ArgumentHelp("The command after --.", valueName: "command"))
  var command: [String] = []

  /// What to say to whoever leaves out the `--` before the command; nil where it is there, or no
  /// command is.
  static func advice(on arguments: [String]) -> String? {
    guard arguments.dropFirst().first == "record", !arguments.contains("--"), arguments.count > 2
    else { return nil }
    return "Write the command to record after --, as in: tenancy record --out FILE -- COMMAND"
  }

  func run() throws {
    try reportingFailures(as: "tenancy: ") {
      let session = RecordingSession(command: command, name: name, speed: speed, out: out)
      let result = try session.run()
      Output.say(result.remarks)
      try Output.answer(result.output)
      if let failure = result.failure { throw failure }
    }
  }
}
