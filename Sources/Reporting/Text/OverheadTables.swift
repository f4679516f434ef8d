import Experiments
import Virtualization

/// The overhead answer as tables, of text or for the page.
struct OverheadTables {
  private let answer: OverheadAnswer
  private let scenario: Scenario
  private let sentences: OverheadSentences

  init(_ answer: OverheadAnswer, _ scenario: Scenario) {
    self.answer = answer
    self.scenario = scenario
    sentences = OverheadSentences(answer: answer, scenario: scenario)
  }

  func write(to report: inout TextReport) {
    for guests in scenario.guests {
      let columns = columns(guests.id)
      guard let first = columns.first else { continue }
      let level = NumberText.level(first.1.meanResponse.confidence)
      report.heading(
        "Overhead of \(guests.id), \(NumberText.count(first.1.guests, "guest")); "
          + "intervals at \(level)")
      report.table(summary(columns))
      if columns.contains(where: { $0.1.againstNative?.processorDiffers == false }) {
        report.paragraph("?: whether it differs from native is not decided.")
      }
      notes(columns).forEach { report.paragraph($0) }
      twinAbsences(columns).forEach { report.paragraph($0) }
      report.heading(
        "Where the processor time of a request of \(guests.id) goes, in "
          + unit(columns, \.processorPerRequest).name)
      report.table(
        itemization(columns, \.processorItems, total: \.processorPerRequest, residual: false))
      report.heading(
        "Where the response time of a request of \(guests.id) goes, in "
          + unit(columns, \.meanResponse).name)
      report.table(itemization(columns, \.responseItems, total: \.meanResponse, residual: true))
      report.heading("What makes the intervals of \(guests.id) wide")
      for (approach, own) in columns {
        report.paragraph(
          "\(approach.approach): processor time \(own.processorPerRequest.sharesText); mean "
            + "response \(own.meanResponse.sharesText); \(own.meanResponse.replications) "
            + "replications, \(own.meanResponse.draws) draws of the uncertain numbers"
            + lostDraws(own.meanResponse.draws))
      }
    }
    if let utilizations {
      report.heading("How busy the resources are")
      report.table(utilizations)
    }
  }

  /// What is to be known of a summary: who fails, why an order is decided.
  func notes(_ columns: [Column]) -> [String] {
    var notes: [String] = []
    if columns.contains(where: { !sentences.failures($0.1).isEmpty }) {
      notes.append(
        "!: the objective does not hold, see the sentences above; times are those of the requests "
          + "that were served.")
    } else if columns.contains(where: { $0.1.refusedShare.value > 0 }) {
      notes.append("Times are those of the requests that were served.")
    }
    if let id = columns.first?.1.id, let text = sentences.pairsText(id) { notes.append(text) }
    return notes
  }

  /// The unit of an itemization.
  func unit(_ columns: [Column], _ total: KeyPath<ClassOverhead, Estimate>) -> TimeUnit {
    .parts(of: columns.map { $0.1[keyPath: total].value })
  }

  /// The approaches with an answer for a class of guests.
  func columns(_ guestClass: String) -> [Column] {
    answer.approaches.compactMap { approach in
      approach.outcome.hasAnswer
        ? approach.classes.first { $0.id == guestClass }.map { (approach, $0) } : nil
    }
  }

  /// What became of draws that gave no answer.
  private func lostDraws(_ draws: Int) -> String {
    let lost = scenario.controls.parameterDraws - draws
    return lost > 0
      ? " (with \(lost) more the guests did not fit, never settled, took too many events or asked "
        + "nothing; they are left out, so the interval is too narrow)"
      : ""
  }

  /// Why the analytic model says nothing of a class.
  func twinAbsences(_ columns: [Column]) -> [String] {
    TwinAbsence.sentences(columns.map { ($0.0.approach, $0.1.twinAbsence) }, no: "response")
  }

  typealias Column = (ApproachOverhead, ClassOverhead)

  func summary(_ columns: [Column]) -> TextTable {
    var table = TextTable(columns: [
      .init("approach", .left), .init("requests per s"), .init("processor time a request"),
      .init("times\nnative"), .init("mean response"),
    ])
    let percentiles = columns[0].1.percentiles.map(\.percentile)
    let units = TimeUnit.beside([
      columns.map(\.1.processorPerRequest.value), columns.map(\.1.meanResponse.value),
    ])
    let unit = units[1]
    for percentile in percentiles {
      table.columns.append(.init(NumberText.percentileName(percentile)))
    }
    table.columns.append(contentsOf: [.init("refused"), .init("analytic mean")])
    for (approach, own) in columns {
      let isDecided = own.againstNative?.processorDiffers ?? true
      var row = [
        approach.approach + (sentences.failures(own).isEmpty ? "" : " !"),
        NumberText.significant(own.throughput.value),
        own.processorPerRequest.durationText(in: units[0]),
        sentences.timesNative(approach.approach, own) + (isDecided ? "" : " ?"),
        own.meanResponse.durationText(in: unit),
      ]
      for percentile in percentiles {
        let estimate = own.percentiles.first { $0.percentile == percentile }?.estimate
        row.append(estimate.map { NumberText.duration($0.value, in: unit) } ?? "-")
      }
      row.append(NumberText.percent(own.refusedShare.value))
      row.append(
        own.twin.map { twin in
          twin.meanResponse.map { NumberText.duration($0, in: unit) } ?? "unstable"
        } ?? "-")
      table.rows.append(row)
    }
    return table
  }

  private func itemization(
    _ columns: [Column], _ items: KeyPath<ClassOverhead, [ItemEstimate]>,
    total: KeyPath<ClassOverhead, Estimate>, residual: Bool
  ) -> TextTable {
    var table = TextTable(columns: [.init("mechanism", .left)])
    let unit = unit(columns, total)
    table.columns.append(contentsOf: columns.map { .init($0.0.approach) })
    for mechanism in Mechanism.allCases {
      let cells = columns.map { column in
        column.1[keyPath: items].first { $0.mechanism == mechanism }?.estimate.value
      }
      guard cells.contains(where: { $0 != nil }) else { continue }
      table.rows.append(
        [mechanism.title] + cells.map { $0.map { NumberText.number($0, in: unit) } ?? "." })
    }
    table.rulesBefore.insert(table.rows.count)
    table.rows.append(
      ["total"] + columns.map { NumberText.number($0.1[keyPath: total].value, in: unit) })
    if residual {
      table.rows.append(["residual"] + columns.map { NumberText.percent($0.1.residual) })
    }
    return table
  }

  /// How busy the resources are under each approach; nil where nothing was answered.
  var utilizations: TextTable? {
    let columns = answer.approaches.filter { $0.outcome.hasAnswer && !$0.utilizations.isEmpty }
    guard !columns.isEmpty else { return nil }
    var names: [String] = []
    for approach in columns {
      for entry in approach.utilizations where !names.contains(entry.resource) {
        names.append(entry.resource)
      }
    }
    var table = TextTable(columns: [.init("resource", .left)] + columns.map { .init($0.approach) })
    for name in names {
      table.rows.append(
        [name]
          + columns.map { approach in
            approach.utilizations.first { $0.resource == name }
              .map { NumberText.percent($0.share) } ?? "."
          })
    }
    return table
  }
}
