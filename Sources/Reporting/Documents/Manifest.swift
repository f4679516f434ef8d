import Experiments
import Foundation
import Virtualization

/// What stands beside every result: who made it, when, where and from what.
///
/// The only file of a report that holds times and properties of the machine that ran it.
package struct Manifest: Codable, Sendable, Equatable {
  /// Marks a folder as a report of this program.
  package static let kind = "tenancy-report"
  package static let currentSchema = 1

  /// Facts of the run that answers do not depend on, passed in because no floor below the command
  /// line reads a clock.
  package struct Run: Codable, Sendable, Equatable {
    /// Start and end in ISO 8601.
    package var start: String
    package var end: String
    package var host: String
    package var processor: String
    package var operatingSystem: String
    package var threads: Int
    /// The command line as it was given.
    package var arguments: [String]

    package init(
      start: String, end: String, host: String, processor: String, operatingSystem: String,
      threads: Int, arguments: [String]
    ) {
      self.start = start
      self.end = end
      self.host = host
      self.processor = processor
      self.operatingSystem = operatingSystem
      self.threads = threads
      self.arguments = arguments
    }
  }

  package var kind: String
  package var schema: Int
  /// False while the files are being written, and for good if that was broken off.
  package var isComplete: Bool
  /// Whether the run was broken off, so that some questions have no answer; nil reads as false.
  package var isInterrupted: Bool?
  package var program: String
  package var scenario: String
  package var scenarioHash: String
  /// The questions asked; nil in manifests of older versions.
  package var questions: [String]?
  /// The approaches answered for; nil in manifests of older versions.
  package var approaches: [String]?
  /// The resolved scenario with all defaults written out.
  package var resolvedScenario: String
  package var seed: UInt64
  package var run: Run
  /// The program that drew the charts; nil where none was found.
  package var chartRenderer: String?
  /// The files of the report beside this one, sorted.
  package var files: [String]

  init(
    _ report: Report, run: Run, chartRenderer: String?, files: [String], isComplete: Bool,
    isInterrupted: Bool
  ) {
    kind = Self.kind
    schema = Self.currentSchema
    self.isComplete = isComplete
    self.isInterrupted = isInterrupted
    program = report.programVersion
    let identity = ReportIdentity(report)
    scenario = identity.scenario
    scenarioHash = identity.scenarioHash
    questions = identity.questions
    approaches = identity.approaches
    resolvedScenario = report.scenarioText
    seed = report.study.scenario.controls.seed
    self.run = run
    self.chartRenderer = chartRenderer
    self.files = files
  }

  func encoded() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    var data = try encoder.encode(self)
    data.append(UInt8(ascii: "\n"))
    return data
  }
}
