/// A network that Poisson streams of jobs cross, class by class.
///
/// Product form is assumed, as in ``ClosedNetwork``: then each station behaves as M/M/c (or a pure
/// delay) fed with the classes' total load, and a class's residence is proportional to its demand.
/// Source: F. Baskett, K. M. Chandy, R. R. Muntz and F. G. Palacios, 1975, "Open, Closed, and Mixed
/// Networks of Queues with Different Classes of Customers".
public struct OpenNetwork: Hashable, Sendable {
  /// A stream of jobs with common demands.
  public struct JobClass: Hashable, Sendable {
    /// The name results refer to.
    public let name: String
    /// Arrivals per unit of time.
    public let arrivalRate: Double

    /// Describes a class; the rate is checked by the network.
    public init(name: String, arrivalRate: Double) {
      self.name = name
      self.arrivalRate = arrivalRate
    }
  }

  /// What the network comes to.
  public enum Outcome: Hashable, Sendable {
    /// A steady state.
    case stable(NetworkSolution)
    /// No steady state: this station has the highest utilization, 1 or more.
    case unstable(bottleneck: Int, name: String, utilization: Double)
  }

  /// The stations.
  public let stations: [NetworkStation]
  /// The classes, in the order of the stations' demands.
  public let classes: [JobClass]

  /// Checks the description; an overload is an outcome, not an error.
  /// - Throws: ``QueueingError`` with the place of the first input that makes no sense.
  public init(stations: [NetworkStation], classes: [JobClass]) throws(QueueingError) {
    try NetworkStation.validate(stations, classCount: classes.count, place: "OpenNetwork")
    for (k, jobs) in classes.enumerated() {
      try QueueingError.requireNonNegative(
        jobs.arrivalRate, "OpenNetwork.classes[\(k)] (\(jobs.name)).arrivalRate")
    }
    self.stations = stations
    self.classes = classes
  }

  /// The work that arrives at a station per unit of time, in busy servers.
  public func offeredLoad(station: Int) -> Double {
    zip(stations[station].demands, classes).reduce(0) { $0 + $1.0 * $1.1.arrivalRate }
  }

  /// Solves the network: U = load / c, R = D (1 + C(c, load) / (c (1 - U))), R = D at a delay.
  /// - Throws: ``QueueingError`` only for loads beyond the range of numbers.
  public func solve() throws(QueueingError) -> Outcome {
    var highest = -1.0
    var bottleneck = 0
    for (i, station) in stations.enumerated() {
      guard let servers = station.servers else { continue }
      let utilization = offeredLoad(station: i) / Double(servers)
      if utilization > highest {
        highest = utilization
        bottleneck = i
      }
    }
    guard highest < 1 else {
      return .unstable(
        bottleneck: bottleneck, name: stations[bottleneck].name, utilization: highest)
    }
    var residence: [[Double]] = []
    for (i, station) in stations.enumerated() {
      let slowdown = 1 + (try waiting(station: i)?.relativeWait ?? 0)
      residence.append(station.demands.map { $0 * slowdown })
    }
    return .stable(
      NetworkSolution(
        stations: stations, classes: classes.map(\.name),
        throughput: classes.map(\.arrivalRate), residence: residence))
  }

  /// Erlang C of a station and the mean wait in units of the mean service; nil for a delay.
  func waiting(
    station: Int
  ) throws(QueueingError) -> (probability: Double, relativeWait: Double)? {
    guard let servers = stations[station].servers else { return nil }
    let load = offeredLoad(station: station)
    let probability = try ErlangFormula.waiting(servers: servers, offeredLoad: load)
    return (probability, probability / (Double(servers) - load))
  }
}
