import Experiments
import Virtualization

/// The sections that say what the answers rest on.
extension PageReport {
  var trust: [Markup] {
    var parts: [Markup] = [
      .paragraph(
        "Shares of the processor work that is priced by numbers measured on the machine modeled, "
          + "taken from publications, or assumed; and what makes the intervals wide (- where one "
          + "has no width). "
          + TrustText.rest(report.study.scenario))
    ]
    var table = PageTable(
      headers: [
        "approach", "question", "measured", "published", "assumed", "interval: noise",
        "interval: uncertain numbers",
      ], numeric: [2, 3, 4, 5, 6])
    for approach in report.study.density?.approaches ?? [] where approach.outcome.hasAnswer {
      table.rows.append(
        row(approach.approach, "guests that fit", approach.trust, approach.noiseShare))
    }
    for approach in report.study.overhead?.approaches ?? [] where approach.outcome.hasAnswer {
      for own in approach.classes {
        table.rows.append(
          row(
            approach.approach, "processor time, \(own.id)", approach.trust,
            own.processorPerRequest.low < own.processorPerRequest.high
              ? own.processorPerRequest.noiseShare : nil))
      }
    }
    parts.append(table.markup)
    return parts + notes + numbers
  }

  private func row(
    _ approach: String, _ question: String, _ trust: TrustShares, _ noiseShare: Double?
  ) -> [String] {
    let noise = noiseShare ?? .nan
    let shares = [trust.measured, trust.published, trust.assumed, noise, 1 - noise]
    return [approach, question] + shares.map { NumberText.percent($0) }
  }

  private var notes: [Markup] {
    let notes = report.study.scenario.approaches.flatMap { approach in
      approach.notes.map { "\(approach.id): \($0)" }
    }
    return notes.isEmpty
      ? [] : [.element("h3", [:], .text("What is simplified")), .list(notes)]
  }

  private var numbers: [Markup] {
    let numbers = ScenarioNumbers(report.study.scenario)
    var parts: [Markup] = [
      .element("h3", [:], .text("Every number, with status and source")),
      .element(
        "p", ["class": "paper"],
        .prose("The page on the screen lists them; on paper there is only how many they are.")),
    ]
    for owner in numbers.owners {
      let own = numbers.entries.filter { $0.owner == owner }
      let counts = Status.allCases.map { status in
        "\(own.reduce(0) { $1.status == status ? $0 + 1 : $0 }) \(status.rawValue)"
      }
      var table = PageTable(headers: ["number", "value", "range", "status", "source"])
      table.numeric = [1]
      // Assumed ones first: they are the ones to doubt.
      for status in Status.allCases.reversed() {
        for entry in own where entry.status == status {
          table.rows.append([
            entry.title, entry.value, entry.range, entry.status.rawValue, entry.source,
          ])
        }
      }
      let summary = Markup.prose("\(owner): \(counts.joined(separator: ", "))")
      parts.append(
        .element(
          "details", ["class": "counts"], .element("summary", [:], summary), table.markup))
    }
    return parts
  }

  var reproduction: [Markup] {
    [
      .paragraph(
        "Program version \(report.programVersion), scenario digest \(report.scenarioHash), seed "
          + "\(report.study.scenario.controls.seed). The same command gives the same numbers, on "
          + "any number of threads:"),
      .element("pre", [:], .element("code", [:], .text(report.command))),
      .element(
        "details", [:],
        .element("summary", [:], .text("The scenario as it was run, all defaults resolved")),
        .element("pre", [:], .element("code", [:], .text(report.scenarioText)))),
      .paragraph(
        "Beside this page: results.csv (one row per number), results.json, manifest.json (when and "
          + "where it ran), and in charts the pictures, their Vega-Lite sources and their data."),
    ]
  }
}
