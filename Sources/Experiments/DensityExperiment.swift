import Statistics
package import Virtualization

/// Answers how many guests fit under each approach: the largest number at which the objective holds.
///
/// The analytic twin brackets the search; the number is then found by simulation with common random
/// numbers. The same search in each replication alone, and once more with each parameter draw, gives
/// the interval: sectioning over replications for the noise, paired differences for the parameters.
package struct DensityExperiment: Sendable {
  let scenario: Scenario
  let pool: RunPool
  let progress: @Sendable (String) async -> Void

  /// An experiment on a scenario's approaches.
  package init(
    _ scenario: Scenario, pool: RunPool, progress: @escaping @Sendable (String) async -> Void
  ) {
    self.scenario = scenario
    self.pool = pool
    self.progress = progress
  }

  /// Runs the experiment: approaches side by side, each search one after the other.
  package func run() async throws -> DensityAnswer {
    let answers = try await pool.map(scenario.approaches) { approach in
      do {
        var search = try DensitySearch(scenario: scenario, approach: approach)
        let answer = try search.run()
        await progress(approach.id)
        return answer
      } catch let error as MemoryError {
        return try ApproachDensity.tooSmall(approach, scenario, "\(error)")
      } catch is CancellationError {
        return ApproachDensity.interrupted(approach, confidence: scenario.controls.confidence)
      }
    }
    return DensityAnswer(approaches: answers)
  }
}

/// The search for one approach.
struct DensitySearch {
  let scenario: Scenario
  let approach: ApproachProfile
  let replicator: Replicator
  let estimation: Estimation
  let bindings: [CapacityBinding]
  /// The most guests that can be created at all, and that the search may try.
  let ceiling: Int
  private var runs: [RunKey: RunSummary?] = [:]
  var tried: Set<Int> = []

  private struct RunKey: Hashable {
    var guests: Int
    var replication: Int
    var draw: Int
  }

  init(scenario: Scenario, approach: ApproachProfile) throws {
    self.scenario = scenario
    self.approach = approach
    replicator = Replicator(scenario: scenario, approach: approach)
    estimation = Estimation(confidence: scenario.controls.confidence)
    let limits = try CapacityLimits(
      host: scenario.host, approach: approach, classes: scenario.guests)
    bindings = limits.firstBinding(maximumGuests: scenario.controls.maximumGuests)
    ceiling = bindings.first { $0.isHard }?.guests ?? scenario.controls.maximumGuests
  }

  // MARK: Runs

  /// One run, made once; nil where so many guests do not fit.
  mutating func summary(_ guests: Int, _ replication: Int, draw: Int = 0) throws -> RunSummary? {
    let key = RunKey(guests: guests, replication: replication, draw: draw)
    if let known = runs[key] { return known }
    let summary: RunSummary?
    do {
      summary = try replicator.run(guests: guests, replication: replication, draw: draw)
    } catch let error as ModelError where error.code == .doesNotFit {
      summary = nil
    }
    runs[key] = .some(summary)
    return summary
  }

  /// Whether the objective holds in one run.
  func holds(_ summary: RunSummary?) -> Bool {
    guard let summary, summary.isStable else { return false }
    let objective = scenario.objective
    return summary.classes.allSatisfy { guests in
      guests.refusedShare <= objective.errorShare
        && guests.guestsAboveShare <= objective.guestShare
        && guests.judged(by: objective) <= objective.responseSeconds
    }
  }

  /// Whether the objective holds over several replications: percentiles pooled, shares averaged.
  mutating func holds(_ guests: Int, replications: Int) throws -> Bool {
    try point(guests, replications: replications).holds
  }

  // MARK: The search

  mutating func run() throws -> ApproachDensity {
    let controls = scenario.controls
    let minimum = controls.minimumReplications
    guard ceiling > 0 else { return try impossible() }
    guard try holds(1, replications: minimum) else { return try impossible() }
    let twin = twinGuests()
    let guess = min(max(1, twin ?? scenario.guestCount), ceiling)
    let found = try boundary(from: guess, ceiling: ceiling) { search, guests in
      try search.holds(guests, replications: minimum)
    }
    let replications = try refine(found)
    let (sections, draws) = try boundaries(around: found, replications: replications.count)
    let value = Double(found)
    let combined = try estimation.pooled(value, sections: sections, draws: draws)
    let noise = try estimation.pooled(value, sections: sections, draws: [])
    return try answer(
      found, twin: twin, combined: combined, noise: noise, reached: replications.reached,
      replications: minimum)
  }

  /// The largest number for which a predicate holds, searched outwards from a guess.
  ///
  /// The predicate must hold at 1; it is taken to be monotone.
  mutating func boundary(
    from guess: Int, ceiling: Int, _ holds: (inout DensitySearch, Int) throws -> Bool
  ) throws -> Int {
    var low = 1
    var high = ceiling + 1
    var probe = min(max(guess, 1), ceiling)
    var step = max(1, probe / 64)
    var startHolds = probe == 1
    if !startHolds { startHolds = try holds(&self, probe) }
    if startHolds {
      low = probe
      while low < ceiling {
        probe = min(ceiling, low + step)
        if try holds(&self, probe) {
          low = probe
        } else {
          high = probe
          break
        }
        step *= 2
      }
    } else {
      high = probe
      while high > 2 {
        probe = max(1, high - step)
        if probe == 1 { break }
        if try holds(&self, probe) {
          low = probe
          break
        }
        high = probe
        step *= 2
      }
    }
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if try holds(&self, middle) { low = middle } else { high = middle }
    }
    return low
  }

  /// Adds replications at the number found until its percentile is as precise as asked.
  private mutating func refine(_ guests: Int) throws -> (count: Int, reached: Bool) {
    let controls = scenario.controls
    let rule = try PrecisionRule(
      relativeHalfWidth: controls.precision, confidence: controls.confidence,
      minimum: controls.minimumReplications, maximum: controls.maximumReplications)
    var count = rule.minimum
    while true {
      var next = count
      for index in scenario.guests.indices {
        var classes: [LatencyHistogram] = []
        for replication in 0..<count {
          guard let summary = try summary(guests, replication) else { continue }
          if summary.classes[index].responses.count > 0 {
            classes.append(summary.classes[index].responses)
          }
        }
        guard classes.count >= 2 else { continue }
        let interval = try PercentileInterval.sectioning(
          classes, percentile: scenario.objective.percentile, confidence: controls.confidence)
        switch rule.status(of: interval, after: count) {
        case .reached: break
        case .runMore(let upTo): next = max(next, upTo)
        case .notReached: return (count, false)
        }
      }
      if next == count { return (count, true) }
      count = next
    }
  }

  /// Replications that are searched alone; more would narrow the noise's share only slightly.
  private static let sectionCount = 10

  /// The number found in each replication alone, and with each parameter draw.
  private mutating func boundaries(
    around found: Int, replications: Int
  ) throws -> (sections: [Double], draws: [Double]) {
    var sections: [Double] = []
    let draws = scenario.controls.parameterDraws
    for replication in 0..<max(draws, min(replications, Self.sectionCount)) {
      sections.append(Double(try single(around: found, replication, draw: 0)))
    }
    var drawn: [Double] = []
    for draw in 0..<draws {
      drawn.append(Double(try single(around: found, draw, draw: draw + 1)))
    }
    return (sections, drawn)
  }

  private mutating func single(around found: Int, _ replication: Int, draw: Int) throws -> Int {
    var ceiling = ceiling
    if draw > 0 {
      let drawn = scenario.drawn(draw)
      let profile = drawn.approaches.first { $0.id == approach.id } ?? approach
      let limits = try CapacityLimits(host: drawn.host, approach: profile, classes: drawn.guests)
      ceiling =
        limits.firstBinding(maximumGuests: scenario.controls.maximumGuests)
        .first { $0.isHard }?.guests ?? scenario.controls.maximumGuests
    }
    guard ceiling > 0 else { return 0 }
    return try boundary(from: min(found, ceiling), ceiling: ceiling) { search, guests in
      search.holds(try search.summary(guests, replication, draw: draw))
    }
  }

  /// The largest number that the analytic twin holds possible; nil where there is no twin.
  private func twinGuests() -> Int? {
    guard let twin = try? AnalyticTwin(scenario, approach, guests: 1), twin.exists else {
      return nil
    }
    return largestPopulation(atMost: ceiling) { guests in
      guard let twin = try? AnalyticTwin(scenario, approach, guests: guests) else { return false }
      return twin.holds(scenario.objective)
    }
  }
}
