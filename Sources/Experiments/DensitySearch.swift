import Statistics
import Virtualization

/// The search for one approach, over several replications at once, which run side by side.
struct DensitySearch {
  let scenario: Scenario
  let approach: ApproachProfile
  let replicator: Replicator
  let estimation: Estimation
  let pool: RunPool
  let bindings: [CapacityBinding]
  /// The most guests that can be created at all, and that the search may try.
  let ceiling: Int
  private var runs: [RunKey: RunSummary?] = [:]
  var tried: Set<Int> = []

  private struct RunKey: Hashable {
    var guests: Int
    var replication: Int
  }

  init(scenario: Scenario, approach: ApproachProfile, pool: RunPool) throws {
    self.scenario = scenario
    self.approach = approach
    self.pool = pool
    replicator = Replicator(scenario: scenario, approach: approach)
    estimation = Estimation(scenario.controls)
    bindings = try CapacityLimits(
      host: scenario.host, approach: approach, classes: scenario.guests
    ).firstBinding(maximumGuests: scenario.controls.maximumGuests)
    ceiling = bindings.first { $0.isHard }?.guests ?? scenario.controls.maximumGuests
  }

  /// What a search found, and the searches that its interval still needs.
  struct Found: Sendable {
    var answer: ApproachDensity
    var singles: [SingleSearch] = []

    /// The answer with its intervals, and the figure to compare with other approaches; an answer
    /// that lacks a search was interrupted.
    ///
    /// No end of an interval is above `maximum`, beyond which nothing was tried.
    func completed(
      sections: [Int?], draws: [Int?], maximum: Int, _ estimation: Estimation
    ) throws -> (ApproachDensity, PairedFigure?) {
      var answer = answer
      guard !singles.isEmpty else { return (answer, nil) }
      let value = Double(answer.guests)
      let noise = sections.compactMap { $0.map(Double.init) }
      let drawn = draws.map { $0.map(Double.init) ?? .nan }
      guard noise.count == sections.count, !drawn.contains(where: \.isNaN) else {
        answer.outcome = .interrupted
        return (answer, nil)
      }
      func whole(_ value: Double) -> Int { Int(max(0, min(value.rounded(), Double(maximum)))) }
      let combined = try estimation.pooled(value, sections: noise, draws: drawn)
      answer.low = min(answer.guests, whole(combined.low))
      answer.high = max(answer.guests, whole(combined.high))
      let alone = try estimation.pooled(value, sections: noise, draws: [])
      answer.noiseLow = min(answer.guests, whole(alone.low))
      answer.noiseHigh = max(answer.guests, whole(alone.high))
      answer.isOpen = answer.high >= maximum
      let figure = PairedFigure(
        approach: answer.approach, value: value, sections: noise, draws: drawn)
      return (answer, figure)
    }
  }

  // MARK: Runs

  /// The runs of the first replications with nominal parameters, each made once; nil where so many
  /// guests do not fit.
  mutating func summaries(_ guests: Int, replications: Int) async throws -> [RunSummary?] {
    let keys = (0..<replications).map { RunKey(guests: guests, replication: $0) }
    let missing = keys.filter { runs[$0] == nil }
    let replicator = replicator
    let made = try await pool.map(missing) { key -> RunSummary? in
      do {
        return try replicator.run(guests: key.guests, replication: key.replication)
      } catch let error as ModelError where error.code == .doesNotFit {
        return nil
      }
    }
    for (key, run) in zip(missing, made) { runs[key] = .some(run) }
    return keys.map { runs[$0] ?? nil }
  }

  // MARK: The search

  mutating func run() async throws -> Found {
    let controls = scenario.controls
    let minimum = controls.minimumReplications
    if ceiling == 0, let binding = bindings.first {
      return Found(
        answer: try .nothing(
          approach, scenario, binding: binding.resource.name, failure: binding.explanation))
    }
    guard try await point(1, replications: minimum).holds else {
      let why = try await diagnose(0, replications: minimum)
      return Found(
        answer: try .nothing(approach, scenario, binding: why.binding, failure: why.failure))
    }
    let twin = twinGuests()
    let guess = min(max(1, twin.guess ?? scenario.guestCount), ceiling)
    // Whether the objective holds over several replications: percentiles pooled, shares averaged.
    let found = try await largestNumber(from: guess, ceiling: ceiling) { guests in
      try await point(guests, replications: minimum).holds
    }
    try await fillCurve(upTo: found, replications: minimum)
    let replications = try await refine(found)
    var answer = try await answer(
      found, twin: twin.answer, reached: replications.reached, replications: minimum)
    answer.twinAbsence = twin.absence
    answer.lastGain = try await lastGain(found, replications: minimum)
    return Found(
      answer: answer, singles: singles(around: found, replications: replications.count))
  }

  /// Tries some numbers below the one found, so that the curve shows how the response rises.
  private mutating func fillCurve(upTo found: Int, replications: Int) async throws {
    for eighths in [1, 2, 4, 6] where found * eighths / 8 > 1 {
      _ = try await point(found * eighths / 8, replications: replications)
    }
  }

  /// By how much the last quarter of the guests makes the throughput of all grow, per guest added,
  /// relative to what a guest has; nil where it cannot be told.
  ///
  /// One guest alone would drown in the noise.
  private mutating func lastGain(_ guests: Int, replications: Int) async throws -> Estimate? {
    let fewer = guests * 6 / 8
    guard fewer > 0, fewer < guests, replications > 1 else { return nil }
    let after = try await summaries(guests, replications: replications)
    let before = try await summaries(fewer, replications: replications)
    var gains: [Double] = []
    for (after, before) in zip(after, before) {
      guard let all = after?.throughput, let part = before?.throughput, all > 0 else { return nil }
      gains.append((all - part) / Double(guests - fewer) / (all / Double(guests)))
    }
    return try estimation.difference(
      RunningMoments(gains).mean, sections: gains, draws: []
    ).estimate
  }

  /// Adds replications at the number found until the judged figure is as precise as asked.
  private mutating func refine(_ guests: Int) async throws -> (count: Int, reached: Bool) {
    let controls = scenario.controls
    let rule = try PrecisionRule(
      relativeHalfWidth: controls.precision, confidence: controls.confidence,
      minimum: controls.minimumReplications, maximum: controls.maximumReplications)
    let counts = GuestMix.counts(classes: scenario.guests, total: guests)
    var count = rule.minimum
    while true {
      var next = count
      let summaries = try await summaries(guests, replications: count).compactMap { $0 }
      for index in scenario.guests.indices where counts[index] > 0 {
        let classes = summaries.map { $0.classes[index] }.filter { $0.responses.count > 0 }
        guard classes.allSatisfy({ $0.judged(by: scenario.objective).isFinite }) else { continue }
        switch rule.status(of: try interval(classes), after: count) {
        case .reached: break
        case .runMore(let upTo): next = max(next, upTo)
        case .notReached: return (count, false)
        }
      }
      if next == count { return (count, true) }
      count = next
    }
  }

  /// The interval of the judged figure; without bounds where too few replications tell of noise.
  private func interval(_ classes: [ClassSummary]) throws(StatisticsError) -> Interval {
    let confidence = scenario.controls.confidence
    guard classes.count >= 2 else {
      return Interval(estimate: 0, halfWidth: .infinity, confidence: confidence)
    }
    switch scenario.objective.statistic {
    case .percentile:
      return try PercentileInterval.sectioning(
        classes.map(\.responses), percentile: scenario.objective.percentile,
        confidence: confidence)
    case .mean:
      return try MeanInterval.replications(classes.map(\.meanResponse), confidence: confidence)
    }
  }

  /// Replications that are searched alone; more would narrow the noise's share only slightly.
  static let sectionCount = 10

  /// The searches in each replication alone, and with each parameter draw.
  private func singles(around found: Int, replications: Int) -> [SingleSearch] {
    let draws = scenario.controls.parameterDraws
    var singles: [SingleSearch] = []
    for replication in 0..<min(replications, Self.sectionCount) {
      var single = SingleSearch(replication: replication, draw: 0, start: found)
      for guests in tried {
        guard let run = runs[RunKey(guests: guests, replication: replication)] else { continue }
        single.known[guests] = run?.holds(scenario.objective) ?? false
      }
      singles.append(single)
    }
    for draw in 0..<draws {
      singles.append(
        SingleSearch(
          replication: draw % Estimation.repeated(scenario.controls), draw: draw + 1,
          start: found))
    }
    return singles
  }

  /// The analytic twin's number of guests, as an answer and as the first guess of the search: the twin
  /// of closed classes has no percentile, but a mean to guess by, and what it does not know is no
  /// reason not to guess.
  private func twinGuests() -> (answer: Int?, guess: Int?, absence: String?) {
    let number = AnalyticTwin.largestNumber(in: scenario, under: approach)
    let absence = AnalyticTwin.absence(in: scenario, under: approach, guests: number)
    return (absence == nil ? number : nil, number, absence)
  }
}

extension RunSummary {
  /// Requests per second of all classes.
  fileprivate var throughput: Double { classes.reduce(0) { $0 + $1.throughput } }
}
