import Experiments
import Virtualization

/// The report as one self-contained page.
package struct PageReport: Sendable {
  let report: Report
  let charts: ChartSet
  let drawing: ChartRenderer.Drawing?
  /// What to do to see charts, where there are none.
  let advice: String

  /// The whole document.
  ///
  /// With a drawing that carries the renderer's scripts, charts answer to the pointer; without, the
  /// page has no script at all.
  package static func render(
    _ report: Report, charts: ChartSet, drawing: ChartRenderer.Drawing?, advice: String
  ) throws -> String {
    let page = PageReport(report: report, charts: charts, drawing: drawing, advice: advice)
    let isInteractive = drawing?.bundle != nil
    // A page from a file has no server to protect it: it may load nothing and send nothing.
    let policy =
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
      + "form-action 'none'" + (isInteractive ? "; script-src 'unsafe-inline' 'unsafe-eval'" : "")
    var head = Markup.trusted("<meta charset=\"utf-8\">\n")
    head += .trusted("<meta http-equiv=\"Content-Security-Policy\" content=\"\(policy)\">\n")
    head += .trusted(
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
    head += .element("title", [:], .text(Markup.plain("Tenancy: \(report.study.scenario.title)")))
    head += .trusted("\n<style>\n\(PageStyle.css)\n</style>\n")
    let body = Markup.joined(page.parts, separator: "\n") + (try page.scripts())
    let document =
      Markup.trusted("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n") + head
      + .trusted("</head>\n<body>\n") + body + .trusted("\n</body>\n</html>\n")
    return document.source
  }

  private struct Section {
    var id: String
    var title: String
    var parts: [Markup]

    var markup: Markup {
      .element("section", ["id": id], [.element("h2", [:], .text(title))] + parts)
    }
  }

  private var parts: [Markup] {
    var sections: [Section] = []
    if report.study.density != nil {
      sections.append(Section(id: "density", title: "How many guests fit", parts: density))
    }
    if report.study.overhead != nil {
      sections.append(Section(id: "overhead", title: "What it costs", parts: overhead))
      sections.append(Section(id: "why", title: "Why", parts: why))
    }
    if let chart = charts.memoryMap {
      sections.append(Section(id: "memory", title: "What memory holds", parts: [figure(chart)]))
    }
    if !report.prices.isEmpty {
      sections.append(
        Section(id: "operations", title: "What one operation costs", parts: operations))
    }
    sections.append(Section(id: "trust", title: "What the answers rest on", parts: trust))
    sections.append(Section(id: "again", title: "The same again", parts: reproduction))
    let links = sections.map { Markup.element("a", ["href": "#" + $0.id], .text($0.title)) }
    let navigation = Markup.element("nav", [:], .joined(links, separator: "\n"))
    return [opening, navigation] + sections.map(\.markup)
  }

  private var opening: Markup {
    let scenario = report.study.scenario
    var parts: [Markup] = [
      .element("h1", [:], .prose(scenario.title)),
      .element("p", ["class": "facts"], .prose(facts(scenario))),
    ]
    var answer: [Markup] = []
    if let sentences = densitySentences {
      for line in ShortAnswer.lines(sentences) {
        answer.append(
          .element("p", [:], .element("strong", [:], .text(line.heading + ": ")), .prose(line.text))
        )
      }
      if let cost = overheadSentences?.shortAnswer {
        answer.append(
          .element("p", [:], .element("strong", [:], .text("What it costs: ")), .prose(cost)))
      }
    } else if let sentences = overheadSentences {
      answer = sentences.sentences.map(Markup.paragraph)
    }
    parts.append(.element("div", ["class": "answer"], answer))
    if !report.study.warnings.isEmpty {
      parts.append(
        .element(
          "div", ["class": "warning"], .element("strong", [:], .text("Warnings")),
          .list(report.study.warnings)))
    }
    return .element("header", [:], parts)
  }

  private func facts(_ scenario: Scenario) -> String {
    let guests = scenario.guests.map { "\($0.count) \($0.id)" }.joined(separator: ", ")
    let controls = scenario.controls
    return "Scenario \(scenario.id), \(scenario.year), on \(scenario.host.title). Mix of guests: "
      + "\(guests). Steady state by independent replications of "
      + "\(NumberText.exact(controls.seconds)) simulated seconds; asked for "
      + "\(NumberText.level(controls.precision)) precision at "
      + "\(NumberText.level(controls.confidence)) confidence."
  }

  var densitySentences: DensitySentences? {
    report.study.density.map {
      DensitySentences(answer: $0, scenario: report.study.scenario)
    }
  }

  var overheadSentences: OverheadSentences? {
    report.study.overhead.map { OverheadSentences(answer: $0, scenario: report.study.scenario) }
  }

  /// A chart with its caption and its data, or the data alone where nothing drew it.
  func figure(_ chart: Chart) -> Markup {
    let picture = drawing?.pictures.first { $0.id == chart.id }
    let image =
      picture.map { EmbeddedDrawing.markup($0.svg, chart: chart) }
      ?? .element("p", ["class": "warning"], .prose("Not drawn: \(advice)."))
    let data = Markup.element(
      "details", picture == nil ? ["open": "open"] : [:],
      .element("summary", [:], .text("Data of this chart")), chart.data.page.markup)
    return .element(
      "figure", [:], .element("h3", [:], .prose(chart.title)),
      .element("div", ["class": "drawing", "id": "chart-" + chart.id], image),
      .element("figcaption", [:], .paragraph(chart.summary), .paragraph(chart.caption)), data)
  }

  private func scripts() throws -> Markup {
    guard let bundle = drawing?.bundle else { return .trusted("") }
    let specifications = JSONValue.object(
      Dictionary(charts.all.map { ($0.id, $0.specification) }) { first, _ in first })
    // Inside a script element only "<" could end it early or open a comment.
    let json = Self.replacing("<", by: "\\u003c", in: try specifications.encoded(pretty: false))
    let library = Self.replacing(
      "<!--", by: "<\\!--", in: Self.replacing("</script", by: "<\\/script", in: bundle))
    return .trusted(
      "\n<script>\(library)</script>\n<script type=\"application/json\" id=\"specifications\">"
        + "\(json)</script>\n<script>\(Self.start)</script>")
  }

  private static func replacing(_ part: String, by other: String, in text: String) -> String {
    text.split(separator: part, omittingEmptySubsequences: false).joined(separator: other)
  }

  /// Puts a live chart in the place of each drawing; where that fails the drawing stays.
  private static let start = """
    const all = JSON.parse(document.getElementById('specifications').textContent);
    for (const id of Object.keys(all)) {
      const place = document.getElementById('chart-' + id);
      if (!place) continue;
      const live = document.createElement('div');
      vegaEmbed(live, all[id], {actions: false, renderer: 'svg',
        config: {mark: {tooltip: true}}}).then(() => place.replaceChildren(live));
    }
    """
}
