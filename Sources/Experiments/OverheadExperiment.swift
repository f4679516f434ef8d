import Statistics
package import Virtualization

/// Answers what each approach costs at the scenario's own number of guests.
///
/// Replication r has the same guests and requests under every approach, and all approaches have the
/// same number of them: replications go on, by fixed checkpoints, until the throughput and the mean
/// response of every class are as precise as asked under each approach, so that a difference is
/// that of the two figures beside it. Replications up to the next checkpoint run side by side, and
/// so do the draws.
package struct OverheadExperiment: Sendable {
  let scenario: Scenario
  let pool: RunPool
  let progress: StudyProgress

  /// An experiment on a scenario's approaches.
  package init(_ scenario: Scenario, pool: RunPool, progress: @escaping StudyProgress) {
    self.scenario = scenario
    self.pool = pool
    self.progress = progress
  }

  /// Runs the experiment.
  package func run() async throws -> OverheadAnswer {
    let counts = scenario.guests.map(\.count)
    let runs = try await finished(counts)
    let native = runs.first { $0.approach.id == scenario.native.id && !$0.replications.isEmpty }
    let pairs = try pairs(runs)
    var answers: [ApproachOverhead] = []
    for run in runs {
      answers.append(try answer(run, native: native, pairs: pairs, counts: counts))
    }
    var answer = OverheadAnswer(counts: counts, approaches: answers, pairs: pairs)
    answer.warnings = runs.flatMap { DemandCheck(scenario, $0).warnings }
    return answer
  }
}
