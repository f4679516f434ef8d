import ArgumentParser

/// The exit codes of the program, the same for every subcommand.
enum ExitStatus: Int32 {
  case ok = 0
  case internalError = 1
  /// The command line or a file is not valid; nothing was written.
  case invalidInput = 2
  /// An approach named on the command line, or all of them, cannot hold the objective, or takes
  /// more events than a run may.
  case objectiveNotHeld = 3
  case precisionNotReached = 4
  /// Something that is needed is missing on this machine, without which there is no answer: charts
  /// are not meant.
  case missing = 5
  /// The user broke the run off; what was answered is kept and marked.
  case interrupted = 6

  var code: ExitCode { ExitCode(rawValue) }
}
