import Experiments
import Virtualization

/// What memory holds as guests are added: a panel of stacked areas per approach.
enum MemoryMapChart {
  /// An approach with its maps by number of guests, ascending.
  struct Entry {
    var approach: String
    var maps: [(guests: Int, map: MemoryMap)]
    /// How many guests fit; nil where that was not asked or not answered.
    var fits: Int?

    /// The map to speak of: the one at the number that fits, or else the last.
    var told: (guests: Int, map: MemoryMap)? { maps.first { $0.guests == fits } ?? maps.last }
  }

  /// The maps of the density search, or the one of the overhead question where there was none.
  static func entries(_ study: Study, ordered: [ApproachDensity]) -> [Entry] {
    let curves = ordered.compactMap { approach -> Entry? in
      let maps = approach.curve.compactMap { point in
        MemoryMap.present(point.memory).map { (guests: point.guests, map: $0) }
      }
      return maps.isEmpty
        ? nil
        : Entry(
          approach: approach.approach, maps: maps,
          fits: approach.outcome.hasAnswer && approach.guests > 0 ? approach.guests : nil)
    }
    guard curves.isEmpty, let overhead = study.overhead else { return curves }
    return overhead.approaches.compactMap { approach in
      MemoryMap.present(approach.memory).map {
        Entry(approach: approach.approach, maps: [(overhead.counts.reduce(0, +), $0)])
      }
    }
  }

  static func make(_ entries: [Entry]) -> Chart? {
    guard !entries.isEmpty else { return nil }
    let gibibyte = 1_073_741_824.0
    var data = DataTable(columns: [
      "approach", "guests", "group", "bytes", "bottom_gib", "top_gib",
    ])
    var letters = DataTable(columns: ["approach", "guests", "at_gib", "letter", "ink"])
    var present: [MemoryGroup] = []
    var highest = 0.0
    var memory = 0.0
    for entry in entries {
      // A layer that ends at nothing still has an end: it is left out only where it never was.
      let layers = MemoryGroup.allCases.filter { group in
        entry.maps.contains { group.bytes($0.map) > 0 }
      }
      for group in layers where !present.contains(group) { present.append(group) }
      for (guests, map) in entry.maps {
        var bottom = 0.0
        for group in layers {
          let top = bottom + group.bytes(map) / gibibyte
          data.rows.append([
            .text(entry.approach), .integer(guests), .text(group.rawValue),
            .number(group.bytes(map)), .number(bottom), .number(top),
          ])
          if group != .swap { memory = max(memory, top) }
          bottom = top
        }
        highest = max(highest, bottom)
      }
    }
    for entry in entries { place(entry, highest: highest, unit: gibibyte, into: &letters) }
    let groups = MemoryGroup.allCases.filter { present.contains($0) }
    return Chart(
      id: "memory-map", title: "What memory holds, by number of guests",
      summary: summary(entries),
      caption: "Private memory stands above shared memory (\(MemoryGroup.shared.letter)). Letters: "
        + groups.map { "\($0.letter) \($0.rawValue)" }.joined(separator: "; ")
        + ". The same order from bottom to top in every panel; layers too thin for a letter have "
        + "none. Each panel has its own scale of guests"
        + (entries.contains { $0.fits != nil && $0.fits != $0.maps.last?.guests }
          ? ", up to the most that the search tried, beyond those that fit. " : ". ")
        + "The height is the host's memory"
        + (present.contains(.swap)
          ? ", up to the level line, and what was swapped out above it." : "."),
      specification: [
        "$schema": ChartStyle.schema, "config": ChartStyle.config,
        "columns": .number(Double(min(3, entries.count))),
        "spacing": ["row": 18, "column": 18],
        "datasets": ["memory": data.json, "letters": letters.json],
        "concat": .list(
          entries.map { panel($0, groups: groups, highest: highest, memory: memory) }),
        "resolve": ["scale": ["color": "shared"]],
      ], data: data)
  }

  /// The lowest layer, as a share of the height, that a letter fits into.
  private static let leastHeight = 0.062

  /// Puts a letter into each layer where it is thickest, if it is thick enough anywhere.
  ///
  /// Letters stand off both edges: between two maps a layer is as thick as the line between them.
  private static func place(
    _ entry: Entry, highest: Double, unit: Double, into letters: inout DataTable
  ) {
    guard let last = entry.maps.last, let first = entry.maps.first else { return }
    let range = Double(last.guests - first.guests)
    let spots = entry.maps.count == 1 ? [0] : stride(from: 0.06, through: 0.94, by: 0.08).map { $0 }
    for group in MemoryGroup.allCases {
      var best: (guests: Double, at: Double, height: Double)?
      for spot in spots {
        let guests = Double(first.guests) + spot * range
        let (bottom, height) = layer(group, entry, at: guests, unit: unit)
        if height > (best?.height ?? 0) * 1.02 { best = (guests, bottom + height / 2, height) }
      }
      guard let best, best.height > highest * leastHeight else { continue }
      letters.rows.append([
        .text(entry.approach), .number(best.guests), .number(best.at), .text(group.letter),
        .text(group.fill.ink),
      ])
    }
  }

  /// Where a layer begins at a number of guests, and how thick it is.
  private static func layer(
    _ group: MemoryGroup, _ entry: Entry, at guests: Double, unit: Double
  ) -> (bottom: Double, height: Double) {
    guard var below = entry.maps.first else { return (0, 0) }
    let above = entry.maps.first { Double($0.guests) >= guests } ?? entry.maps.last ?? below
    for map in entry.maps where Double(map.guests) <= guests { below = map }
    let gap = Double(above.guests - below.guests)
    let part = gap > 0 ? (guests - Double(below.guests)) / gap : 0
    func bytes(_ group: MemoryGroup) -> Double {
      group.bytes(below.map) * (1 - part) + group.bytes(above.map) * part
    }
    let bottom = MemoryGroup.allCases.prefix { $0 != group }.reduce(0) { $0 + bytes($1) }
    return (bottom / unit, bytes(group) / unit)
  }

  private static func panel(
    _ entry: Entry, groups: [MemoryGroup], highest: Double, memory: Double
  ) -> JSONValue {
    let isSingle = entry.maps.count == 1
    let own: JSONValue = [
      "filter": ["field": "approach", "equal": .text(entry.approach)]
    ]
    let x: JSONValue =
      isSingle
      ? ["field": "guests", "type": "ordinal", "title": "guests", "axis": ["labelAngle": 0]]
      : [
        "field": "guests", "type": "quantitative", "title": "guests",
        "scale": ["zero": false, "nice": false],
        "axis": ["format": "~r", "tickCount": 5, "tickMinStep": 1],
      ]
    let y: JSONValue = [
      "field": "bottom_gib", "type": "quantitative", "title": "GiB",
      "scale": ["domain": [0, .number(highest)], "nice": false], "axis": ["tickCount": 5],
    ]
    let labels = groups.reduce("datum.label") { rest, group in
      "datum.label == '\(group.rawValue)' ? '\(group.letter)  \(group.rawValue)' : " + rest
    }
    let color: JSONValue = [
      "field": "group", "type": "nominal", "title": nil,
      "scale": [
        "domain": .list(groups.map { .text($0.rawValue) }),
        "range": .list(groups.map { .text($0.fill.color) }),
      ],
      "legend": [
        "orient": "bottom", "columns": 3, "symbolType": "square", "symbolStrokeColor": "#333333",
        "labelExpr": .text(labels),
      ],
    ]
    return [
      "title": .text(entry.approach), "width": 225, "height": 180,
      "layer": [
        [
          "data": ["name": "memory"],
          "transform": [own],
          "mark": [
            "type": .text(isSingle ? "bar" : "area"), "stroke": "#555555", "strokeWidth": 0.5,
            "opacity": 1,
          ],
          "encoding": ["x": x, "y": y, "y2": ["field": "top_gib"], "color": color],
        ],
        [
          "data": ["name": "letters"], "transform": [own],
          "mark": ["type": "text", "fontWeight": "bold", "baseline": "middle"],
          "encoding": [
            "x": x, "y": y.adding(["field": "at_gib"]), "text": ["field": "letter"],
            "color": ["field": "ink", "type": "nominal", "scale": nil, "legend": nil],
          ],
        ],
        [
          "data": ["values": [["memory": .number(memory)]]],
          "mark": [
            "type": "rule", "color": ChartStyle.limit, "strokeWidth": 1,
            "opacity": .number(memory < highest ? 1 : 0),
          ],
          "encoding": ["y": y.adding(["field": "memory"])],
        ],
      ],
    ]
  }

  private static func summary(_ entries: [Entry]) -> String {
    let parts = entries.compactMap { entry -> String? in
      guard let last = entry.told else { return nil }
      let shared = last.map.bytes(.shared)
      let own = NumberText.bytes(last.map.privateBytesPerGuest)
      return "\(entry.approach) \(own) private in memory a guest "
        + "and \(NumberText.bytes(shared)) shared at \(NumberText.count(last.guests, "guest"))"
    }
    return "Memory: " + parts.joined(separator: "; ") + "."
  }
}
