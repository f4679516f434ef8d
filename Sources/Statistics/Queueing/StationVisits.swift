/// What the visits of one class are like at a station that serves in order of arrival.
///
/// The mean service of all visits of a job is the class's demand at the ``NetworkStation``; the
/// mean wait there depends on the second moment, too.
public struct StationVisits: Hashable, Sendable {
  /// The mean number of visits of one job.
  public var count: Double
  /// The second moment of service, E[S^2], summed over the visits of one job, in squared time.
  public var secondMoment: Double

  /// Describes visits; the numbers are checked by the network.
  public init(count: Double, secondMoment: Double) {
    self.count = count
    self.secondMoment = secondMoment
  }

  /// No visits.
  public static let none = StationVisits(count: 0, secondMoment: 0)

  /// Visits whose service has the given mean and squared coefficient of variation.
  public static func alike(
    _ count: Double = 1, meanService: Double, squaredVariation: Double
  ) -> StationVisits {
    StationVisits(
      count: count, secondMoment: count * meanService * meanService * (1 + squaredVariation))
  }

  /// Adds other visits, so many times each.
  public mutating func add(_ other: StationVisits, times factor: Double = 1) {
    count += other.count * factor
    secondMoment += other.secondMoment * factor
  }

  func validate(demand: Double, _ place: String) throws(QueueingError) {
    try QueueingError.requireNonNegative(count, place + ".count")
    try QueueingError.requireNonNegative(secondMoment, place + ".secondMoment")
    // E[S^2] >= E[S]^2, up to rounding.
    guard demand == 0 || count * secondMoment >= demand * demand * (1 - 1e-9) else {
      throw QueueingError(
        code: .invalidInput,
        message: "\(count) visits with a demand of \(demand) have a second moment of at least "
          + "\(demand * demand / count), not \(secondMoment)", place: place)
    }
  }
}

extension NetworkStation {
  /// A station that serves in order of arrival, where service need not be exponential.
  ///
  /// ``OpenNetwork`` takes it for M/G/c. ``ClosedNetwork`` heeds the demands alone: its mean-value
  /// analysis is that of a product-form network.
  /// - Parameters:
  ///   - name: The name results refer to.
  ///   - servers: Equal servers with one line.
  ///   - demands: The service of one job of each class in all its visits.
  ///   - visits: What these visits are like.
  public static func inOrderOfArrival(
    _ name: String, servers: Int = 1, demands: [Double], visits: [StationVisits]
  ) -> NetworkStation {
    NetworkStation(
      name: name, kind: .queueing(servers: servers), demands: demands, visits: visits)
  }

  /// How much the service of all visits together varies, classes mixed as they come: variance over
  /// squared mean; nil where visits are not told, or where nobody comes.
  ///
  /// - Parameter rates: Jobs of each class per unit of time.
  public func squaredVariation(at rates: [Double]) -> Double? {
    guard let visits else { return nil }
    var (all, load) = (StationVisits.none, 0.0)
    for (rate, (visit, demand)) in zip(rates, zip(visits, demands)) {
      all.add(visit, times: rate)
      load += rate * demand
    }
    return load > 0 ? max(0, all.count * all.secondMoment / (load * load) - 1) : nil
  }
}
