import Virtualization

/// Whether a host prices what a scenario's guests and the model itself need.
extension CrossChecks {
  /// Demands a path and all prices for every operation that a workload counts, and for what every
  /// guest causes: wake-ups, switches, ticks and caches that are refilled.
  func demandPrices(_ listed: [ScenarioReader.Listed]) {
    let counted = scenario.guests.reduce(into: Set<Operation>()) {
      $0.formUnion($1.workload.allOperations)
    }
    for approach in listed {
      let pricing = PathPricing(
        host: scenario.host, approach: approach.profile, native: scenario.native)
      var demand = PriceDemand(checks: self, place: approach.place)
      for operation in counted.union(pricing.impliedOperations).sorted() {
        demand.hops(of: operation, pricing)
      }
      if pricing.hasTicksBelow {
        let below = PathPricing(
          host: scenario.host, approach: scenario.native, native: scenario.native)
        demand.hops(of: .timerTick, below)
      }
      if let what = pricing.refilled(scenario.guests) {
        demand.price(of: .cacheRefill, service: nil, for: what, pricing)
      }
    }
  }
}

/// What one approach of a scenario needs; each missing price is found once.
private struct PriceDemand {
  let checks: CrossChecks
  /// Where the scenario names the approach.
  let place: Place
  private var seen: Set<PriceReader.Key> = []

  init(checks: CrossChecks, place: Place) {
    self.checks = checks
    self.place = place
  }

  mutating func hops(of operation: Operation, _ pricing: PathPricing) {
    guard let path = try? pricing.path(of: operation) else {
      checks.findings.error(
        .missingPrice,
        "`\(pricing.approach.id)` has no path for `\(operation.rawValue)`, nor has the native "
          + "approach; add one under `paths`", at: place)
      return
    }
    for hop in path.hops where hop.mechanism.isPriced {
      let service = hop.mechanism == .kernelWork ? hop.service ?? path.operation : nil
      price(of: hop.mechanism, service: service, for: "`\(operation.rawValue)`", pricing)
    }
  }

  mutating func price(
    of mechanism: Mechanism, service: Operation?, for what: String, _ pricing: PathPricing
  ) {
    let (host, id) = (pricing.host, pricing.approach.id)
    let key = PriceReader.Key(
      Primitive(mechanism, service: service, approach: id, price: .placeholder))
    guard host.price(of: mechanism, service: service, under: id) == nil, seen.insert(key).inserted
    else { return }
    let name = mechanism.rawValue + (service.map { ": {" + $0.rawValue + ": ...}" } ?? "")
    checks.findings.error(
      .missingPrice,
      "`\(id)` needs the price `\(name)` for \(what), and the host `\(host.id)` has none; add it "
        + "under `primitives`", at: place)
  }
}
