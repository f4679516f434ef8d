import Experiments
import Virtualization

/// The density answer as tables of text.
struct DensityTables {
  private let answer: DensityAnswer
  private let sentences: DensitySentences

  init(_ answer: DensityAnswer, _ scenario: Scenario) {
    self.answer = answer
    sentences = DensitySentences(answer: answer, scenario: scenario)
  }

  func write(to report: inout TextReport) {
    let level = answer.approaches.first.map { NumberText.level($0.confidence) } ?? ""
    report.heading("Guests that fit, at \(sentences.objective.fullText)")
    var table = TextTable(columns: [
      .init("approach", .left), .init("guests"), .init("\(level) interval"),
      .init("by noise\nalone"), .init("binds", .left), .init("next", .left),
      .init("analytic\nmodel"),
    ])
    var remarks: [String] = []
    for approach in sentences.ordered {
      let twin =
        approach.twinGuests.map(String.init)
        ?? (sentences.twinAbsence(approach) == nil ? "-" : "none")
      if approach.outcome == .precisionNotReached {
        remarks.append(
          "\(approach.approach): the precision asked for was not reached, see its sentence above.")
      } else if let remark = approach.outcome.remark {
        remarks.append("\(approach.approach): \(remark).")
      }
      guard approach.outcome.hasAnswer else {
        let none = approach.outcome.isOpen ? "not answered" : "none"
        table.rows.append([approach.approach, none, "-", "-", "-", "-", twin])
        continue
      }
      let next = approach.next.map { name in
        name + (approach.nextHeadroom.map { " " + NumberText.margin($0) } ?? "")
      }
      let isBound = sentences.isBound(approach)
      let mark = approach.outcome == .answered ? "" : "* "
      table.rows.append([
        approach.approach, mark + String(approach.guests),
        sentences.rangeText(approach, approach.low, approach.high),
        sentences.rangeText(approach, approach.noiseLow, approach.noiseHigh),
        isBound ? "-" : approach.binding, next ?? "-", twin,
      ])
    }
    report.table(table)
    remarks.forEach { report.paragraph("* " + $0) }
    report.paragraph(
      "The interval holds the noise of replications and all uncertain numbers: prices, and what "
        + "the workload itself asks for. What it is wider than the one by noise alone is due to "
        + "those numbers. \"Next\" would bind if that limit were lifted, after so many more "
        + "guests.")
    if let text = sentences.demandText { report.paragraph(text) }
    sentences.twinAbsences.forEach { report.paragraph($0) }
  }
}
