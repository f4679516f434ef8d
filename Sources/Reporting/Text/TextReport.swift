package import Experiments
import Virtualization

/// A study as text for a terminal: a sentence per approach first, then tables.
package struct TextReport: Sendable {
  private let study: Study
  private let style: TextStyle
  private var lines: [String] = []

  /// The whole text, with a line break at its end.
  package static func render(_ study: Study, style: TextStyle = TextStyle()) -> String {
    var report = TextReport(study: study, style: style)
    report.write()
    return report.lines.joined(separator: "\n") + "\n"
  }

  private init(study: Study, style: TextStyle) {
    self.study = study
    self.style = style
  }

  private mutating func write() {
    if let density = study.density {
      let sentences = DensitySentences(answer: density, scenario: study.scenario)
      sentences.sentences.forEach { paragraph($0) }
      if let ranking = sentences.ranking.text { paragraph("Guests that fit: " + ranking) }
    }
    if let overhead = study.overhead {
      if study.density != nil { lines.append("") }
      let sentences = OverheadSentences(answer: overhead, scenario: study.scenario)
      sentences.sentences.forEach { paragraph($0) }
      for guests in study.scenario.guests {
        guard let ranking = sentences.rankingText(guests.id) else { continue }
        let name = study.scenario.guests.count > 1 ? ", \(guests.id)" : ""
        paragraph("Cheapest first\(name): " + ranking)
      }
      if let load = sentences.processorLoad { paragraph(load) }
    }
    if let density = study.density { DensityTables(density, study.scenario).write(to: &self) }
    if let overhead = study.overhead { OverheadTables(overhead, study.scenario).write(to: &self) }
    trust()
    if !study.warnings.isEmpty {
      heading("Warnings")
      study.warnings.forEach { paragraph("- " + $0, indent: "  ", isAlert: true) }
    }
  }

  private mutating func trust() {
    heading("What the answers rest on (shares of the processor work that prices stand for)")
    var rows: [(String, TrustShares)] = []
    for approach in study.density?.approaches ?? [] where approach.outcome.hasAnswer {
      rows.append(("guests that fit, \(approach.approach)", approach.trust))
    }
    for approach in study.overhead?.approaches ?? [] where approach.outcome.hasAnswer {
      rows.append(("overhead, \(approach.approach)", approach.trust))
    }
    for (name, shares) in rows { paragraph("\(name): \(shares.text)", indent: "  ") }
    if rows.isEmpty {
      paragraph("nothing was answered")
    } else {
      paragraph(TrustText.rest(study.scenario))
    }
  }

  mutating func heading(_ text: String) {
    lines.append("")
    lines.append(
      contentsOf:
        SafeText.wrapped(SafeText.printable(text), width: style.width).map(style.heading))
  }

  mutating func paragraph(_ text: String, indent: String = "  ", isAlert: Bool = false) {
    let wrapped = SafeText.wrapped(SafeText.printable(text), width: style.width, indent: indent)
    lines.append(contentsOf: isAlert ? wrapped.map(style.alert) : wrapped)
  }

  mutating func table(_ table: TextTable) {
    lines.append(contentsOf: table.lines(width: style.width))
  }
}
