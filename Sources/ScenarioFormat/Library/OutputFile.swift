package import Foundation
import Glibc

/// Files that are written whole or not at all.
///
/// A new file gets the permissions that the user's mask leaves.
package enum OutputFile {
  /// Whether a new file may be made at a path: asked before long work.
  ///
  /// What is there already, a link to nothing included, is never written over. Throws `FileError`
  /// with the code `notAName`, `isThere` or `cannotWrite`.
  package static func demandNew(_ path: String) throws(FileError) {
    guard path != "-", !path.isEmpty else {
      throw FileError(
        .notAName, "is not the name of a file; name one, or leave it out for standard output",
        at: path.isEmpty ? "an empty name" : path)
    }
    var information = stat()
    guard lstat(path, &information) != 0 else { throw isThere(path) }
    let folder = folder(of: path)
    guard stat(folder, &information) == 0, information.st_mode & S_IFMT == S_IFDIR else {
      throw FileError(
        .cannotWrite,
        "cannot be written: there is no folder \(folder); make it or name another file", at: path)
    }
    try tryWriting(in: folder, for: path)
  }

  /// Whether files can be made in a folder; leaves none behind.
  ///
  /// Throws `FileError` with the code `cannotWrite`, at `path`.
  package static func tryWriting(in folder: String, for path: String) throws(FileError) {
    let temporary = temporary(in: folder)
    close(try open(temporary, for: path))
    unlink(temporary)
  }

  /// Whether two paths name the same file, be it there or not.
  package static func isSame(_ path: String, _ other: String) -> Bool {
    var (first, second) = (stat(), stat())
    guard stat(folder(of: path), &first) == 0, stat(folder(of: other), &second) == 0 else {
      return path == other
    }
    return first.st_dev == second.st_dev && first.st_ino == second.st_ino
      && name(of: path) == name(of: other)
  }

  /// Writes a file that is not there yet; never over another one.
  ///
  /// Throws `FileError`; nothing is left behind then.
  package static func writeNew(_ data: Data, to path: String) throws(FileError) {
    try demandNew(path)
    try write(data, to: path) { link($0, $1) == 0 && unlink($0) == 0 }
  }

  /// Writes a file, in place of the one that is there.
  ///
  /// It is written beside that one, flushed to the disk and then renamed. Throws `FileError` with
  /// the code `cannotWrite`; nothing is left behind then.
  package static func write(_ data: Data, to path: String) throws(FileError) {
    try write(data, to: path) { rename($0, $1) == 0 }
  }

  /// Puts a file in the place of another one, or of none, on the same file system.
  ///
  /// Throws `FileError` with the code `cannotWrite`, at `path`.
  package static func move(_ file: String, to path: String) throws(FileError) {
    guard rename(file, path) == 0 else { throw failure("written", path) }
    try flush(folder(of: path), for: path)
  }

  private static func write(
    _ data: Data, to path: String, place: (_ temporary: String, _ path: String) -> Bool
  ) throws(FileError) {
    let folder = folder(of: path)
    let temporary = temporary(in: folder)
    let descriptor = try open(temporary, for: path)
    var isDone = false
    defer { if !isDone { unlink(temporary) } }
    let wasFlushed = writeAll(data, to: descriptor) && fsync(descriptor) == 0
    let flushError = errno
    let wasClosed = close(descriptor) == 0
    guard wasFlushed else {
      errno = flushError
      throw failure("written", path)
    }
    guard wasClosed, place(temporary, path) else {
      throw errno == EEXIST ? isThere(path) : failure("written", path)
    }
    isDone = true
    try flush(folder, for: path)
  }

  private static func open(_ temporary: String, for path: String) throws(FileError) -> Int32 {
    // A leftover of a process that died under the same number; the name is ours alone.
    unlink(temporary)
    let descriptor = Glibc.open(
      temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o666)
    guard descriptor >= 0 else { throw failure("written", path) }
    return descriptor
  }

  private static func writeAll(_ data: Data, to descriptor: Int32) -> Bool {
    data.withUnsafeBytes { bytes in
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
  }

  /// Makes the change of a folder last; some file systems cannot and say so.
  private static func flush(_ folder: String, for path: String) throws(FileError) {
    let descriptor = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    // A folder that may be written to and not read is rare, and the file is there.
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw failure("written", path) }
  }

  /// Reads a regular file of at most `limit` bytes.
  ///
  /// Never waits for a pipe. Throws `FileError` with the code `cannotRead` or `tooLarge`.
  package static func read(_ path: String, limit: Int) throws(FileError) -> [UInt8] {
    let descriptor = Glibc.open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("read", path) }
    defer { close(descriptor) }
    var information = stat()
    guard fstat(descriptor, &information) == 0 else { throw failure("read", path) }
    guard information.st_mode & S_IFMT == S_IFREG else {
      throw FileError(.cannotRead, "cannot be read: it is not a regular file", at: path)
    }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw failure("read", path)
      }
      if count == 0 { return bytes }
      bytes.append(contentsOf: chunk[..<count])
      guard bytes.count <= limit else {
        throw FileError(.tooLarge, "has more than \(limit) bytes; split it", at: path)
      }
    }
  }

  private static func folder(of path: String) -> String {
    let folder = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
    return folder.isEmpty ? "." : folder
  }

  private static func name(of path: String) -> String { URL(filePath: path).lastPathComponent }

  private static func temporary(in folder: String) -> String {
    "\(folder)/.tenancy.\(getpid()).part"
  }

  private static func isThere(_ path: String) -> FileError {
    FileError(.isThere, "there is such a file already; name another one", at: path)
  }

  private static func failure(_ verb: String, _ path: String) -> FileError {
    let reason = String(cString: strerror(errno))
    return verb == "read"
      ? FileError(.cannotRead, "cannot be read: \(reason)", at: path)
      : FileError(
        .cannotWrite, "cannot be written: \(reason); name another one or make room", at: path)
  }
}
