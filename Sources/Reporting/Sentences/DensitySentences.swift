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
  /// What was asked.
  package var scenario: Scenario

  package init(answer: DensityAnswer, scenario: Scenario) {
    self.answer = answer
    self.scenario = scenario
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
    let range = rangeText(approach, approach.low, approach.high)
    return isBound(approach)
      ? "\(approach.guests) or more guests \(range)"
      : "\(NumberText.count(approach.guests, "guest")) \(range)"
  }

  /// "[198, 221]"; an end where the search stopped is open, because nothing beyond was tried.
  package func rangeText(_ approach: ApproachDensity, _ low: Int, _ high: Int) -> String {
    let isOpen = isBound(approach) || high >= maximumGuests
    return "[\(low), \(isOpen ? "open" : String(high))]"
  }

  /// The condition on the response time alone: "p95 <= 200 ms", "mean <= 1.00 s".
  package var objectiveText: String { objective.limitText }

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
    case .impossible, .unstable, .nothingServed:
      let remark = approach.outcome == .impossible ? nil : approach.outcome.remark
      return "\(name): \(remark ?? "no guest fits") at \(objectiveText)" + because(approach.failure)
    case .notFinished:
      return "\(name): not finished" + because(approach.failure)
    case .interrupted:
      return "\(name): not answered: the run was interrupted"
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
      if let next = nextText(approach) { parts.append(next) }
      if !approach.failure.isEmpty, !isBound(approach) {
        parts.append("guest \(approach.guests + 1) fails" + because(approach.failure))
      }
      if approach.lastGuestsAddNothing {
        parts.append("the last quarter of them adds nothing to the throughput of all")
      }
      if approach.lostDraws > 0 {
        parts.append(
          "with \(approach.lostDraws) of \(scenario.controls.parameterDraws) draws of the "
            + "uncertain numbers a run took too many events or asked nothing; they are left out, "
            + "so the interval is too narrow")
      }
      if approach.outcome == .precisionNotReached { parts.append(precisionText(approach)) }
      return parts.joined(separator: "; ")
    }
  }

  /// How much of the effect of uncertain numbers is the workload's own; nil where nothing tells.
  package var demandText: String? {
    let shares = ordered.compactMap { approach in
      approach.outcome.hasAnswer
        ? approach.demandShare.map { (name: approach.approach, share: $0) } : nil
    }
    guard let range = ShareRange(shares) else { return nil }
    let low = "\(range.low.text) \(range.low.owners)"
    let share = range.isOne ? low : low + " to \(range.high.text) \(range.high.owners)"
    return
      "By the analytic model, the workload's own demand makes \(share) of what uncertain numbers "
      + "do to the variance, and prices the rest."
  }

  /// Which of the approaches is ahead of which, as far as paired differences tell; native stays
  /// out.
  package var ranking: Ranking {
    Ranking(
      ordered.filter { $0.outcome.hasAnswer && $0.approach != nativeID }.map(\.approach),
      pairs: answer.pairs)
  }

  /// "next would be processors, at 9 % more guests": what binds once the first limit is lifted.
  private func nextText(_ approach: ApproachDensity) -> String? {
    guard let next = approach.next else { return nil }
    guard let headroom = approach.nextHeadroom, headroom.isFinite else {
      return "next would be \(next)"
    }
    if headroom < 0 {
      return "next would be \(next), already short by \(NumberText.margin(-headroom).dropFirst())"
    }
    // Room is counted of each resource by itself: requests may slow down long before it is used up.
    return "next would be \(next), at \(NumberText.margin(headroom).dropFirst()) more guests"
      + (isSetByCapacity(approach) || isBound(approach) ? " unless requests slow down first" : "")
  }

  /// Why a number of guests can be known well although a figure at it is not.
  package func precisionText(_ approach: ApproachDensity) -> String {
    let remark = "the precision asked for was not reached"
    guard let point = approach.curve.first(where: { $0.guests == approach.guests }),
      let width = point.percentile?.relativeHalfWidth, width.isFinite, approach.guests > 0
    else { return remark }
    let asked = NumberText.level(scenario.controls.precision)
    let known =
      "\(remark): \(objective.figure) at \(NumberText.count(approach.guests, "guest")) is known "
      + "to +-\(NumberText.percent(width)), not to \(asked)"
    guard isSteep(approach) else {
      return isSurelySetByCapacity(approach)
        ? known + "; that does not touch the number of guests, which capacity alone sets"
        : known
    }
    return known + ", because it climbs steeply there; the number of guests itself is known "
      + "better, to \(rangeText(approach, approach.noiseLow, approach.noiseHigh)) by noise alone"
  }

  /// Whether the figure fails beyond the number found, and is known less precisely than the number.
  func isSteep(_ approach: ApproachDensity) -> Bool {
    let point = approach.curve.first { $0.guests == approach.guests }
    guard let width = point?.percentile?.relativeHalfWidth, approach.guests > 0,
      approach.curve.contains(where: { $0.guests > approach.guests && $0.percentile != nil })
    else { return false }
    return Double(approach.noiseHigh - approach.noiseLow) / 2 / Double(approach.guests) < width
  }

  /// Whether one guest more was not even simulated, because arithmetic says that it does not fit.
  func isSetByCapacity(_ approach: ApproachDensity) -> Bool {
    !isBound(approach) && !approach.curve.contains { $0.guests > approach.guests }
  }

  /// Whether besides the number found surely holds the objective, however little is known of the
  /// figure there.
  func isSurelySetByCapacity(_ approach: ApproachDensity) -> Bool {
    guard isSetByCapacity(approach),
      let figure = approach.curve.first(where: { $0.guests == approach.guests })?.percentile
    else { return false }
    return figure.high <= objective.responseSeconds
  }

  private func because(_ failure: String) -> String {
    failure.isEmpty ? "" : " because " + Self.clause(failure)
  }

  /// "processors bind", "memory binds".
  private func verb(_ resource: String) -> String {
    let isPlural = resource.hasSuffix("s") && !resource.hasSuffix("ss")
    return isPlural || resource.contains(" and ") ? " bind" : " binds"
  }

  /// The text without the full stop that would end the sentence around it.
  static func clause(_ text: String) -> String {
    text.hasSuffix(".") ? String(text.dropLast()) : text
  }
}

extension DensitySentences {
  /// Why the analytic model has no number for an approach; nil where it has one.
  func twinAbsence(_ approach: ApproachDensity) -> String? {
    approach.twinAbsence ?? AnalyticTwin.absence(in: scenario)
  }

  /// The same in sentences.
  var twinAbsences: [String] {
    TwinAbsence.sentences(
      ordered.map { ($0.approach, twinAbsence($0)) }, no: "number")
  }
}
