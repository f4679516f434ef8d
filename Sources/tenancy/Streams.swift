import ArgumentParser
import Calibration
import Foundation

/// Standard output and standard error, where a reader may have gone away or a disk be full.
enum Output {
  /// Makes writing to a pipe whose reader has gone an error instead of the program's end.
  ///
  /// By a handler rather than by ignoring the signal: programs that this one starts get the
  /// signal's default back.
  static func outliveReaders() { signal(SIGPIPE) { _ in } }

  /// Writes text and a line's end to standard error, where everything goes that is not the answer.
  ///
  /// Says nothing where there is nothing to say, and adds no second line's end.
  static func say(_ text: String) {
    guard !text.isEmpty else { return }
    // Nobody is left to be told that this failed.
    try? write(text.hasSuffix("\n") ? text : text + "\n", to: STDERR_FILENO)
  }

  /// Writes the answer to standard output, as it is.
  ///
  /// Does nothing where the reader has gone: it has what it wanted. Ends with status 1 where the
  /// answer cannot be written for another reason.
  static func answer(_ text: String) throws {
    do {
      try write(text, to: STDOUT_FILENO)
    } catch let failure as Failure where failure.number == EPIPE {
    } catch {
      say("tenancy: the answer cannot be written to standard output: \(error)")
      throw ExitStatus.internalError.code
    }
  }

  /// Writes text without a line's end to standard error.
  static func show(_ text: String) { try? write(text, to: STDERR_FILENO) }

  private struct Failure: Error, CustomStringConvertible {
    var number: Int32
    var description: String { String(cString: strerror(number)) }
  }

  private static func write(_ text: String, to descriptor: Int32) throws {
    var text = text
    try text.withUTF8 { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let part = UnsafeBufferPointer(rebasing: rest)
        let count = Foundation.write(descriptor, part.baseAddress, part.count)
        if count >= 0 {
          rest = rest.dropFirst(count)
        } else if errno != EINTR {
          throw Failure(number: errno)
        }
      }
    }
  }
}

/// Turns an error of the calibration floor into its message and exit status.
///
/// What is said of a recorded command is told from what that command says by the name before it.
func reportingFailures(as name: String, _ body: () throws -> Void) throws {
  do {
    try body()
  } catch let error as CalibrationError {
    Output.say("\(name)\(error)")
    throw ExitCode(error.exitStatus)
  }
}
