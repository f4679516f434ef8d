package import Experiments
package import Virtualization

/// Why an approach costs what it costs: the largest items beyond native, from the data.
package struct Because: Sendable {
  /// One mechanism's part of what an approach costs beyond native.
  package struct Item: Sendable, Equatable {
    package var mechanism: Mechanism
    /// Seconds per request beyond native's for the same mechanism.
    package var seconds: Double
    /// The part of all that is beyond native, between 0 and 1.
    package var share: Double
  }

  /// Where an operation costs more than natively.
  package struct Operations: Sendable, Equatable {
    package var operation: Operation
    package var perRequest: Double
    package var seconds: Double
    package var nativeSeconds: Double
    /// The mechanisms of its path that native's path has not, dearest first where prices tell.
    package var mechanisms: [Mechanism]
  }

  /// The items beyond native, largest first; those below a hundredth of the excess are left out.
  package static func items(_ own: [ItemEstimate], beyond native: [ItemEstimate]) -> [Item] {
    var excess: [Item] = []
    for mechanism in Mechanism.allCases {
      let mine = own.first { $0.mechanism == mechanism }?.estimate.value ?? 0
      let base = native.first { $0.mechanism == mechanism }?.estimate.value ?? 0
      if mine > base { excess.append(Item(mechanism: mechanism, seconds: mine - base, share: 0)) }
    }
    let total = excess.reduce(0) { $0 + $1.seconds }
    guard total > 0, total.isFinite else { return [] }
    let shares = excess.map {
      Item(mechanism: $0.mechanism, seconds: $0.seconds, share: $0.seconds / total)
    }
    // Stable by hand: equal items keep the order of the mechanisms.
    let order = shares.indices.sorted {
      shares[$0].seconds != shares[$1].seconds ? shares[$0].seconds > shares[$1].seconds : $0 < $1
    }
    return order.map { shares[$0] }.filter { $0.share >= 0.01 }
  }

  /// The operations of a class that pay most beyond native, by occurrences times difference.
  package static func operations(
    of workload: Workload, under approach: ApproachProfile, in report: Report, limit: Int
  ) -> [Operations] {
    var found: [Operations] = []
    for count in workload.operations {
      guard
        let seconds = report.price(of: count.operation, under: approach.id),
        let native = report.price(of: count.operation, under: report.nativeID),
        seconds > native, !found.contains(where: { $0.operation == count.operation })
      else { continue }
      let all = workload.operations.filter { $0.operation == count.operation }
      found.append(
        Operations(
          operation: count.operation, perRequest: all.reduce(0) { $0 + $1.count.value },
          seconds: seconds, nativeSeconds: native,
          mechanisms: ownMechanisms(count.operation, approach, report.study.scenario)))
    }
    func excess(_ entry: Operations) -> Double {
      entry.perRequest * (entry.seconds - entry.nativeSeconds)
    }
    let order = found.indices.sorted {
      excess(found[$0]) != excess(found[$1]) ? excess(found[$0]) > excess(found[$1]) : $0 < $1
    }
    return order.prefix(limit).map { found[$0] }
  }

  /// Mechanisms on an approach's path that are not on native's, dearest first.
  private static func ownMechanisms(
    _ operation: Operation, _ approach: ApproachProfile, _ scenario: Scenario
  ) -> [Mechanism] {
    guard let path = approach.paths.first(where: { $0.operation == operation }) else { return [] }
    let native = scenario.native.paths.first { $0.operation == operation }?.hops ?? []
    var mechanisms: [Mechanism] = []
    var costs: [Double] = []
    for hop in path.hops where !native.contains(where: { $0.mechanism == hop.mechanism }) {
      let price = scenario.host.price(
        of: hop.mechanism, service: hop.service, under: approach.id)
      let cost = (price?.price.value ?? 0) * max(hop.count.value(at: Attributes()), 0)
      if let index = mechanisms.firstIndex(of: hop.mechanism) {
        costs[index] += cost
      } else {
        mechanisms.append(hop.mechanism)
        costs.append(cost)
      }
    }
    let order = mechanisms.indices.sorted {
      costs[$0] != costs[$1] ? costs[$0] > costs[$1] : $0 < $1
    }
    return order.map { mechanisms[$0] }
  }

  /// The paragraph: how much more than native, the largest items, the operations that pay.
  package static func paragraph(
    _ approach: ApproachOverhead, _ guests: ClassOverhead, native: ClassOverhead, in report: Report
  ) -> [String] {
    var sentences: [String] = []
    let base = native.processorPerRequest.value
    let own = guests.processorPerRequest.value
    let excess = items(guests.processorItems, beyond: native.processorItems)
    if base > 0 {
      sentences.append(
        "A request of \(guests.id) takes \(NumberText.duration(own)) of processor time, "
          + "\(NumberText.significant(own / base)) times native's \(NumberText.duration(base)).")
    }
    if guests.againstNative?.processorDiffers == false {
      sentences.append("Whether that differs is not decided.")
    }
    if excess.isEmpty {
      sentences.append("No mechanism takes more processor time than natively.")
    }
    for item in excess.prefix(3) {
      sentences.append(
        "\(NumberText.percent(item.share)) of what comes on top is \(item.mechanism.title) "
          + "(\(NumberText.duration(item.seconds))): \(item.mechanism.note).")
    }
    let scenario = report.study.scenario
    if let profile = scenario.approaches.first(where: { $0.id == approach.approach }),
      let workload = scenario.guests.first(where: { $0.id == guests.id })?.workload
    {
      for entry in operations(of: workload, under: profile, in: report, limit: 2) {
        sentences.append(sentence(entry))
      }
    }
    let waiting = items(guests.responseItems, beyond: native.responseItems)
      .filter { isWaiting($0.mechanism) && $0.share >= 0.05 }
    if let first = waiting.first {
      sentences.append(
        "Of the longer response, \(NumberText.percent(first.share)) is \(first.mechanism.title) "
          + "(\(NumberText.duration(first.seconds))): \(first.mechanism.note).")
    }
    return sentences
  }

  private static func isWaiting(_ mechanism: Mechanism) -> Bool {
    switch MechanismFamily(mechanism) {
    case .contention, .queueing, .deviceTime: true
    default: false
    }
  }

  private static func sentence(_ entry: Operations) -> String {
    let factor =
      entry.nativeSeconds > 0
      ? ", \(NumberText.significant(entry.seconds / entry.nativeSeconds)) times native's "
        + NumberText.duration(entry.nativeSeconds) : ""
    let why =
      entry.mechanisms.isEmpty
      ? "" : " because of " + entry.mechanisms.prefix(3).map(\.title).joined(separator: ", ")
    return
      "One \(entry.operation.title) costs \(NumberText.duration(entry.seconds))\(factor)\(why); "
      + "a request makes \(NumberText.trimmed(entry.perRequest)) of them."
  }
}
