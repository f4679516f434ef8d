import Experiments

/// The answer in a few lines: who fits most, what binds, how sure that is.
package enum ShortAnswer {
  /// A heading and a sentence.
  package struct Line: Sendable, Equatable {
    package var heading: String
    package var text: String
  }

  package static func lines(_ sentences: DensitySentences) -> [Line] {
    let answered = sentences.ordered.filter {
      $0.outcome.hasAnswer && $0.approach != sentences.nativeID
    }
    guard let first = answered.first else {
      return [
        Line(
          heading: "Who fits most", text: "No approach holds \(sentences.objectiveText) here.")
      ]
    }
    var most =
      "\(first.approach), with \(sentences.countText(first)) "
      + "(\(NumberText.level(first.confidence))) at \(sentences.objectiveText)."
    let rivals = sentences.ranking.leaders.filter { $0 != first.approach }
    if !rivals.isEmpty {
      most += " Whether it fits more than \(joined(rivals)) is not decided."
    }
    if let native = sentences.ordered.first(where: {
      $0.approach == sentences.nativeID && $0.outcome.hasAnswer
    }) {
      most +=
        " One undivided system, without isolation, holds \(sentences.countText(native))."
    }
    return [
      Line(heading: "Who fits most", text: most),
      Line(heading: "What binds", text: binding(answered, sentences)),
      Line(heading: "How sure", text: certainty(answered)),
    ]
  }

  private static func binding(
    _ answered: [ApproachDensity], _ sentences: DensitySentences
  ) -> String {
    let bounds = answered.filter(sentences.isBound).map(\.approach)
    let approaches = answered.filter { !sentences.isBound($0) }
    var resources: [String] = []
    for approach in approaches where !resources.contains(approach.binding) {
      resources.append(approach.binding)
    }
    let parts = resources.map { resource in
      "\(resource) for "
        + joined(approaches.filter { $0.binding == resource }.map(\.approach))
    }
    let none =
      bounds.isEmpty ? [] : ["nothing yet for \(joined(bounds)), because the search stopped"]
    return capitalized((parts + none).joined(separator: "; ")) + "."
  }

  private static func certainty(_ approaches: [ApproachDensity]) -> String {
    let widest = approaches.max { $0.trust.assumed < $1.trust.assumed }
    let narrowest = approaches.min { $0.trust.assumed < $1.trust.assumed }
    var text = "The intervals hold the noise of replications and the uncertainty of prices."
    if let widest, let narrowest {
      let range = [narrowest, widest].map { NumberText.percent($0.trust.assumed) }
      text +=
        range[0] == range[1]
        ? " Assumed prices carry \(range[0]) of the processor time."
        : " Assumed prices carry between \(range[0]) (\(narrowest.approach)) and \(range[1]) "
          + "(\(widest.approach)) of the processor time."
    }
    let late = approaches.filter { $0.outcome == .precisionNotReached }.map(\.approach)
    if !late.isEmpty { text += " The precision asked for was not reached for \(joined(late))." }
    return text
  }

  static func joined(_ names: [String]) -> String {
    guard let last = names.last, names.count > 1 else { return names.first ?? "" }
    return names.dropLast().joined(separator: ", ") + " and " + last
  }

  private static func capitalized(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst()
  }
}
