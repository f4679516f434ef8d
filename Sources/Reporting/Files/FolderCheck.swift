import Foundation
import Glibc
import ScenarioFormat

/// Whether a folder may be written to, and what in it may be removed.
enum FolderCheck {
  private struct Marker: Decodable {
    var kind: String
    var scenario: String?
    var scenarioHash: String?
    var questions: [String]?
    var approaches: [String]?
    var files: [String]?
    var isComplete: Bool?
    var isInterrupted: Bool?
  }

  /// What an earlier report left in a folder.
  struct EarlierReport {
    /// Whether there is one.
    var isThere = false
    /// Its chart files.
    var charts: [String] = []
    /// Whether it is all there and answers everything that it was asked.
    var isWhole = false
  }

  /// What an earlier report left in the folder; nothing for a new folder.
  ///
  /// Throws `ReportError` with the code `notOurFolder` where the folder holds something else, or a
  /// folder that has the name of one of a report's files, and `otherScenario` where it holds a
  /// report, but not of what is asked for.
  static func earlierReport(
    _ folder: String, of identity: ReportIdentity? = nil
  ) throws(ReportError) -> EarlierReport {
    let manager = FileManager.default
    var isFolder = false
    guard manager.fileExists(atPath: folder, isDirectory: &isFolder) else { return EarlierReport() }
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
    if names.isEmpty { return EarlierReport() }
    guard let bytes = try? OutputFile.read(folder + "/manifest.json", limit: 64 << 20),
      let marker = try? JSONDecoder().decode(Marker.self, from: Data(bytes)),
      marker.kind == Manifest.kind
    else {
      throw ReportError(
        .notOurFolder,
        "this folder holds files and no report of tenancy; name a new folder, or empty this one",
        place: folder)
    }
    if let identity, let difference = difference(between: marker, and: identity) {
      throw ReportError(
        .otherScenario,
        "this folder holds another report, which stays: \(difference); name another folder, or "
          + "give --replace too", place: folder)
    }
    try demandReplaceable(in: folder)
    return EarlierReport(
      isThere: true,
      charts: (marker.files ?? []).filter(isChartFile),
      isWhole: marker.isComplete == true && marker.isInterrupted != true)
  }

  /// Refuses folders where files of a report belong: a file can be replaced, and they cannot.
  ///
  /// Found out before the first file is replaced, so that no report is half of one run and half of
  /// another.
  private static func demandReplaceable(in folder: String) throws(ReportError) {
    let charts = (try? FileManager.default.contentsOfDirectory(atPath: charts(of: folder))) ?? []
    let names =
      ["manifest.json", "report.html", "results.csv", "results.json"]
      + charts.sorted().map { "charts/" + $0 }.filter(isChartFile)
    for name in names {
      var information = stat()
      guard lstat("\(folder)/\(name)", &information) == 0,
        information.st_mode & S_IFMT == S_IFDIR
      else { continue }
      throw ReportError(
        .notOurFolder,
        "this is a folder, and a file of the report belongs here; move it away, or name another "
          + "folder for the report", place: "\(folder)/\(name)")
    }
  }

  /// In what a report that is there differs from the one that would replace it, naming both.
  ///
  /// What the manifest of an older version does not say counts as equal.
  private static func difference(between there: Marker, and asked: ReportIdentity) -> String? {
    if let scenario = there.scenario, scenario != asked.scenario {
      return
        "of the scenario \(SafeText.printable(scenario)), where this run is of \(asked.scenario)"
    }
    var differences: [String] = []
    func compare(_ what: String, _ before: String?, _ now: String) {
      guard let before, before != now else { return }
      differences.append("\(what) \(SafeText.printable(before)), where this run has \(now)")
    }
    compare(
      "its scenario or a setting (--set, --seed and the like) is not the same, with the hash",
      there.scenarioHash, asked.scenarioHash)
    compare(
      "it answers", there.questions?.joined(separator: ", "),
      asked.questions.joined(separator: ", "))
    compare(
      "it is about", there.approaches?.joined(separator: ", "),
      asked.approaches.joined(separator: ", "))
    return differences.isEmpty
      ? nil : "of \(asked.scenario) too, but " + differences.joined(separator: "; ")
  }

  /// The folder of a report's charts.
  static func charts(of folder: String) -> String { folder + "/charts" }

  /// Whether the folder of the charts is there.
  ///
  /// Throws `ReportError` with the code `notOurFolder` where something else has its name. A link
  /// counts as that, even to a folder: what it leads to is not part of the report.
  static func hasCharts(_ folder: String) throws(ReportError) -> Bool {
    let charts = charts(of: folder)
    var information = stat()
    guard lstat(charts, &information) == 0 else { return false }
    guard information.st_mode & S_IFMT == S_IFDIR else {
      throw ReportError(
        .notOurFolder,
        "charts go into a folder of this name, and this is none; remove it or name another folder "
          + "for the report", place: charts)
    }
    return true
  }

  /// Makes the folder of the charts.
  static func makeCharts(_ folder: String) throws(ReportError) {
    guard try !hasCharts(folder) else { return }
    let charts = charts(of: folder)
    guard mkdir(charts, 0o777) != 0 else { return }
    throw ReportError(
      .cannotWrite, "cannot make this folder: \(String(cString: strerror(errno))); name another",
      place: charts)
  }

  /// Removes the folder of the charts where nothing is in it.
  static func removeEmptyCharts(_ folder: String) { rmdir(folder + "/charts") }

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
