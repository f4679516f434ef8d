/// A network that Poisson streams of jobs cross, class by class.
///
/// Product form is assumed, as in ``ClosedNetwork``, at stations that tell nothing of visits: then
/// each behaves as M/M/c (or a pure delay) fed with the classes' total load, and a class's
/// residence is proportional to its demand. Source: F. Baskett, K. M. Chandy, R. R. Muntz and F. G.
/// Palacios, 1975, "Open, Closed, and Mixed Networks of Queues with Different Classes of
/// Customers".
///
/// A station that serves in order of arrival
/// (``NetworkStation/inOrderOfArrival(_:servers:demands:visits:)``) is M/G/c: visits of all classes
/// wait alike. With one server the wait is that of Pollaczek and Khinchine, exact where visits come
/// as a Poisson process: from outside, or out of stations of processor sharing, and once in a job.
/// Else, where jobs come back or from another such station, the process is taken for Poisson. With
/// several servers it is that of Allen and Cunneen, an approximation (see
/// ``MultiServerApproximation``).
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

  /// Solves the network: U = load / c, R = D (1 + C(c, load) / (c (1 - U))), R = D at a delay, and
  /// R = D + v W for v visits in order of arrival.
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
      let wait = try waiting(station: i)?.wait ?? .relative(0)
      residence.append(station.demands.indices.map { station.demands[$0] + wait.of($0, station) })
    }
    return .stable(
      NetworkSolution(
        stations: stations, classes: classes.map(\.name),
        throughput: classes.map(\.arrivalRate), residence: residence))
  }

  /// The mean wait at a station.
  enum Wait {
    /// In units of the mean service, where product form is assumed.
    case relative(Double)
    /// Of every visit, where visits are told.
    case absolute(Double)

    /// The mean wait of a job of a class in all its visits.
    func of(_ index: Int, _ station: NetworkStation) -> Double {
      switch self {
      case .relative(let factor): station.demands[index] * factor
      case .absolute(let wait): (station.visits?[index].count ?? 0) * wait
      }
    }
  }

  /// Erlang C of a station and the mean wait; nil for a delay.
  ///
  /// In order of arrival W = C / (c - a) E[S^2] / (2 E[S]) over the visits of all classes, which at
  /// one server, where C = a, is lambda E[S^2] / (2 (1 - rho)).
  func waiting(station: Int) throws(QueueingError) -> (probability: Double, wait: Wait)? {
    guard let servers = stations[station].servers else { return nil }
    let load = offeredLoad(station: station)
    let probability = try ErlangFormula.waiting(servers: servers, offeredLoad: load)
    let relative = probability / (Double(servers) - load)
    guard let visits = stations[station].visits else { return (probability, .relative(relative)) }
    let squares = zip(visits, classes).reduce(0) { $0 + $1.0.secondMoment * $1.1.arrivalRate }
    return (probability, .absolute(load > 0 ? relative * squares / (2 * load) : 0))
  }
}
