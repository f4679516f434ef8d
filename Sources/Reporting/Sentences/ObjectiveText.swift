package import Experiments
package import Virtualization

extension Objective {
  /// The figure of the response time that is judged: "p95" or "mean".
  package var figure: String {
    switch statistic {
    case .percentile: NumberText.percentileName(percentile)
    case .mean: "mean"
    }
  }

  /// The condition on the response time alone: "p95 <= 200 ms".
  package var limitText: String { "\(figure) <= \(NumberText.duration(responseSeconds))" }

  /// All conditions: "p95 <= 200 ms, at most 5 % of guests above it, at most 0.1 % refused".
  package var fullText: String {
    var parts = [limitText]
    if guestShare < 1 {
      parts.append(
        guestShare > 0
          ? "at most \(NumberText.level(guestShare)) of guests above it" : "no guest above it")
    }
    if errorShare < 1 {
      parts.append(
        errorShare > 0 ? "at most \(NumberText.level(errorShare)) refused" : "none refused")
    }
    return parts.joined(separator: ", ")
  }
}

/// A condition that a number of guests did not hold.
package enum FailedCondition: String, CaseIterable, Sendable {
  case response = "response time"
  case guests = "guests above"
  case refusals = "refused"
  case settling = "never settles"
  case other = "other"

  /// The conditions of an objective that a point of a curve does not hold, in a fixed order.
  package static func all(of point: DensityPoint, _ objective: Objective) -> [FailedCondition] {
    guard !point.holds else { return [] }
    guard point.isStable else { return [.settling] }
    let failed = all(of: JudgedFigures(point), objective)
    return failed.isEmpty ? [.other] : failed
  }

  /// Those that figures do not hold; none where all of them do.
  package static func all(
    of figures: JudgedFigures, _ objective: Objective
  ) -> [FailedCondition] {
    var failed: [FailedCondition] = []
    if (figures.response ?? 0) > objective.responseSeconds { failed.append(.response) }
    if figures.guestsAbove > objective.guestShare { failed.append(.guests) }
    if figures.refused > objective.errorShare { failed.append(.refusals) }
    return failed
  }

  /// What was seen: "p95 is 231 ms", "6.1 % of guests are above".
  package func text(_ figures: JudgedFigures, _ objective: Objective) -> String {
    switch self {
    case .response:
      let limit = objective.responseSeconds
      return
        "\(objective.figure) is \(NumberText.duration(figures.response ?? .nan, unlike: limit))"
    case .guests:
      let share = NumberText.percent(figures.guestsAbove, unlike: objective.guestShare)
      return
        "\(share) of guests \(objective.statistic == .mean ? "have a mean above it" : "are above")"
    case .refusals:
      let share = NumberText.percent(figures.refused, unlike: objective.errorShare)
      return "\(share) of requests are refused"
    case .settling: return "the load never settles"
    case .other: return "the objective does not hold"
    }
  }
}

/// What an objective judges, as it was seen at some number of guests.
package struct JudgedFigures: Sendable, Equatable {
  /// The judged figure of the response time, in seconds.
  package var response: Double?
  package var guestsAbove: Double
  package var refused: Double

  package init(_ point: DensityPoint) {
    response = point.percentile?.value
    guestsAbove = point.guestsAbove
    refused = point.refusedShare
  }

  package init(_ guests: ClassOverhead, _ objective: Objective) {
    switch objective.statistic {
    case .mean: response = guests.meanResponse.value
    case .percentile:
      response = guests.percentiles.first { $0.percentile == objective.percentile }?.estimate.value
    }
    guestsAbove = guests.guestsAbove
    refused = guests.refusedShare.value
  }
}
