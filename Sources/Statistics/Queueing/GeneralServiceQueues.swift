/// One server, Poisson arrivals, any service distribution, first come first served (M/G/1).
///
/// Formula: Wq = rho m (1 + c2) / (2 (1 - rho)), the Pollaczek-Khinchine mean-value formula.
/// Sources: F. Pollaczek, 1930, "Ueber eine Aufgabe der Wahrscheinlichkeitstheorie";
/// A. Y. Khinchine, 1932, "The mathematical theory of a stationary queue".
public struct MG1Queue: Hashable, Sendable {
  /// Arrivals per unit of time.
  public let arrivalRate: Double
  /// The mean service time.
  public let meanService: Double
  /// The variance of the service time over its squared mean: 0 constant, 1 exponential.
  public let squaredVariation: Double

  /// Checks the inputs and the stability of the queue.
  /// - Throws: ``QueueingError``, `unstable` when the utilization reaches 1.
  public init(
    arrivalRate: Double, meanService: Double, squaredVariation: Double
  ) throws(QueueingError) {
    try QueueingError.requireNonNegative(arrivalRate, "MG1Queue.arrivalRate")
    try QueueingError.requirePositive(meanService, "MG1Queue.meanService")
    try QueueingError.requireNonNegative(squaredVariation, "MG1Queue.squaredVariation")
    try QueueingError.requireStable(arrivalRate * meanService, "MG1Queue.arrivalRate")
    self.arrivalRate = arrivalRate
    self.meanService = meanService
    self.squaredVariation = squaredVariation
  }

  /// The share of time the server is busy.
  public var utilization: Double { arrivalRate * meanService }
  /// The mean time before service.
  public var meanWait: Double {
    utilization * meanService * (1 + squaredVariation) / (2 * (1 - utilization))
  }
  /// The mean time in the system.
  public var meanSojourn: Double { meanWait + meanService }
  /// The mean number in the system, by Little's law.
  public var meanNumber: Double { arrivalRate * meanSojourn }
}

/// Jobs that share c servers equally, at most one server each (M/G/c processor sharing).
///
/// The means are those of M/M/c for *every* service distribution with this mean (insensitivity),
/// and a job of size x spends x E[T] / m on average. With one server E[T] = m / (1 - rho).
/// Percentiles are not insensitive and are not offered here. Sources: L. Kleinrock, 1967,
/// "Time-shared systems: a theoretical treatment"; J. W. Cohen, 1979, "The multiple phase service
/// network with generalized processor sharing".
public struct ProcessorSharingQueue: Hashable, Sendable {
  /// Arrivals per unit of time.
  public let arrivalRate: Double
  /// The mean service time of a job that runs alone.
  public let meanService: Double
  /// The number of servers c.
  public let servers: Int
  /// The mean time in the system.
  public let meanSojourn: Double

  /// Checks the inputs and the stability of the queue.
  /// - Throws: ``QueueingError``, `unstable` when the utilization reaches 1.
  public init(
    arrivalRate: Double, meanService: Double, servers: Int = 1
  ) throws(QueueingError) {
    try QueueingError.requireNonNegative(arrivalRate, "ProcessorSharingQueue.arrivalRate")
    try QueueingError.requirePositive(meanService, "ProcessorSharingQueue.meanService")
    let waiting = try ErlangFormula.waiting(
      servers: servers, offeredLoad: arrivalRate * meanService)
    self.arrivalRate = arrivalRate
    self.meanService = meanService
    self.servers = servers
    let idle = 1 - arrivalRate * meanService / Double(servers)
    meanSojourn = meanService * (1 + waiting / (Double(servers) * idle))
  }

  /// The share of its time that each server is busy.
  public var utilization: Double { arrivalRate * meanService / Double(servers) }
  /// The mean sojourn over the mean service: the slowdown, the same for jobs of every size.
  public var slowdown: Double { meanSojourn / meanService }
  /// The mean number in the system, by Little's law.
  public var meanNumber: Double { arrivalRate * meanSojourn }

  /// The mean time in the system of a job that needs `size` of service.
  public func meanSojourn(ofSize size: Double) -> Double { size * slowdown }
}

/// Approximate mean waits of several servers with service (and arrivals) of any variability.
///
/// Approximations, not theorems: exact for exponential service and Poisson arrivals, and for one
/// server with Poisson arrivals; a few percent off at moderate variability, much more when it is
/// large and servers are many.
public enum MultiServerApproximation {
  /// The mean wait of GI/G/c after Allen and Cunneen.
  ///
  /// Wq = C(c, a) / (c mu - lambda) (ca2 + cs2) / 2. Source: A. O. Allen, 1978, "Probability,
  /// Statistics, and Queueing Theory with Computer Science Applications".
  /// - Parameters:
  ///   - arrivalRate: arrivals per unit of time.
  ///   - meanService: the mean service time.
  ///   - servers: the number of servers.
  ///   - arrivalVariation: the squared coefficient of variation between arrivals; 1 for Poisson.
  ///   - serviceVariation: the squared coefficient of variation of service.
  /// - Throws: ``QueueingError``, `unstable` when the utilization reaches 1.
  public static func allenCunneenWait(
    arrivalRate: Double, meanService: Double, servers: Int, arrivalVariation: Double,
    serviceVariation: Double
  ) throws(QueueingError) -> Double {
    let place = "MultiServerApproximation"
    try QueueingError.requirePositive(meanService, place + ".meanService")
    try QueueingError.requireNonNegative(arrivalVariation, place + ".arrivalVariation")
    try QueueingError.requireNonNegative(serviceVariation, place + ".serviceVariation")
    let markovian = try MMcQueue(
      arrivalRate: arrivalRate, serviceRate: 1 / meanService, servers: servers)
    return markovian.meanWait * (arrivalVariation + serviceVariation) / 2
  }

  /// The mean wait of M/G/c after Lee and Longton: Wq(M/M/c) (1 + cs2) / 2.
  ///
  /// Source: A. M. Lee and P. A. Longton, 1959, "Queueing Processes Associated with Airline
  /// Passenger Check-in". Parameters as in
  /// ``allenCunneenWait(arrivalRate:meanService:servers:arrivalVariation:serviceVariation:)``,
  /// which it equals for Poisson arrivals.
  /// - Throws: ``QueueingError``, `unstable` when the utilization reaches 1.
  public static func leeLongtonWait(
    arrivalRate: Double, meanService: Double, servers: Int, serviceVariation: Double
  ) throws(QueueingError) -> Double {
    try allenCunneenWait(
      arrivalRate: arrivalRate, meanService: meanService, servers: servers, arrivalVariation: 1,
      serviceVariation: serviceVariation)
  }
}
