import Experiments

/// What a panel draws, from the back to the front.
extension DensityCurveChart {
  /// The two axes that all panels have.
  struct Axes {
    let x: JSONValue
    let y: JSONValue
    /// The least time that has a place on the upright axis, in seconds.
    let leastSeconds: Double

    init(_ name: String, _ bounds: Bounds) {
      x = [
        "field": "guests", "type": "quantitative", "title": "guests",
        "scale": [
          "type": bounds.isLogarithmic ? "log" : "linear",
          "domain": ChartStyle.encoded(bounds.guestDomain), "nice": false,
        ],
        "axis": bounds.guestAxis,
      ]
      y = [
        "field": "figure_s", "type": "quantitative", "title": .text(name),
        "scale": ["type": "log", "domain": ChartStyle.encoded(bounds.secondDomain), "nice": false],
        "axis": [
          "values": ChartStyle.encoded(
            ChartStyle.logarithmicTicks(bounds.secondDomain[0], bounds.secondDomain[1])),
          "labelExpr": ChartStyle.durationLabel, "labelOverlap": true, "grid": true,
        ],
      ]
      leastSeconds = bounds.secondDomain[0]
    }
  }

  private static let settled: JSONValue = ["filter": ["field": "figure_s", "valid": true]]

  private static func only(_ approach: ApproachDensity) -> JSONValue {
    ["filter": ["field": "approach", "equal": .text(approach.approach)]]
  }

  /// All approaches in grey, and the objective's level.
  static func background(_ axes: Axes, limit: Double) -> [JSONValue] {
    [
      [
        "transform": [settled],
        "mark": [
          "type": "line", "color": ChartStyle.muted, "strokeWidth": 0.75, "strokeDash": [3, 3],
          "clip": true,
        ],
        "encoding": ["x": axes.x, "y": axes.y, "detail": ["field": "approach"]],
      ],
      [
        "transform": [settled],
        "mark": [
          "type": "point", "filled": true, "size": 8, "color": ChartStyle.muted, "opacity": 1,
          "clip": true,
        ],
        "encoding": ["x": axes.x, "y": axes.y],
      ],
      [
        "data": ["values": [["limit": .number(limit)]]],
        "mark": ["type": "rule", "strokeWidth": 1, "color": ChartStyle.limit],
        "encoding": ["y": axes.y.adding(["field": "limit"])],
      ],
    ]
  }

  /// One approach in color: the line that guides the eye, the intervals, the points that settled
  /// and those that did not.
  static func curve(_ approach: ApproachDensity, _ axes: Axes) -> [JSONValue] {
    let own = only(approach)
    return [
      [
        "transform": [own, settled],
        "mark": [
          "type": "line", "color": ChartStyle.accent, "strokeWidth": 1, "strokeDash": [3, 3],
          "clip": true,
        ],
        "encoding": ["x": axes.x, "y": axes.y],
      ],
      intervals(own, axes),
      points(own, axes),
      [
        "transform": [own, ["filter": ["field": "figure_s", "valid": false]]],
        "mark": [
          "type": "point", "shape": "cross", "angle": 45, "filled": true, "size": 60,
          "color": ChartStyle.limit, "opacity": 1, "y": 6,
        ],
        "encoding": ["x": axes.x],
      ],
    ]
  }

  private static func intervals(_ own: JSONValue, _ axes: Axes) -> JSONValue {
    [
      // A logarithmic axis has no place for an interval that reaches zero: it is cut at the edge.
      "transform": [
        own, settled,
        ["calculate": .text("max(datum.low_s, \(axes.leastSeconds))"), "as": "from_s"],
      ],
      "mark": ["type": "rule", "color": ChartStyle.accent, "strokeWidth": 1.5, "clip": true],
      "encoding": [
        "x": axes.x, "y": axes.y.adding(["field": "from_s"]), "y2": ["field": "high_s"],
      ],
    ]
  }

  /// Points by whether the objective holds, and where it does not by what of it fails.
  private static func points(_ own: JSONValue, _ axes: Axes) -> JSONValue {
    [
      "transform": [own, settled],
      "mark": [
        "type": "point", "filled": true, "size": 40, "stroke": ChartStyle.accent,
        "strokeWidth": 1.5, "opacity": 1, "clip": true,
      ],
      "encoding": [
        "x": axes.x, "y": axes.y,
        "fill": [
          "condition": ["test": "datum.state == 'holds'", "value": ChartStyle.accent],
          "value": "white",
        ],
        "shape": [
          "condition": [
            [
              "test": .text("datum.fails_by == '\(FailedCondition.guests.rawValue)'"),
              "value": "triangle-up",
            ],
            [
              "test": .text("datum.fails_by == '\(FailedCondition.refusals.rawValue)'"),
              "value": "square",
            ],
          ],
          "value": "circle",
        ],
      ],
    ]
  }

  /// The number of guests that fit.
  static func answer(_ approach: ApproachDensity, _ axes: Axes) -> JSONValue {
    [
      "data": ["values": [["guests": .number(Double(approach.guests))]]],
      "mark": ["type": "rule", "strokeDash": [1, 3], "color": ChartStyle.limit],
      "encoding": ["x": axes.x],
    ]
  }
}
