package import Experiments

/// The overhead answer in sentences, for the terminal and the page alike.
package struct OverheadSentences: Sendable {
  package var answer: OverheadAnswer
  package var nativeID: String

  package init(answer: OverheadAnswer, nativeID: String) {
    self.answer = answer
    self.nativeID = nativeID
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

  /// What one approach costs one class.
  package func sentence(_ approach: ApproachOverhead, _ guests: ClassOverhead) -> String {
    let level = " (\(NumberText.level(guests.processorPerRequest.confidence)))"
    var parts = [
      "\(name(approach, guests)): \(text(guests.processorPerRequest, 0))\(level) of processor "
        + "time a request"
    ]
    if let native = native(guests.id), let against = guests.againstNative {
      if native.processorPerRequest.value > 0 {
        parts[0] += ", \(timesNative(approach.approach, guests)) times native"
      }
      if !against.processorDiffers { parts[0] += " (whether it differs is not decided)" }
      parts.append("mean response \(text(guests.meanResponse, 1))")
      parts.append(
        against.responseDiffers
          ? "\(against.response.value < 0 ? "shorter" : "longer") than native's by "
            + text(absolute(against.response), 1)
          : "whether that differs from native's is not decided")
    } else {
      parts.append("mean response \(text(guests.meanResponse, 1))")
    }
    if let remark = approach.outcome.remark { parts.append(remark) }
    return parts.joined(separator: "; ")
  }

  /// What a request costs as multiples of native's processor time, all approaches in one sentence per
  /// class; nil without native or without another approach.
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
        "processor time of a request of \(own.id), as a multiple of native's: "
          + factors.joined(separator: ", ") + ".")
    }
    return texts.isEmpty ? nil : (texts + [processorLoad].compactMap { $0 }).joined(separator: " ")
  }

  /// How busy the host's processors are with everything, idle guests included; nil where nothing can
  /// be compared.
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

  /// The units of processor times and of responses: one for all sentences, so that their times can be
  /// compared at sight.
  private var units: [TimeUnit] {
    let classes = answer.approaches.filter(\.outcome.hasAnswer).flatMap(\.classes)
    return TimeUnit.beside([
      classes.map(\.processorPerRequest.value), classes.map(\.meanResponse.value),
    ])
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
  package func durationText(in unit: TimeUnit) -> String {
    NumberText.duration(value, low: low, high: high, in: unit)
  }

  /// "30 % noise, 70 % parameters".
  package var sharesText: String {
    guard noiseShare.isFinite else { return NumberText.none }
    return
      "\(NumberText.percent(noiseShare)) noise, \(NumberText.percent(1 - noiseShare)) parameters"
  }
}
