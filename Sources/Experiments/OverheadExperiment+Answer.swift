import Statistics
import Virtualization

/// Which differences to native remain after Holm's correction over all approaches and classes.
struct Significance {
  private var response: [[Bool]] = []
  private var processor: [[Bool]] = []

  init(
    _ runs: [OverheadExperiment.Runs], native: OverheadExperiment.Runs?, scenario: Scenario
  ) throws {
    let classes = scenario.guests.count
    response = runs.map { _ in Array(repeating: false, count: classes) }
    processor = response
    guard let native else { return }
    var places: [(run: Int, index: Int)] = []
    var responses: [(first: [Double], second: [Double])] = []
    var processors: [(first: [Double], second: [Double])] = []
    for (place, run) in runs.enumerated() where run.approach.id != native.approach.id {
      let pairs = min(run.replications.count, native.replications.count)
      guard run.outcome != .unstable, native.outcome != .unstable, pairs >= 2 else { continue }
      for index in 0..<classes {
        func values(_ of: OverheadExperiment.Runs, _ key: (ClassSummary) -> Double) -> [Double] {
          of.replications.prefix(pairs).map { key($0.classes[index]) }
        }
        places.append((place, index))
        responses.append((values(run, \.meanResponse), values(native, \.meanResponse)))
        processors.append(
          (values(run, \.processorPerRequest), values(native, \.processorPerRequest)))
      }
    }
    guard !places.isEmpty else { return }
    let confidence = scenario.controls.confidence
    let first = try PairedComparison.family(responses, confidence: confidence)
    let second = try PairedComparison.family(processors, confidence: confidence)
    for (number, place) in places.enumerated() {
      response[place.run][place.index] = first[number].isDecided
      processor[place.run][place.index] = second[number].isDecided
    }
  }

  func responseDiffers(_ run: Int, _ index: Int) -> Bool { response[run][index] }
  func processorDiffers(_ run: Int, _ index: Int) -> Bool { processor[run][index] }
}

extension OverheadExperiment {
  func answer(
    _ runs: Runs, native: Runs?, significance: Significance, index: Int, counts: [Int]
  ) throws -> ApproachOverhead {
    var classes: [ClassOverhead] = []
    if runs.outcome != .unstable, !runs.replications.isEmpty {
      for (number, guest) in scenario.guests.enumerated() {
        var answer = try classAnswer(runs, number, guest, count: counts[number])
        if let native, native.approach.id != runs.approach.id, native.outcome != .unstable {
          answer.againstNative = NativeComparison(
            response: try difference(runs, native, number) { $0.meanResponse },
            processor: try difference(runs, native, number) { $0.processorPerRequest },
            responseDiffers: significance.responseDiffers(index, number),
            processorDiffers: significance.processorDiffers(index, number))
        }
        answer.twin = try AnalyticTwin(scenario, runs.approach, guests: scenario.guestCount)
          .answer(ofClass: number)
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

  private func classAnswer(
    _ runs: Runs, _ number: Int, _ guest: GuestClass, count: Int
  ) throws -> ClassOverhead {
    let estimation = Estimation(confidence: scenario.controls.confidence)
    let replications = runs.replications.map { $0.classes[number] }
    let draws = runs.draws.map { $0.classes[number] }
    func mean(_ key: (ClassSummary) -> Double) throws -> Estimate {
      try estimation.mean(replications.map(key), draws: draws.map(key))
    }
    var wanted = [50.0, 95.0, 99.0]
    if !wanted.contains(scenario.objective.percentile) {
      wanted.append(scenario.objective.percentile)
      wanted.sort()
    }
    var percentiles: [PercentileEstimate] = []
    for percentile in wanted {
      if let estimate = try Self.percentile(percentile, replications, draws, estimation) {
        percentiles.append(PercentileEstimate(percentile: percentile, estimate: estimate))
      }
    }
    return ClassOverhead(
      id: guest.id, guests: count, throughput: try mean { $0.throughput },
      meanResponse: try mean { $0.meanResponse }, percentiles: percentiles,
      processorPerRequest: try mean { $0.processorPerRequest },
      refusedShare: try mean { $0.refusedShare }, againstNative: nil,
      responseItems: try Self.items(replications, draws, estimation) { $0.response },
      processorItems: try Self.items(replications, draws, estimation) { $0.processor },
      residual: replications.map(\.residual).max() ?? 0, twin: nil)
  }

  /// A percentile of all replications together; nil without requests.
  static func percentile(
    _ percentile: Double, _ replications: [ClassSummary], _ draws: [ClassSummary],
    _ estimation: Estimation
  ) throws -> Estimate? {
    guard var pooled = replications.first?.responses else { return nil }
    for replication in replications.dropFirst() { try pooled.merge(replication.responses) }
    guard let value = pooled.percentile(percentile) else { return nil }
    return try estimation.pooled(
      value / 1e9, sections: replications.compactMap { $0.percentile(percentile) },
      draws: draws.compactMap { $0.percentile(percentile) })
  }

  private static func items(
    _ replications: [ClassSummary], _ draws: [ClassSummary], _ estimation: Estimation,
    _ key: (ClassSummary) -> MechanismVector
  ) throws -> [ItemEstimate] {
    var items: [ItemEstimate] = []
    for mechanism in Mechanism.allCases {
      let values = replications.map { key($0)[mechanism] }
      guard values.contains(where: { $0 != 0 }) else { continue }
      items.append(
        ItemEstimate(
          mechanism: mechanism,
          estimate: try estimation.mean(values, draws: draws.map { key($0)[mechanism] })))
    }
    return items
  }

  /// The paired difference to native: the same replications, the same draws.
  private func difference(
    _ runs: Runs, _ native: Runs, _ number: Int, _ key: (ClassSummary) -> Double
  ) throws -> Estimate {
    func pairs(_ left: [RunSummary], _ right: [RunSummary]) -> [Double] {
      zip(left, right).map { key($0.classes[number]) - key($1.classes[number]) }
    }
    return try Estimation(confidence: scenario.controls.confidence).mean(
      pairs(runs.replications, native.replications), draws: pairs(runs.draws, native.draws))
  }

  static func mean(_ all: [[ResourceUtilization]]) -> [ResourceUtilization] {
    guard var result = all.first else { return [] }
    for index in result.indices {
      result[index].share = all.reduce(0) { $0 + $1[index].share } / Double(all.count)
    }
    return result
  }
}
