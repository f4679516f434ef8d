import Experiments
import Virtualization

/// A study as one long table, a row per number: `results.csv`.
package struct TidyResults {
  /// The columns; units stand in a column of their own, because each row has its own.
  package static let header = [
    "scenario", "hash", "approach", "class", "question", "guests", "replication", "metric", "unit",
    "value", "low", "high", "confidence", "n", "status", "noise_share",
  ]

  private var text = CSVText(header: header)
  private let scenario: String
  private let hash: String
  private let objective: Objective

  /// The whole file.
  package static func csv(_ report: Report) -> String {
    var table = TidyResults(report)
    let study = report.study
    if let overhead = study.overhead {
      for approach in overhead.approaches { table.add(approach, guests: overhead.counts) }
      for (index, pairs) in overhead.pairs.enumerated() {
        let guests = overhead.counts.indices.contains(index) ? overhead.counts[index] : 0
        table.add(pairs.processor, "processor-beyond:", "s", pairs.id, "overhead", guests)
        table.add(pairs.response, "response-beyond:", "s", pairs.id, "overhead", guests)
      }
    }
    if let density = study.density {
      let name = study.scenario.objective.figure
      for approach in density.approaches { table.add(approach, percentile: name) }
      table.add(density.pairs, "guests-beyond:", "guest", "all", "density", nil)
    }
    return table.text.text
  }

  private init(_ report: Report) {
    scenario = report.study.scenario.id
    hash = report.scenarioHash
    objective = report.study.scenario.objective
  }

  /// What the rows of one approach, class and number of guests have in common.
  private struct Key {
    var approach: String
    var guestClass = "all"
    var question: String
    /// Empty where the row is not about a number of guests.
    var guests: Int?
    /// One replication, counted from 1; nil where the row is about all together.
    var replication: Int?
    var status: String
  }

  private mutating func add(_ approach: ApproachOverhead, guests counts: [Int]) {
    var key = Key(
      approach: approach.approach, question: "overhead", guests: counts.reduce(0, +),
      status: approach.outcome.status)
    for resource in approach.utilizations {
      add(key, "utilization:" + resource.resource, "share", resource.share)
    }
    if let memory = MemoryMap.present(approach.memory) { add(key, memory) }
    if !approach.outcome.isOpen { add(key, approach.trust) }
    for guests in approach.classes {
      key.guestClass = guests.id
      key.guests = guests.guests
      add(key, guests)
    }
    if approach.classes.isEmpty { add(key, "none", "", Double.nan) }
  }

  private mutating func add(_ key: Key, _ guests: ClassOverhead) {
    add(key, "throughput", "1/s", guests.throughput)
    add(key, "response-mean", "s", guests.meanResponse)
    for percentile in guests.percentiles {
      let name = NumberText.percentileName(percentile.percentile)
      add(key, "response-" + name, "s", percentile.estimate)
    }
    add(key, "processor-per-request", "s", guests.processorPerRequest)
    add(key, "refused-share", "share", guests.refusedShare)
    add(key, "guests-above-objective", "share", guests.guestsAbove)
    if guests.guests > 0 {
      let failed = FailedCondition.all(of: JudgedFigures(guests, objective), objective)
      add(key, "holds-objective", "boolean", failed.isEmpty ? 1 : 0)
    }
    if let against = guests.againstNative {
      add(key, "response-beyond-native", "s", against.response)
      add(key, "processor-beyond-native", "s", against.processor)
      if let ratio = against.processorRatio { add(key, "processor-times-native", "1", ratio) }
      add(key, "response-differs-from-native", "boolean", against.responseDiffers ? 1 : 0)
      add(key, "processor-differs-from-native", "boolean", against.processorDiffers ? 1 : 0)
    }
    for item in guests.responseItems {
      add(key, "response-item:" + item.mechanism.rawValue, "s", item.estimate)
    }
    for item in guests.processorItems {
      add(key, "processor-item:" + item.mechanism.rawValue, "s", item.estimate)
    }
    add(key, replicationsOf: guests)
    add(key, "residual", "share", guests.residual)
    if let twin = guests.twin {
      if let mean = twin.meanResponse { add(key, "analytic-response-mean", "s", mean) }
      if let percentile = twin.percentileResponse {
        add(key, "analytic-response-percentile", "s", percentile)
      }
    }
  }

  /// The rows of single replications, from which other estimates than those here can be made.
  private mutating func add(_ key: Key, replicationsOf guests: ClassOverhead) {
    var key = key
    for (index, figures) in guests.replications.enumerated() {
      key.replication = index + 1
      add(key, "throughput", "1/s", figures.throughput)
      add(key, "response-mean", "s", figures.meanResponse)
      for (percentile, value) in zip(guests.percentiles, figures.percentiles) {
        add(key, "response-" + NumberText.percentileName(percentile.percentile), "s", value)
      }
      add(key, "processor-per-request", "s", figures.processorPerRequest)
      add(key, "refused-share", "share", figures.refusedShare)
    }
  }

  private mutating func add(_ approach: ApproachDensity, percentile: String) {
    var key = Key(
      approach: approach.approach, question: "density", guests: approach.guests,
      status: approach.outcome.status)
    if approach.outcome.isOpen {
      var nothing = key
      nothing.guests = nil
      add(nothing, "guests", "guest", Double.nan)
      guard approach.guests > 0 else { return }
    } else {
      append(
        key, "guests", "guest", value: Double(approach.guests), low: Double(approach.low),
        high: Double(approach.high), confidence: approach.confidence, n: nil,
        noiseShare: approach.noiseShare)
    }
    append(
      key, "guests-by-noise-alone", "guest", value: Double(approach.guests),
      low: Double(approach.noiseLow), high: Double(approach.noiseHigh),
      confidence: approach.confidence, n: nil, noiseShare: nil)
    add(key, "interval-open", "boolean", approach.isOpen ? 1 : 0)
    if let twin = approach.twinGuests { add(key, "analytic-guests", "guest", Double(twin)) }
    if let share = approach.demandShare { add(key, "demand-share", "share", share) }
    if let headroom = approach.nextHeadroom { add(key, "next-headroom", "share", headroom) }
    add(key, approach.trust)
    for point in approach.curve {
      key.guests = point.guests
      key.status = point.isStable ? approach.outcome.status : Outcome.unstable.status
      if let estimate = point.percentile {
        add(key, "response-" + percentile, "s", estimate)
      } else {
        add(key, "response-" + percentile, "s", Double.nan)
      }
      add(key, "refused-share", "share", point.refusedShare)
      add(key, "guests-above-objective", "share", point.guestsAbove)
      add(key, "holds-objective", "boolean", point.holds ? 1 : 0)
      for resource in point.utilizations {
        add(key, "utilization:" + resource.resource, "share", resource.share)
      }
      if let memory = MemoryMap.present(point.memory) { add(key, memory) }
    }
  }

  /// Rows of the form "openvz, guests-beyond:xen-pv, 273"; the status says whether it is decided.
  private mutating func add(
    _ pairs: [PairDifference], _ metric: String, _ unit: String, _ guestClass: String,
    _ question: String, _ guests: Int?
  ) {
    for pair in pairs {
      let key = Key(
        approach: pair.first, guestClass: guestClass, question: question, guests: guests,
        status: pair.isDecided ? "decided" : "not decided")
      add(key, metric + pair.second, unit, pair.difference)
    }
  }

  private mutating func add(_ key: Key, _ trust: TrustShares) {
    add(key, "trust-measured", "share", trust.measured)
    add(key, "trust-published", "share", trust.published)
    add(key, "trust-assumed", "share", trust.assumed)
  }

  private mutating func add(_ key: Key, _ memory: MemoryMap) {
    for record in memory.records {
      add(key, "memory:" + record.name, "byte", record.value ?? .nan)
    }
  }

  private mutating func add(_ key: Key, _ metric: String, _ unit: String, _ estimate: Estimate) {
    append(
      key, metric, unit, value: estimate.value, low: estimate.low, high: estimate.high,
      confidence: estimate.confidence, n: estimate.replications, noiseShare: estimate.noiseShare)
  }

  private mutating func add(_ key: Key, _ metric: String, _ unit: String, _ value: Double) {
    append(
      key, metric, unit, value: value, low: nil, high: nil, confidence: nil, n: nil,
      noiseShare: nil)
  }

  private mutating func append(
    _ key: Key, _ metric: String, _ unit: String, value: Double, low: Double?, high: Double?,
    confidence: Double?, n: Int?, noiseShare: Double?
  ) {
    func number(_ value: Double?) -> CSVText.Cell { value.map { .number($0) } ?? .empty }
    text.append([
      .text(scenario), .text(hash), .text(key.approach), .text(key.guestClass),
      .text(key.question), key.guests.map { .integer($0) } ?? .empty,
      key.replication.map { .integer($0) } ?? .text("all"), .text(metric), .text(unit),
      .number(value), number(low), number(high), number(confidence),
      n.map { .integer($0) } ?? .empty, .text(key.status), number(noiseShare),
    ])
  }
}
