package import Foundation
import Glibc

/// Files that are written whole or not at all.
package enum OutputFile {
  /// Whether a new file may be made at a path: asked before long work.
  ///
  /// What is there already, a link to nothing included, is never written over. Throws
  /// `CalibrationError` with the code `file` or `invalidInput`.
  package static func demandNew(_ path: String) throws(CalibrationError) {
    guard path != "-", !path.isEmpty else {
      throw CalibrationError(
        .invalidInput,
        "is not the name of a file; name one, or leave it out for standard output",
        at: path.isEmpty ? "an empty name" : path)
    }
    var information = stat()
    guard lstat(path, &information) != 0 else { throw isThere(path) }
    let folder = folder(of: path)
    guard stat(folder, &information) == 0, information.st_mode & S_IFMT == S_IFDIR else {
      throw CalibrationError(
        .file, "cannot be written: there is no folder \(folder); make it or name another file",
        at: path)
    }
    let temporary = temporary(beside: path)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o666)
    guard descriptor >= 0 else { throw failure("cannot be written", path) }
    close(descriptor)
    unlink(temporary)
  }

  /// Writes beside the target, flushes to the disk, then puts it in place; never over another file.
  ///
  /// Throws `CalibrationError` with the code `file`; nothing is left behind then.
  package static func writeNew(_ data: Data, to path: String) throws(CalibrationError) {
    try demandNew(path)
    try write(data, to: path) { link($0, $1) == 0 && unlink($0) == 0 }
  }

  /// Writes beside the target, flushes to the disk, then renames over it.
  ///
  /// Throws `CalibrationError` with the code `file`; nothing is left behind then.
  package static func write(_ data: Data, to path: String) throws(CalibrationError) {
    try write(data, to: path) { rename($0, $1) == 0 }
  }

  private static func write(
    _ data: Data, to path: String, place: (_ temporary: String, _ path: String) -> Bool
  ) throws(CalibrationError) {
    let temporary = temporary(beside: path)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o666)
    guard descriptor >= 0 else { throw failure("cannot be written", path) }
    var isDone = false
    defer { if !isDone { unlink(temporary) } }
    let wasWritten = data.withUnsafeBytes { bytes -> Bool in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = Glibc.write(
          descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count < 0 {
          guard errno == EINTR else { return false }
          continue
        }
        rest = rest.dropFirst(count)
      }
      return true
    }
    let wasFlushed = wasWritten && fsync(descriptor) == 0
    let flushError = errno
    let wasClosed = close(descriptor) == 0
    guard wasFlushed else {
      errno = flushError
      throw failure("cannot be written", path)
    }
    guard wasClosed, place(temporary, path) else {
      throw errno == EEXIST ? isThere(path) : failure("cannot be written", path)
    }
    isDone = true
  }

  /// Reads a file of at most `limit` bytes.
  package static func read(_ path: String, limit: Int) throws(CalibrationError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("cannot be read", path) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw failure("cannot be read", path)
      }
      if count == 0 { return bytes }
      bytes.append(contentsOf: chunk[..<count])
      guard bytes.count <= limit else {
        throw CalibrationError(.invalidInput, "has more than \(limit) bytes; split it", at: path)
      }
    }
  }

  private static func folder(of path: String) -> String {
    let folder = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
    return folder.isEmpty ? "." : folder
  }

  private static func temporary(beside path: String) -> String {
    "\(folder(of: path))/.tenancy-\(getpid()).tmp"
  }

  private static func isThere(_ path: String) -> CalibrationError {
    CalibrationError(.file, "there is such a file already; name another one", at: path)
  }

  private static func failure(_ what: String, _ path: String) -> CalibrationError {
    CalibrationError(.file, "\(what): \(String(cString: strerror(errno)))", at: path)
  }
}
