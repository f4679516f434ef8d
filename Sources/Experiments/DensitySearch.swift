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
  var runs: [RunKey: RunSummary?] = [:]
  /// The response times at each number of guests, of all replications that were made there.
  var responses: [Int: PooledResponses] = [:]
  /// The judged percentile of each class over the first replications, by how many they are.
  var percentiles: [RunKey: [Double?]] = [:]
  /// The numbers of guests that the curve shows: those tried with all replications of the answer.
  var tried: Set<Int> = []

  struct RunKey: Hashable {
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

  /// What a search found, and what its interval rests on.
  struct Found: Sendable {
    var answer: ApproachDensity
    /// The number found in each replication alone, NaN where it says nothing; none where the answer
    /// has no interval.
    var sections: [Double] = []
    /// The searches with each parameter draw, still to be run.
    var draws: [SingleSearch] = []

    /// The answer with its intervals, and the figure to compare with other approaches; an answer
    /// that lacks a draw was interrupted, and has the interval by noise alone.
    ///
    /// No end of an interval is above `maximum`, beyond which nothing was tried.
    ///
    /// - Parameter draws: The number found with each draw; NaN where it says nothing, nil where the
    ///   search was broken off.
    func completed(
      draws: [Double?], maximum: Int, _ estimation: Estimation
    ) throws -> (ApproachDensity, PairedFigure?) {
      var answer = answer
      guard !sections.isEmpty else { return (answer, nil) }
      let value = Double(answer.guests)
      func whole(_ value: Double) -> Int { Int(max(0, min(value.rounded(), Double(maximum)))) }
      let alone = try estimation.pooled(value, sections: sections, draws: [])
      answer.noiseLow = min(answer.guests, whole(alone.low))
      answer.noiseHigh = max(answer.guests, whole(alone.high))
      (answer.low, answer.high) = (answer.noiseLow, answer.noiseHigh)
      let drawn = draws.compactMap { $0 }
      guard answer.outcome != .interrupted, drawn.count == draws.count else {
        answer.outcome = .interrupted
        return (answer, nil)
      }
      let combined = try estimation.pooled(value, sections: sections, draws: drawn)
      answer.low = min(answer.guests, whole(combined.low))
      answer.high = max(answer.guests, whole(combined.high))
      answer.isOpen = answer.high >= maximum
      answer.noiseShare = combined.low < combined.high ? combined.noiseShare : nil
      answer.lostDraws = drawn.count - combined.draws
      let figure = PairedFigure(
        approach: answer.approach, value: value, sections: sections, draws: drawn)
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
    let added = PooledResponses()
    let made = try await pool.map(missing) { key -> RunSummary? in
      do {
        var run = try replicator.run(
          guests: key.guests, replication: key.replication, pool: added)
        // Which only a check of the warm-up needs.
        run.population = []
        return run
      } catch let error as ModelError where error.code == .doesNotFit {
        return nil
      }
    }
    for (key, run) in zip(missing, made) { runs[key] = .some(run) }
    if !missing.isEmpty {
      let all = responses[guests] ?? PooledResponses()
      try all.add(added)
      responses[guests] = all
      // Replications come in the order of their numbers, so that these are the first ones.
      percentiles[RunKey(guests: guests, replication: replications)] =
        all.percentile(scenario.objective.percentile)
    }
    return keys.map { runs[$0] ?? nil }
  }

  /// The judged percentile of a class over the first replications, in seconds; nil without
  /// requests.
  func pooledPercentile(ofClass index: Int, _ guests: Int, replications: Int) -> Double? {
    percentiles[RunKey(guests: guests, replication: replications)]
      .flatMap { $0.indices.contains(index) ? $0[index] : nil }
  }

  // MARK: The search

  /// Finds the number of guests, and the same in each replication alone, with more and more
  /// replications until the number is as precise as asked: the number, its interval by noise and
  /// the curve rest on the same replications.
  ///
  /// There are as many rounds as the rule has checkpoints, at most; each begins at the number that
  /// the last one found.
  mutating func run() async throws -> Found {
    let rule = try PrecisionRule(
      relativeHalfWidth: scenario.controls.precision, confidence: scenario.controls.confidence,
      minimum: scenario.controls.minimumReplications,
      maximum: scenario.controls.maximumReplications)
    if ceiling == 0, let binding = bindings.first {
      return Found(
        answer: try .nothing(
          approach, scenario, binding: binding.resource.name, failure: binding.explanation))
    }
    let twin = twinGuests()
    var start = min(max(1, twin.guess ?? scenario.guestCount), ceiling)
    var replications = rule.minimum
    var sections: [Double] = []
    var last: Round?
    do {
      while true {
        guard let found = try await number(from: start, replications: replications) else {
          let why = try await diagnose(0, replications: replications)
          return Found(
            answer: try .nothing(approach, scenario, binding: why.binding, failure: why.failure))
        }
        sections += try await numbersAlone(sections.count..<replications, around: found)
        var round = Round(guests: found, sections: sections, tried: tried, isReached: true)
        let status = try await precision(found, sections: sections, rule)
        round.isReached = status == .reached
        last = round
        guard case .runMore(let upTo) = status else { break }
        (start, replications) = (found, upTo)
      }
    } catch is CancellationError where last != nil {
      // What the last round found stands, and needs no run any more.
    }
    guard let last else { throw CancellationError() }
    return try await found(last, twin)
  }

  /// What was found with some number of replications.
  private struct Round {
    var guests: Int
    /// The number found in each of the replications alone.
    var sections: [Double]
    var tried: Set<Int>
    var isReached: Bool
  }

  /// The answer of a round; without its curve filled up, and interrupted, where the run is.
  private mutating func found(
    _ round: Round, _ twin: (answer: Int?, guess: Int?, absence: String?)
  ) async throws -> Found {
    let replications = round.sections.count
    var gain: Estimate?
    var isInterrupted = false
    do {
      try Task.checkCancellation()
      tried = round.tried
      try await fillCurve(upTo: round.guests, replications: replications)
      gain = try await lastGain(round.guests, replications: replications)
    } catch is CancellationError {
      isInterrupted = true
    }
    // All that follows is known of these numbers already.
    tried = round.tried
    if !isInterrupted { tried.formUnion(curveNumbers(upTo: round.guests)) }
    var answer = try await answer(
      round.guests, twin: twin.answer, reached: round.isReached, replications: replications)
    answer.twinAbsence = twin.absence
    answer.lastGain = gain
    if isInterrupted { answer.outcome = .interrupted }
    return Found(
      answer: answer, sections: round.sections,
      draws: isInterrupted ? [] : draws(around: round.guests))
  }

  /// The largest number of guests at which the objective holds over several replications,
  /// percentiles pooled and shares averaged; nil where not even one guest holds it.
  private mutating func number(from start: Int, replications: Int) async throws -> Int? {
    tried = []
    guard try await point(1, replications: replications).holds else { return nil }
    return try await largestNumber(from: start, ceiling: ceiling) { guests in
      try await point(guests, replications: replications).holds
    }
  }

  /// Tries some numbers below the one found, so that the curve shows how the response rises.
  private mutating func fillCurve(upTo found: Int, replications: Int) async throws {
    for guests in curveNumbers(upTo: found) {
      _ = try await point(guests, replications: replications)
    }
  }

  private func curveNumbers(upTo found: Int) -> [Int] {
    [1, 2, 4, 6].map { found * $0 / 8 }.filter { $0 > 1 }
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

  /// The analytic twin's number of guests, as an answer and as the first guess of the search: the
  /// twin of closed classes has no percentile, but a mean to guess by, and what it does not know is
  /// no reason not to guess.
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
