import Statistics
package import Virtualization

extension TrustShares {
  /// The shares of priced processor time of a mix's requests that rest on each kind of number.
  ///
  /// A hop is as trustworthy as the weaker of its count and its price. The program's own
  /// computation is demand, not price, and does not count.
  package init(of scenario: Scenario, under approach: ApproachProfile) throws(ModelError) {
    let pricing = PathPricing(host: scenario.host, approach: approach, native: scenario.native)
    var seconds: [Status: Double] = [:]
    for guest in scenario.guests {
      let weight = Double(guest.count)
      let pricing = pricing.with(directIO: guest.limits.directIO)
      for entry in guest.workload.operations where entry.operation != .userComputation {
        let attributes = entry.meanAttributes(of: guest.workload, on: scenario.host.network)
        for hop in try pricing.hops(of: entry.operation, with: attributes) {
          let status = weaker(hop.hop.status, hop.primitive.price.status)
          let cost = (hop.seconds + hop.slowdownSeconds) * entry.count.value * weight
          seconds[status, default: 0] += cost
        }
      }
    }
    let total = Status.allCases.reduce(0) { $0 + (seconds[$1] ?? 0) }
    func share(_ status: Status) -> Double { total > 0 ? (seconds[status] ?? 0) / total : 0 }
    self.init(
      measured: share(.measured), published: share(.published), assumed: share(.assumed))
  }
}

/// The less trustworthy of two kinds of number.
private func weaker(_ left: Status, _ right: Status) -> Status {
  Status.allCases.last { $0 == left || $0 == right } ?? .assumed
}
