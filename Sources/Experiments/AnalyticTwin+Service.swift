import Statistics
import Virtualization

/// Where service at devices varies so much that the twin's assumptions do not carry a figure.
extension AnalyticTwin {
  /// The variance over the squared mean of service beyond which two moments tell no percentile.
  ///
  /// Beside simulated M/G/1 queues, p95 by two moments is within 10 % up to here.
  private static var toleratedVariation: Double { 1.5 }

  /// The part of the mean response in which such service does not matter, or by which it may be
  /// off.
  private static var toleratedShare: Double { 0.1 }

  /// The station of open arrivals at which service varies too much for a percentile, of all classes
  /// together or of one, and where more than a tenth of its mean response is spent.
  func tooVaried(
    _ stations: [NetworkStation], _ solution: NetworkSolution, ofClass index: Int
  ) -> String? {
    for (place, station) in stations.enumerated() {
      let own = station.demands.indices.map { $0 == index ? 1.0 : 0 }
      let variation = max(
        station.squaredVariation(at: rates) ?? 0, station.squaredVariation(at: own) ?? 0)
      let spent = solution.residence[place][index]
      if variation > Self.toleratedVariation,
        spent > Self.toleratedShare * solution.response[index]
      {
        return station.name
      }
    }
    return nil
  }

  /// Why it is not known whether some class holds an objective for a percentile; nil where it is of
  /// each.
  ///
  /// Without a percentile an objective still holds that the mean alone makes sure of: no more than
  /// a share m / t of responses is longer than t (Markov's inequality).
  var percentileAbsence: String? {
    guard isOpen else { return nil }
    for (index, guest) in scenario.guests.enumerated() where rates[index] > 0 {
      guard let answer = answer(ofClass: index), let mean = answer.meanResponse,
        answer.percentileResponse == nil,
        mean > (1 - percentile) * scenario.objective.responseSeconds
      else { continue }
      return "service of \(guest.id) or beside it varies too much at devices for a percentile from "
        + "two moments"
    }
    return nil
  }

  /// Why means are not to be had where service varies: it has no variance, or the arrivals are
  /// closed, where exponential service is assumed, and that may be off by more than a tenth.
  var serviceAbsence: String? {
    guard hasVariance else {
      return "service at a device has no variance, so that the mean wait has no end"
    }
    guard !isOpen, exists else { return nil }
    for stations in networks {
      guard let (solution, _) = closedSolution(of: stations) else { continue }
      for (place, station) in stations.enumerated() {
        guard let variation = station.squaredVariation(at: solution.throughput),
          variation > Self.toleratedVariation
        else { continue }
        for index in scenario.guests.indices where populations[index] > 0 {
          let wait = solution.residence[place][index] - station.demands[index]
          if wait * (variation - 1) / 2 > Self.toleratedShare * solution.response[index] {
            return "of closed arrivals it takes exponential service, and that at \(station.name) "
              + "varies much more"
          }
        }
      }
    }
    return nil
  }
}
