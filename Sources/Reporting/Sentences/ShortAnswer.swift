import Experiments
import Virtualization

/// The answer in a few lines: who fits most, what binds, how sure that is.
package enum ShortAnswer {
  /// A heading and a sentence.
  package struct Line: Sendable, Equatable {
    package var heading: String
    package var text: String
  }

  package static func lines(_ sentences: DensitySentences) -> [Line] {
    let candidates = sentences.ordered.filter { $0.approach != sentences.nativeID }
    let answered = candidates.filter { $0.outcome.hasAnswer }
    guard let first = answered.first else {
      return [Line(heading: "Who fits most", text: none(sentences))]
    }
    let full = sentences.objective.fullText
    let level = NumberText.level(first.confidence)
    var heading = "Who fits most"
    var most =
      "\(first.approach), with \(sentences.countText(first)) (\(level)) at \(full)."
    if candidates.count == 1 {
      heading = "How many fit"
      most =
        "\(sentences.countText(first)) (\(level)) of \(first.approach), the only approach that "
        + "was asked, at \(full)."
    } else if answered.count == 1 {
      most += " It is the only one that was answered with a number."
    }
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
    most += interruption(sentences)
    return [
      Line(heading: heading, text: most),
      Line(heading: "What binds", text: binding(answered, sentences)),
      Line(heading: "How sure", text: certainty(answered, sentences)),
    ]
  }

  /// What is said where no approach has a number.
  private static func none(_ sentences: DensitySentences) -> String {
    let approaches = sentences.ordered
    guard approaches.contains(where: { !$0.outcome.isOpen }) else {
      return approaches.contains { $0.outcome == .interrupted }
        ? "not answered: the run was interrupted." : "not answered: no run was finished."
    }
    let failed = approaches.filter {
      !$0.outcome.hasAnswer && !$0.outcome.isOpen && $0.approach != sentences.nativeID
    }
    let native = approaches.first { $0.approach == sentences.nativeID && $0.outcome.hasAnswer }
    var text: [String] = []
    if !failed.isEmpty {
      let all = failed.count == approaches.filter { $0.approach != sentences.nativeID }.count
      text.append(
        "\(all ? "No approach" : "None of \(joined(failed.map(\.approach)))") holds "
          + "\(sentences.objective.fullText) here.")
    }
    if let native {
      text.append("One undivided system, without isolation, holds \(sentences.countText(native)).")
    }
    return text.joined(separator: " ") + interruption(sentences)
  }

  private static func interruption(_ sentences: DensitySentences) -> String {
    let names = sentences.ordered.filter { $0.outcome == .interrupted }.map(\.approach)
    let long = sentences.ordered.filter { $0.outcome == .notFinished }.map(\.approach)
    return
      (names.isEmpty
      ? "" : " Not answered, because the run was interrupted: \(joined(names)).")
      + (long.isEmpty ? "" : " Not finished, because a run took too many events: \(joined(long)).")
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

  private static func certainty(
    _ approaches: [ApproachDensity], _ sentences: DensitySentences
  ) -> String {
    var text =
      "The intervals hold the noise of replications and all uncertain numbers: prices, and what "
      + "the workload itself asks for."
    if let demand = sentences.demandText { text += " " + demand }
    if let range = ShareRange(approaches.map { ($0.approach, $0.trust.assumed) }) {
      text += " Of the processor work that prices stand for, "
      text +=
        range.isOne
        ? "\(range.low.text) rests on assumed prices."
        : "between \(range.low.text) \(range.low.owners) and \(range.high.text) "
          + "\(range.high.owners) rests on assumed prices."
    }
    let onDisk = approaches.filter { $0.binding == "disk" }.map(\.approach)
    if !onDisk.isEmpty {
      text +=
        " For \(joined(onDisk)) the disk binds, which no such price stands for; its times are the "
        + "host profile's own (\(TrustText.disk(sentences.scenario.host)))."
    }
    let onMemory = approaches.filter { $0.binding.contains("memory") }.map(\.approach)
    if !onMemory.isEmpty {
      text +=
        " For \(joined(onMemory)) memory binds, which no such price stands for"
        + (onDisk.isEmpty ? "" : " either") + ": that rests on "
        + "the sizes and shares of memory of host, approach and workload, uncertain ones drawn."
    }
    return text + precision(approaches, sentences)
  }

  private static func precision(
    _ approaches: [ApproachDensity], _ sentences: DensitySentences
  ) -> String {
    let late = approaches.filter { $0.outcome == .precisionNotReached }
    guard !late.isEmpty else { return "" }
    let figure = sentences.objective.figure
    var text =
      " The precision asked for was not reached for \(joined(late.map(\.approach))); it is about "
      + "\(figure) at the number found."
    let steep = late.filter(sentences.isSteep).map(\.approach)
    if !steep.isEmpty {
      text += " For \(joined(steep)) it climbs so steeply there that the number is known better."
    }
    let apart = late.filter(sentences.isSurelySetByCapacity).map(\.approach)
    if !apart.isEmpty { text += " For \(joined(apart)) the number does not depend on it." }
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
