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

  /// What an operation costs in a request beyond native.
  package struct Operations: Sendable, Equatable {
    package var operation: Operation
    /// Occurrences in a request.
    package var perRequest: Double
    /// Packets in a request, for operations that move packets.
    package var packets: Double
    /// Seconds in a request, wherever they are spent.
    package var seconds: Double
    package var nativeSeconds: Double
    /// The mechanisms of its path that make most of the difference to native's path, dearest first;
    /// those below a twentieth of it are left out.
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

  /// The operations of a class that pay most beyond native, by the counts and prices of paths.
  package static func operations(
    of guests: GuestClass, under approach: ApproachProfile, in scenario: Scenario, limit: Int
  ) -> [Operations] {
    let workload = guests.workload
    let own = Contribution.all(of: guests, under: approach, in: scenario)
    let native = Contribution.all(of: guests, under: scenario.native, in: scenario)
    var found: [Operations] = []
    for operation in Operation.allCases {
      let mine = own.filter { $0.operation == operation }
      let base = native.filter { $0.operation == operation }
      let seconds = mine.reduce(0) { $0 + $1.seconds }
      let nativeSeconds = base.reduce(0) { $0 + $1.seconds }
      guard seconds > nativeSeconds else { continue }
      let entries = workload.operations.filter { $0.operation == operation }
      let packets = entries.reduce(0) {
        $0 + Contribution.attributes(of: $1, workload, scenario.host)[.packets] * $1.count.value
      }
      let added = excess(mine, beyond: base)
      found.append(
        Operations(
          operation: operation, perRequest: entries.reduce(0) { $0 + $1.count.value },
          packets: operation == .packetSend || operation == .packetReceive ? packets : 0,
          seconds: seconds, nativeSeconds: nativeSeconds,
          mechanisms: ordered(added, by: \.seconds).map(\.mechanism)))
    }
    return Array(ordered(found, by: { $0.seconds - $0.nativeSeconds }).prefix(limit))
  }

  /// What each mechanism takes of an operation beyond native, as far as it counts.
  private static func excess(
    _ own: [Contribution], beyond native: [Contribution]
  ) -> [(mechanism: Mechanism, seconds: Double)] {
    let beyond = Mechanism.allCases.map { mechanism in
      let seconds = [own, native].map { parts in
        parts.reduce(0) { $1.mechanism == mechanism ? $0 + $1.seconds : $0 }
      }
      return (mechanism: mechanism, seconds: seconds[0] - seconds[1])
    }.filter { $0.seconds > 0 }
    let total = beyond.reduce(0) { $0 + $1.seconds }
    return beyond.filter { $0.seconds >= 0.05 * total }
  }

  /// The largest first; equal ones keep their order.
  private static func ordered<Value>(_ values: [Value], by size: (Value) -> Double) -> [Value] {
    values.indices.sorted {
      size(values[$0]) != size(values[$1]) ? size(values[$0]) > size(values[$1]) : $0 < $1
    }.map { values[$0] }
  }

  /// Which operations of a request make an item, by the counts and prices of their paths; nil where
  /// the paths do not tell.
  static func makers(
    of item: Item, _ own: [Contribution], beyond native: [Contribution]
  ) -> [Contribution] {
    let mine = own.filter { part in
      let base = native.first {
        $0.operation == part.operation && $0.mechanism == part.mechanism
          && $0.isPerByte == part.isPerByte
      }
      return part.mechanism == item.mechanism && part.seconds > (base?.seconds ?? 0)
        && part.seconds >= 0.1 * item.seconds
    }
    return Array(ordered(mine, by: \.seconds).prefix(3))
  }
}
