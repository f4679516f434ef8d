import Statistics
import Virtualization

extension OverheadExperiment {
  func answer(
    _ runs: Runs, native: Runs?, pairs: [ClassPairs], counts: [Int]
  ) throws -> ApproachOverhead {
    var classes: [ClassOverhead] = []
    if runs.hasFigures {
      let twin = try AnalyticTwin(scenario, runs.approach, guests: scenario.guestCount)
      for (number, guest) in scenario.guests.enumerated() {
        var answer = try classAnswer(runs, number, guest, count: counts[number])
        if let native, native.approach.id != runs.approach.id, native.hasFigures {
          answer.againstNative = NativeComparison(
            of: runs.approach.id, against: native.approach.id, pairs[number])
          answer.againstNative?.processorRatio = try ratio(runs, to: native, number)
        }
        answer.twinAbsence = twin.absence
        if answer.twinAbsence == nil { answer.twin = twin.answer(ofClass: number) }
        classes.append(answer)
      }
    }
    return ApproachOverhead(
      approach: runs.approach.id, title: runs.approach.title, outcome: runs.outcome,
      explanation: runs.explanation, classes: classes,
      utilizations: Self.mean(runs.replications.map(\.utilizations)),
      trust: try TrustShares(of: scenario, under: runs.approach),
      memory: runs.replications.first?.memory)
  }

  /// The differences of all pairs of approaches that settled and were not interrupted, class by
  /// class.
  func pairs(_ runs: [Runs]) throws -> [ClassPairs] {
    let settled = runs.filter {
      $0.hasFigures && $0.outcome != .interrupted
    }
    let estimation = Estimation(scenario.controls)
    func family(_ key: (ClassSummary) -> Double) throws -> [[PairDifference]] {
      try PairedFigure.differences(
        scenario.guests.indices.map { index in
          settled.map { run in
            PairedFigure(
              approach: run.approach.id, value: nil,
              sections: run.replications.map { key($0.classes[index]) },
              draws: run.drawn(index).map { $0.map(key) ?? .nan })
          }
        }, estimation)
    }
    let processor = try family(\.processorPerRequest)
    let response = try family(\.meanResponse)
    return scenario.guests.enumerated().map { index, guest in
      ClassPairs(id: guest.id, processor: processor[index], response: response[index])
    }
  }

  /// Processor time per request over native's: the quotient of both means, and its interval from
  /// the quotients in each replication and each draw, in which what both have in common cancels.
  private func ratio(_ runs: Runs, to native: Runs, _ number: Int) throws -> Estimate? {
    func sections(_ runs: Runs) -> [Double] {
      runs.replications.map { $0.classes[number].processorPerRequest }
    }
    func draws(_ runs: Runs) -> [Double] {
      runs.draws.map { $0?.classes[number].processorPerRequest ?? .nan }
    }
    let base = sections(native)
    guard base.allSatisfy({ $0 > 0 }), !base.isEmpty else { return nil }
    return try Estimation(scenario.controls).pooled(
      RunningMoments(sections(runs)).mean / RunningMoments(base).mean,
      sections: zip(sections(runs), base).map { $0 / $1 },
      draws: zip(draws(runs), draws(native)).map { $1 > 0 ? $0 / $1 : .nan })
  }

  private func classAnswer(
    _ runs: Runs, _ number: Int, _ guest: GuestClass, count: Int
  ) throws -> ClassOverhead {
    let estimation = Estimation(scenario.controls)
    let replications = runs.replications.map { $0.classes[number] }
    let draws = runs.drawn(number)
    func mean(_ key: (ClassSummary) -> Double) throws -> Estimate {
      try estimation.mean(replications.map(key), draws: draws.map { $0.map(key) ?? .nan })
    }
    var percentiles: [PercentileEstimate] = []
    for percentile in scenario.objective.statedPercentiles {
      let pooled = runs.responses.percentile(percentile)[number]
      if let estimate = try Self.percentile(percentile, pooled, replications, draws, estimation) {
        percentiles.append(PercentileEstimate(percentile: percentile, estimate: estimate))
      }
    }
    var answer = ClassOverhead(
      id: guest.id, guests: count, throughput: try mean { $0.throughput },
      meanResponse: try mean { $0.meanResponse }, percentiles: percentiles,
      processorPerRequest: try mean { $0.processorPerRequest },
      refusedShare: try mean { $0.refusedShare }, againstNative: nil,
      responseItems: try Self.items(replications, draws, estimation) { $0.response },
      processorItems: try Self.items(replications, draws, estimation) { $0.processor },
      residual: replications.map(\.residual).max() ?? 0, twin: nil)
    answer.refusedShare.high = min(1, answer.refusedShare.high)
    answer.guestsAbove = RunningMoments(replications.map(\.guestsAboveShare)).mean
    answer.imprecise = try imprecise(replications)
    answer.replications = replications.map { replication in
      ReplicationFigures(
        throughput: replication.throughput, meanResponse: replication.meanResponse,
        processorPerRequest: replication.processorPerRequest,
        refusedShare: replication.refusedShare,
        percentiles: percentiles.map { replication.percentile($0.percentile) ?? .nan })
    }
    return answer
  }

  /// The judged figures that are less precise than was asked for.
  private func imprecise(_ replications: [ClassSummary]) throws -> [ImpreciseFigure] {
    guard replications.count > 1 else { return [] }
    let figures = [("throughput", \ClassSummary.throughput), ("mean response", \.meanResponse)]
    return try figures.compactMap { name, figure in
      let interval = try MeanInterval.replications(
        replications.map { $0[keyPath: figure] }, confidence: scenario.controls.confidence)
      let width = interval.halfWidth / interval.estimate.magnitude
      return width > scenario.controls.precision
        ? ImpreciseFigure(name: name, relativeHalfWidth: width) : nil
    }
  }

  /// A percentile of all replications together, `pooled`, with its interval; nil without requests,
  /// and where it lies above all that a histogram tells apart.
  static func percentile(
    _ percentile: Double, _ pooled: Double?, _ replications: [ClassSummary],
    _ draws: [ClassSummary?], _ estimation: Estimation
  ) throws -> Estimate? {
    guard let value = pooled else { return nil }
    let sections = replications.map { $0.percentile(percentile) ?? .nan }
    guard value.isFinite, !sections.contains(.infinity) else { return nil }
    // A draw above the range says as little about the parameters as one that could not be run.
    let drawn = draws.map { $0?.percentile(percentile) ?? .nan }.map { $0.isFinite ? $0 : .nan }
    return try estimation.pooled(value, sections: sections, draws: drawn)
  }

  private static func items(
    _ replications: [ClassSummary], _ draws: [ClassSummary?], _ estimation: Estimation,
    _ key: (ClassSummary) -> MechanismVector
  ) throws -> [ItemEstimate] {
    var items: [ItemEstimate] = []
    for mechanism in Mechanism.allCases {
      let values = replications.map { key($0)[mechanism] }
      guard values.contains(where: { $0 != 0 }) else { continue }
      items.append(
        ItemEstimate(
          mechanism: mechanism,
          estimate: try estimation.mean(
            values, draws: draws.map { $0.map { key($0)[mechanism] } ?? .nan })))
    }
    return items
  }

  static func mean(_ all: [[ResourceUtilization]]) -> [ResourceUtilization] {
    guard var result = all.first else { return [] }
    for index in result.indices {
      result[index].share = all.reduce(0) { $0 + $1[index].share } / Double(all.count)
    }
    return result
  }
}
