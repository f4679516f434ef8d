package import Experiments
package import Virtualization

/// The density answer in sentences, for the terminal and the page alike.
package struct DensitySentences: Sendable {
  package var answer: DensityAnswer
  package var objective: Objective
  /// The id of the native approach, whose answer is a bound rather than a competitor.
  package var nativeID: String

  /// The number at which the search stops: an approach that reaches it may fit more.
  package var maximumGuests: Int

  package init(answer: DensityAnswer, scenario: Scenario) {
    self.answer = answer
    objective = scenario.objective
    nativeID = scenario.native.id
    maximumGuests = scenario.controls.maximumGuests
  }

  /// Whether an approach's number is a lower bound, because the search stopped there.
  package func isBound(_ approach: ApproachDensity) -> Bool {
    approach.outcome.hasAnswer && approach.guests >= maximumGuests
  }

  /// "212 guests [198, 221]", or "5000 or more guests [4800, open]".
  package func countText(_ approach: ApproachDensity) -> String {
    isBound(approach)
      ? "\(approach.guests) or more guests [\(approach.low), open]"
      : "\(NumberText.count(approach.guests, "guest")) [\(approach.low), \(approach.high)]"
  }

  /// "p95 <= 200 ms", "mean <= 1.00 s".
  package var objectiveText: String {
    "\(objective.figure) <= \(NumberText.duration(objective.responseSeconds))"
  }

  /// The approaches from most guests to fewest; those without an answer, then native, at the end.
  package var ordered: [ApproachDensity] {
    let ranked = answer.approaches.enumerated().sorted { a, b in
      let left = rank(a.element)
      let right = rank(b.element)
      if left != right { return left < right }
      if a.element.guests != b.element.guests, a.element.outcome.hasAnswer {
        return a.element.guests > b.element.guests
      }
      return a.offset < b.offset
    }
    return ranked.map(\.element)
  }

  private func rank(_ approach: ApproachDensity) -> Int {
    if !approach.outcome.hasAnswer { return 1 }
    return approach.approach == nativeID ? 2 : 0
  }

  /// A sentence per approach, in that order.
  package var sentences: [String] { ordered.map(sentence) }

  /// What became of one approach.
  package func sentence(_ approach: ApproachDensity) -> String {
    let name = approach.approach
    switch approach.outcome {
    case .impossible, .unstable:
      let remark = approach.outcome == .unstable ? "the load never settles" : "no guest fits"
      return "\(name): \(remark) at \(objectiveText)" + because(approach.failure)
    case .interrupted:
      return "\(name): interrupted before it was answered"
    case .answered, .precisionNotReached, .notWarmedUp:
      var parts = [
        "\(name): \(countText(approach)) (\(NumberText.level(approach.confidence))) at "
          + objectiveText
      ]
      if name == nativeID {
        parts[0] += ", as services side by side in one system without isolation"
      }
      if isBound(approach) {
        parts.append("the search stops there (maximum-guests), so nothing was seen to bind")
      } else if !approach.binding.isEmpty {
        parts.append(approach.binding + verb(approach.binding))
      }
      if let next = approach.next {
        let headroom = approach.nextHeadroom.map { " at " + NumberText.margin($0) } ?? ""
        parts.append("\(next) next\(headroom)")
      }
      if !approach.failure.isEmpty, !isBound(approach) {
        parts.append("guest \(approach.guests + 1) fails" + because(approach.failure))
      }
      if let remark = approach.outcome.remark { parts.append(remark) }
      return parts.joined(separator: "; ")
    }
  }

  /// Which of the approaches is ahead of which, as far as paired differences tell; native stays out.
  package var ranking: Ranking {
    Ranking(
      ordered.filter { $0.outcome.hasAnswer && $0.approach != nativeID }.map(\.approach),
      pairs: answer.pairs)
  }

  private func because(_ failure: String) -> String {
    failure.isEmpty ? "" : " because " + Self.clause(failure)
  }

  /// "processors bind", "memory binds".
  private func verb(_ resource: String) -> String {
    resource.hasSuffix("s") && !resource.hasSuffix("ss") ? " bind" : " binds"
  }

  /// The text without the full stop that would end the sentence around it.
  static func clause(_ text: String) -> String {
    text.hasSuffix(".") ? String(text.dropLast()) : text
  }
}

extension Objective {
  /// The figure of the response time that is judged: "p95" or "mean".
  package var figure: String {
    switch statistic {
    case .percentile: NumberText.percentileName(percentile)
    case .mean: "mean"
    }
  }
}
