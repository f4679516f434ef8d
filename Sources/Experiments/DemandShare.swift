import Numerics
import Virtualization

/// What the analytic twin makes of uncertain numbers: how much of their effect on the number of
/// guests is due to what the workload asks for, and not to prices.
///
/// The simulation draws all of them at once, and drawing them apart would cost it as much again;
/// the twin draws them apart in a fraction of that. Demand is every number of a workload; prices
/// are those of the host and the approach.
struct DemandShare {
  let scenario: Scenario
  let approach: ApproachProfile

  /// The share in the variance, between 0 and 1, of the logarithm of the twin's number of guests;
  /// nil where the twin has no number, or the numbers do not matter to it.
  ///
  /// A draw with which the twin has no guest at all tells no factor and is left out.
  func share() -> Double? {
    guard let nominal = logarithm(scenario),
      AnalyticTwin.absence(
        in: scenario, under: approach, guests: Int(Double.exp(nominal).rounded())) == nil
    else { return nil }
    var demand = 0.0
    var prices = 0.0
    for draw in 1...max(1, scenario.controls.parameterDraws) {
      if Task.isCancelled { return nil }
      let drawn = scenario.drawn(draw)
      var asked = scenario
      asked.guests = drawn.guests
      var priced = drawn
      priced.guests = scenario.guests
      guard let one = logarithm(asked), let other = logarithm(priced) else { continue }
      demand += (one - nominal) * (one - nominal)
      prices += (other - nominal) * (other - nominal)
    }
    return demand + prices > 0 ? demand / (demand + prices) : nil
  }

  private func logarithm(_ scenario: Scenario) -> Double? {
    let profile = scenario.approaches.first { $0.id == approach.id } ?? approach
    guard let number = AnalyticTwin.largestNumber(in: scenario, under: profile), number > 0 else {
      return nil
    }
    return Double.log(Double(number))
  }
}
