/// A place of service in a queueing network, described by what each class demands of it.
public struct NetworkStation: Hashable, Sendable {
  /// How jobs that meet at a station slow each other.
  public enum Kind: Hashable, Sendable {
    /// Jobs compete for this many equal servers, one job using at most one.
    case queueing(servers: Int)
    /// Jobs never meet: a pure delay, as a network hop without contention.
    case delay
  }

  /// The name results refer to.
  public let name: String
  /// How jobs compete.
  public let kind: Kind
  /// The service one job of each class needs here in all its visits, on one server, in time.
  public let demands: [Double]
  /// What the visits of each class are like where they are served in order of arrival; nil where
  /// product form is assumed.
  public let visits: [StationVisits]?

  /// Describes a station; the numbers are checked by the network.
  public init(name: String, kind: Kind, demands: [Double], visits: [StationVisits]? = nil) {
    self.name = name
    self.kind = kind
    self.demands = demands
    self.visits = visits
  }

  /// A station with servers and a line.
  public static func queueing(
    _ name: String, servers: Int = 1, demands: [Double]
  ) -> NetworkStation {
    NetworkStation(name: name, kind: .queueing(servers: servers), demands: demands)
  }

  /// A station without contention.
  public static func delay(_ name: String, demands: [Double]) -> NetworkStation {
    NetworkStation(name: name, kind: .delay, demands: demands)
  }

  /// The number of servers, nil for a delay.
  var servers: Int? {
    switch kind {
    case .queueing(let servers): servers
    case .delay: nil
    }
  }

  static func validate(
    _ stations: [NetworkStation], classCount: Int, place: String
  ) throws(QueueingError) {
    guard !stations.isEmpty, classCount > 0 else {
      throw QueueingError(
        code: .invalidInput, message: "give at least one station and one class", place: place)
    }
    for (index, station) in stations.enumerated() {
      let place = "\(place).stations[\(index)] (\(station.name))"
      guard station.demands.count == classCount else {
        throw QueueingError(
          code: .invalidInput,
          message: "\(station.demands.count) demands for \(classCount) classes; give one each",
          place: place)
      }
      for demand in station.demands {
        try QueueingError.requireNonNegative(demand, place + ".demands")
      }
      if let servers = station.servers {
        try QueueingError.requireCount(servers, atLeast: 1, place + ".servers")
      }
      if let visits = station.visits {
        guard visits.count == classCount else {
          throw QueueingError(
            code: .invalidInput,
            message: "visits of \(visits.count) classes for \(classCount); give one each",
            place: place)
        }
        for (index, visit) in visits.enumerated() {
          try visit.validate(demand: station.demands[index], "\(place).visits[\(index)]")
        }
      }
    }
  }
}

/// What a queueing network does in steady state: X, R, Q and U by class and station.
///
/// Tables are indexed `[station][class]` in the order of the network.
public struct NetworkSolution: Hashable, Sendable {
  /// The names of the stations.
  public let stations: [String]
  /// The names of the classes.
  public let classes: [String]
  /// Completed jobs per unit of time, by class.
  public let throughput: [Double]
  /// The mean time from leaving the think state to completion, by class; 0 for an empty class.
  public let response: [Double]
  /// The mean time spent at each station in all visits.
  public let residence: [[Double]]
  /// The mean number of jobs at each station, in line and in service.
  public let queueLength: [[Double]]
  /// Busy servers over servers; at a delay, where nothing saturates, the mean number of jobs.
  public let utilization: [[Double]]
  /// The station that saturates first under this mix, nil when there are only delays.
  ///
  /// It has the highest total utilization; the first of equals.
  public let bottleneck: Int?

  init(
    stations: [NetworkStation], classes: [String], throughput: [Double], residence: [[Double]]
  ) {
    self.stations = stations.map(\.name)
    self.classes = classes
    self.throughput = throughput
    self.residence = residence
    response = classes.indices.map { k in residence.reduce(0) { $0 + $1[k] } }
    queueLength = residence.map { row in zip(row, throughput).map { $0 * $1 } }
    let utilization = stations.map { station in
      zip(station.demands, throughput).map { $0 * $1 / Double(station.servers ?? 1) }
    }
    self.utilization = utilization
    var bottleneck: Int?
    var highest = -1.0
    for (index, station) in stations.enumerated() where station.servers != nil {
      let total = utilization[index].reduce(0, +)
      if total > highest {
        highest = total
        bottleneck = index
      }
    }
    self.bottleneck = bottleneck
  }

  /// The utilization of a station by all classes together.
  public func totalUtilization(station: Int) -> Double { utilization[station].reduce(0, +) }

  /// The mean number of jobs of all classes at a station.
  public func totalQueueLength(station: Int) -> Double { queueLength[station].reduce(0, +) }
}
