import Foundation
import Glibc

/// Files that are there whole or not at all.
enum AtomicFile {
  /// Writes a file by way of a temporary one beside it, flushed to the disk before it is renamed.
  static func write(_ data: Data, to path: String) throws(ReportError) {
    let folder = (path as NSString).deletingLastPathComponent
    let name = (path as NSString).lastPathComponent
    let temporary = "\(folder)/.\(name).\(getpid()).part"
    // A leftover of a process that died under the same number; the name is ours alone.
    unlink(temporary)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o644)
    guard descriptor >= 0 else { throw failure("create", temporary) }
    do throws(ReportError) {
      defer { close(descriptor) }
      try writeAll(data, to: descriptor, path: temporary)
      guard fsync(descriptor) == 0 else { throw failure("flush", temporary) }
    } catch {
      unlink(temporary)
      throw error
    }
    guard rename(temporary, path) == 0 else {
      let error = failure("put in place", path)
      unlink(temporary)
      throw error
    }
    try flush(folder: folder)
  }

  private static func writeAll(
    _ data: Data, to descriptor: Int32, path: String
  ) throws(ReportError) {
    var offset = 0
    while offset < data.count {
      let written = data.withUnsafeBytes { bytes in
        Glibc.write(descriptor, bytes.baseAddress?.advanced(by: offset), data.count - offset)
      }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { throw failure("write", path) }
      offset += written
    }
  }

  /// Makes the rename itself last.
  private static func flush(folder: String) throws(ReportError) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("open", folder) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw failure("flush", folder) }
  }

  private static func failure(_ verb: String, _ path: String) -> ReportError {
    let reason = String(cString: strerror(errno))
    return ReportError(
      .cannotWrite, "cannot \(verb) this file: \(reason); name another folder or make room",
      place: path)
  }
}
