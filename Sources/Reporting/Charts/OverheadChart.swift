import Experiments
import Virtualization

/// A request's time by groups of mechanisms: a stacked bar per approach.
struct OverheadChart {
  /// Which time is stacked.
  enum Kind { case processor, response }

  private let sentences: OverheadSentences
  private let guestClass: String
  private let kind: Kind
  private let columns: [(approach: ApproachOverhead, own: ClassOverhead)]

  static func make(_ sentences: OverheadSentences, guestClass: String, index: Int, kind: Kind)
    -> Chart?
  {
    let chart = OverheadChart(sentences, guestClass, kind)
    return chart.columns.isEmpty ? nil : chart.chart(index: index)
  }

  private init(_ sentences: OverheadSentences, _ guestClass: String, _ kind: Kind) {
    self.sentences = sentences
    self.guestClass = guestClass
    self.kind = kind
    columns = sentences.answer.approaches.compactMap { approach in
      guard approach.outcome.hasAnswer else { return nil }
      return approach.classes.first { $0.id == guestClass }.map { (approach, $0) }
    }
  }

  private func items(_ own: ClassOverhead) -> [ItemEstimate] {
    kind == .processor ? own.processorItems : own.responseItems
  }

  private func total(_ own: ClassOverhead) -> Estimate {
    kind == .processor ? own.processorPerRequest : own.meanResponse
  }

  private var noun: String { kind == .processor ? "processor time" : "mean response time" }

  private func seconds(_ own: ClassOverhead, _ family: MechanismFamily) -> Double {
    items(own).reduce(0) { sum, item in
      MechanismFamily(item.mechanism) == family ? sum + item.estimate.value : sum
    }
  }

  /// Bars longer than this are cut off, so that one approach in overload does not flatten the rest.
  private var limit: Double {
    let totals = columns.map { total($0.own).value }.filter(\.isFinite).sorted()
    guard let longest = totals.last else { return 1 }
    let median = totals[totals.count / 2]
    return longest > 8 * median ? 4 * median : longest
  }

  private func chart(index: Int) -> Chart {
    let limit = self.limit
    let families = MechanismFamily.allCases.filter { family in
      columns.contains { seconds($0.own, family) > 0 }
    }
    var data = DataTable(columns: ["approach", "group", "seconds", "start_s", "end_s"])
    var labels = DataTable(columns: ["approach", "end_s", "label"])
    var letters = DataTable(columns: ["approach", "at_s", "letter", "ink"])
    for column in columns {
      var start = 0.0
      for family in families {
        let value = seconds(column.own, family)
        guard value > 0, let rank = MechanismFamily.allCases.firstIndex(of: family) else {
          continue
        }
        let end = start + value
        data.rows.append([
          .text(column.approach.approach), .text(family.rawValue), .number(value), .number(start),
          .number(end),
        ])
        if min(end, limit) - start > limit * 0.022 {
          letters.rows.append([
            .text(column.approach.approach), .number((start + min(end, limit)) / 2),
            .text(Fill.letters[rank]), .text(Fill.nine[rank].ink),
          ])
        }
        start = end
      }
      labels.rows.append([
        .text(column.approach.approach), .number(min(start, limit)),
        .text(label(column.own, isCut: start > limit * 1.000_001)),
      ])
    }
    let name = kind == .processor ? "processor" : "response"
    return Chart(
      id: "overhead-\(name)-\(index + 1)",
      title: "Where the \(noun) of a request of \(guestClass) goes", summary: summary(families),
      caption: "Groups of mechanisms, in the same order in every bar and named by letters: "
        + families.map { "\(letter($0)) \($0.rawValue) (\($0.explanation))" }
        .joined(separator: "; ") + ". Every mechanism by itself is in the table below.",
      specification: specification(
        data: data, labels: labels, letters: letters, families: families, limit: limit), data: data)
  }

  private func letter(_ family: MechanismFamily) -> String {
    MechanismFamily.allCases.firstIndex(of: family).map { Fill.letters[$0] } ?? ""
  }

  private func label(_ own: ClassOverhead, isCut: Bool) -> String {
    let unit = TimeUnit.shared(columns.map { total($0.own).value })
    var text = total(own).durationText(in: unit)
    if let native = sentences.native(guestClass), total(native).value > 0 {
      text += ", \(NumberText.significant(total(own).value / total(native).value)) x"
    }
    return isCut ? "cut off: " + text : text
  }

  private func specification(
    data: DataTable, labels: DataTable, letters: DataTable, families: [MechanismFamily],
    limit: Double
  ) -> JSONValue {
    let y: JSONValue = [
      "field": "approach", "type": "nominal", "title": nil,
      "sort": .list(columns.map { .text($0.approach.approach) }),
      "axis": ["ticks": false, "domain": false, "labelFontSize": 12],
      "scale": ["paddingInner": 0.25],
    ]
    let x: JSONValue = [
      "field": "start_s", "type": "quantitative", "title": .text("\(noun) of a request"),
      "scale": ["domain": [0, .number(limit)], "nice": false],
      "axis": ["labelExpr": ChartStyle.durationLabel, "grid": true, "tickCount": 6],
    ]
    let color: JSONValue = [
      "field": "group", "type": "nominal", "title": nil,
      "scale": [
        "domain": .list(families.map { .text($0.rawValue) }),
        "range": .list(
          families.compactMap { family in
            MechanismFamily.allCases.firstIndex(of: family).map { .text(Fill.nine[$0].color) }
          }),
      ],
      "legend": [
        "orient": "bottom", "columns": 3, "symbolType": "square", "symbolStrokeColor": "#333333",
        "labelExpr": .text(legendLabels(families)),
      ],
    ]
    return [
      "$schema": ChartStyle.schema, "config": ChartStyle.config,
      "width": 480, "height": ["step": 30],
      "datasets": ["parts": data.json, "totals": labels.json, "letters": letters.json],
      "layer": [
        [
          "data": ["name": "parts"],
          "mark": ["type": "bar", "stroke": "white", "strokeWidth": 0.75, "clip": true],
          "encoding": ["y": y, "x": x, "x2": ["field": "end_s"], "color": color],
        ],
        [
          "data": ["name": "letters"],
          "mark": ["type": "text", "baseline": "middle", "fontWeight": "bold"],
          "encoding": [
            "y": y, "x": x.adding(["field": "at_s"]), "text": ["field": "letter"],
            "color": ["field": "ink", "type": "nominal", "scale": nil, "legend": nil],
          ],
        ],
        [
          "data": ["name": "totals"],
          "mark": ["type": "text", "align": "left", "x": 488],
          "encoding": ["y": y, "text": ["field": "label"]],
        ],
      ],
    ]
  }

  /// The groups' names are ours, never a stranger's, so they may stand in an expression.
  private func legendLabels(_ families: [MechanismFamily]) -> String {
    families.reduce("datum.label") { rest, family in
      "datum.label == '\(family.rawValue)' ? '\(letter(family))  \(family.rawValue)' : " + rest
    }
  }

  private func summary(_ families: [MechanismFamily]) -> String {
    let parts = columns.map { column -> String in
      let sorted = families.enumerated().map {
        ($0.offset, $0.element, seconds(column.own, $0.element))
      }
      .sorted { $0.2 != $1.2 ? $0.2 > $1.2 : $0.0 < $1.0 }
      let sum = sorted.reduce(0) { $0 + $1.2 }
      let largest = sorted.first.map { Self.largest($0.1.rawValue, share: $0.2 / sum) } ?? ""
      return "\(column.approach.approach) \(NumberText.duration(total(column.own).value))\(largest)"
    }
    return "The \(noun) of a request of \(guestClass): " + parts.joined(separator: "; ") + "."
  }

  /// What makes most of a bar: ", mostly program", or the largest part where that is not even half.
  private static func largest(_ group: String, share: Double) -> String {
    guard share.isFinite else { return "" }
    return share > 0.5
      ? ", mostly \(group)" : ", the largest part \(group) (\(NumberText.percent(share)))"
  }
}
