import Experiments
package import Foundation
import ScenarioFormat

/// Two results, number by number: of one scenario, or of two that have something in common.
package struct ResultComparison: Sendable, Equatable {
  /// One number in both.
  package struct Row: Sendable, Equatable {
    package var approach: String
    /// The class of guests; "all" where there is none.
    package var guestClass: String
    package var metric: String
    /// "s", "guest", "1/s".
    package var unit: String
    package var first: Interval
    package var second: Interval
    /// Second minus first.
    package var difference: Interval

    /// Whether the interval of either rests on too few replications to say anything.
    package var isThin: Bool { first.isThin || second.isThin }

    /// Whether both are the same number with the same interval, and not merely both beyond where a
    /// search stopped.
    package var isEqual: Bool { first == second && !first.isBound }

    /// Whether the intervals have no point in common; otherwise a ranking is not decided.
    package var isDecided: Bool {
      !(first.low <= second.high && second.low <= first.high)
    }
  }

  /// A number between two others.
  package struct Interval: Sendable, Equatable {
    package var value: Double
    package var low: Double
    /// Infinite where a search stopped there, so that nobody knows.
    package var high: Double
    /// Whether the search stopped at the value itself, so that it reads "or more".
    package var isBound = false
    /// Whether it rests on too few replications to say anything.
    package var isThin = false

    /// The fewest replications whose interval is worth reading.
    ///
    /// Of two, Student's factor is 12.7 for 95 %, so that the interval tells next to nothing.
    static let enoughReplications = 3
  }

  package var rows: [Row]
  /// What the two do not have in common, in sentences.
  package var notices: [String]
  /// Whether the two results say the same throughout.
  package var isIdentical: Bool
  /// Whether both answer the same resolved scenario, seed included.
  package var isSameScenario: Bool

  /// Reads a result file, or the one in a report's folder.
  ///
  /// Throws `ReportError` with the code `cannotRead`, `notAResult` or `otherSchema`.
  package static func load(_ path: String) throws(ReportError) -> ResultDocument {
    var isFolder = false
    var file = path
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder {
      file = path + "/results.json"
    }
    let bytes: [UInt8]
    do {
      bytes = try OutputFile.read(file, limit: largestFile)
    } catch {
      guard error.code != .tooLarge else {
        throw ReportError(
          .notAResult,
          "this file has more than \(largestFile) bytes, more than any result; name a results.json",
          place: file)
      }
      throw ReportError(
        .cannotRead, "\(error.message); name a results.json or the folder of a report", place: file)
    }
    return try decode(Data(bytes), place: file)
  }

  /// The largest result file that is read.
  private static let largestFile = 256 << 20

  /// Reads a result from its bytes.
  package static func decode(
    _ data: Data, place: String
  ) throws(ReportError) -> ResultDocument {
    struct Schema: Decodable { var schema: Int }
    do {
      let version = try JSONDecoder().decode(Schema.self, from: data).schema
      guard version == ResultDocument.currentSchema else {
        throw ReportError(
          .otherSchema,
          "this result has schema \(version), and this program reads "
            + "\(ResultDocument.currentSchema); run the scenario again with this program",
          place: place)
      }
      let document = try JSONDecoder().decode(ResultDocument.self, from: data)
      if let fault = ResultCheck(document).fault {
        throw damaged(fault.field, fault.message, place)
      }
      return document
    } catch let error as ReportError {
      throw error
    } catch let error as DecodingError where !JSONFault(error).path.isEmpty {
      let fault = JSONFault(error)
      throw damaged(fault.path, fault.message, place)
    } catch {
      throw ReportError(
        .notAResult, "this is not a result of tenancy, or it is damaged; name a results.json",
        place: place)
    }
  }

  private static func damaged(_ field: String, _ message: String, _ place: String) -> ReportError {
    ReportError(
      .notAResult,
      "`\(SafeText.printable(field))` \(message): this is not a result of tenancy, or it was "
        + "damaged or changed; run the scenario again, or name another results.json", place: place)
  }

  /// Compares two results.
  ///
  /// Scenarios of different names are compared too, for a changed copy has another name; a notice
  /// says what differs. Throws `ReportError` with the code `nothingInCommon` where the two have no
  /// number in common, be it that a run was interrupted before it had one.
  package init(
    _ first: ResultDocument, _ second: ResultDocument, place: String
  ) throws(ReportError) {
    rows = []
    isIdentical = first == second
    isSameScenario = first.scenario.hash == second.scenario.hash
    notices = []
    let isSameObjective =
      first.scenario.statistic == second.scenario.statistic
      && first.scenario.percentile == second.scenario.percentile
      && first.scenario.responseSeconds == second.scenario.responseSeconds
    noteScenarios(first.scenario, second.scenario)
    if !isSameObjective { notices.append("the objectives differ, so guests that fit do too") }
    if first.scenario.program != second.scenario.program {
      notices.append(
        "the programs differ: \(first.scenario.program) and \(second.scenario.program)")
    }
    addDensity(first, second)
    addOverhead(first, second)
    if !isIdentical, rows.contains(where: \.isThin) {
      notices.append(
        "intervals of fewer than \(Interval.enoughReplications) replications say next to nothing "
          + "and are left out; run both with --replications 5 or more")
    }
    guard !rows.isEmpty else {
      throw ReportError(.nothingInCommon, Self.nothingInCommon(first, second), place: place)
    }
  }

  private static func nothingInCommon(_ first: ResultDocument, _ second: ResultDocument) -> String {
    let names =
      first.scenario.id == second.scenario.id
      ? "two results of \(first.scenario.id)"
      : "results of different scenarios, \(first.scenario.id) and \(second.scenario.id),"
    let cause =
      switch (first.emptiness, second.emptiness) {
      case (nil, nil):
        "no approach has an answer to the same question and class of guests in both; compare two "
          + "results of one scenario, or of a copy of it"
      case (let reason?, nil): "the first answers nothing, \(reason)"
      case (nil, let reason?): "the second answers nothing, \(reason)"
      case (let one?, let other?) where one == other: "neither answers anything, \(one)"
      case (let one?, let other?):
        "neither answers anything: the first \(one), and the second \(other)"
      }
    return "these \(names) have no number in common: \(cause)"
  }

  /// Says in which respects the scenarios are not one.
  private mutating func noteScenarios(_ first: ScenarioRecord, _ second: ScenarioRecord) {
    if first.id != second.id {
      notices.append("the scenarios have different names: \(first.id) and \(second.id)")
    }
    guard first.hash != second.hash else { return }
    var known: [String] = []
    if first.host != second.host { known.append("hosts \(first.host) and \(second.host)") }
    if first.year != second.year { known.append("years \(first.year) and \(second.year)") }
    if first.seed != second.seed { known.append("seeds \(first.seed) and \(second.seed)") }
    if first.native != second.native {
      known.append("native \(first.native) and \(second.native)")
    }
    if first.confidence != second.confidence {
      known.append(
        "confidence \(NumberText.exact(first.confidence)) and "
          + NumberText.exact(second.confidence))
    }
    notices.append(
      "the scenarios were resolved differently (hashes \(first.hash) and \(second.hash)): "
        + (known.isEmpty ? "another setting or profile" : known.joined(separator: ", ")))
  }

  private mutating func addDensity(_ first: ResultDocument, _ second: ResultDocument) {
    guard let one = first.density, let other = second.density else {
      if (first.density == nil) != (second.density == nil) {
        notices.append("only one of them answers how many guests fit")
      }
      return
    }
    note(one.map(\.approach), other.map(\.approach), what: "guests that fit")
    noteMissing(
      one.map { ($0.approach, $0.status) }, other.map { ($0.approach, $0.status) },
      what: "guests that fit")
    for a in one {
      guard let b = other.first(where: { $0.approach == a.approach }) else { continue }
      guard a.isAnswered, b.isAnswered else {
        if a.status != b.status {
          notices.append("\(a.approach), guests that fit: \(Self.change(a.status, b.status))")
        }
        continue
      }
      add(a.approach, "all", "guests", "guest", a.interval, b.interval)
    }
  }

  private mutating func addOverhead(_ first: ResultDocument, _ second: ResultDocument) {
    guard let one = first.overhead, let other = second.overhead else {
      if (first.overhead == nil) != (second.overhead == nil) {
        notices.append("only one of them answers what it costs")
      }
      return
    }
    note(one.map(\.approach), other.map(\.approach), what: "overhead")
    noteMissing(
      one.map { ($0.approach, $0.status) }, other.map { ($0.approach, $0.status) },
      what: "overhead")
    for a in one {
      guard let b = other.first(where: { $0.approach == a.approach }) else { continue }
      if a.status != b.status {
        notices.append("\(a.approach), overhead: \(Self.change(a.status, b.status))")
      }
      for own in a.classes {
        guard let their = b.classes.first(where: { $0.id == own.id }) else { continue }
        add(a.approach, own, their)
      }
    }
  }

  private static func change(_ first: String, _ second: String) -> String {
    "\(Outcome.words(for: first)), then \(Outcome.words(for: second))"
  }

  private mutating func add(_ approach: String, _ a: ClassRecord, _ b: ClassRecord) {
    add(approach, a.id, "throughput", "1/s", a.throughput.interval, b.throughput.interval)
    add(
      approach, a.id, "processor-per-request", "s", a.processorPerRequest.interval,
      b.processorPerRequest.interval)
    add(approach, a.id, "response-mean", "s", a.meanResponse.interval, b.meanResponse.interval)
    for percentile in a.percentiles {
      let other = b.percentiles.first { $0.percentile == percentile.percentile }
      add(
        approach, a.id, "response-" + NumberText.percentileName(percentile.percentile), "s",
        percentile.seconds.interval, other?.seconds.interval)
    }
  }

  private mutating func add(
    _ approach: String, _ guestClass: String, _ metric: String, _ unit: String, _ a: Interval?,
    _ b: Interval?
  ) {
    guard let a, let b else { return }
    var row = Row(
      approach: approach, guestClass: guestClass, metric: metric, unit: unit, first: a,
      second: b, difference: Self.difference(a, b))
    // The same run twice, which has no difference to be uncertain of.
    if isSameScenario, row.isEqual { row.difference = Interval(value: 0, low: 0, high: 0) }
    rows.append(row)
  }

  /// Says of whom neither result has an answer because both runs ended before.
  private mutating func noteMissing(
    _ first: [(approach: String, status: String)], _ second: [(approach: String, status: String)],
    what: String
  ) {
    for (status, words) in [("interrupted", "interrupted"), ("not-finished", "not finished")] {
      let names = first.filter { own in
        own.status == status
          && second.contains { $0.approach == own.approach && $0.status == status }
      }.map(\.approach)
      guard !names.isEmpty else { continue }
      notices.append("\(what), \(words) in both: \(names.joined(separator: ", "))")
    }
  }

  private mutating func note(_ first: [String], _ second: [String], what: String) {
    for name in first where !second.contains(name) {
      notices.append("\(name), \(what): only in the first")
    }
    for name in second where !first.contains(name) {
      notices.append("\(name), \(what): only in the second")
    }
  }

  /// Second minus first, with an interval made from both intervals.
  ///
  /// After Zou and Donner, "Construction of confidence limits about effect measures", Statistics in
  /// Medicine 27 (2008). Both are taken as independent, so runs of one seed get intervals that are
  /// too wide rather than too narrow.
  static func difference(_ a: Interval, _ b: Interval) -> Interval {
    func length(_ x: Double, _ y: Double) -> Double { (x * x + y * y).squareRoot() }
    let value = b.value - a.value
    return Interval(
      value: value, low: value - length(b.value - b.low, a.high - a.value),
      high: value + length(b.high - b.value, a.value - a.low),
      isBound: a.isBound || b.isBound)
  }
}

extension ResultDocument {
  /// Why nothing in it could be compared, and what to do; nil where something could.
  fileprivate var emptiness: String? {
    guard !holdsNumbers else { return nil }
    let statuses = Set((density ?? []).map(\.status) + (overhead ?? []).map(\.status))
    switch (statuses.contains("unstable"), statuses.contains("impossible")) {
    case _ where statuses.isEmpty || statuses.contains("interrupted"), (false, false):
      return "as where a run was interrupted; run the scenario to its end"
    case (true, false): return "since the load never settles under any approach; lower the load"
    case (false, true): return "since no approach can hold the objective; lower the load"
    case (true, true):
      return "since under each approach the load never settles or the objective cannot be held; "
        + "lower the load"
    }
  }

  private var holdsNumbers: Bool {
    let hasGuests = (density ?? []).contains { $0.isAnswered && $0.interval != nil }
    let classes = (overhead ?? []).flatMap(\.classes)
    return hasGuests
      || classes.contains { record in
        ([record.throughput, record.processorPerRequest, record.meanResponse]
          + record.percentiles.map(\.seconds)).contains { $0.interval != nil }
      }
  }
}

extension EstimateRecord {
  /// The estimate; nil where it is not finite.
  var interval: ResultComparison.Interval? {
    guard let value, let low, let high else { return nil }
    return ResultComparison.Interval(
      value: value, low: low, high: high,
      isThin: replications < ResultComparison.Interval.enoughReplications)
  }
}

extension DensityRecord {
  /// The guests that fit; nil where that was not answered.
  var interval: ResultComparison.Interval? {
    guard let guests, let low, let high else { return nil }
    let isOpen = isOpen ?? false
    return ResultComparison.Interval(
      value: Double(guests), low: Double(low), high: isOpen ? .infinity : Double(high),
      isBound: isOpen && guests == high)
  }

  var isAnswered: Bool { status == "answered" || status == "precision-not-reached" }
}
