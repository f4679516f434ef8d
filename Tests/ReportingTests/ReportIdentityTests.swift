import Experiments
import Foundation
import Reporting
import Testing
import Virtualization

@Suite struct ReportIdentityTests {
  private static func identity(_ report: Report) -> ReportIdentity {
    ReportIdentity(
      scenario: report.study.scenario.id, scenarioHash: report.scenarioHash,
      questions: [.density, .overhead], approaches: report.study.scenario.approaches.map(\.id))
  }

  /// What differs, and what the refusal says of both.
  enum Other: String, CaseIterable {
    case scenario, hash, questions, approaches

    func changed(_ report: Report) -> Report {
      var report = report
      switch self {
      case .scenario: report.study.scenario.id = "another"
      case .hash: report.scenarioHash = "0123abcd"
      case .questions: report.study.density = nil
      case .approaches: report.study.scenario.approaches.removeLast()
      }
      return report
    }

    var words: [String] {
      switch self {
      case .scenario: ["of the scenario made-up,", "this run is of another"]
      case .hash: ["the hash 0123456789abcdef,", "this run has 0123abcd"]
      case .questions: ["it answers overhead, density,", "this run has overhead;"]
      case .approaches: [Fixture.approaches.joined(separator: ", "), "uml-skas3;"]
      }
    }
  }

  @Test(arguments: Other.allCases) func keepsTheReportOfSomethingElse(other: Other) async throws {
    let folder = try ReportWriterTests.temporary()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let out = folder + "/report"
    _ = try await ReportWriterTests.write(to: out)
    let before = try String(contentsOfFile: out + "/manifest.json", encoding: .utf8)
    let report = other.changed(Fixture.report(try Fixture.study()))
    let error = await #expect(throws: ReportError.self) {
      try await ReportWriter.write(
        report, to: out, renderer: nil, installation: nil, interactive: false,
        run: ReportWriterTests.run)
    }
    #expect(error?.code == .otherScenario)
    for words in other.words + ["--replace"] {
      #expect(error?.message.contains(words) == true, "\(words) in \(error?.message ?? "")")
    }
    #expect(try String(contentsOfFile: out + "/manifest.json", encoding: .utf8) == before)
    try await ReportWriter.write(
      report, to: try ReportFolder(out), renderer: nil, installation: nil, interactive: false,
      run: ReportWriterTests.run)
    #expect(try String(contentsOfFile: out + "/manifest.json", encoding: .utf8) != before)
  }

  @Test func replacesTheReportOfTheSame() async throws {
    let folder = try ReportWriterTests.temporary()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    _ = try await ReportWriterTests.write(to: folder)
    let own = Self.identity(Fixture.report(try Fixture.study()))
    #expect(throws: Never.self) { try ReportFolder(folder, of: own) }
    let manifest = folder + "/manifest.json"
    let text = try String(contentsOfFile: manifest, encoding: .utf8)
    #expect(text.contains("\"questions\" : ["))
    // As an older version wrote it, which said neither questions nor approaches.
    let older = text.replacing(#/ {2}"(questions|approaches)" : \[[^\]]*\],\n/#, with: "")
    #expect(!older.contains("\"questions\"") && !older.contains("\"approaches\""))
    try older.write(toFile: manifest, atomically: true, encoding: .utf8)
    #expect(throws: Never.self) { try ReportFolder(folder, of: own) }
  }
}
