package import Virtualization

/// A question that a scenario can be asked.
package enum Question: String, CaseIterable, Sendable, Hashable {
  /// What each approach costs at the scenario's own number of guests.
  case overhead
  /// How many guests fit under each approach.
  case density
}

/// Runs the questions of a scenario and puts their answers together.
package struct StudyRunner: Sendable {
  /// How far a run has come.
  package struct Progress: Sendable {
    package var done: Int
    package var total: Int
    /// What was finished last, in words.
    package var latest: String
  }

  package let scenario: Scenario
  package let questions: [Question]
  package let jobs: Int

  /// A runner for some questions about a scenario, with `jobs` runs at once.
  package init(_ scenario: Scenario, questions: [Question], jobs: Int) {
    self.scenario = scenario
    self.questions = questions
    self.jobs = jobs
  }

  /// Answers every question.
  ///
  /// The answers depend on the scenario alone, not on `jobs`. Cancelling the task ends the run with
  /// the questions answered so far, the rest marked as interrupted.
  package func run(
    warnings: [String] = [], progress: @escaping @Sendable (Progress) -> Void = { _ in }
  ) async throws -> Study {
    let weights = questions.map {
      $0 == .overhead ? 1 : DensityExperiment.weight(of: scenario.controls)
    }
    let counter = Counter(
      total: weights.reduce(0, +) * scenario.approaches.count, report: progress)
    let pool = RunPool(jobs: jobs)
    var study = Study(scenario: scenario, overhead: nil, density: nil, warnings: warnings)
    for question in Question.allCases where questions.contains(question) {
      let note: StudyProgress = { await counter.finished($0, $1) }
      switch question {
      case .overhead:
        let answer = try await OverheadExperiment(scenario, pool: pool, progress: note).run()
        study.overhead = answer
        study.warnings += answer.warnings
      case .density:
        study.density = try await DensityExperiment(scenario, pool: pool, progress: note).run()
      }
    }
    return study
  }

  private actor Counter {
    private var done = 0
    private let total: Int
    private let report: @Sendable (Progress) -> Void

    init(total: Int, report: @escaping @Sendable (Progress) -> Void) {
      self.total = total
      self.report = report
    }

    func finished(_ what: String, _ weight: Int) {
      done = min(total, done + weight)
      report(Progress(done: done, total: total, latest: what))
    }
  }
}
