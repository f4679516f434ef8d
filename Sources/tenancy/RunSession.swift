import ArgumentParser
import Experiments
import Foundation
import Reporting
import ScenarioFormat
import Virtualization

/// One `tenancy run` from the scenario that was read to the exit code.
struct RunSession {
  let workplace: Workplace
  let loaded: LoadedScenario
  /// The approaches named on the command line.
  let named: [String]
  let questions: [Question]
  let jobs: Int
  let format: RunCommand.Format
  let out: String?
  /// Whether a report of something else may be replaced, too.
  let replacesOthers: Bool
  let interactive: Bool
  /// The command that gives the same numbers again.
  let command: String

  func run() async throws {
    let watch = InterruptWatch()
    defer { withExtendedLifetime(watch) {} }
    try await answer(watch)
  }

  private func answer(_ watch: InterruptWatch) async throws {
    let started = Date()
    let folder: ReportFolder?
    do throws(ReportError) {
      folder = try out.map { path throws(ReportError) in
        try ReportFolder(path, of: replacesOthers ? nil : identity)
      }
    } catch {
      Output.say(asNamed("\(error)"))
      throw ExitStatus.invalidInput.code
    }
    watch.leaves { [weak folder] in folder?.removeIfEmpty() }
    let prices = OperationPrice.table(of: loaded.scenario)
    let study = try await study(watch)
    let report = Report(
      study: study, scenarioHash: loaded.contentHash, scenarioText: loaded.resolvedText,
      programVersion: Tenancy.version, command: command,
      prices: prices)
    // First what is kept: whoever reads the answer may go away before its end.
    var failure: (any Error)?
    var isInterrupted = false
    if let folder {
      let task = Task { try await write(report, to: folder, started: started) }
      watch.endsRun { task.cancel() }
      do { try await task.value } catch { failure = error }
      isInterrupted = task.isCancelled
    }
    switch format {
    case .text: try Output.answer(TextReport.render(study))
    case .json:
      try Output.answer(String(decoding: ResultDocument(report).encoded(), as: UTF8.self))
    case .csv: try Output.answer(TidyResults.csv(report))
    }
    if let failure { throw failure }
    let status = isInterrupted ? .interrupted : Self.status(of: study, named: named)
    if status != .ok { throw status.code }
  }

  private var identity: ReportIdentity {
    ReportIdentity(
      scenario: loaded.scenario.id, scenarioHash: loaded.contentHash, questions: questions,
      approaches: loaded.scenario.approaches.map(\.id))
  }

  private func study(_ watch: InterruptWatch) async throws -> Study {
    let meter = ProgressMeter()
    let runner = StudyRunner(loaded.scenario, questions: questions, jobs: jobs)
    let warnings = loaded.warnings.map(\.message)
    let task = Task {
      try await runner.run(warnings: warnings) { meter.show($0) }
    }
    watch.endsRun { task.cancel() }
    defer { meter.end() }
    do {
      return try await task.value
    } catch let error as ModelError {
      meter.end()
      let place = error.guestClass.flatMap { loaded.classPlaces[$0] }
      Output.say("\(place.map { "\($0)" } ?? loaded.scenario.id): \(error.message)")
      throw ExitStatus.invalidInput.code
    }
  }

  private func write(_ report: Report, to folder: ReportFolder, started: Date) async throws {
    let machine = MachineFacts()
    let run = Manifest.Run(
      start: started.formatted(.iso8601), end: Date().formatted(.iso8601), host: machine.host,
      processor: machine.processor, operatingSystem: machine.operatingSystem, threads: jobs,
      // Where the program lies is nobody's business who reads the report.
      arguments: ["tenancy"] + CommandLine.arguments.dropFirst())
    do {
      let renderer = ChartRenderer.locate(
        environment: ProcessInfo.processInfo.environment, installation: workplace.installation)
      let result = try await ReportWriter.write(
        report, to: folder, renderer: renderer, installation: workplace.installation,
        interactive: interactive, run: run)
      for notice in result.notices { Output.say(asNamed(notice)) }
      Output.say(asNamed("report: \(result.folder)/report.html"))
    } catch let error as ReportError {
      Output.say(asNamed("\(error)"))
      throw ExitStatus.internalError.code
    }
  }

  /// Text with the report's folder as the user named it.
  private func asNamed(_ text: String) -> String {
    guard var name = out else { return text }
    while name.count > 1, name.hasSuffix("/") { name.removeLast() }
    return text.replacing(ReportFolder.plain(name), with: name)
  }

  /// The exit status that says what became of the questions.
  static func status(of study: Study, named: [String]) -> ExitStatus {
    var outcomes: [(approach: String, outcome: Outcome)] = []
    for answer in study.overhead?.approaches ?? [] {
      outcomes.append((answer.approach, answer.outcome))
    }
    for answer in study.density?.approaches ?? [] {
      outcomes.append((answer.approach, answer.outcome))
    }
    if outcomes.contains(where: { $0.outcome == .interrupted }) { return .interrupted }
    let failed = outcomes.filter {
      [.impossible, .unstable, .nothingServed, .notFinished].contains($0.outcome)
    }
    if failed.contains(where: { named.contains($0.approach) }) { return .objectiveNotHeld }
    if !outcomes.isEmpty, failed.count == outcomes.count { return .objectiveNotHeld }
    if outcomes.contains(where: { [.precisionNotReached, .notWarmedUp].contains($0.outcome) }) {
      return .precisionNotReached
    }
    return .ok
  }
}
