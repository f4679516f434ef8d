import Statistics
import Virtualization

extension OverheadExperiment {
  /// What was run for one approach.
  struct Runs: Sendable {
    var approach: ApproachProfile
    /// What became of it; answered as long as nothing else is known.
    var outcome = Outcome.answered
    var explanation: String?
    var replications: [RunSummary] = []
    /// The response times of all replications together.
    var responses = PooledResponses()
    /// In the order of the draws; nil where the guests did not fit with the parameters drawn, more
    /// came than could be served, or the run took too many events.
    var draws: [RunSummary?] = []

    /// Whether its figures mean something, and further runs would make them better.
    var isGoingOn: Bool { outcome == .answered }

    /// Whether its replications say what requests cost.
    var hasFigures: Bool {
      outcome != .unstable && outcome != .nothingServed && !replications.isEmpty
    }

    /// What the draws say of a class; nil where none of its requests was served.
    func drawn(_ number: Int) -> [ClassSummary?] {
      draws.map { draw in draw.map { $0.classes[number] }.flatMap { $0.isServed ? $0 : nil } }
    }

    mutating func end(_ outcome: Outcome, _ explanation: String?) {
      self.outcome = outcome
      self.explanation = explanation
    }
  }

  /// All approaches with their replications and draws.
  func finished(_ counts: [Int]) async throws -> [Runs] {
    let controls = scenario.controls
    let rule = try PrecisionRule(
      relativeHalfWidth: controls.precision, confidence: controls.confidence,
      minimum: controls.minimumReplications, maximum: controls.maximumReplications)
    var all = try scenario.approaches.map(admitted)
    var target = rule.minimum
    while target > 0 {
      let next = target
      all = try await pool.together(all) { try await self.replicated($0, upTo: next, counts) }
      target = try all.filter(\.isGoingOn).map { try needed($0, rule, counts) }.max() ?? 0
      // What is left of an interrupted study is not made more precise.
      if all.contains(where: { $0.outcome == .interrupted }) { break }
    }
    return try await pool.together(all) { runs in
      var runs = runs
      try judge(&runs, rule, counts)
      try await draw(&runs)
      await progress("overhead of \(runs.approach.id)", 1)
      return runs
    }
  }

  /// Nothing run yet, or nothing to run: not all of the guests can be created.
  private func admitted(_ approach: ApproachProfile) throws -> Runs {
    var runs = Runs(approach: approach)
    do {
      let limits = try CapacityLimits(
        host: scenario.host, approach: approach, classes: scenario.guests)
      let guests = scenario.guestCount
      if let refused = limits.uses(guests: guests).first(where: { $0.isHard && $0.utilization > 1 })
      {
        runs.end(.impossible, refused.shortage(guests: guests))
      }
    } catch {
      guard error.code != .invalidValue else { throw ModelError(error) }
      runs.end(.impossible, "\(error.place): \(error.message)")
    }
    return runs
  }

  /// Runs replications up to a number of them, unless the approach has ended before.
  private func replicated(_ before: Runs, upTo target: Int, _ counts: [Int]) async throws -> Runs {
    var runs = before
    guard runs.isGoingOn else { return runs }
    let replicator = Replicator(scenario: scenario, approach: runs.approach)
    do {
      // Apart from the others until all of them are done: an interrupted checkpoint counts nothing.
      let added = PooledResponses()
      runs.replications += try await pool.map(Array(runs.replications.count..<target)) {
        try replicator.run(guests: scenario.guestCount, replication: $0, pool: added)
      }
      try runs.responses.add(added)
    } catch is CancellationError {
      runs.end(.interrupted, "the run was interrupted")
      return runs
    } catch let error as MemoryError {
      guard error.code != .invalidValue else { throw ModelError(error) }
      runs = Runs(approach: runs.approach)
      runs.end(.impossible, "\(error.place): \(error.message)")
      return runs
    } catch let error as ModelError where error.code == .tooManyEvents {
      runs = Runs(approach: runs.approach)
      runs.end(.notFinished, "\(error)")
      return runs
    }
    if !runs.replications.allSatisfy(\.isStable) {
      runs.end(.unstable, Self.reason(ofUnstable: runs.replications))
    } else {
      try scenario.demandMeasurements(runs.replications, counts: counts, under: runs.approach.id)
      if let idle = nothingServed(runs.replications, counts) { runs.end(.nothingServed, idle) }
    }
    await progress("replications of \(runs.approach.id)", 0)
    return runs
  }

  private static func reason(ofUnstable runs: [RunSummary]) -> String {
    if runs.contains(where: \.isThrashing) {
      return "guests thrash: what they keep active does not come back from swap in time"
    }
    if runs.contains(where: \.isWriteBackBehind) {
      return "more is written to files than the disk takes"
    }
    // What is the busiest resource of the runs that did not settle, if it hardly has a pause.
    let busiest = Self.mean(runs.filter { !$0.isStable }.map(\.utilizations))
      .max { $0.share < $1.share }
    return "more requests come than can be served"
      + (busiest.map { $0.share > 0.9 ? " (\($0.resource) at capacity)" : "" } ?? "")
  }

  /// Which class had all of its requests refused in a replication, and by what; nil where none had.
  private func nothingServed(_ runs: [RunSummary], _ counts: [Int]) -> String? {
    for (index, guest) in scenario.guests.enumerated() where counts[index] > 0 {
      let idle = runs.count { !$0.classes[index].isServed }
      guard idle > 0 else { continue }
      let often = idle == runs.count ? "" : " in \(idle) of \(runs.count) replications"
      let by = RunSummary.refusingResource(runs).map { " (\($0) refuses workers)" } ?? ""
      return "every request of `\(guest.id)` is refused\(often)\(by)"
    }
    return nil
  }

  /// Up to how many replications an approach still needs; 0 where it is as precise as asked, or
  /// cannot become so.
  private func needed(_ runs: Runs, _ rule: PrecisionRule, _ counts: [Int]) throws -> Int {
    var needed = 0
    for status in try statuses(runs, rule, counts) {
      switch status {
      case .reached: break
      case .runMore(let upTo): needed = max(needed, upTo)
      case .notReached: return 0
      }
    }
    return needed
  }

  /// How far the precision of each figure that is judged has come.
  private func statuses(
    _ runs: Runs, _ rule: PrecisionRule, _ counts: [Int]
  ) throws -> [PrecisionRule.Status] {
    var statuses: [PrecisionRule.Status] = []
    for index in counts.indices where counts[index] > 0 {
      // Open arrivals fix the throughput, so the response is judged as well.
      for figure in [\ClassSummary.throughput, \.meanResponse] {
        let interval = try MeanInterval.replications(
          runs.replications.map { $0.classes[index][keyPath: figure] }, confidence: rule.confidence)
        statuses.append(rule.status(of: interval, after: runs.replications.count))
      }
    }
    return statuses
  }

  /// Says what the replications come to.
  private func judge(_ runs: inout Runs, _ rule: PrecisionRule, _ counts: [Int]) throws {
    guard runs.isGoingOn else { return }
    let statuses = try statuses(runs, rule, counts)
    if statuses.contains(where: { if case .runMore = $0 { true } else { false } }) {
      // Another approach was broken off, and so was this one.
      return runs.end(.interrupted, "the run was interrupted")
    }
    if statuses.contains(.notReached)
      || !DemandCheck(scenario, runs.approach, runs.replications).isFound
    {
      runs.outcome = .precisionNotReached
    }
    let population = runs.replications.map(\.population)
    if try !WarmUpCheck.isSteady(population, precision: scenario.controls.precision) {
      runs.outcome = .notWarmedUp
    }
  }

  /// Runs the draws of an approach whose replications say something.
  private func draw(_ runs: inout Runs) async throws {
    guard [.answered, .precisionNotReached, .notWarmedUp].contains(runs.outcome) else { return }
    let replicator = Replicator(scenario: scenario, approach: runs.approach)
    do {
      runs.draws = try await pool.map(Array(0..<scenario.controls.parameterDraws)) { draw in
        try drawnRun(replicator, scenario.guestCount, draw)
      }
    } catch is CancellationError {
      // The replications stand, with intervals by noise alone.
      runs.end(.interrupted, "the run was interrupted")
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
