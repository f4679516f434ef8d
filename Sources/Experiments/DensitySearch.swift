import Statistics
import Virtualization

/// The search for one approach, over several replications at once.
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
  }

  init(scenario: Scenario, approach: ApproachProfile) throws {
    self.scenario = scenario
    self.approach = approach
    replicator = Replicator(scenario: scenario, approach: approach)
    estimation = Estimation(scenario.controls)
    let limits = try CapacityLimits(
      host: scenario.host, approach: approach, classes: scenario.guests)
    bindings = limits.firstBinding(maximumGuests: scenario.controls.maximumGuests)
    ceiling = bindings.first { $0.isHard }?.guests ?? scenario.controls.maximumGuests
  }

  /// What a search found, and the searches that its interval still needs.
  struct Found: Sendable {
    var answer: ApproachDensity
    var singles: [SingleSearch] = []

    /// The answer with its intervals, and the figure to compare with other approaches; an answer
    /// that lacks a search was interrupted.
    func completed(
      sections: [Int?], draws: [Int?], _ estimation: Estimation
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
      func whole(_ value: Double) -> Int { Int(max(0, min(value.rounded(), 1e6))) }
      let combined = try estimation.pooled(value, sections: noise, draws: drawn)
      answer.low = min(answer.guests, whole(combined.low))
      answer.high = max(answer.guests, whole(combined.high))
      let alone = try estimation.pooled(value, sections: noise, draws: [])
      answer.noiseLow = min(answer.guests, whole(alone.low))
      answer.noiseHigh = max(answer.guests, whole(alone.high))
      let figure = PairedFigure(
        approach: answer.approach, value: value, sections: noise, draws: drawn)
      return (answer, figure)
    }
  }

  // MARK: Runs

  /// One run with nominal parameters, made once; nil where so many guests do not fit.
  mutating func summary(_ guests: Int, _ replication: Int) throws -> RunSummary? {
    let key = RunKey(guests: guests, replication: replication)
    if let known = runs[key] { return known }
    let summary: RunSummary?
    do {
      summary = try replicator.run(guests: guests, replication: replication)
    } catch let error as ModelError where error.code == .doesNotFit {
      summary = nil
    }
    runs[key] = .some(summary)
    return summary
  }

  /// Whether the objective holds over several replications: percentiles pooled, shares averaged.
  mutating func holds(_ guests: Int, replications: Int) throws -> Bool {
    try point(guests, replications: replications).holds
  }

  // MARK: The search

  mutating func run() throws -> Found {
    let controls = scenario.controls
    let minimum = controls.minimumReplications
    guard ceiling > 0, try holds(1, replications: minimum) else {
      return Found(answer: try impossible())
    }
    let twin = twinGuests()
    let guess = min(max(1, twin ?? scenario.guestCount), ceiling)
    let found = try largestNumber(from: guess, ceiling: ceiling) { guests in
      try holds(guests, replications: minimum)
    }
    try fillCurve(upTo: found, replications: minimum)
    let replications = try refine(found)
    var answer = try answer(
      found, twin: twin, reached: replications.reached, replications: minimum)
    answer.lastGain = try lastGain(found, replications: minimum)
    return Found(
      answer: answer, singles: singles(around: found, replications: replications.count))
  }

  /// Tries some numbers below the one found, so that the curve shows how the response rises.
  private mutating func fillCurve(upTo found: Int, replications: Int) throws {
    for eighths in [1, 2, 4, 6] where found * eighths / 8 > 1 {
      _ = try point(found * eighths / 8, replications: replications)
    }
  }

  /// By how much the last quarter of the guests makes the throughput of all grow, per guest added,
  /// relative to what a guest has; nil where it cannot be told.
  ///
  /// One guest alone would drown in the noise.
  private mutating func lastGain(_ guests: Int, replications: Int) throws -> Estimate? {
    let fewer = guests * 6 / 8
    guard fewer > 0, fewer < guests, replications > 1 else { return nil }
    var gains: [Double] = []
    for replication in 0..<replications {
      guard let all = try summary(guests, replication)?.throughput,
        let before = try summary(fewer, replication)?.throughput, all > 0
      else { return nil }
      gains.append((all - before) / Double(guests - fewer) / (all / Double(guests)))
    }
    return try estimation.mean(gains, draws: [])
  }

  /// Adds replications at the number found until the judged figure is as precise as asked.
  private mutating func refine(_ guests: Int) throws -> (count: Int, reached: Bool) {
    let controls = scenario.controls
    let rule = try PrecisionRule(
      relativeHalfWidth: controls.precision, confidence: controls.confidence,
      minimum: controls.minimumReplications, maximum: controls.maximumReplications)
    var count = rule.minimum
    while true {
      var next = count
      for index in scenario.guests.indices {
        var classes: [ClassSummary] = []
        for replication in 0..<count {
          guard let summary = try summary(guests, replication) else { continue }
          if summary.classes[index].responses.count > 0 { classes.append(summary.classes[index]) }
        }
        guard classes.count >= 2,
          classes.allSatisfy({ $0.judged(by: scenario.objective).isFinite })
        else { continue }
        let interval =
          switch scenario.objective.statistic {
          case .percentile:
            try PercentileInterval.sectioning(
              classes.map(\.responses), percentile: scenario.objective.percentile,
              confidence: controls.confidence)
          case .mean:
            try MeanInterval.replications(
              classes.map(\.meanResponse), confidence: controls.confidence)
          }
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

extension RunSummary {
  /// Requests per second of all classes.
  fileprivate var throughput: Double { classes.reduce(0) { $0 + $1.throughput } }
}
