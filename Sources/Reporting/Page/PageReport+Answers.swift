import Experiments
import Virtualization

/// The sections that answer the questions.
extension PageReport {
  var density: [Markup] {
    guard let sentences = densitySentences else { return [] }
    var parts: [Markup] = [.list(sentences.sentences)]
    if let ranking = sentences.ranking.text {
      parts.append(.paragraph("Order by guests that fit: \(ranking)."))
    }
    if let chart = charts.guestsThatFit { parts.append(figure(chart)) }
    if let chart = charts.densityCurve { parts.append(figure(chart)) }
    return parts
  }

  var overhead: [Markup] {
    guard let sentences = overheadSentences else { return [] }
    let scenario = report.study.scenario
    let tables = OverheadTables(sentences.answer, scenario)
    var parts: [Markup] = [.list(sentences.sentences)]
    for guests in scenario.guests {
      let columns = tables.columns(guests.id)
      guard !columns.isEmpty else { continue }
      parts.append(.element("h3", [:], .text("A request of \(guests.id) in figures")))
      parts.append(PageTable(tables.summary(columns)).markup)
      parts.append(contentsOf: tables.notes(columns).map { Markup.paragraph($0) })
      if let ranking = sentences.rankingText(guests.id) {
        parts.append(.paragraph("By processor time, cheapest first: \(ranking)."))
      }
    }
    if let utilizations = tables.utilizations {
      parts.append(.element("h3", [:], .text("How busy the resources are")))
      parts.append(PageTable(utilizations).markup)
      parts.append(
        .paragraph(
          "All work of the host counts here: also ticks, background jobs and what idle guests "
            + "cost, which no request is charged with."))
    }
    for (index, guests) in scenario.guests.enumerated() {
      let suffix = "-\(index + 1)"
      let own = charts.overhead.filter { $0.id.hasSuffix(suffix) }
      guard !own.isEmpty else { continue }
      parts.append(contentsOf: own.map(figure))
      let columns = tables.columns(guests.id)
      let units = [\ClassOverhead.processorPerRequest, \.meanResponse].map {
        tables.unit(columns, $0).rawValue
      }
      parts.append(
        .element(
          "h3", [:],
          .text("Processor time of a request of \(guests.id), itemized, in \(units[0])")))
      parts.append(itemization(guests.id, \.processorItems, \.processorPerRequest).markup)
      parts.append(
        .element(
          "h3", [:], .text("Response time of a request of \(guests.id), itemized, in \(units[1])")))
      parts.append(itemization(guests.id, \.responseItems, \.meanResponse).markup)
      parts.append(.element("h3", [:], .text("Against the analytic model, \(guests.id)")))
      parts.append(twins(guests.id).markup)
      let absences = TwinAbsence.sentences(
        self.columns(guests.id).map { ($0.approach.approach, $0.own.twinAbsence) }, no: "response")
      parts.append(contentsOf: absences.map { Markup.paragraph($0) })
    }
    return parts
  }

  private func columns(_ guestClass: String) -> [(approach: ApproachOverhead, own: ClassOverhead)] {
    (report.study.overhead?.approaches ?? []).compactMap { approach in
      guard approach.outcome.hasAnswer else { return nil }
      return approach.classes.first { $0.id == guestClass }.map { (approach, $0) }
    }
  }

  private func itemization(
    _ guestClass: String, _ items: KeyPath<ClassOverhead, [ItemEstimate]>,
    _ total: KeyPath<ClassOverhead, Estimate>
  ) -> PageTable {
    let columns = columns(guestClass)
    var table = PageTable(headers: ["mechanism"] + columns.map(\.approach.approach))
    table.numeric = Set(1...max(1, columns.count))
    let unit = TimeUnit.parts(of: columns.map { $0.own[keyPath: total].value })
    for mechanism in Mechanism.allCases {
      let cells = columns.map { column in
        column.own[keyPath: items].first { $0.mechanism == mechanism }?.estimate.value
      }
      guard cells.contains(where: { $0 != nil }) else { continue }
      table.rows.append(
        [mechanism.title] + cells.map { $0.map { NumberText.number($0, in: unit) } ?? "" })
    }
    table.emphasized.insert(table.rows.count)
    table.rows.append(
      ["total"] + columns.map { NumberText.number($0.own[keyPath: total].value, in: unit) })
    return table
  }

  private func twins(_ guestClass: String) -> PageTable {
    let percentile = report.study.scenario.objective.shownPercentile
    let name = NumberText.percentileName(percentile)
    var table = PageTable(
      headers: [
        "approach", "mean, simulated", "mean, analytic", "\(name), simulated", "\(name), analytic",
        "analytic method", "residual of the itemization",
      ], numeric: [1, 2, 3, 4, 6])
    let unit = TimeUnit.shared(columns(guestClass).map(\.own.meanResponse.value))
    for (approach, own) in columns(guestClass) {
      let simulated = own.percentiles.first { $0.percentile == percentile }
      table.rows.append([
        approach.approach, own.meanResponse.durationText(in: unit),
        own.twin.map { $0.meanResponse.map { NumberText.duration($0, in: unit) } ?? "unstable" }
          ?? "",
        simulated?.estimate.durationText(in: unit) ?? "",
        own.twin.map { $0.percentileResponse.map { NumberText.duration($0, in: unit) } ?? "none" }
          ?? "",
        own.twin?.method ?? "", NumberText.percent(own.residual),
      ])
    }
    return table
  }

  var why: [Markup] {
    guard let sentences = overheadSentences else { return [] }
    var parts: [Markup] = []
    for approach in sentences.answer.approaches where approach.approach != report.nativeID {
      guard approach.outcome.hasAnswer else { continue }
      var paragraphs: [Markup] = []
      for own in approach.classes {
        guard let native = sentences.native(own.id) else { continue }
        let text = Because.paragraph(approach, own, native: native, in: report)
        guard let first = text.first else { continue }
        paragraphs.append(.paragraph(first))
        if text.count > 1 { paragraphs.append(.list(Array(text.dropFirst()))) }
      }
      guard !paragraphs.isEmpty else { continue }
      parts.append(.element("h3", [:], .text(approach.approach)))
      parts.append(contentsOf: paragraphs)
    }
    guard parts.isEmpty else { return parts }
    let isAnswered = sentences.answer.approaches.contains(where: \.outcome.hasAnswer)
    return [
      .paragraph(
        isAnswered ? "Without native there is nothing to compare with." : "Nothing was answered.")
    ]
  }

  var operations: [Markup] {
    var approaches: [String] = []
    var rows: [(operation: Operation, detail: String?)] = []
    for price in report.prices {
      if !approaches.contains(price.approach) { approaches.append(price.approach) }
      if !rows.contains(where: { $0.operation == price.operation && $0.detail == price.detail }) {
        rows.append((price.operation, price.detail))
      }
    }
    var table = PageTable(headers: ["operation"] + approaches)
    table.numeric = Set(1...max(1, approaches.count))
    for row in rows {
      func price(_ approach: String) -> OperationPrice? {
        report.prices.first {
          $0.operation == row.operation && $0.detail == row.detail && $0.approach == approach
        }
      }
      let native = price(report.nativeID)?.seconds ?? 0
      let cells = approaches.map { approach -> String in
        guard let price = price(approach), let seconds = price.seconds else { return "not priced" }
        var text = NumberText.microseconds(seconds)
        if approach != report.nativeID, native > 0 {
          text += " (\(NumberText.significant(seconds / native))\u{A0}x)"
        }
        if let part = price.guestSeconds, part < seconds {
          text += "; guest\u{A0}\(NumberText.microseconds(part))"
        }
        return text
      }
      table.rows.append([row.operation.title + (row.detail.map { ", \($0)" } ?? "")] + cells)
    }
    return [
      .paragraph(
        "Processor time of one occurrence in microseconds, wherever it is spent, and in brackets "
          + "how many times native's that is. Where a driver domain or a thread of the host does "
          + "part of it, the part on the guest's own processor follows after \"guest\"."),
      table.markup,
    ]
  }
}
