import ArgumentParser
import Calibration

/// Reads a monitoring trace, says what it holds, and turns it into a workload.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Reads a trace of a monitoring tool and says what it holds.",
    discussion: """
      Reads sysstat exports (sadf -d, sadf -j) and Bitbrains GWA-T-12 files. Exit status 0 if \
      something was usable, 2 if not. Lines that were left out are listed on standard error. Nothing \
      is written where processor use covers less than 5 % of the time of the trace, and any other \
      series that does is left out of the workload; below 50 % a warning says so.
      """)

  @Argument(help: "The trace file.")
  var trace: String

  @Option(
    help: ArgumentHelp("Write a workload with the trace's demand; a new file.", valueName: "file"))
  var out: String?

  @Option(
    help: ArgumentHelp(
      "Write all series at the interval of the trace, comma-separated; a new file.",
      valueName: "file"))
  var series: String?

  @Option(
    parsing: .unconditional, help: "Cores of the traced machine, where the trace does not say.")
  var cores: Double?

  func validate() throws {
    if let cores, !(cores >= 1 && cores <= 65_536) {
      throw ValidationError("--cores is between 1 and 65536")
    }
  }

  func run() throws {
    try reportingFailures(as: "") {
      let result = try TraceInspection(path: trace, cores: cores, out: out, series: series).run()
      Output.say(result.findings)
      try Output.answer(result.report)
    }
  }
}
