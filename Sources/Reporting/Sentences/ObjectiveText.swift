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
    var failed: [FailedCondition] = []
    if (point.percentile?.value ?? 0) > objective.responseSeconds { failed.append(.response) }
    if point.guestsAbove > objective.guestShare { failed.append(.guests) }
    if point.refusedShare > objective.errorShare { failed.append(.refusals) }
    return failed.isEmpty ? [.other] : failed
  }

  /// What was seen: "p95 is 231 ms", "6.1 % of guests are above".
  package func text(_ point: DensityPoint, _ objective: Objective) -> String {
    switch self {
    case .response:
      "\(objective.figure) is \(NumberText.duration(point.percentile?.value ?? .nan))"
    case .guests: "\(NumberText.percent(point.guestsAbove)) of guests are above"
    case .refusals: "\(NumberText.percent(point.refusedShare)) of requests are refused"
    case .settling: "the load never settles"
    case .other: "the objective does not hold"
    }
  }
}
