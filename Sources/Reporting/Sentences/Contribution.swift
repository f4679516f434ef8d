import Statistics
package import Virtualization

/// What one operation of a request pays for one mechanism, by the counts and prices of its path.
package struct Contribution: Sendable, Equatable {
  package var operation: Operation
  package var mechanism: Mechanism
  /// Where it is done.
  package var places: [Place]
  /// How often in a request: occurrences of the operation times hops, or bytes.
  package var perRequest: Double
  /// Seconds in a request; notifications and wake-ups may be shared under load and are then fewer.
  package var seconds: Double
  package var isShared: Bool
  package var isPerByte: Bool
  /// The weakest status of the prices.
  package var status: Status

  /// Seconds of one hop, or of one byte.
  package var each: Double { perRequest > 0 ? seconds / perRequest : 0 }

  /// What the operations of a request pay, in the order of the workload and the path.
  ///
  /// What depends on the run is not among them: disk reads of files that are not cached, ticks,
  /// wake-ups from idle, switches. Operations without a path or a price are left out.
  package static func all(
    of guests: GuestClass, under approach: ApproachProfile, in scenario: Scenario
  ) -> [Contribution] {
    let workload = guests.workload
    let pricing = PathPricing(host: scenario.host, approach: approach, native: scenario.native)
      .with(directIO: guests.limits.directIO)
    var found: [Contribution] = []
    for entry in workload.operations where entry.operation != .userComputation {
      let attributes = attributes(of: entry, workload, scenario.host)
      guard let hops = try? pricing.hops(of: entry.operation, with: attributes) else { continue }
      for hop in hops {
        add(hop, entry, mechanism: hop.hop.mechanism, seconds: hop.seconds, to: &found)
        if hop.slowdownSeconds > 0 {
          add(hop, entry, mechanism: .kernelSlowdown, seconds: hop.slowdownSeconds, to: &found)
        }
      }
    }
    return found
  }

  private static func add(
    _ hop: PricedHop, _ entry: OperationCount, mechanism: Mechanism, seconds: Double,
    to found: inout [Contribution]
  ) {
    let count = hop.count * entry.count.value
    guard count > 0 else { return }
    let isPerByte = hop.hop.count.slope[.bytes] != 0
    let status = hop.primitive.price.status
    let index = found.firstIndex {
      $0.operation == entry.operation && $0.mechanism == mechanism && $0.isPerByte == isPerByte
    }
    guard let index else {
      found.append(
        Contribution(
          operation: entry.operation, mechanism: mechanism, places: [hop.hop.place],
          perRequest: count, seconds: seconds * entry.count.value, isShared: hop.hop.isShared,
          isPerByte: isPerByte, status: status))
      return
    }
    found[index].perRequest += count
    found[index].seconds += seconds * entry.count.value
    found[index].isShared = found[index].isShared || hop.hop.isShared
    if !found[index].places.contains(hop.hop.place) { found[index].places.append(hop.hop.place) }
    found[index].status =
      Status.allCases.last { $0 == status || $0 == found[index].status } ?? .assumed
  }

  /// The attributes of one occurrence of an operation in a mean request.
  static func attributes(
    of entry: OperationCount, _ workload: Workload, _ host: HostProfile
  ) -> Attributes {
    entry.meanAttributes(of: workload, on: host.network)
  }

  /// "packet send 6.8 a request x 46.2 us (assumed) = 314 us".
  func text(in unit: TimeUnit) -> String {
    let amount =
      isPerByte
      ? "\(NumberText.bytes(perRequest)) a request x \(NumberText.duration(each)) a byte"
      : "\(NumberText.trimmed(perRequest)) a request x \(NumberText.duration(each, atLeast: unit))"
    return "\(operation.title) \(amount) (\(status.rawValue)) = "
      + (isShared ? "up to " : "") + NumberText.duration(seconds, atLeast: unit)
  }
}
