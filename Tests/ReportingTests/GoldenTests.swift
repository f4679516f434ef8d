import Experiments
import Foundation
import Reporting
import ScenarioFormat
import Testing
import Virtualization

/// The answers of every ready scenario, so that no change of an answer goes unseen: the text report
/// to be read and compared line by line, and a digest of all figures to their last digit.
///
/// A run is cut short by the same changes for all, which a digest of a full run would not catch
/// more with. `TENANCY_GOLDEN=write` rewrites the file; look at the differences before you commit
/// them.
@Suite("Golden digests of the ready scenarios")
struct GoldenTests {
  static let checkout = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  static let file = checkout.appending(path: "Tests/ReportingTests/golden-digests.txt")
  static let library = Library(folders: [
    checkout.appending(path: "Sources/Virtualization/Profiles").path(percentEncoded: false)
  ])

  static var scenarios: [String] {
    let folder = checkout.appending(path: "Scenarios")
    let names =
      (try? FileManager.default.contentsOfDirectory(
        atPath: folder.path(percentEncoded: false))) ?? []
    return names.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
  }

  static let changes = [
    "run.warm-up=2 s", "run.replications.minimum=2",
    "run.replications.maximum=2", "run.parameter-draws=2", "run.maximum-guests=40",
  ]

  static func load(_ name: String) throws -> LoadedScenario {
    let path = checkout.appending(path: "Scenarios/\(name).yaml").path(percentEncoded: false)
    // Idle guests are asked so seldom that a shorter run measures nothing.
    let duration = name == "idle-vps" ? "run.duration=40 s" : "run.duration=10 s"
    return try library.scenario(at: path, overrides: [duration] + changes)
  }

  static func answer(
    _ name: String, jobs: Int
  ) async throws -> (text: String, digest: String) {
    let loaded = try load(name)
    let study = try await StudyRunner(
      loaded.scenario, questions: Question.allCases, jobs: jobs
    ).run()
    let report = Report(
      study: study, scenarioHash: loaded.contentHash, scenarioText: loaded.resolvedText,
      programVersion: "golden", command: "golden", prices: [])
    let text = TextReport.render(study)
    let all =
      text + TidyResults.csv(report)
      + String(decoding: try ResultDocument(report).encoded(), as: UTF8.self)
    return (text, ContentHash.digits(of: all))
  }

  @Test("There are scenarios") func scenariosAreFound() {
    #expect(Self.scenarios.contains("hosting-2006") && Self.scenarios.count >= 5)
  }

  @Test("All scenarios read without an error", arguments: scenarios)
  func scenarioReads(name: String) throws {
    let loaded = try Self.load(name)
    #expect(loaded.scenario.approaches.count >= 2)
  }

  @Test("Every answer is the golden one, whatever the number of jobs", arguments: scenarios)
  func goldenDigest(name: String) async throws {
    let one = try await Self.answer(name, jobs: 1)
    let two = try await Self.answer(name, jobs: 2)
    #expect(one == two)
    try Golden.expect(one.text, matches: "scenarios/\(name).txt")
    if ProcessInfo.processInfo.environment["TENANCY_GOLDEN"] == "write" {
      try GoldenFile.set(name, one.digest)
    }
    #expect(try GoldenFile.read()[name] == one.digest)
  }

  /// The file of digests: a line per scenario.
  enum GoldenFile {
    private static let lock = NSLock()

    static func read() throws -> [String: String] {
      let text = try String(contentsOf: GoldenTests.file, encoding: .utf8)
      var digests: [String: String] = [:]
      for line in text.split(separator: "\n") {
        let fields = line.split(separator: " ")
        if fields.count == 2 { digests[String(fields[0])] = String(fields[1]) }
      }
      return digests
    }

    static func set(_ name: String, _ digest: String) throws {
      try lock.withLock {
        var digests = (try? read()) ?? [:]
        digests[name] = digest
        let text = digests.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)\n" }.joined()
        try Data(text.utf8).write(to: GoldenTests.file, options: .atomic)
      }
    }
  }
}
