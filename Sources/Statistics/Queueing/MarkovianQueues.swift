import Numerics

/// One server, Poisson arrivals, exponential service, first come first served (M/M/1).
///
/// Source: L. Kleinrock, 1975, "Queueing Systems, volume 1: Theory". Rates are per unit of time of
/// the caller's choice; times come back in that unit.
public struct MM1Queue: Hashable, Sendable {
  /// Arrivals per unit of time.
  public let arrivalRate: Double
  /// Services per unit of time while busy.
  public let serviceRate: Double

  /// Checks the rates and the stability of the queue.
  /// - Throws: ``QueueingError``, `unstable` when arrivals reach the service rate.
  public init(arrivalRate: Double, serviceRate: Double) throws(QueueingError) {
    try QueueingError.requireNonNegative(arrivalRate, "MM1Queue.arrivalRate")
    try QueueingError.requirePositive(serviceRate, "MM1Queue.serviceRate")
    try QueueingError.requireStable(arrivalRate / serviceRate, "MM1Queue.arrivalRate")
    self.arrivalRate = arrivalRate
    self.serviceRate = serviceRate
  }

  /// The share of time the server is busy: rho = lambda / mu.
  public var utilization: Double { arrivalRate / serviceRate }
  /// The mean time in the system: 1 / (mu - lambda); also exact under processor sharing.
  public var meanSojourn: Double { 1 / (serviceRate - arrivalRate) }
  /// The mean time before service: rho / (mu - lambda).
  public var meanWait: Double { utilization * meanSojourn }
  /// The mean number in the system: rho / (1 - rho).
  public var meanNumber: Double { utilization / (1 - utilization) }

  /// The probability that the sojourn is at most `time`: 1 - exp(-(mu - lambda) t).
  public func sojournDistribution(_ time: Double) -> Double {
    time <= 0 ? 0 : -Double.expMinusOne(-time / meanSojourn)
  }

  /// The sojourn that a share `probability` does not exceed: -ln(1 - p) / (mu - lambda).
  ///
  /// First come first served only: processor sharing has this mean but other percentiles.
  /// - Throws: ``QueueingError`` unless the probability is between 0 and 1.
  public func sojournPercentile(_ probability: Double) throws(QueueingError) -> Double {
    try QueueingError.requireProbability(probability, "MM1Queue.sojournPercentile")
    return -Double.log(onePlus: -probability) * meanSojourn
  }
}

/// Several equal servers and one line, Poisson arrivals, exponential service (M/M/c).
///
/// Sources: A. K. Erlang, 1917, "Solution of some problems in the theory of probabilities of
/// significance in automatic telephone exchanges"; L. Kleinrock, 1975, "Queueing Systems, volume
/// 1". Percentiles are for first come first served; means hold for every discipline that ignores
/// service times.
public struct MMcQueue: Hashable, Sendable {
  /// Arrivals per unit of time.
  public let arrivalRate: Double
  /// Services per unit of time of one busy server.
  public let serviceRate: Double
  /// The number of servers c.
  public let servers: Int
  /// The probability that an arrival waits (Erlang C).
  public let waitingProbability: Double

  /// Checks the inputs and evaluates Erlang C, in time proportional to the number of servers.
  /// - Throws: ``QueueingError``, `unstable` when arrivals reach the capacity of all servers.
  public init(arrivalRate: Double, serviceRate: Double, servers: Int) throws(QueueingError) {
    try QueueingError.requireNonNegative(arrivalRate, "MMcQueue.arrivalRate")
    try QueueingError.requirePositive(serviceRate, "MMcQueue.serviceRate")
    try QueueingError.requireCount(servers, atLeast: 1, "MMcQueue.servers")
    let load = arrivalRate / serviceRate
    try QueueingError.requireStable(load / Double(servers), "MMcQueue.arrivalRate")
    self.arrivalRate = arrivalRate
    self.serviceRate = serviceRate
    self.servers = servers
    waitingProbability = try ErlangFormula.waiting(servers: servers, offeredLoad: load)
  }

  /// The share of its time that each server is busy: rho = lambda / (c mu).
  public var utilization: Double { arrivalRate / serviceRate / Double(servers) }
  /// The rate c mu - lambda at which the wait of those who wait is exponential.
  var drainRate: Double { Double(servers) * serviceRate * (1 - utilization) }
  /// The mean time before service: C / (c mu - lambda).
  public var meanWait: Double { waitingProbability / drainRate }
  /// The mean time in the system: the mean wait and one service.
  public var meanSojourn: Double { meanWait + 1 / serviceRate }
  /// The mean number in the system, by Little's law.
  public var meanNumber: Double { arrivalRate * meanSojourn }

  /// The probability that the sojourn exceeds `time`.
  ///
  /// A sojourn is one exponential service and, with probability C, an independent exponential
  /// wait of rate theta = c mu - lambda, so P(T > t) = exp(-mu t) +
  /// C mu (exp(-mu t) - exp(-theta t)) / (theta - mu), written without the cancellation near
  /// theta = mu.
  func sojournSurvival(_ time: Double) -> Double {
    guard time > 0 else { return 1 }
    let service = Double.exp(-serviceRate * time)
    let slower = Double.exp(-min(serviceRate, drainRate) * time)
    let gap = abs(drainRate - serviceRate) * time
    let relief = gap == 0 ? 1 : -Double.expMinusOne(-gap) / gap
    return service + waitingProbability * serviceRate * time * slower * relief
  }

  /// The probability that the sojourn under first come first served is at most `time`.
  public func sojournDistribution(_ time: Double) -> Double {
    max(0, 1 - sojournSurvival(time))
  }

  /// The sojourn that a share `probability` does not exceed, by bisection to the last bit.
  /// - Throws: ``QueueingError`` unless the probability is between 0 and 1.
  public func sojournPercentile(_ probability: Double) throws(QueueingError) -> Double {
    let place = "MMcQueue.sojournPercentile"
    try QueueingError.requireProbability(probability, place)
    return try timeAtWhich(
      survivalFallsTo: 1 - probability, startingAt: meanSojourn, place: place, sojournSurvival)
  }

  /// The wait that a share `probability` does not exceed: max(0, ln(C / (1 - p)) / theta).
  /// - Throws: ``QueueingError`` unless the probability is between 0 and 1.
  public func waitPercentile(_ probability: Double) throws(QueueingError) -> Double {
    try QueueingError.requireProbability(probability, "MMcQueue.waitPercentile")
    guard waitingProbability > 1 - probability else { return 0 }
    return Double.log(waitingProbability / (1 - probability)) / drainRate
  }
}
