package import ScenarioFormat

/// Why a machine or a command could not be measured.
package struct CalibrationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What went wrong; open, so that a new cause breaks nobody's switch.
  package struct Code: RawRepresentable, Hashable, Sendable {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    /// A file cannot be read or written.
    package static let file = Code(rawValue: "file")
    /// Input that nothing can be made of.
    package static let invalidInput = Code(rawValue: "invalidInput")
    /// A program or permission that is needed is not there.
    package static let missing = Code(rawValue: "missing")
    /// The recorded command failed.
    package static let commandFailed = Code(rawValue: "commandFailed")
    /// A signal ended the work.
    package static let interrupted = Code(rawValue: "interrupted")
    /// The operating system refused something that should have worked.
    package static let system = Code(rawValue: "system")
  }

  package let code: Code
  /// What to do about it.
  package let message: String
  /// The file, command or system call concerned; empty where the message says it all.
  package let place: String

  package init(_ code: Code, _ message: String, at place: String = "") {
    self.code = code
    self.message = message
    self.place = place
  }

  /// What kept a file from being read or written.
  package init(_ error: FileError) {
    switch error.code {
    case .notAName, .tooLarge: self.init(.invalidInput, error.message, at: error.place)
    default: self.init(.file, error.message, at: error.place)
    }
  }

  /// The exit status by which the program tells this from other failures.
  package var exitStatus: Int32 {
    switch code {
    case .file, .invalidInput, .commandFailed: 2
    case .missing: 5
    case .interrupted: 6
    default: 1
    }
  }

  package var description: String { place.isEmpty ? message : "\(place): \(message)" }
}

/// Throws where a workload's file is called as no scenario can name it.
func demandWorkloadName(_ path: String) throws(CalibrationError) {
  guard path != "-", !path.isEmpty, let other = ScenarioFileName.correction(of: path) else {
    return
  }
  throw CalibrationError(
    .invalidInput,
    "a scenario names a workload by its file, \(ScenarioFileName.form), and `.yaml`; try \(other)",
    at: path)
}

/// Passes on what reading or writing files throws as an error of this floor.
func onFiles<Value>(
  _ body: () throws(FileError) -> Value
) throws(CalibrationError) -> Value {
  do { return try body() } catch { throw CalibrationError(error) }
}
