/// A chart: what it shows in words, as a Vega-Lite specification, and as the numbers behind it.
package struct Chart: Sendable {
  /// The name of its files, of lower-case letters, digits and hyphens.
  package var id: String
  package var title: String
  /// What it shows in a sentence or two, for those who do not see it.
  package var summary: String
  /// How to read it.
  package var caption: String
  package var specification: JSONValue
  package var data: DataTable

  package init(
    id: String, title: String, summary: String, caption: String, specification: JSONValue,
    data: DataTable
  ) {
    self.id = id
    self.title = title
    self.summary = summary
    self.caption = caption
    self.specification = specification
    self.data = data
  }
}

/// What all charts have in common.
enum ChartStyle {
  static let schema: JSONValue = "https://vega.github.io/schema/vega-lite/v6.json"

  /// The renderer carries the first font itself, so texts measure alike on every machine; the
  /// others have the same metrics.
  static let font = "Liberation Sans, Arial, Helvetica, sans-serif"

  /// The color of the one thing to look at, of what surrounds it, and of a limit.
  static let accent: JSONValue = "#0072B2"
  static let muted: JSONValue = "#BDBDBD"
  static let limit: JSONValue = "#000000"

  static let config: JSONValue = [
    "aria": false,
    "font": .text(font),
    "view": ["stroke": nil],
    "axis": [
      "labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal", "grid": false,
      "domainColor": "#666666", "tickColor": "#666666", "labelColor": "#222222",
      "titleColor": "#222222", "gridColor": "#E6E6E6", "labelLimit": 400,
    ],
    "title": [
      "anchor": "start", "fontSize": 12, "fontWeight": "bold", "color": "#111111",
      "subtitleFontSize": 11, "subtitleColor": "#444444", "limit": 800,
    ],
    "legend": [
      "labelFontSize": 11, "titleFontSize": 11, "labelLimit": 400, "symbolSize": 140,
      "labelColor": "#222222", "rowPadding": 4, "columnPadding": 16,
    ],
    "text": ["fontSize": 11],
  ]

  /// Seconds as "20 ms", for labels of axes.
  static let durationLabel: JSONValue =
    """
    datum.value == 0 ? '0' : datum.value >= 1 ? format(datum.value, '~r') + ' s' : \
    datum.value >= 0.001 ? format(datum.value * 1000, '~r') + ' ms' : \
    format(datum.value * 1000000, '~r') + ' us'
    """

  /// Ticks 1, 2 and 5 times powers of ten between two numbers; fewer where there are many decades.
  static func logarithmicTicks(_ low: Double, _ high: Double) -> [Double] {
    guard low > 0, high > low, high.isFinite else { return [] }
    let first = Int(log10Floor(low))
    let last = Int(log10Floor(high)) + 1
    let steps = last - first > 3 ? [1.0] : [1.0, 2.0, 5.0]
    var ticks: [Double] = []
    for power in first...last {
      for step in steps {
        // By division for negative powers, so that 0.2 is the number nearest to it.
        let value = power < 0 ? step / tenTo(-power) : step * tenTo(power)
        if value >= low * 0.999_999, value <= high * 1.000_001 { ticks.append(value) }
      }
    }
    return ticks
  }

  private static func tenTo(_ power: Int) -> Double {
    (0..<power).reduce(1.0) { value, _ in value * 10 }
  }

  private static func log10Floor(_ value: Double) -> Double {
    var power = 0.0
    var scaled = value
    while scaled >= 10 {
      scaled /= 10
      power += 1
    }
    while scaled < 1 {
      scaled *= 10
      power -= 1
    }
    return power
  }

  static func encoded(_ numbers: [Double]) -> JSONValue { .list(numbers.map { .number($0) }) }
}

/// A fill with the letter that names it where color does not.
struct Fill: Sendable {
  var color: String
  /// The color of a letter on it.
  var ink: String

  /// Nine fills, safe for the color-blind (after the palette of Okabe and Ito), that alternate
  /// between light and dark so that neighbors differ in grey too.
  static let nine = [
    Fill(color: "#D0D0D0", ink: "black"), Fill(color: "#0072B2", ink: "white"),
    Fill(color: "#F2B134", ink: "black"), Fill(color: "#006B4F", ink: "white"),
    Fill(color: "#8CCBEE", ink: "black"), Fill(color: "#B14A00", ink: "white"),
    Fill(color: "#F5EC7A", ink: "black"), Fill(color: "#7A3E66", ink: "white"),
    Fill(color: "#F3C6DC", ink: "black"),
  ]

  static let letters = ["A", "B", "C", "D", "E", "F", "G", "H", "I"]
}
