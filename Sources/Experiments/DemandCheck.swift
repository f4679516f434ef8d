import Statistics
import Virtualization

/// Whether the user computation that requests drew has the mean that the scenario states.
///
/// Where rare, huge values make much of a mean, replications agree with each other on a smaller
/// one, and their interval says nothing of what is missing.
struct DemandCheck {
  /// One class whose requests drew another mean.
  struct Miss: Equatable {
    var guestClass: String
    /// Seconds per request.
    var drawn: Double
    var stated: Double
  }

  let misses: [Miss]
  private let approach: String

  /// A miss by less matters to nobody.
  static let tolerance = 0.05
  /// Up to this squared coefficient of variation, a miss within three standard errors is noise of
  /// the sort that intervals tell of; beyond it, the draws tell too little of the variance itself.
  static let lightTail = 25.0

  init(_ scenario: Scenario, _ approach: ApproachProfile, _ replications: [RunSummary]) {
    self.approach = approach.id
    let speed = scenario.host.processors.speed.value
    let allowed = max(Self.tolerance, scenario.controls.precision)
    var misses: [Miss] = []
    for (index, guest) in scenario.guests.enumerated() where !replications.isEmpty {
      let stated = guest.workload.userComputation.mean * approach.userSlowdown.value / speed
      let drawn =
        replications.reduce(0) { sum, run in
          let work = run.classes[index].processor
          return sum + work[.userExecution] + work[.userSlowdown]
        } / Double(replications.count)
      guard stated > 0, drawn > 0 else { continue }
      let miss = (drawn / stated - 1).magnitude
      let requests = replications.reduce(0) {
        $0 + $1.classes[index].throughput * scenario.controls.seconds
      }
      let variation = guest.workload.userComputation.squaredCoefficientOfVariation
      let noise = variation <= Self.lightTail ? 3 * (variation / max(requests, 1)).squareRoot() : 0
      guard miss > max(allowed, noise) else { continue }
      misses.append(Miss(guestClass: guest.id, drawn: drawn, stated: stated))
    }
    self.misses = misses
  }

  init(_ scenario: Scenario, _ runs: OverheadExperiment.Runs) {
    self.init(
      scenario, runs.approach,
      runs.hasFigures && runs.outcome != .interrupted ? runs.replications : [])
  }

  var isFound: Bool { misses.isEmpty }

  /// A sentence for each miss.
  var warnings: [String] {
    misses.map { miss in
      let percent = ((miss.drawn / miss.stated - 1) * 100).rounded()
      return "\(approach): requests of \(miss.guestClass) drew \(percent < 0 ? "" : "+")"
        + "\(Int(clamping: percent)) % of user computation against the mean that the scenario "
        + "states, so their times are off by that, whatever their intervals say; run longer, or "
        + "give user-computation a law with a lighter tail"
    }
  }
}
