import Foundation
import Glibc
import ScenarioFormat

/// A folder that a report will be written to, made, tried and held before the run that fills it.
///
/// While it is held, no other run of the program gets it, so reports never mix. Letting go of it
/// removes the folders that were made for it and stayed empty.
package final class ReportFolder: Sendable {
  /// The folder, without dots and slash at the end.
  package let path: String
  private let descriptor: Int32
  private let made: [String]

  /// Makes the folder where it is not there, and finds out now what would otherwise end a long run.
  ///
  /// With an identity, a report of anything else is not replaced. Throws `ReportError` with
  /// the code `notOurFolder`, `otherScenario`, `cannotWrite` or `inUse`; nothing is left behind
  /// then.
  package init(_ directory: String, of identity: ReportIdentity? = nil) throws(ReportError) {
    let path = Self.plain(directory)
    self.path = path
    _ = try FolderCheck.earlierReport(path, of: identity)
    var made: [String] = []
    var descriptor: Int32 = -1
    do throws(ReportError) {
      try Self.make(path, &made)
      descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      guard descriptor >= 0 else { throw Self.failure("open this folder", path) }
      // A file system without locks must not forbid reports.
      if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
        throw ReportError(
          .inUse,
          "another run is writing its report to this folder; wait for its end or name another",
          place: path)
      }
      try Self.tryWriting(path)
      // Once more, now that nobody else can write here.
      _ = try FolderCheck.earlierReport(path, of: identity)
      if try FolderCheck.hasCharts(path) { try Self.tryWriting(FolderCheck.charts(of: path)) }
    } catch {
      if descriptor >= 0 { close(descriptor) }
      for folder in made.reversed() { rmdir(folder) }
      throw error
    }
    self.descriptor = descriptor
    self.made = made
  }

  deinit {
    close(descriptor)
    removeIfEmpty()
  }

  /// Removes the folders that were made for this one, as far as nothing is in them.
  package func removeIfEmpty() {
    // Refused by the system for what is no longer empty.
    for folder in made.reversed() { rmdir(folder) }
  }

  /// Whether the folder holds a report that is all there and answers what it was asked.
  package var holdsWholeReport: Bool {
    (try? FolderCheck.earlierReport(path))?.isWhole ?? false
  }

  /// A folder's path from the root, without dots and slash at the end.
  package static func plain(_ directory: String) -> String {
    let path = URL(filePath: directory).standardizedFileURL.path(percentEncoded: false)
    return path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }

  /// Makes a folder and those above it; `made` gets those that were not there.
  private static func make(_ path: String, _ made: inout [String]) throws(ReportError) {
    if isFolder(path) { return }
    var link = stat()
    if lstat(path, &link) == 0 {
      throw ReportError(
        .cannotWrite,
        link.st_mode & S_IFMT == S_IFLNK
          ? "this is a link to something that is not a folder; make that folder or name another"
          : "this is a file, not a folder; name another folder", place: path)
    }
    let parent = (path as NSString).deletingLastPathComponent
    if !parent.isEmpty, parent != path { try make(parent, &made) }
    guard mkdir(path, 0o777) == 0 else {
      if errno == EEXIST, isFolder(path) { return }
      throw failure("make this folder", path)
    }
    made.append(path)
  }

  private static func isFolder(_ path: String) -> Bool {
    var information = stat()
    return stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
  }

  private static func tryWriting(_ path: String) throws(ReportError) {
    do { try OutputFile.tryWriting(in: path, for: path) } catch { throw ReportError(error) }
  }

  private static func failure(_ verb: String, _ path: String) -> ReportError {
    let reason = String(cString: strerror(errno))
    return ReportError(
      .cannotWrite, "cannot \(verb): \(reason); name one where you may write", place: path)
  }
}
