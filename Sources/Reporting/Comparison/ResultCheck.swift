import Experiments
import ScenarioFormat

/// What in a result contradicts itself, as in a file that was cut, or changed by hand.
///
/// Reading says that every number is one; this says whether the numbers can be true together.
struct ResultCheck {
  /// The first field in which something is wrong, and what; nil where the result is sound.
  private(set) var fault: (field: String, message: String)?

  private static let statuses = Outcome.allCases.map(\.status)

  init(_ document: ResultDocument) {
    let scenario = document.scenario
    demandConfidence(scenario.confidence, "scenario.confidence")
    demand(["percentile", "mean"].contains(scenario.statistic), "scenario.statistic") {
      "is neither `percentile` nor `mean`"
    }
    let density = document.density ?? []
    demandNames(density.map(\.approach), "density", "approach")
    for (index, record) in density.enumerated() { check(record, "density[\(index)]") }
    let overhead = document.overhead ?? []
    demandNames(overhead.map(\.approach), "overhead", "approach")
    for (index, record) in overhead.enumerated() { check(record, "overhead[\(index)]") }
  }

  // MARK: Records

  private mutating func check(_ record: DensityRecord, _ path: String) {
    demandStatus(record.status, path)
    for (name, value) in [
      ("guests", record.guests), ("low", record.low), ("high", record.high),
      ("analyticGuests", record.analyticGuests),
    ] {
      demand(value ?? 0 >= 0, "\(path).\(name)") { "is negative" }
    }
    // Without an answer they stand for nothing, and are not compared.
    guard record.isAnswered else { return }
    demandOrder(
      record.guests.map(Double.init), record.low.map(Double.init), record.high.map(Double.init),
      path, "guests")
    if let confidence = record.confidence { demandConfidence(confidence, path + ".confidence") }
  }

  private mutating func check(_ record: OverheadRecord, _ path: String) {
    demandStatus(record.status, path)
    demandNames(record.classes.map(\.id), path + ".classes", "id")
    for (index, guests) in record.classes.enumerated() {
      let place = "\(path).classes[\(index)]"
      demand(guests.guests >= 0, place + ".guests") { "is negative" }
      check(guests.throughput, place + ".throughput")
      check(guests.processorPerRequest, place + ".processorPerRequest")
      check(guests.meanResponse, place + ".meanResponse")
      check(guests.refusedShare, place + ".refusedShare")
      for (index, percentile) in guests.percentiles.enumerated() {
        let inner = "\(place).percentiles[\(index)]"
        demand(percentile.percentile > 0 && percentile.percentile < 100, inner + ".percentile") {
          "is not between 0 and 100"
        }
        check(percentile.seconds, inner + ".seconds")
      }
    }
  }

  /// An estimate of what cannot be negative.
  private mutating func check(_ estimate: EstimateRecord?, _ path: String) {
    guard let estimate else { return }
    demandConfidence(estimate.confidence, path + ".confidence")
    demand(estimate.value ?? 0 >= 0, path + ".value") { "is negative" }
    demandOrder(estimate.value, estimate.low, estimate.high, path, "value")
  }

  // MARK: Conditions

  private mutating func demand(_ isSound: Bool, _ field: String, _ message: () -> String) {
    if !isSound, fault == nil { fault = (field, message()) }
  }

  /// No estimate of this program lies outside of its own interval.
  private mutating func demandOrder(
    _ value: Double?, _ low: Double?, _ high: Double?, _ path: String, _ name: String
  ) {
    if let low, let high {
      demand(low <= high, path + ".low") {
        "is \(NumberText.exact(low)), above `high`, \(NumberText.exact(high))"
      }
    }
    guard let value else { return }
    demand((low ?? value) <= value && value <= (high ?? value), "\(path).\(name)") {
      "is \(NumberText.exact(value)), outside of its interval"
    }
  }

  private mutating func demandConfidence(_ confidence: Double, _ field: String) {
    demand(confidence > 0 && confidence < 1, field) {
      "is \(NumberText.exact(confidence)), not between 0 and 1"
    }
  }

  private mutating func demandStatus(_ status: String, _ path: String) {
    demand(Self.statuses.contains(status), path + ".status") {
      "is none of " + Self.statuses.map { "`\($0)`" }.joined(separator: ", ")
    }
  }

  private mutating func demandNames(_ names: [String], _ path: String, _ key: String) {
    var known: Set<String> = []
    for (index, name) in names.enumerated() {
      let field = "\(path)[\(index)].\(key)"
      demand(!name.isEmpty, field) { "is empty" }
      demand(known.insert(name).inserted, field) { "stands there twice" }
    }
  }
}
