import Foundation
import Glibc
import ScenarioFormat

/// The files of a report, written in full beside the report that is there before the first of them
/// takes its place: where there is no room for all, nothing has changed.
struct StagedFiles: ~Copyable {
  private let folder: String
  private let staging: String
  private var names: [String] = []
  private var placed = 0

  /// - Parameter folder: That of the report, held by this run alone.
  init(_ folder: String) throws(ReportError) {
    self.folder = folder
    staging = folder + "/.tenancy.parts"
    // Left by a run that was killed.
    try? FileManager.default.removeItem(atPath: staging)
    guard mkdir(staging, 0o777) == 0 else {
      throw ReportError(
        .cannotWrite,
        "cannot make this folder: \(String(cString: strerror(errno))); name another for the report",
        place: staging)
    }
  }

  deinit {
    for number in placed..<names.count { unlink("\(staging)/\(number)") }
    rmdir(staging)
  }

  /// Writes a file that will be called by a name in the report's folder.
  mutating func add(_ name: String, _ data: Data) throws(ReportError) {
    do {
      try OutputFile.write(data, to: "\(staging)/\(names.count)")
    } catch {
      throw ReportError(.cannotWrite, error.message, place: "\(folder)/\(name)")
    }
    names.append(name)
  }

  /// Puts the first file that is not yet in its place there; false when all are.
  mutating func placeNext() throws(ReportError) -> Bool {
    guard placed < names.count else { return false }
    do {
      try OutputFile.move("\(staging)/\(placed)", to: "\(folder)/\(names[placed])")
    } catch {
      throw ReportError(error)
    }
    placed += 1
    return true
  }
}
