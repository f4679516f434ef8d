import Statistics
import Synchronization
import Virtualization

/// What is kept of one run for estimates.
struct RunSummary: Sendable {
  var classes: [ClassSummary]
  var utilizations: [ResourceUtilization]
  var isStable: Bool
  /// Whether active pages in swap could not be brought back as often as guests touch them.
  var isThrashing: Bool
  /// Whether the disk did not keep up with what is written to files.
  var isWriteBackBehind: Bool
  /// Requests in the system at equal distances of time, from the end of the warm-up on.
  var population: [Double]
  var memory: MemoryMap
  var refusals: [ResourceRefusals]

  /// - Parameters:
  ///   - warmUpShare: The part of the run that is warm-up.
  ///   - percentiles: Those of the response time that are kept, between 0 and 100.
  init(_ result: RunResult, warmUpShare: Double, percentiles: [Double]) {
    classes = result.classes.map {
      ClassSummary($0, window: result.windowSeconds, percentiles: percentiles)
    }
    utilizations = [
      ResourceUtilization(resource: "processors", share: result.processorUtilization),
      ResourceUtilization(resource: "driver domain", share: result.driverUtilization),
      ResourceUtilization(
        resource: "disk", share: max(result.diskUtilization, result.diskTransferUtilization)),
      ResourceUtilization(resource: "link in", share: result.linkInUtilization),
      ResourceUtilization(resource: "link out", share: result.linkOutUtilization),
    ]
    isStable = result.isStable
    isThrashing = result.areTouchesBehind
    isWriteBackBehind = result.isWriteBackBehind
    let samples = result.populationSamples
    population = Array(samples.dropFirst(Int(Double(samples.count) * warmUpShare)))
    memory = result.memory
    refusals = result.refusals
  }

  /// The resource that refused most workers in several runs; nil where none did.
  static func refusingResource(_ runs: [RunSummary]) -> String? {
    var counts: [String: Int] = [:]
    for refusal in runs.flatMap(\.refusals) {
      counts[refusal.resource, default: 0] += refusal.count
    }
    return counts.max { $0.value != $1.value ? $0.value < $1.value : $0.key > $1.key }?.key
  }
}

/// What is kept of one run for one class: figures, and not the histogram behind them, which is a
/// hundred times as large and goes into that of all runs together (`PooledResponses`).
struct ClassSummary: Sendable {
  var throughput: Double
  var meanResponse: Double
  var processorPerRequest: Double
  var refusedShare: Double
  var guestsAboveShare: Double
  /// Requests whose response was counted.
  var responseCount: Int
  /// Percentiles of the response time; none without requests.
  var percentiles: [(percentile: Double, seconds: Double)]
  /// Seconds per request.
  var response: MechanismVector
  var processor: MechanismVector
  var residual: Double
  /// Whether any request of the window was finished or refused; without one the figures mean
  /// nothing.
  var isMeasured: Bool
  /// Whether any was finished: times are those of the requests that were.
  var isServed: Bool

  init(_ result: ClassResult, window: Double, percentiles: [Double]) {
    let finished = Double(max(result.finished, 1))
    throughput = Double(result.completionsInWindow) / window
    meanResponse = result.sojournSeconds / finished
    processor = result.processor.scaled(by: 1 / finished)
    processorPerRequest = processor.total
    refusedShare = result.arrivals > 0 ? Double(result.refused) / Double(result.arrivals) : 0
    guestsAboveShare =
      result.guestsWithRequests > 0
      ? Double(result.guestsAboveObjective) / Double(result.guestsWithRequests) : 0
    responseCount = result.responses.count
    self.percentiles = percentiles.compactMap { percentile in
      result.responses.percentile(percentile).map { (percentile, $0 / 1e9) }
    }
    response = result.response.scaled(by: 1 / finished)
    residual = result.residual
    isServed = result.finished > 0
    isMeasured = isServed || result.refused > 0
  }

  /// The figure that an objective judges, in seconds; 0 without requests.
  func judged(by objective: Objective) -> Double {
    switch objective.statistic {
    case .percentile: percentile(objective.percentile) ?? 0
    case .mean: meanResponse
    }
  }

  /// A percentile of the response time in seconds, one of those kept; nil without requests.
  func percentile(_ percentile: Double) -> Double? {
    percentiles.first { $0.percentile == percentile }?.seconds
  }
}

/// The response times of each class in several runs together.
///
/// Counts add up to the same in any order, so runs may end in any.
final class PooledResponses: Sendable {
  private let histograms: Mutex<[LatencyHistogram]> = Mutex([])

  /// Adds those of one run.
  func add(_ result: RunResult) throws(StatisticsError) {
    try histograms.withLock { all throws(StatisticsError) in
      guard !all.isEmpty else {
        all = result.classes.map(\.responses)
        return
      }
      for (index, guests) in result.classes.enumerated() {
        try all[index].merge(guests.responses)
      }
    }
  }

  /// Adds those of other runs.
  func add(_ other: PooledResponses) throws(StatisticsError) {
    let added = other.histograms.withLock { $0 }
    try histograms.withLock { all throws(StatisticsError) in
      guard !all.isEmpty else {
        all = added
        return
      }
      for (index, histogram) in added.enumerated() { try all[index].merge(histogram) }
    }
  }

  /// A percentile of each class, in seconds; nil without requests of it, infinite above all that a
  /// histogram tells apart.
  func percentile(_ percentile: Double) -> [Double?] {
    histograms.withLock { all in all.map { $0.percentile(percentile).map { $0 / 1e9 } } }
  }
}

extension Objective {
  /// The percentiles of the response time that answers state, ascending: the usual ones and the one
  /// that is judged, if one is.
  var statedPercentiles: [Double] {
    let usual = [50.0, 95.0, 99.0]
    return usual.contains(shownPercentile) ? usual : (usual + [shownPercentile]).sorted()
  }

  /// The percentile to which others are compared: the one that is judged, and p95 beside a mean.
  package var shownPercentile: Double { statistic == .mean ? 95 : percentile }
}

extension Scenario {
  /// Demands that every replication measured something of every class that has guests, or, for
  /// figures that pool replications, that one of them did.
  ///
  /// Throws `ModelError` with the code `nothingMeasured`.
  func demandMeasurements(
    _ summaries: [RunSummary], counts: [Int], under approach: String, isPooled: Bool = false
  ) throws(ModelError) {
    for (index, guest) in guests.enumerated() where counts[index] > 0 {
      let empty = summaries.count { !$0.classes[index].isMeasured }
      guard empty > 0, !isPooled || empty == summaries.count else { continue }
      throw ModelError(
        .nothingMeasured,
        "no request of `\(guest.id)` was measured under `\(approach)` in \(empty) of "
          + "\(summaries.count) replications of \(controls.seconds) s; lengthen run.duration, or "
          + "let more requests come, by the `arrival` of its workload `\(guest.workload.id)`",
        guestClass: guest.id)
    }
  }
}

/// Runs replications of one approach at one number of guests.
struct Replicator: Sendable {
  let scenario: Scenario
  let approach: ApproachProfile

  /// One run: replication `replication` with parameter draw `draw` (0 for nominal values).
  ///
  /// - Parameter pool: Where its response times are added.
  func run(
    guests: Int, replication: Int, draw: Int = 0, pool: PooledResponses? = nil
  ) throws -> RunSummary {
    try Task.checkCancellation()
    let drawn = draw == 0 ? scenario : scenario.drawn(draw)
    let profile = drawn.approaches.first { $0.id == approach.id } ?? approach
    let plan = try HostPlan(
      scenario: drawn, approach: profile, guests: guests, replication: replication)
    let controls = drawn.controls
    let result = try HostSimulation.run(plan)
    try pool?.add(result)
    return RunSummary(
      result,
      warmUpShare: controls.warmupSeconds / (controls.warmupSeconds + controls.seconds),
      percentiles: scenario.objective.statedPercentiles)
  }
}
