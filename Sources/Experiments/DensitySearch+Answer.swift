import Statistics
import Virtualization

extension DensitySearch {
  /// What was seen at a number of guests, over several replications.
  mutating func point(_ guests: Int, replications: Int) async throws -> DensityPoint {
    tried.insert(guests)
    let summaries = try await summaries(guests, replications: replications).compactMap { $0 }
    guard summaries.count == replications, let first = summaries.first else {
      return DensityPoint(
        guests: guests, percentile: nil, refusedShare: 1, guestsAbove: 1, isStable: false,
        holds: false, utilizations: [], memory: .empty)
    }
    let objective = scenario.objective
    let count = Double(replications)
    var worst: Estimate?
    var isAboveRange = false
    var refused = 0.0
    var above = 0.0
    for index in scenario.guests.indices {
      let classes = summaries.map { $0.classes[index] }
      refused = max(refused, classes.reduce(0) { $0 + $1.refusedShare } / count)
      above = max(above, classes.reduce(0) { $0 + $1.guestsAboveShare } / count)
      let judged: Estimate? =
        switch objective.statistic {
        case .percentile:
          try OverheadExperiment.percentile(
            objective.percentile,
            pooledPercentile(ofClass: index, guests, replications: replications), classes, [],
            estimation)
        case .mean: try estimation.mean(classes.map(\.meanResponse), draws: [])
        }
      if judged == nil, classes.contains(where: { $0.judged(by: objective) == .infinity }) {
        isAboveRange = true
      }
      if let judged, judged.value > worst?.value ?? -1 { worst = judged }
    }
    // Were one enough to fail, the number would fall with every replication added.
    let isStable = 2 * summaries.count(where: \.isStable) > replications
    let holds =
      isStable && !isAboveRange && refused <= objective.errorShare && above <= objective.guestShare
      && (worst?.value ?? 0) <= objective.responseSeconds
    return DensityPoint(
      guests: guests, percentile: worst, refusedShare: refused, guestsAbove: above,
      isStable: isStable, holds: holds,
      utilizations: OverheadExperiment.mean(summaries.map(\.utilizations)), memory: first.memory)
  }

  /// The answer, its interval still to be found.
  mutating func answer(
    _ found: Int, twin: Int?, reached: Bool, replications: Int
  ) async throws -> ApproachDensity {
    // An objective that nothing was measured against holds for any number.
    try scenario.demandMeasurements(
      try await summaries(found, replications: replications).compactMap { $0 },
      counts: GuestMix.counts(classes: scenario.guests, total: found), under: approach.id,
      isPooled: true)
    let diagnosis = try await diagnose(found, replications: replications)
    var curve: [DensityPoint] = []
    for guests in tried.sorted() {
      curve.append(try await point(guests, replications: replications))
    }
    return ApproachDensity(
      approach: approach.id, title: approach.title,
      outcome: reached ? .answered : .precisionNotReached, guests: found, low: found, high: found,
      noiseLow: found, noiseHigh: found, confidence: scenario.controls.confidence,
      binding: diagnosis.binding, next: diagnosis.next?.resource,
      nextHeadroom: diagnosis.next?.headroom, failure: diagnosis.failure, curve: curve,
      twinGuests: twin, trust: try TrustShares(of: scenario, under: approach))
  }

  // MARK: Why one more fails

  struct Diagnosis {
    var binding: String
    var next: (resource: String, headroom: Double)?
    var failure: String
  }

  /// What binds at a number of guests, and why one more fails.
  mutating func diagnose(
    _ found: Int, replications: Int
  ) async throws -> Diagnosis {
    let next = found + 1
    if found >= ceiling {
      let hard = bindings.first { $0.isHard && $0.guests == ceiling }
      let binding = hard?.resource.name ?? "the search's maximum"
      return Diagnosis(
        binding: binding, next: try await nextResource(found, binding, replications),
        failure: hard?.explanation
          ?? "the search stops at \(ceiling) guests; raise maximum-guests in the scenario")
    }
    let point = try await point(next, replications: replications)
    let isRefusing = point.isStable && point.refusedShare > scenario.objective.errorShare
    let (binding, cause) = try await cause(
      at: next, replications: replications, ofRefusals: isRefusing)
    return Diagnosis(
      binding: binding, next: try await nextResource(found, binding, replications),
      failure: failure(point, cause))
  }

  private func failure(_ point: DensityPoint, _ cause: String) -> String {
    let objective = scenario.objective
    if !point.isStable { return "more comes than can be served (\(cause))" }
    if point.refusedShare > objective.errorShare {
      let refused = Self.percent(point.refusedShare, unlike: objective.errorShare)
      return "\(refused) of requests are refused (\(cause))"
    }
    if let percentile = point.percentile, percentile.value > objective.responseSeconds {
      let milliseconds = Self.rounded(
        percentile.value * 1e3, unlike: objective.responseSeconds * 1e3)
      let figure =
        objective.statistic == .mean ? "the mean" : "p\(Self.short(objective.percentile))"
      return "\(figure) is \(milliseconds) ms (\(cause))"
    }
    let above = Self.percent(point.guestsAbove, unlike: objective.guestShare)
    let judged = objective.statistic == .mean ? "have a mean" : "are"
    return "\(above) of guests \(judged) above the objective (\(cause))"
  }

  /// The resource whose waiting makes most of a mean response, or that refuses most, in words.
  private mutating func cause(
    at guests: Int, replications: Int, ofRefusals: Bool
  ) async throws -> (String, String) {
    var waits: [Mechanism: Double] = [:]
    var total = 0.0
    let runs = try await summaries(guests, replications: replications).compactMap { $0 }
    for summary in runs {
      for (index, guest) in summary.classes.enumerated() {
        let weight = Double(scenario.guests[index].count)
        total += guest.response.total * weight
        for wait in Self.resources.map(\.0) {
          waits[wait, default: 0] += guest.response[wait] * weight
        }
      }
    }
    var best = Self.resources[0]
    for candidate in Self.resources where (waits[candidate.0] ?? 0) > (waits[best.0] ?? 0) {
      best = candidate
    }
    if ofRefusals || best.0 == .workerQueueing, let resource = RunSummary.refusingResource(runs) {
      return (resource, "\(resource) refuses workers")
    }
    let waiting = Self.resources.reduce(0) { $0 + (waits[$1.0] ?? 0) }
    if guests == 1 && waiting < total / 2 {
      return (
        "the request's own work",
        "one guest alone takes that long: \(Self.percent(1 - waiting / total)) of its mean "
          + "response is service, not waiting"
      )
    }
    return (best.1, best.2)
  }

  private static let resources: [(Mechanism, String, String)] = [
    (.processorContention, "processors", "waiting for the processors"),
    (.throttling, "processor limit", "held back by a limit on processor time"),
    (.driverContention, "driver domain", "waiting for whoever serves the devices"),
    (.workerQueueing, "workers", "waiting for a free worker"),
    (.diskQueueing, "disk", "waiting for the disk"),
    (.swapping, "memory", "reading pages back from swap"),
    (.linkQueueing, "network link", "waiting for the network link"),
  ]

  /// The resource other than the binding one that has least room left at a number of guests.
  private mutating func nextResource(
    _ guests: Int, _ binding: String, _ replications: Int
  ) async throws -> (resource: String, headroom: Double)? {
    guard guests > 0 else { return nil }
    var candidates: [(resource: String, headroom: Double)] = []
    let utilizations = try await point(guests, replications: replications).utilizations
    for use in utilizations where use.share > 0 {
      candidates.append((Self.names[use.resource] ?? use.resource, 1 / use.share - 1))
    }
    let limits = try CapacityLimits(
      host: scenario.host, approach: approach, classes: scenario.guests)
    for use in limits.uses(guests: guests) where use.used > 0 {
      if case .guestMemory = use.resource { continue }
      if case .beancounter = use.resource { continue }
      candidates.append((use.resource.name, use.headroom))
    }
    var best: (resource: String, headroom: Double)?
    // "memory and swap" is one resource, and memory is not what binds next after it.
    let bound = [binding] + binding.split(separator: " and ").map(String.init)
    for candidate in candidates where !bound.contains(candidate.resource) {
      if candidate.headroom < best?.headroom ?? .infinity { best = candidate }
    }
    return best
  }

  private static let names = ["link in": "network link", "link out": "network link"]

  private static func percent(_ share: Double, unlike limit: Double = .nan) -> String {
    "\(rounded(share * 100, unlike: limit * 100)) %"
  }

  /// A number with one decimal, or with so many that it is not taken for a limit that it exceeds.
  private static func rounded(_ value: Double, unlike limit: Double) -> Double {
    var scale = 10.0
    while (value * scale).rounded() == (limit * scale).rounded(), value != limit, scale < 1e6 {
      scale *= 10
    }
    return (value * scale).rounded() / scale
  }

  private static func short(_ value: Double) -> String {
    value == value.rounded() ? "\(Int(value))" : "\(value)"
  }
}

extension ApproachDensity {
  /// The answer of an approach under which not even one guest fits.
  static func nothing(
    _ approach: ApproachProfile, _ scenario: Scenario, binding: String, failure: String
  ) throws -> ApproachDensity {
    ApproachDensity(
      approach: approach.id, title: approach.title, outcome: .impossible, guests: 0, low: 0,
      high: 0, noiseLow: 0, noiseHigh: 0, confidence: scenario.controls.confidence,
      binding: binding, next: nil, nextHeadroom: nil, failure: failure, curve: [],
      twinGuests: nil, trust: try TrustShares(of: scenario, under: approach))
  }

  /// The answer of an approach whose search was broken off, by the user or for its length.
  static func open(
    _ outcome: Outcome, _ approach: ApproachProfile, _ controls: RunControls, because reason: String
  ) -> ApproachDensity {
    ApproachDensity(
      approach: approach.id, title: approach.title, outcome: outcome, guests: 0, low: 0,
      high: 0, noiseLow: 0, noiseHigh: 0, confidence: controls.confidence, binding: "nothing",
      next: nil, nextHeadroom: nil, failure: reason, curve: [], twinGuests: nil,
      trust: TrustShares(measured: 0, published: 0, assumed: 0))
  }
}
