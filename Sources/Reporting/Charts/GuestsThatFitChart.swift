import Experiments
import Virtualization

/// The guests that fit: a dot and an interval per approach.
enum GuestsThatFitChart {
  static func make(_ sentences: DensitySentences) -> Chart? {
    let approaches = sentences.ordered.filter { $0.outcome.hasAnswer }
    guard !approaches.isEmpty else { return nil }
    var table = DataTable(columns: [
      "approach", "guests", "low", "high", "noise_low", "noise_high", "analytic", "binds", "label",
    ])
    for approach in approaches {
      let label =
        sentences.isBound(approach)
        ? "\(approach.guests) or more, search stopped"
        : "\(approach.guests) \(sentences.rangeText(approach, approach.low, approach.high)), "
          + approach.binding
      table.rows.append([
        .text(approach.approach), .integer(approach.guests), .integer(approach.low),
        .integer(min(approach.high, sentences.maximumGuests)), .integer(approach.noiseLow),
        .integer(min(approach.noiseHigh, sentences.maximumGuests)),
        approach.twinGuests.map { .integer($0) } ?? .empty, .text(approach.binding),
        .text(label),
      ])
    }
    let y: JSONValue = [
      "field": "approach", "type": "nominal", "title": nil,
      "sort": .list(approaches.map { .text($0.approach) }),
      // Marks at zero reach half their size to the left.
      "axis": [
        "ticks": false, "domain": false, "grid": true, "labelFontSize": 12, "labelPadding": 10,
      ],
    ]
    let x: JSONValue = [
      "field": "guests", "type": "quantitative", "title": "guests that fit",
      "scale": ["zero": true, "nice": true],
      "axis": ["tickMinStep": 1, "tickCount": 8, "format": "~r"],
    ]
    let level = NumberText.level(approaches[0].confidence)
    return Chart(
      id: "guests-that-fit", title: "Guests that fit at \(sentences.objective.fullText)",
      summary: summary(approaches, sentences),
      caption: "Dot: guests that fit. Thick bar: interval by the noise of replications alone. "
        + "Thin line: \(level) interval with all uncertain numbers. "
        + (approaches.contains { $0.twinGuests != nil }
          ? "Hollow diamond: the analytic model. " : "")
        + "The resource that binds stands at the right."
        + sentences.twinAbsences.map { " " + $0 }.joined()
        + (approaches.contains { $0.high >= sentences.maximumGuests }
          ? " Open: the search stops at \(sentences.maximumGuests) guests." : "")
        + (approaches.contains { $0.approach == sentences.nativeID }
          ? " \(sentences.nativeID): services side by side in one system, without isolation." : ""),
      specification: [
        "$schema": ChartStyle.schema, "config": ChartStyle.config,
        "width": 480, "height": ["step": 28],
        "data": ["name": "guests"], "datasets": ["guests": table.json],
        "layer": [
          [
            "mark": ["type": "rule", "strokeWidth": 1.5, "color": ChartStyle.limit],
            "encoding": ["y": y, "x": x.adding(["field": "low"]), "x2": ["field": "high"]],
          ],
          [
            "mark": ["type": "rule", "strokeWidth": 7, "color": "#8CCBEE"],
            "encoding": [
              "y": y, "x": x.adding(["field": "noise_low"]), "x2": ["field": "noise_high"],
            ],
          ],
          [
            "mark": [
              "type": "point", "filled": true, "size": 70, "opacity": 1, "color": ChartStyle.accent,
            ],
            "encoding": ["y": y, "x": x],
          ],
          [
            "transform": [["filter": ["field": "analytic", "valid": true]]],
            // Wide enough to stand around the dot: the two are often at one place.
            "mark": [
              "type": "point", "shape": "diamond", "size": 280, "opacity": 1, "strokeWidth": 1.5,
              "color": ChartStyle.limit, "filled": false,
            ],
            "encoding": ["y": y, "x": x.adding(["field": "analytic"])],
          ],
          [
            "mark": ["type": "text", "align": "left", "x": 494],
            "encoding": ["y": y, "text": ["field": "label"]],
          ],
        ],
      ], data: table)
  }

  private static func summary(
    _ approaches: [ApproachDensity], _ sentences: DensitySentences
  ) -> String {
    approaches.map {
      "\($0.approach): \(sentences.countText($0))"
        + (sentences.isBound($0) ? "" : ", \($0.binding)")
    }.joined(separator: "; ") + "."
      + (sentences.ranking.undecidedText.map { " Not decided by paired differences: \($0)." } ?? "")
  }
}
