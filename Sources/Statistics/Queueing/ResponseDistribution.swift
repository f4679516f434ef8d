import CGSL
import Numerics

/// A gamma distribution with a given mean and variance: a stand-in for a sum of sojourns.
///
/// Two moments do not fix a percentile, so this is an approximation. It is exact for one
/// exponential time and for independent exponential times of equal means (Erlang); p95 of a sum
/// of a few unequal exponentials is typically within a few percent. Source for matching two
/// moments: H. C. Tijms, 2003, "A First Course in Stochastic Models".
public struct GammaMatch: Hashable, Sendable {
  /// The mean that is matched.
  public let mean: Double
  /// The variance that is matched.
  public let variance: Double

  /// Checks the moments.
  /// - Throws: ``QueueingError`` for a mean that is not positive or a negative variance.
  public init(mean: Double, variance: Double) throws(QueueingError) {
    try QueueingError.requirePositive(mean, "GammaMatch.mean")
    try QueueingError.requireNonNegative(variance, "GammaMatch.variance")
    self.mean = mean
    self.variance = variance
  }

  /// The time that a share `probability` does not exceed; the mean when nothing varies.
  /// - Throws: ``QueueingError`` unless the probability is between 0 and 1.
  public func percentile(_ probability: Double) throws(QueueingError) -> Double {
    let place = "GammaMatch.percentile"
    try QueueingError.requireProbability(probability, place)
    let squaredVariation = variance / (mean * mean)
    // Below this the spread is beyond the last digits that the incomplete gamma function gives.
    guard squaredVariation > 1e-12 else { return mean }
    // GSL aborts the process on a failed evaluation unless told to return its value.
    gsl_set_error_handler_off()
    return try timeAtWhich(
      survivalFallsTo: 1 - probability, startingAt: mean, place: place
    ) { time in
      gsl_cdf_gamma_Q(time, 1 / squaredVariation, mean * squaredVariation)
    }
  }
}

extension OpenNetwork {
  /// The order of service assumed at stations when a percentile is asked for.
  public enum Discipline: Hashable, Sendable {
    /// First come first served, exponential service.
    case firstComeFirstServed
    /// Equal shares of the servers, exponential demands.
    case processorSharing
  }

  /// An approximate percentile of the time a job of a class takes to cross the network.
  ///
  /// Stations are taken as independent and visited once each, in which a class's whole demand is
  /// served; means agree with ``solve()``.
  /// - First come first served: each station's sojourn is a service and, with probability C, a
  ///   wait, both exponential, and the sum is evaluated exactly (``PhaseSequence``). Exact for one
  ///   class on a path without overtaking whose stations have one server, except the first and the
  ///   last, which may have several (E. Reich, 1957, "Waiting times when queues are in tandem";
  ///   P. J. Burke, 1969, "The dependence of sojourn times in tandem M/M/s queues").
  /// - Processor sharing: two moments, matched by ``GammaMatch``. The squared variation of one
  ///   sojourn is (2 + rho) / (2 - rho) at one server (E. G. Coffman, R. R. Muntz and H. Trotter,
  ///   1970, "Waiting time distributions for processor-sharing systems"); at several servers rho
  ///   is replaced by the probability C of finding them all busy, an assumption that is right at
  ///   one server and at no load. The percentile is never exact but at no load at one station.
  /// - Parameters:
  ///   - probability: between 0 and 1, as 0.95.
  ///   - classIndex: the class.
  ///   - discipline: the order of service at all stations; delays are exponential.
  /// - Returns: the time, 0 for a class that demands nothing.
  /// - Throws: ``QueueingError``, `unstable` when a station is overloaded.
  public func responsePercentile(
    _ probability: Double, ofClass classIndex: Int = 0, discipline: Discipline
  ) throws(QueueingError) -> Double {
    let place = "OpenNetwork.responsePercentile"
    try QueueingError.requireProbability(probability, place)
    guard classes.indices.contains(classIndex) else {
      throw QueueingError(
        code: .invalidInput, message: "there are \(classes.count) classes, none at \(classIndex)",
        place: place)
    }
    if case .unstable(_, let name, let utilization) = try solve() {
      try QueueingError.requireStable(utilization, "\(place) (\(name))")
    }
    var phases: [PhaseSequence.Phase] = []
    var mean = 0.0
    var variance = 0.0
    for (i, station) in stations.enumerated() where station.demands[classIndex] > 0 {
      let demand = station.demands[classIndex]
      let wait = try waiting(station: i)
      let probability = wait?.probability ?? 0
      let relativeWait = wait?.relativeWait ?? 0
      phases.append(.init(rate: 1 / demand))
      if probability > 0 {
        phases.append(
          .init(rate: probability / (demand * relativeWait), probability: probability))
      }
      let sojourn = demand * (1 + relativeWait)
      mean += sojourn
      variance += sojourn * sojourn * (2 + probability) / (2 - probability)
    }
    guard !phases.isEmpty else { return 0 }
    switch discipline {
    case .firstComeFirstServed:
      return try PhaseSequence(phases: phases).percentile(probability)
    case .processorSharing:
      return try GammaMatch(mean: mean, variance: variance).percentile(probability)
    }
  }
}
