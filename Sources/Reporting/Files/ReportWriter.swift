import Experiments
import Foundation
package import ScenarioFormat
import Virtualization

/// Writes a report's files into a folder, all of them or none.
package struct ReportWriter: Sendable {
  /// What was written.
  package struct Result: Sendable, Equatable {
    /// The files, relative to the folder, sorted.
    package var files: [String]
    /// What a person should be told beside the answer, such as charts that could not be drawn.
    package var notices: [String]
    /// Where the report is: the folder asked for, or the one beside it for an interrupted run.
    package var folder: String
  }

  private let report: Report
  private let folder: String
  private let isInterrupted: Bool

  /// Writes report.html, results.csv, results.json, the charts and manifest.json.
  ///
  /// The folder may be new, empty, or hold an earlier report of this program; anything else is
  /// refused. Without a renderer the report is still written, with tables where charts would be,
  /// and a notice says so. The report of an interrupted run does not replace a whole one, but goes
  /// into a folder beside it. Throws `ReportError` with the code `notOurFolder`, `otherScenario`,
  /// `cannotWrite` or `inUse`.
  @discardableResult
  package static func write(
    _ report: Report, to directory: String, renderer: ChartRenderer?, installation: Installation?,
    interactive: Bool, run: Manifest.Run
  ) async throws -> Result {
    try await write(
      report, to: try ReportFolder(directory, of: ReportIdentity(report)), renderer: renderer,
      installation: installation,
      interactive: interactive, run: run)
  }

  /// Writes a report into a folder that is held already.
  @discardableResult
  package static func write(
    _ report: Report, to folder: ReportFolder, renderer: ChartRenderer?,
    installation: Installation?, interactive: Bool, run: Manifest.Run
  ) async throws -> Result {
    let isInterrupted = report.study.isInterrupted
    var held = folder
    var notices: [String] = []
    if isInterrupted, folder.holdsWholeReport {
      (held, notices) = try beside(folder, of: ReportIdentity(report))
      notices.append(
        "\(folder.path): the earlier report stays, since this run was interrupted; what it "
          + "answered is in \(held.path)")
    }
    let writer = ReportWriter(report: report, folder: held.path, isInterrupted: isInterrupted)
    var result = try await writer.write(renderer, installation, interactive, run)
    result.notices = notices + result.notices
    return withExtendedLifetime(held) { result }
  }

  /// What the folder's name ends in that takes an interrupted report beside a whole one.
  package static let partialEnding = ".partial"

  /// A folder beside one that keeps its report, and what is said of those that were taken.
  private static func beside(
    _ folder: ReportFolder, of identity: ReportIdentity
  ) throws(ReportError) -> (folder: ReportFolder, notices: [String]) {
    var refusals: [ReportError] = []
    for number in 1...9 {
      let ending = partialEnding + (number == 1 ? "" : "-\(number)")
      do {
        return (
          try ReportFolder(folder.path + ending, of: identity), refusals.map(\.description)
        )
      } catch {
        refusals.append(error)
        guard [.notOurFolder, .otherScenario, .inUse].contains(error.code) else { break }
      }
    }
    let reason = refusals.last.map { " (\($0))" } ?? ""
    throw ReportError(
      .cannotWrite,
      "the earlier report stays, since this run was interrupted, and what it answered can be kept "
        + "in no folder beside it\(reason)", place: folder.path)
  }

  private func write(
    _ renderer: ChartRenderer?, _ installation: Installation?, _ interactive: Bool,
    _ run: Manifest.Run
  ) async throws -> Result {
    let earlier = try FolderCheck.earlierReport(folder)
    let charts = ChartSet(report.study)
    var notices: [String] = []
    var drawing: ChartRenderer.Drawing?
    let advice = ChartRenderer.advice(installation: installation)
    do {
      drawing = try await renderer?.draw(charts.all, withBundle: interactive)
      if drawing == nil, !charts.all.isEmpty { notices.append(advice) }
    } catch {
      // What was answered is kept, with tables where charts would be.
      notices.append(
        Task.isCancelled
          ? "interrupted before the charts were drawn: the report is without them"
          : "\(error); \(advice)")
    }
    let files = try contents(
      charts, drawing: drawing,
      advice: ChartRenderer.publicAdvice(installation: installation))
    let names = files.map(\.name).sorted()
    func manifest(isComplete: Bool) throws -> Data {
      try Manifest(
        report, run: run, chartRenderer: drawing?.renderer, files: names, isComplete: isComplete,
        isInterrupted: isInterrupted
      ).encoded()
    }
    // First, so that a folder left by a run that was killed is still known as ours.
    if !earlier.isThere { try put("manifest.json", try manifest(isComplete: false)) }
    do {
      try FolderCheck.makeCharts(folder)
      var staged = try StagedFiles(folder)
      try staged.add("manifest.json", try manifest(isComplete: false))
      for file in files { try staged.add(file.name, file.data) }
      try staged.add("manifest.json", try manifest(isComplete: true))
      _ = try staged.placeNext()
      FolderCheck.remove(earlier.charts.filter { !names.contains($0) }, from: folder)
      while try staged.placeNext() {}
    } catch {
      FolderCheck.removeEmptyCharts(folder)
      if !earlier.isThere, !FileManager.default.fileExists(atPath: folder + "/results.csv") {
        unlink(folder + "/manifest.json")
      }
      throw error
    }
    return Result(
      files: (names + ["manifest.json"]).sorted(), notices: notices, folder: folder)
  }

  private func put(_ name: String, _ data: Data) throws(ReportError) {
    do { try OutputFile.write(data, to: "\(folder)/\(name)") } catch { throw ReportError(error) }
  }

  private struct Content {
    var name: String
    var data: Data
  }

  private func contents(
    _ charts: ChartSet, drawing: ChartRenderer.Drawing?, advice: String
  ) throws -> [Content] {
    var files: [Content] = []
    func add(_ name: String, _ text: String) {
      files.append(Content(name: name, data: Data(text.utf8)))
    }
    // In the order in which they would be missed on a disk that gets full.
    add("results.csv", TidyResults.csv(report))
    files.append(Content(name: "results.json", data: try ResultDocument(report).encoded()))
    add(
      "report.html",
      try PageReport.render(report, charts: charts, drawing: drawing, advice: advice))
    for chart in charts.all {
      add("charts/\(chart.id).vl.json", try chart.specification.encoded(pretty: true) + "\n")
      add("charts/\(chart.id).csv", chart.data.csv)
      if let picture = drawing?.pictures.first(where: { $0.id == chart.id }) {
        add("charts/\(chart.id).svg", picture.svg)
        files.append(Content(name: "charts/\(chart.id).png", data: picture.png))
      }
    }
    return files
  }
}
