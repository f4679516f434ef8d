import ArgumentParser
import Calibration
import Foundation

/// Writes text to standard error, where everything goes that is not the answer.
func say(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

/// Writes the answer.
func answer(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }

/// Turns an error of the calibration floor into its message and exit status.
func reportingFailures(_ body: () throws -> Void) throws {
  do {
    try body()
  } catch let error as CalibrationError {
    say("tenancy: \(error)\n")
    throw ExitCode(error.exitStatus)
  }
}
