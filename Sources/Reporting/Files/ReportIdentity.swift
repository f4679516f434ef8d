package import Experiments
import Virtualization

/// What a report answers: one report replaces another only where the two agree in all of it.
package struct ReportIdentity: Sendable, Equatable {
  package var scenario: String
  /// The digest of the resolved scenario, so of every profile, setting and change in it.
  package var scenarioHash: String
  /// The questions asked, in their own order.
  package var questions: [String]
  /// The approaches answered for, in the scenario's order.
  package var approaches: [String]

  package init(
    scenario: String, scenarioHash: String, questions: [Question], approaches: [String]
  ) {
    self.scenario = scenario
    self.scenarioHash = scenarioHash
    self.questions = Question.allCases.filter(questions.contains).map(\.rawValue)
    self.approaches = approaches
  }

  init(_ report: Report) {
    let study = report.study
    var questions: [Question] = []
    if study.overhead != nil { questions.append(.overhead) }
    if study.density != nil { questions.append(.density) }
    self.init(
      scenario: study.scenario.id, scenarioHash: report.scenarioHash, questions: questions,
      approaches: study.scenario.approaches.map(\.id))
  }
}
