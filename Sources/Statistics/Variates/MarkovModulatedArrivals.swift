/// Bursty arrivals: a Poisson process whose rate switches between two levels (MMPP-2).
///
/// The switching times are exponential, so the state is the current level alone; keep one value per
/// source and ask it for each next gap. Give it a stream of its own. Source: Heffes and Lucantoni,
/// "A Markov Modulated Characterization of Packetized Voice and Data Traffic", IEEE JSAC 4(6),
/// 1986.
@frozen
public struct MarkovModulatedArrivals: Hashable, Sendable, BitwiseCopyable {
  /// Arrivals per unit of time inside a burst.
  public let burstRate: Double
  /// Arrivals per unit of time between bursts.
  public let quietRate: Double
  /// The mean duration of a burst.
  public let meanBurst: Double
  /// The mean duration between bursts.
  public let meanQuiet: Double
  /// Whether the source is in a burst now.
  @inlinable
  public var isBursting: Bool { bursting }
  @usableFromInline var bursting: Bool

  /// Makes a source, in the stationary mix of the two levels at its start.
  ///
  /// With r the peak-to-mean ratio and s the share of arrivals inside bursts, the source bursts s /
  /// r of the time at r times the mean rate. A share of 1 is silent between bursts.
  ///
  /// - Parameters:
  ///   - meanRate: Arrivals per unit of time in the long run.
  ///   - peakToMean: The rate inside a burst over the mean rate, above 1.
  ///   - meanBurst: The mean duration of a burst, in the same unit of time.
  ///   - shareInBursts: The share of all arrivals that fall into bursts, above 0 and at most 1.
  ///   - stream: The source's own stream; one number is drawn for the level at the start.
  public init(
    meanRate: Double, peakToMean: Double, meanBurst: Double, shareInBursts: Double = 0.5,
    stream: inout RandomStream
  ) throws(StatisticsError) {
    let place = "MarkovModulatedArrivals"
    try requirePositive(meanRate, "The mean rate", at: place)
    try requirePositive(meanBurst, "The mean burst", at: place)
    guard peakToMean.isFinite, peakToMean > 1 else {
      throw StatisticsError(
        .invalidParameter,
        "The peak-to-mean ratio is \(peakToMean); give a number above 1, or use Poisson arrivals",
        at: place)
    }
    guard shareInBursts > 0, shareInBursts <= 1 else {
      throw StatisticsError(
        .invalidParameter, "The share in bursts is \(shareInBursts); give above 0, at most 1",
        at: place)
    }
    let timeShare = shareInBursts / peakToMean
    burstRate = meanRate * peakToMean
    quietRate = meanRate * (1 - shareInBursts) / (1 - timeShare)
    self.meanBurst = meanBurst
    meanQuiet = meanBurst * (1 - timeShare) / timeShare
    bursting = stream.uniform() < timeShare
  }

  /// The time to the next arrival.
  @inlinable
  public mutating func nextInterarrival(_ stream: inout RandomStream) -> Double {
    var gap = 0.0
    while true {
      let rate = bursting ? burstRate : quietRate
      let total = rate + 1 / (bursting ? meanBurst : meanQuiet)
      gap += stream.exponential() / total
      if stream.uniform() * total < rate { return gap }
      bursting.toggle()
    }
  }

  /// The long-run rate of arrivals.
  public var meanRate: Double {
    (burstRate * meanBurst + quietRate * meanQuiet) / (meanBurst + meanQuiet)
  }

  /// The limit of the variance over the mean of arrival counts; 1 for a Poisson process.
  ///
  /// 1 + 2 (l1 - l2)^2 r1 r2 / ((r1 + r2)^2 (l1 r2 + l2 r1)) with rates l and switching rates r.
  public var indexOfDispersion: Double {
    let r1 = 1 / meanBurst
    let r2 = 1 / meanQuiet
    let difference = burstRate - quietRate
    return 1 + 2 * difference * difference * r1 * r2
      / ((r1 + r2) * (r1 + r2) * (burstRate * r2 + quietRate * r1))
  }
}
