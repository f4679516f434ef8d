/// A network in which fixed populations of customers circulate: think, be served, think again.
///
/// Product form is assumed: exponential service at first-come-first-served stations, the same for
/// every class there, or any service under processor sharing, where demands may differ by class.
/// Source: F. Baskett, K. M. Chandy, R. R. Muntz and F. G. Palacios, 1975, "Open, Closed, and Mixed
/// Networks of Queues with Different Classes of Customers".
public struct ClosedNetwork: Hashable, Sendable {
  /// A fixed population with common demands.
  public struct CustomerClass: Hashable, Sendable {
    /// The name results refer to.
    public let name: String
    /// The number of customers.
    public let population: Int
    /// The mean time between a completion and the next request.
    public let thinkTime: Double

    /// Describes a class; the numbers are checked by the network.
    public init(name: String, population: Int, thinkTime: Double = 0) {
      self.name = name
      self.population = population
      self.thinkTime = thinkTime
    }
  }

  /// The stations.
  public let stations: [NetworkStation]
  /// The classes, in the order of the stations' demands.
  public let classes: [CustomerClass]

  /// Checks the description.
  /// - Throws: ``QueueingError`` with the place of the first input that makes no sense.
  public init(stations: [NetworkStation], classes: [CustomerClass]) throws(QueueingError) {
    try NetworkStation.validate(stations, classCount: classes.count, place: "ClosedNetwork")
    for (k, customers) in classes.enumerated() {
      let place = "ClosedNetwork.classes[\(k)] (\(customers.name))"
      try QueueingError.requireCount(customers.population, atLeast: 0, place + ".population")
      try QueueingError.requireNonNegative(customers.thinkTime, place + ".thinkTime")
      let cycle = stations.reduce(customers.thinkTime) { $0 + $1.demands[k] }
      guard cycle > 0 else {
        throw QueueingError(
          code: .invalidInput,
          message: "the class neither thinks nor demands service; its throughput has no limit",
          place: place)
      }
    }
    self.stations = stations
    self.classes = classes
  }

  /// The same network with another population of one class.
  /// - Throws: ``QueueingError`` for a negative population or a class that does not exist.
  public func with(population: Int, ofClass index: Int = 0) throws(QueueingError) -> ClosedNetwork {
    guard classes.indices.contains(index) else {
      throw QueueingError(
        code: .invalidInput, message: "there are \(classes.count) classes, none at \(index)",
        place: "ClosedNetwork.with(population:ofClass:)")
    }
    var changed = classes
    changed[index] = CustomerClass(
      name: classes[index].name, population: population, thinkTime: classes[index].thinkTime)
    return try ClosedNetwork(stations: stations, classes: changed)
  }

  /// The number of customers of all classes.
  public var totalPopulation: Int { classes.reduce(0) { $0 + $1.population } }

  /// Limits that hold for every product-form network with these demands, by class.
  public var bounds: [AsymptoticBounds] {
    classes.indices.map { AsymptoticBounds(network: self, classIndex: $0) }
  }
}

/// The throughput and response time that one class of a closed network cannot leave.
///
/// X <= min(N / (D + Z), min over stations of servers / demand) and
/// X >= N / (Z + delays + M D(queueing)), where M counts the customers of all classes: at worst a
/// customer finds all others before it everywhere. Sources: R. R. Muntz and J. W. Wong, 1974,
/// "Asymptotic properties of closed queueing network models"; P. J. Denning and J. P. Buzen, 1978,
/// "The Operational Analysis of Queueing Network Models".
public struct AsymptoticBounds: Hashable, Sendable {
  /// The throughput that is at least reached.
  public let lowerThroughput: Double
  /// The throughput that is never exceeded; infinite for a class without queueing.
  public let upperThroughput: Double
  /// The response time that is at least needed.
  public let lowerResponse: Double
  /// The response time that is never exceeded.
  public let upperResponse: Double
  /// The population of this class alone at which both upper limits meet: (D + Z) / max(D / c).
  public let saturationPopulation: Double
  /// The station with the largest demand per server, nil for a class without queueing.
  public let bottleneck: Int?

  init(network: ClosedNetwork, classIndex: Int) {
    let customers = network.classes[classIndex]
    var delayed = 0.0
    var queued = 0.0
    var largest = 0.0
    var bottleneck: Int?
    for (index, station) in network.stations.enumerated() {
      let demand = station.demands[classIndex]
      guard let servers = station.servers else {
        delayed += demand
        continue
      }
      queued += demand
      let perServer = demand / Double(servers)
      if perServer > largest {
        largest = perServer
        bottleneck = index
      }
    }
    let population = Double(customers.population)
    let cycle = customers.thinkTime + delayed + queued
    let saturated = largest > 0 ? 1 / largest : Double.infinity
    self.bottleneck = bottleneck
    saturationPopulation = largest > 0 ? cycle / largest : .infinity
    upperThroughput = min(population / cycle, saturated)
    upperResponse = delayed + queued * max(1, Double(network.totalPopulation))
    lowerThroughput = population / (customers.thinkTime + upperResponse)
    lowerResponse = max(delayed + queued, population / saturated - customers.thinkTime)
  }
}
