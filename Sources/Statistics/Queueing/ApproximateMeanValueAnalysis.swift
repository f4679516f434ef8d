extension ClosedNetwork {
  /// An approximate solution, in time that does not grow with the populations.
  ///
  /// Bard-Schweitzer: an arriving customer of class k is taken to see
  /// Q - Q(k) / N(k) customers, a fixed point found by iteration. Stations with c servers become
  /// one server with demand D / c after a delay of D (c - 1) / c (Seidmann). Exact for one
  /// customer and for balanced single servers. In between it errs on the low side:
  /// over a grid of two-station networks throughput was up to 7 percent low near saturation with
  /// one server, and up to 25 percent with several when there are about as many customers as
  /// servers. A first guess, to be confirmed by ``exact(stepLimit:)`` or by simulation. Sources: Y.
  /// Bard, 1979, "Some Extensions to Multiclass Queueing Network Analysis"; P. J. Schweitzer, 1979,
  /// "Approximate analysis of multiclass closed networks of queues"; A. Seidmann, P. J. Schweitzer
  /// and S. Shalev-Oren, 1987, "Computerized closed queueing network models of flexible
  /// manufacturing systems: a comparative evaluation".
  /// - Parameters:
  ///   - tolerance: the largest change of any queue length, relative to the population, at which
  ///     the iteration stops.
  ///   - iterationLimit: rounds allowed.
  /// - Throws: ``QueueingError``, `notConverged` at the limit.
  public func approximate(
    tolerance: Double = 1e-12, iterationLimit: Int = 100_000
  ) throws(QueueingError) -> NetworkSolution {
    try QueueingError.requirePositive(tolerance, "ClosedNetwork.approximate.tolerance")
    // Only what waits for the transformed single server counts as seen by an arrival.
    var queue = stations.map { station in
      classes.map { _ in station.servers == nil ? 0.0 : 1.0 }
    }
    for k in classes.indices {
      let cycle = stations.reduce(classes[k].thinkTime) { $0 + $1.demands[k] }
      for i in stations.indices {
        queue[i][k] *= Double(classes[k].population) * stations[i].demands[k] / cycle
      }
    }
    let scale = Double(max(1, totalPopulation))
    for _ in 0..<max(1, iterationLimit) {
      let (throughput, residence, next) = round(queue)
      var change = 0.0
      for i in stations.indices {
        for k in classes.indices {
          change = max(change, abs(next[i][k] - queue[i][k]))
        }
      }
      queue = next
      if change <= tolerance * scale {
        return NetworkSolution(
          stations: stations, classes: classes.map(\.name), throughput: throughput,
          residence: residence)
      }
    }
    throw QueueingError(
      code: .notConverged,
      message: "no fixed point in \(iterationLimit) rounds; raise the limit or the tolerance",
      place: "ClosedNetwork.approximate")
  }

  private func round(
    _ queue: [[Double]]
  ) -> (throughput: [Double], residence: [[Double]], queue: [[Double]]) {
    var throughput = [Double](repeating: 0, count: classes.count)
    var residence = queue
    var next = queue
    let totals = queue.map { $0.reduce(0, +) }
    for k in classes.indices {
      let population = Double(classes[k].population)
      var cycle = classes[k].thinkTime
      for (i, station) in stations.enumerated() {
        guard population > 0 else {
          residence[i][k] = 0
          next[i][k] = 0
          continue
        }
        let demand = station.demands[k]
        next[i][k] = 0
        residence[i][k] = demand
        if let servers = station.servers {
          let fast = demand / Double(servers)
          let seen = max(0, totals[i] - queue[i][k] / population)
          next[i][k] = fast * (1 + seen)
          residence[i][k] = demand - fast + next[i][k]
        }
        cycle += residence[i][k]
      }
      throughput[k] = population > 0 ? population / cycle : 0
      for i in stations.indices { next[i][k] *= throughput[k] }
    }
    return (throughput, residence, next)
  }
}
