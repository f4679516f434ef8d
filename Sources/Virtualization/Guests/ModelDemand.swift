/// What the model itself needs prices of, beside what a workload counts.
extension PathPricing {
  /// Operations that every guest causes: wake-ups, switches and ticks.
  package var impliedOperations: [Operation] {
    var result: [Operation] = [.contextSwitch, .guestSwitch, .timerTick, .idleWakeup]
    if guestsTickWhenIdle { result.append(.idleTick) }
    return result
  }

  /// Whether the host's kernel ticks below those of the guests, at native's price.
  package var hasTicksBelow: Bool {
    approach.topology.kernelPerGuest && approach.topology.deviceService != .driverDomain
  }

  /// Whether kernels of idle guests tick.
  package var guestsTickWhenIdle: Bool {
    approach.topology.kernelPerGuest
      && (approach.guestKernel.ticksWhenIdle ?? !host.kernel.isTickless)
  }

  /// What has a working set to bring back into a cache, in words; nil where nothing has.
  package func refilled(_ guests: [GuestClass]) -> String? {
    guard host.processors.cacheBytes.value > 0 else { return nil }
    if let guest = guests.first(where: { $0.workload.workingSetBytes.value > 0 }) {
      return "the working set of `\(guest.id)`"
    }
    let topology = approach.topology
    guard topology.deviceService != .inKernel, (topology.backendWorkingSetBytes?.value ?? 0) > 0
    else { return nil }
    return "the working set of what serves devices"
  }

  /// Seconds per byte of refilling a cache; 0 where nothing is ever refilled.
  ///
  /// - Throws: `ModelError.missingPrice` when something is and the host has no price.
  func refillSecondsPerByte(_ guests: [GuestClass]) throws(ModelError) -> Double {
    if let price = host.price(of: .cacheRefill, service: nil, under: approach.id) {
      return price.price.value
    }
    guard let what = refilled(guests) else { return 0 }
    throw ModelError(
      .missingPrice,
      "host \(host.id) has no price for \(Mechanism.cacheRefill.rawValue), which \(approach.id) "
        + "needs for \(what); add a primitive to the host profile")
  }
}

extension Workload {
  /// Every operation that is counted, or follows from one that is: a read of a file that is not in
  /// the page cache reads the disk, and what is written to files goes there later.
  package var allOperations: Set<Operation> {
    var result = Set((operations + (background?.operations ?? [])).map(\.operation))
    if files != nil, result.contains(.fileRead) { result.insert(.diskRead) }
    if result.contains(.fileWrite) { result.insert(.diskWrite) }
    return result
  }
}
