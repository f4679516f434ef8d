package import Experiments
package import Virtualization

/// The overhead answer in sentences, for the terminal and the page alike.
package struct OverheadSentences: Sendable {
  package var answer: OverheadAnswer
  package var nativeID: String
  package var objective: Objective
  /// The precision asked for.
  package var precision: Double

  package init(answer: OverheadAnswer, scenario: Scenario) {
    self.answer = answer
    nativeID = scenario.native.id
    objective = scenario.objective
    precision = scenario.controls.precision
  }

  /// A sentence per approach and class of guests, in the order of the scenario.
  package var sentences: [String] {
    answer.approaches.flatMap { approach -> [String] in
      guard approach.outcome.hasAnswer, !approach.classes.isEmpty else {
        return [failure(approach)]
      }
      return approach.classes.map { sentence(approach, $0) }
    }
  }

  private func failure(_ approach: ApproachOverhead) -> String {
    let remark =
      approach.outcome == .impossible
      ? "so many guests cannot be created"
      : approach.outcome.remark ?? "no class of guests was answered"
    guard let why = approach.explanation, !why.isEmpty, approach.outcome != .interrupted else {
      return "\(approach.approach): \(remark)"
    }
    return "\(approach.approach): \(remark): \(DensitySentences.clause(why))"
  }

  /// What one approach costs one class; first of all that it does not hold the objective, where so.
  package func sentence(_ approach: ApproachOverhead, _ guests: ClassOverhead) -> String {
    let level = " (\(NumberText.level(guests.processorPerRequest.confidence)))"
    let failed = failures(guests)
    var parts =
      failed.isEmpty
      ? ["\(name(approach, guests)): "]
      : ["\(name(approach, guests)) does not hold the objective: \(failed)", ""]
    let isRefusing = guests.refusedShare.value > 0
    parts[parts.count - 1] +=
      "\(text(guests.processorPerRequest, 0))\(level) of processor time a request"
      + (isRefusing ? " that was served" : "")
    let mean = isRefusing ? "mean response of those served" : "mean response"
    if let native = native(guests.id), let against = guests.againstNative {
      if native.processorPerRequest.value > 0 {
        parts[parts.count - 1] += ", \(timesNative(approach.approach, guests)) times native"
        if isDecidedByPairs(guests) {
          parts[parts.count - 1] += " (that it is not 1 is decided by paired differences)"
        }
      }
      if !against.processorDiffers {
        parts[parts.count - 1] += " (whether it differs is not decided)"
      }
      parts.append("\(mean) \(text(guests.meanResponse, 1))")
      parts.append(
        against.responseDiffers
          ? "\(against.response.value < 0 ? "shorter" : "longer") than native's by "
            + difference(absolute(against.response))
          : "whether that differs from native's is not decided")
    } else {
      parts.append("\(mean) \(text(guests.meanResponse, 1))")
    }
    if let remark = remark(approach, guests) { parts.append(remark) }
    return parts.joined(separator: "; ")
  }

  /// Which conditions of the objective a class does not hold: "33 % of requests are refused"; empty
  /// where it holds all.
  package func failures(_ guests: ClassOverhead) -> String {
    guard guests.guests > 0 else { return "" }
    let figures = JudgedFigures(guests, objective)
    return FailedCondition.all(of: figures, objective).map { $0.text(figures, objective) }
      .joined(separator: " and ")
  }

  /// Who does not hold the objective at this number of guests, and why; nil where everybody does.
  package var failureText: String? {
    let failed = answer.approaches.filter(\.outcome.hasAnswer).compactMap { approach -> String? in
      let reasons = approach.classes.compactMap { guests -> String? in
        let reason = failures(guests)
        guard !reason.isEmpty else { return nil }
        return approach.classes.count > 1 ? "\(guests.id): \(reason)" : reason
      }
      return reasons.isEmpty
        ? nil : "\(approach.approach) (\(reasons.joined(separator: "; ")))"
    }
    guard !failed.isEmpty else { return nil }
    return "The objective, \(objective.fullText), does not hold under "
      + ShortAnswer.joined(failed) + "; times are those of the requests that were served."
  }

  /// What became of an approach, with the figure of a class that is not known as well as asked for.
  private func remark(_ approach: ApproachOverhead, _ guests: ClassOverhead) -> String? {
    guard approach.outcome == .precisionNotReached, let remark = approach.outcome.remark else {
      return approach.outcome.remark
    }
    let others = approach.classes.filter { !$0.imprecise.isEmpty }.map(\.id)
    if guests.imprecise.isEmpty {
      return others.isEmpty ? remark : "\(remark) for \(ShortAnswer.joined(others))"
    }
    let figures = guests.imprecise.map { figure in
      "\(figure.name) \(known(figure.relativeHalfWidth))"
    }
    return "\(remark): by noise alone, \(ShortAnswer.joined(figures)), not to "
      + NumberText.level(precision)
  }

  private func known(_ width: Double) -> String {
    width.isFinite ? "is known to +-\(NumberText.percent(width))" : "is not known"
  }

  /// Whether the ratio's own interval holds 1 although the difference is decided.
  private func isDecidedByPairs(_ guests: ClassOverhead) -> Bool {
    guard let against = guests.againstNative, against.processorDiffers,
      let ratio = against.processorRatio
    else { return false }
    return ratio.low <= 1 && ratio.high >= 1
  }

  /// Why an order can be decided beside an interval that holds 1; nil where no class has such a
  /// one.
  package func pairsText(_ id: String) -> String? {
    let isNeeded = answer.approaches.contains { approach in
      approach.outcome.hasAnswer
        && approach.classes.contains { $0.id == id && isDecidedByPairs($0) }
    }
    return isNeeded
      ? "Where \"times native\" may be 1 by its interval and is yet decided, paired differences "
        + "decide: replication by replication and draw by draw, with one sign in all draws or "
        + "against noise and draws together."
      : nil
  }

  /// What a request costs as multiples of native's processor time, all approaches in one sentence
  /// per class; nil without native or without another approach.
  package var shortAnswer: String? {
    var texts: [String] = []
    for own in answer.approaches.first(where: { $0.approach == nativeID })?.classes ?? [] {
      let base = own.processorPerRequest.value
      guard base > 0 else { continue }
      let factors = ranking(own.id).names.compactMap { name -> String? in
        guard name != nativeID,
          let guests = answer.approaches.first(where: { $0.approach == name })?
            .classes.first(where: { $0.id == own.id })
        else { return nil }
        return "\(timesNative(name, guests)) under \(name)"
      }
      guard !factors.isEmpty else { continue }
      texts.append(
        "\(failureText == nil && texts.isEmpty ? "processor" : "Processor") time of a request of "
          + "\(own.id), as a multiple of native's: "
          + factors.joined(separator: ", ") + ".")
    }
    guard !texts.isEmpty else { return failureText }
    return ([failureText].compactMap { $0 } + texts + [processorLoad].compactMap { $0 })
      .joined(separator: " ")
  }

  /// How busy the host's processors are with everything, idle guests included; nil where nothing
  /// can be compared.
  package var processorLoad: String? {
    let loads = answer.approaches.filter(\.outcome.hasAnswer).compactMap { approach in
      approach.utilizations.first { $0.resource == "processors" }
        .map { (name: approach.approach, share: $0.share) }
    }
    guard loads.count > 1 else { return nil }
    return "The host's processors are busy "
      + loads.map { "\(NumberText.percent($0.share)) under \($0.name)" }.joined(separator: ", ")
      + ": with requests, and with ticks and background jobs that no request is charged with."
  }

  /// Processor time per request as a multiple of native's, with its interval: "1.06 [1.02, 1.15]".
  func timesNative(_ approach: String, _ guests: ClassOverhead) -> String {
    if let ratio = guests.againstNative?.processorRatio {
      return NumberText.significant(ratio.value)
        + (ratio.low < ratio.high
          ? " [\(NumberText.significant(ratio.low)), \(NumberText.significant(ratio.high))]" : "")
    }
    if guests.againstNative == nil, approach == nativeID { return NumberText.significant(1) }
    let native = self.native(guests.id)?.processorPerRequest.value ?? 0
    return NumberText.significant(
      native > 0 ? guests.processorPerRequest.value / native : .nan)
  }

  /// The units of processor times and of responses: one for all sentences, so that their times can
  /// be compared at sight, unless they are too far apart for one.
  private var units: [TimeUnit?] {
    let classes = answer.approaches.filter(\.outcome.hasAnswer).flatMap(\.classes)
    return TimeUnit.beside([
      classes.map(\.processorPerRequest.value), classes.map(\.meanResponse.value),
    ])
  }

  /// A difference of responses in their unit, or in its own where it is far smaller than they are.
  private func difference(_ estimate: Estimate) -> String {
    let unit = units[1].flatMap { estimate.value * $0.perSecond < 0.01 ? nil : $0 }
    return estimate.durationText(in: unit)
  }

  private func text(_ estimate: Estimate, _ figure: Int) -> String {
    estimate.durationText(in: units[figure])
  }

  /// The class's name is left out where there is only one.
  private func name(_ approach: ApproachOverhead, _ guests: ClassOverhead) -> String {
    approach.classes.count > 1 ? "\(approach.approach), \(guests.id)" : approach.approach
  }

  /// What native costs a class.
  package func native(_ id: String) -> ClassOverhead? {
    let native = answer.approaches.first { $0.approach == nativeID && $0.outcome.hasAnswer }
    return native?.classes.first { $0.id == id }
  }

  private func absolute(_ estimate: Estimate) -> Estimate {
    estimate.value < 0 ? estimate.negated : estimate
  }

  /// The same in words, with who does not hold the objective; nil with fewer than two.
  package func rankingText(_ id: String) -> String? {
    guard let order = ranking(id).text(sign: "<") else { return nil }
    let failed = answer.approaches.filter { approach in
      approach.outcome.hasAnswer
        && approach.classes.contains { $0.id == id && !failures($0).isEmpty }
    }.map(\.approach)
    return failed.isEmpty
      ? order : order + "; without holding the objective: " + ShortAnswer.joined(failed)
  }

  /// The order by processor time a request, cheapest first, for one class.
  package func ranking(_ id: String) -> Ranking {
    let costs = answer.approaches.enumerated().compactMap { index, approach -> Cost? in
      guard approach.outcome.hasAnswer, let guests = approach.classes.first(where: { $0.id == id })
      else { return nil }
      return Cost(index: index, name: approach.approach, estimate: guests.processorPerRequest)
    }
    let sorted = costs.sorted {
      $0.estimate.value != $1.estimate.value
        ? $0.estimate.value < $1.estimate.value : $0.index < $1.index
    }
    return Ranking(
      sorted.map(\.name), pairs: answer.pairs.first { $0.id == id }?.processor ?? [])
  }

  private struct Cost {
    var index: Int
    var name: String
    var estimate: Estimate
  }
}

extension Estimate {
  /// A time with its interval: "12.3 ms [11.9, 12.8]".
  package var durationText: String { NumberText.duration(value, low: low, high: high) }

  /// A time with its interval in a given unit.
  package func durationText(in unit: TimeUnit?) -> String {
    NumberText.duration(value, low: low, high: high, in: unit)
  }

  /// "30 % noise, 70 % parameters".
  package var sharesText: String {
    guard noiseShare.isFinite else { return NumberText.none }
    return
      "\(NumberText.percent(noiseShare)) noise, \(NumberText.percent(1 - noiseShare)) parameters"
  }
}
