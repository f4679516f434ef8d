import Experiments
import Virtualization

/// The objective's percentile against the number of guests: a panel per approach, the others grey
/// behind it, so that neither color nor a legend is needed to tell curves apart.
enum DensityCurveChart {
  static func make(_ sentences: DensitySentences) -> Chart? {
    let approaches = sentences.ordered.filter { approach in
      approach.curve.contains { $0.percentile?.value.isFinite ?? false }
    }
    guard !approaches.isEmpty else { return nil }
    let name = sentences.objective.figure
    let limit = sentences.objective.responseSeconds
    var table = DataTable(columns: [
      "approach", "guests", "figure_s", "low_s", "high_s", "state", "fails_by",
    ])
    var bounds = Bounds(limit: limit, fits: approaches.map(\.guests))
    for approach in approaches {
      for point in approach.curve {
        let estimate = point.percentile
        bounds.include(point)
        table.rows.append([
          .text(approach.approach), .integer(point.guests),
          estimate.map { .number($0.value) } ?? .empty,
          estimate.map { .number($0.low) } ?? .empty, estimate.map { .number($0.high) } ?? .empty,
          .text(point.isStable ? point.holds ? "holds" : "fails" : "unstable"),
          FailedCondition.all(of: point, sentences.objective).first.map { .text($0.rawValue) }
            ?? .empty,
        ])
      }
    }
    let axes = Axes(name, bounds)
    let panels = approaches.map { panel($0, sentences, axes, limit: limit) }
    return Chart(
      id: "density-curve", title: "\(name) of the response time against the number of guests",
      summary: summary(approaches, sentences),
      caption: (panels.count > 1
        ? "Each panel shows one approach in color and all others in grey. " : "")
        + "Only the points "
        + "were simulated, with their intervals as bars; the thin dashed lines guide the eye and "
        + "say nothing of what lies between. The objective is: "
        + "\(sentences.objective.fullText). Filled points hold all of it; hollow ones do not: "
        + "circles because of \(name), triangles because too many guests are above it, squares "
        + "because too many requests are refused; crosses at the top never settled. The level line "
        + "is \(sentences.objectiveText)"
        + (approaches.contains(where: \.outcome.hasAnswer)
          ? "; the dotted line marks the number of guests that fit. " : ". ")
        + (bounds.isLogarithmic ? "Both axes are" : "The upright axis is") + " logarithmic.",
      specification: [
        "$schema": ChartStyle.schema,
        "config": ChartStyle.config,
        "columns": .number(Double(min(3, panels.count))),
        "spacing": ["row": 18, "column": 18],
        "datasets": ["curve": table.json],
        "concat": .list(panels),
      ], data: table)
  }

  /// The ranges of both axes.
  struct Bounds {
    var guests = (low: Double.infinity, high: 0.0)
    var seconds: (low: Double, high: Double)
    /// A straight axis of guests shows where curves turn up; it would press together approaches
    /// that fit few beside one that fits very many.
    let isLogarithmic: Bool

    init(limit: Double, fits: [Int]) {
      seconds = (limit / 2, limit * 1.5)
      let found = fits.filter { $0 > 0 }
      isLogarithmic = Double(found.max() ?? 1) > 12 * Double(found.min() ?? 1)
    }

    mutating func include(_ point: DensityPoint) {
      guests = (min(guests.low, Double(point.guests)), max(guests.high, Double(point.guests)))
      guard let estimate = point.percentile, estimate.value.isFinite, estimate.value > 0 else {
        return
      }
      seconds = (min(seconds.low, estimate.value), max(seconds.high, estimate.value))
    }

    var guestDomain: [Double] {
      isLogarithmic
        ? [max(0.8, guests.low * 0.9), max(2, guests.high * 1.1)] : [0, max(2, guests.high * 1.05)]
    }

    var guestAxis: JSONValue {
      guard isLogarithmic else { return ["format": "~r", "tickCount": 5, "tickMinStep": 1] }
      return [
        "values": ChartStyle.encoded(
          ChartStyle.logarithmicTicks(guestDomain[0], guestDomain[1])),
        "format": "~r", "labelOverlap": true,
      ]
    }

    /// A little room above, where the crosses of unstable runs stand.
    var secondDomain: [Double] { [seconds.low * 0.8, seconds.high * 1.5] }
  }

  private static func panel(
    _ approach: ApproachDensity, _ sentences: DensitySentences, _ axes: Axes, limit: Double
  ) -> JSONValue {
    var layers = background(axes, limit: limit) + curve(approach, axes)
    if approach.outcome.hasAnswer, approach.guests > 0 {
      layers.append(answer(approach, axes))
    }
    let title =
      approach.outcome.hasAnswer
      ? sentences.countText(approach)
      : approach.outcome.remark ?? ""
    return [
      "title": ["text": .text(approach.approach), "subtitle": .text(title)],
      "width": 225, "height": 150, "data": ["name": "curve"], "layer": .list(layers),
    ]
  }

  private static func summary(
    _ approaches: [ApproachDensity], _ sentences: DensitySentences
  ) -> String {
    let name = sentences.objective.figure
    let parts = approaches.compactMap { approach -> String? in
      guard approach.outcome.hasAnswer else { return nil }
      if sentences.isBound(approach) {
        return "\(approach.approach) up to \(approach.guests) guests, where the search stopped"
      }
      let failing = approach.curve.first { $0.guests > approach.guests && !$0.holds }
      let failed = failing.map { FailedCondition.all(of: $0, sentences.objective) } ?? []
      guard let failing, !failed.isEmpty else {
        return "\(approach.approach) up to \(approach.guests) guests"
      }
      return "\(approach.approach) up to \(approach.guests) guests, and at \(failing.guests) "
        + failed.map { $0.text(JudgedFigures(failing), sentences.objective) }.joined(
          separator: " and ")
    }
    let objective = " The objective, \(sentences.objective.fullText), "
    return growth(approaches, of: name) + objective
      + (parts.isEmpty
        ? "was answered under none of them." : "holds for " + parts.joined(separator: "; ") + ".")
  }

  /// Under which approaches the figure grows with the guests simulated: by a tenth at least from
  /// the fewest to the most at which it settled, or until it never settled.
  private static func growth(_ approaches: [ApproachDensity], of name: String) -> String {
    let grows = approaches.filter { approach in
      let values = approach.curve.compactMap { $0.percentile?.value }.filter(\.isFinite)
      guard let first = values.first, let last = values.last else { return false }
      return last > 1.1 * first || !(approach.curve.last?.isStable ?? true)
    }.map(\.approach)
    if grows.isEmpty { return "\(name) hardly depends on the number of guests simulated." }
    guard grows.count < approaches.count else {
      return "\(name) grows with the number of guests."
    }
    return "\(name) grows with the number of guests under \(ShortAnswer.joined(grows)), and hardly "
      + "under the others."
  }
}
