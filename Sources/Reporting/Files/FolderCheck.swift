import Foundation

/// Whether a folder may be written to, and what in it may be removed.
enum FolderCheck {
  private struct Marker: Decodable {
    var kind: String
    var files: [String]?
  }

  /// The chart files that an earlier report in the folder left; empty for a new folder.
  ///
  /// Throws `ReportError` with the code `notOurFolder` where the folder holds something else.
  static func filesOfEarlierReport(_ folder: String) throws(ReportError) -> [String] {
    let manager = FileManager.default
    var isFolder = false
    guard manager.fileExists(atPath: folder, isDirectory: &isFolder) else { return [] }
    guard isFolder else {
      throw ReportError(
        .notOurFolder, "this is a file, not a folder; name another folder", place: folder)
    }
    let names: [String]
    do {
      names = try manager.contentsOfDirectory(atPath: folder)
    } catch {
      throw ReportError(
        .cannotWrite, "cannot look into this folder (\(error.localizedDescription)); name another",
        place: folder)
    }
    if names.isEmpty { return [] }
    guard let data = try? Data(contentsOf: URL(filePath: folder + "/manifest.json")),
      data.count < 64 << 20, let marker = try? JSONDecoder().decode(Marker.self, from: data),
      marker.kind == Manifest.kind
    else {
      throw ReportError(
        .notOurFolder,
        "this folder holds files and no report of tenancy; name a new folder, or empty this one",
        place: folder)
    }
    return (marker.files ?? []).filter(isChartFile)
  }

  /// Makes a folder and those above it.
  static func makeFolder(_ folder: String) throws(ReportError) {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw ReportError(
        .cannotWrite, "cannot make this folder (\(error.localizedDescription)); name another",
        place: folder)
    }
  }

  /// Removes charts that the new report does not have; one that stays does no harm.
  static func remove(_ names: [String], from folder: String) {
    for name in names { try? FileManager.default.removeItem(atPath: "\(folder)/\(name)") }
  }

  /// A manifest is a file like any other and may have been tampered with, so only names of the
  /// charts' own pattern are ever removed.
  private static func isChartFile(_ name: String) -> Bool {
    guard name.hasPrefix("charts/") else { return false }
    let file = name.dropFirst(7)
    guard
      let ending = [".vl.json", ".svg", ".png", ".csv"].first(where: { file.hasSuffix($0) })
    else { return false }
    let stem = file.dropLast(ending.count)
    return !stem.isEmpty
      && stem.unicodeScalars.allSatisfy {
        ("a"..."z").contains($0) || ("0"..."9").contains($0) || $0 == "-"
      }
  }
}
