import Statistics
import Virtualization

extension DensitySearch {
  /// The number found in some replications alone, in their order; NaN where one says nothing.
  func numbersAlone(_ replications: Range<Int>, around found: Int) async throws -> [Double] {
    var singles = replications.map {
      SingleSearch(replication: $0, draw: 0, start: found)
    }
    for (key, run) in runs where replications.contains(key.replication) {
      singles[key.replication - replications.lowerBound].known[key.guests] =
        run?.verdict(
          scenario.objective, counts: GuestMix.counts(classes: scenario.guests, total: key.guests))
        ?? .fails
    }
    return try await pool.map(singles) { [scenario, approach] single in
      try await single.run(scenario, approach)
    }
  }

  /// The searches with each parameter draw.
  func draws(around found: Int) -> [SingleSearch] {
    (0..<scenario.controls.parameterDraws).map { draw in
      SingleSearch(
        replication: draw % Estimation.repeated(scenario.controls), draw: draw + 1, start: found)
    }
  }

  // MARK: Precision

  /// Whether the number found, or the judged figure at it, is as precise as asked.
  ///
  /// Where the figure climbs steeply the number is known better than the figure, and where it is
  /// flat the figure is; a number within the precision asked for, and one at which the figure is,
  /// are both answers as good as asked.
  mutating func precision(
    _ found: Int, sections: [Double], _ rule: PrecisionRule
  ) async throws -> PrecisionRule.Status {
    let ofNumber = rule.status(
      of: try interval(found, sections: sections), after: sections.count)
    if ofNumber == .reached { return .reached }
    let summaries = try await summaries(found, replications: sections.count).compactMap { $0 }
    let counts = GuestMix.counts(classes: scenario.guests, total: found)
    for index in scenario.guests.indices where counts[index] > 0 {
      let classes = summaries.map { $0.classes[index] }.filter { $0.responseCount > 0 }
      let pooled = pooledPercentile(ofClass: index, found, replications: sections.count)
      // A figure above all that a histogram tells apart is not known at all.
      guard classes.allSatisfy({ $0.judged(by: scenario.objective).isFinite }),
        rule.status(of: try interval(classes, pooled: pooled), after: sections.count) == .reached
      else { return ofNumber }
    }
    return .reached
  }

  /// The interval of the number by noise alone; without bounds where too few replications tell of
  /// noise, and without width where it is less than a guest.
  private func interval(_ found: Int, sections: [Double]) throws(StatisticsError) -> Interval {
    let value = Double(found)
    let estimate = try estimation.pooled(value, sections: sections, draws: [])
    let half = estimate.replications < 2 ? .infinity : estimate.high - value
    return Interval(
      estimate: value, halfWidth: half < 0.5 ? 0 : half, confidence: estimation.confidence)
  }

  /// The interval of the judged figure; without bounds where too few replications tell of noise.
  private func interval(
    _ classes: [ClassSummary], pooled: Double?
  ) throws(StatisticsError) -> Interval {
    let confidence = scenario.controls.confidence
    guard classes.count >= 2 else {
      return Interval(estimate: 0, halfWidth: .infinity, confidence: confidence)
    }
    switch scenario.objective.statistic {
    case .percentile:
      return try PercentileInterval.sectioning(
        sections: classes.compactMap { $0.percentile(scenario.objective.percentile) },
        pooled: pooled ?? 0, confidence: confidence)
    case .mean:
      return try MeanInterval.replications(classes.map(\.meanResponse), confidence: confidence)
    }
  }
}
