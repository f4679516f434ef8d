import Statistics
package import Virtualization

/// Answers what each approach costs at the scenario's own number of guests.
///
/// Replication r has the same guests and requests under every approach. The replications of an
/// approach stop at fixed checkpoints when the throughput and the mean response of every class are as
/// precise as asked, so approaches may have different numbers of them; a pair is judged by those that
/// both have. Replications up to the next checkpoint run side by side, and so do the draws.
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

  /// What was run for one approach.
  struct Runs: Sendable {
    var approach: ApproachProfile
    var outcome: Outcome
    var explanation: String?
    var replications: [RunSummary]
    /// The response times of all replications together.
    var responses = PooledResponses()
    /// In the order of the draws; nil where the guests did not fit with the parameters drawn, more came
    /// than could be served, or the run took too many events.
    var draws: [RunSummary?]

    /// What the draws say of a class; nil where none of its requests was measured.
    func drawn(_ number: Int) -> [ClassSummary?] {
      draws.map { draw in draw.map { $0.classes[number] }.flatMap { $0.isMeasured ? $0 : nil } }
    }
  }

  /// Runs the experiment.
  package func run() async throws -> OverheadAnswer {
    let counts = scenario.guests.map(\.count)
    let runs = try await pool.together(scenario.approaches) { approach in
      do {
        let runs = try await self.runs(of: approach, counts: counts)
        await progress("overhead of \(approach.id)", 1)
        return runs
      } catch let error as MemoryError {
        guard error.code != .invalidValue else { throw ModelError(error) }
        return Runs(
          approach: approach, outcome: .impossible, explanation: "\(error.place): \(error.message)",
          replications: [], draws: [])
      } catch let error as ModelError where error.code == .tooManyEvents {
        return Runs(
          approach: approach, outcome: .notFinished, explanation: "\(error)", replications: [],
          draws: [])
      } catch is CancellationError {
        return Runs(
          approach: approach, outcome: .interrupted, explanation: "the run was interrupted",
          replications: [], draws: [])
      }
    }
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

  private func runs(of approach: ApproachProfile, counts: [Int]) async throws -> Runs {
    let guests = scenario.guestCount
    let replicator = Replicator(scenario: scenario, approach: approach)
    let limits = try CapacityLimits(
      host: scenario.host, approach: approach, classes: scenario.guests)
    if let refused = limits.uses(guests: guests).first(where: { $0.isHard && $0.utilization > 1 }) {
      return Runs(
        approach: approach, outcome: .impossible, explanation: refused.shortage(guests: guests),
        replications: [], draws: [])
    }
    let controls = scenario.controls
    let rule = try PrecisionRule(
      relativeHalfWidth: controls.precision, confidence: controls.confidence,
      minimum: controls.minimumReplications,
      maximum: controls.maximumReplications)
    var done: [RunSummary] = []
    let responses = PooledResponses()
    var outcome = Outcome.precisionNotReached
    var target = rule.minimum
    checkpoints: while true {
      do {
        // Apart from the others until all of them are done: an interrupted checkpoint counts nothing.
        let added = PooledResponses()
        done += try await pool.map(Array(done.count..<target)) { replication in
          try replicator.run(guests: guests, replication: replication, pool: added)
        }
        try responses.add(added)
      } catch is CancellationError where !done.isEmpty {
        outcome = .interrupted
        break
      }
      guard done.allSatisfy(\.isStable) else {
        outcome = .unstable
        break
      }
      try scenario.demandMeasurements(done, counts: counts, under: approach.id)
      var needed = 0
      for index in counts.indices where counts[index] > 0 {
        // Open arrivals fix the throughput, so the response is judged as well.
        for figure in [\ClassSummary.throughput, \.meanResponse] {
          let interval = try MeanInterval.replications(
            done.map { $0.classes[index][keyPath: figure] }, confidence: controls.confidence)
          switch rule.status(of: interval, after: done.count) {
          case .reached: break
          case .runMore(let upTo): needed = max(needed, upTo)
          case .notReached: break checkpoints
          }
        }
      }
      if needed == 0 {
        outcome = .answered
        break
      }
      target = needed
    }
    if outcome == .answered, !DemandCheck(scenario, approach, done).isFound {
      outcome = .precisionNotReached
    }
    if outcome == .answered || outcome == .precisionNotReached,
      try !WarmUpCheck.isSteady(done.map(\.population), precision: controls.precision)
    {
      outcome = .notWarmedUp
    }
    var draws: [RunSummary?] = []
    if outcome != .unstable, outcome != .interrupted {
      await progress("replications of \(approach.id)", 0)
      do {
        draws = try await pool.map(Array(0..<controls.parameterDraws)) { draw in
          try drawnRun(replicator, guests, draw)
        }
      } catch is CancellationError {
        // The replications stand, with intervals by noise alone.
        outcome = .interrupted
      }
    }
    return Runs(
      approach: approach, outcome: outcome,
      explanation: Self.explanation(outcome, done),
      replications: done, responses: responses, draws: draws)
  }

  private static func explanation(_ outcome: Outcome, _ done: [RunSummary]) -> String? {
    switch outcome {
    case .unstable where done.contains(where: \.isThrashing):
      "guests thrash: what they keep active does not come back from swap in time"
    case .unstable where done.contains(where: \.isWriteBackBehind):
      "more is written to files than the disk takes"
    case .unstable: "more requests come than can be served"
    case .interrupted: "the run was interrupted"
    default: nil
    }
  }

  /// A run with drawn parameters; nil where the guests do not fit with them, or it never settles or
  /// never ends.
  private func drawnRun(
    _ replicator: Replicator, _ guests: Int, _ draw: Int
  ) throws -> RunSummary? {
    do {
      let run = try replicator.run(
        guests: guests, replication: draw % Estimation.repeated(scenario.controls),
        draw: draw + 1)
      return run.isStable ? run : nil
    } catch let error as ModelError
      where error.code == .doesNotFit || error.code == .tooManyEvents
    {
      return nil
    } catch is MemoryError {
      return nil
    }
  }
}
