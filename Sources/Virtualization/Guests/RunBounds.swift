/// Bounds on what a scenario may ask for, so that no run fails for want of memory half way.
extension HostSimulation {
  /// Pairs of an entity and a core that a run may have, at 16 bytes each for what the one left in
  /// the other's cache.
  package static var mostCacheStates: Int { 1 << 27 }

  /// Classes of guests, each with a histogram of some hundred kilobytes.
  package static var mostClasses: Int { 1_000 }

  /// Trips to the disk that the programs of all classes may hold together, at some kilobytes each.
  package static var mostTrips: Int { 100_000 }

  /// Trips to the disk that one request may make.
  package static var mostTripsOfRequest: Int { ProgramCompiler.maximumTrips }

  /// Trips to the disk that one round of periodic work may make.
  package static var mostTripsOfRound: Int { ProgramCompiler.maximumTripsOfRound }
}

extension Topology {
  /// Entities that share the processors: guests, and what serves their devices.
  package func entities(guests: Int) -> Int {
    switch deviceService {
    case .inKernel: guests
    case .driverDomain: guests + 1
    case .threadPerGuest: 2 * guests
    }
  }
}

extension Workload {
  /// Whether an operation is a trip to the disk, if only where what it reads is not cached.
  package func isTrip(_ entry: OperationCount) -> Bool {
    switch entry.operation {
    case .fileRead: files != nil
    case .diskRead, .diskWrite: true
    default: false
    }
  }

  /// Trips to the disk that the compiled program holds: a request's each, a round's by kind.
  package var programTrips: Double {
    let request = operations.filter(isTrip).reduce(0) { $0 + $1.count.value.rounded(.up) }
    // More than that and compiling it fails.
    return min(request, Double(ProgramCompiler.maximumTrips))
      + Double((background?.operations ?? []).count(where: isTrip))
  }
}
