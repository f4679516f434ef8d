package import Experiments
import Virtualization

/// All charts of a study, in the order of the page.
package struct ChartSet: Sendable {
  package var guestsThatFit: Chart?
  package var densityCurve: Chart?
  /// By class of guests: processor time, then response time.
  package var overhead: [Chart]
  package var memoryMap: Chart?

  package init(_ study: Study) {
    let ordered: [ApproachDensity]
    if let density = study.density {
      let sentences = DensitySentences(answer: density, scenario: study.scenario)
      ordered = sentences.ordered
      guestsThatFit = GuestsThatFitChart.make(sentences)
      densityCurve = DensityCurveChart.make(sentences)
    } else {
      ordered = []
    }
    overhead = []
    if let answer = study.overhead {
      let sentences = OverheadSentences(answer: answer, scenario: study.scenario)
      for (index, guests) in study.scenario.guests.enumerated() {
        for kind in [OverheadChart.Kind.processor, .response] {
          let chart = OverheadChart.make(
            sentences, guestClass: guests.id, index: index, kind: kind)
          if let chart { overhead.append(chart) }
        }
      }
    }
    memoryMap = MemoryMapChart.make(MemoryMapChart.entries(study, ordered: ordered))
  }

  /// All that there are.
  package var all: [Chart] {
    [guestsThatFit, densityCurve].compactMap(\.self) + overhead + [memoryMap].compactMap(\.self)
  }
}
