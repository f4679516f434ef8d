/// Several equal servers with room for `capacity` jobs in all, those in service included (M/M/c/K).
///
/// Arrivals that find the room full are lost, so every load has a steady state. With
/// `servers` = 1 it is M/M/1/K. Formula: the birth-death balance
/// p(n+1) = p(n) lambda / (min(n+1, c) mu), normalized from its largest term so that neither a
/// light nor a heavy load underflows the sum. Source: L. Kleinrock, 1975, "Queueing Systems,
/// volume 1", section 3.6-3.8.
public struct FiniteCapacityQueue: Hashable, Sendable {
  /// Arrivals per unit of time, lost ones included.
  public let arrivalRate: Double
  /// Services per unit of time of one busy server.
  public let serviceRate: Double
  /// The number of servers c.
  public let servers: Int
  /// The room K, jobs in service included.
  public let capacity: Int
  /// The probability that an arrival is lost, p(K).
  public let blockingProbability: Double
  /// The probability that an accepted or lost arrival finds the system empty, p(0).
  public let emptyProbability: Double
  /// The mean number in the system.
  public let meanNumber: Double
  /// The mean number of busy servers.
  public let meanBusyServers: Double

  /// Checks the inputs and solves the balance, in time proportional to the capacity.
  /// - Throws: ``QueueingError`` for rates or counts outside their domain.
  public init(
    arrivalRate: Double, serviceRate: Double, servers: Int = 1, capacity: Int
  ) throws(QueueingError) {
    try QueueingError.requireNonNegative(arrivalRate, "FiniteCapacityQueue.arrivalRate")
    try QueueingError.requirePositive(serviceRate, "FiniteCapacityQueue.serviceRate")
    try QueueingError.requireCount(servers, atLeast: 1, "FiniteCapacityQueue.servers")
    try QueueingError.requireCount(capacity, atLeast: servers, "FiniteCapacityQueue.capacity")
    self.arrivalRate = arrivalRate
    self.serviceRate = serviceRate
    self.servers = servers
    self.capacity = capacity

    let load = arrivalRate / serviceRate
    func ratio(into state: Int) -> Double { load / Double(min(state, servers)) }
    let mode = load >= Double(servers) ? capacity : min(capacity, Int(load))
    var weights = [Double](repeating: 0, count: capacity + 1)
    weights[mode] = 1
    for state in stride(from: mode, to: 0, by: -1) {
      weights[state - 1] = weights[state] / ratio(into: state)
    }
    for state in mode..<capacity {
      weights[state + 1] = weights[state] * ratio(into: state + 1)
    }
    var total = 0.0
    var number = 0.0
    var busy = 0.0
    for (state, weight) in weights.enumerated() {
      total += weight
      number += weight * Double(state)
      busy += weight * Double(min(state, servers))
    }
    blockingProbability = weights[capacity] / total
    emptyProbability = weights[0] / total
    meanNumber = number / total
    meanBusyServers = busy / total
  }

  /// The share of its time that each server is busy.
  public var utilization: Double { meanBusyServers / Double(servers) }
  /// Accepted jobs per unit of time: busy servers times the service rate.
  public var throughput: Double { meanBusyServers * serviceRate }
  /// The mean time in the system of accepted jobs, by Little's law; nil when nothing arrives.
  public var meanSojourn: Double? { throughput > 0 ? meanNumber / throughput : nil }
}
