internal import Statistics

extension HostPlan {
  /// Requests per second that one guest of each class makes; nil where no cache asks.
  ///
  /// Guests compete for a file cache by how often they read. Users who think and wait ask once in
  /// their think time and response, and their response depends on what the cache holds of their
  /// files: a fixed point of the caches without load and of approximate mean-value analysis, over
  /// which open arrivals and periodic work lie as load that closed classes cannot have
  /// (D / (1 - U), exact for single servers of a mixed product-form network; Lavenberg, 1983,
  /// "Computer Performance Modeling Handbook"). It starts at the user computation alone.
  ///
  /// - Throws: `ModelError` when so many guests do not fit.
  package func requestRates() throws(ModelError) -> [Double]? {
    guard cacheComparesRates else { return nil }
    var rates = scenario.guests.map(\.workload.undisturbedRequestRate)
    for _ in 0..<Self.rateRounds {
      let next = closedRates(of: try meanDemands(requestRates: rates), before: rates)
      var change = 0.0
      for (old, new) in zip(rates, next) where max(old, new) > 0 {
        change = max(change, abs(new - old) / max(old, new))
      }
      rates = next
      if change < Self.rateTolerance { break }
    }
    return rates
  }

  private static var rateRounds: Int { 12 }
  private static var rateTolerance: Double { 0.01 }

  /// Whether classes of guests, closed ones among them, meet in a cache: the ratio of their rates
  /// is all that it asks for.
  private var cacheComparesRates: Bool {
    guard approach.memory.pageCache != .perGuest else { return false }
    var classes = 0
    var closed = 0
    for (guest, count) in zip(scenario.guests, counts) where count > 0 {
      guard guest.workload.files != nil, guest.workload.fileReadsPerRequest > 0 else { continue }
      classes += 1
      if case .closed = guest.workload.arrival { closed += 1 }
    }
    return classes > 1 && closed > 0
  }

  /// The rates of closed classes by the slower of the plan's networks, and those of open ones.
  private func closedRates(of demands: [MeanDemand], before rates: [Double]) -> [Double] {
    var result = rates
    var slower = rates.map { _ in Double.infinity }
    for stations in networks(of: demands, withBackground: true) {
      guard let throughput = closedThroughput(stations) else { return rates }
      for (index, value) in throughput { slower[index] = min(slower[index], value) }
    }
    let cores = Int(clamping: scenario.host.processors.cores.value)
    let limited = approach.honorsLimits(on: scenario.host)
    for (index, guest) in scenario.guests.enumerated() where slower[index].isFinite {
      let limits = guest.limits
      let processors = min(
        Double(approach.topology.processors(of: limits, cores: max(1, cores))),
        limited ? limits.processorLimit ?? .infinity : .infinity)
      let own = demands[index].request.processor
      result[index] = min(
        slower[index] / Double(counts[index]), own > 0 ? processors / own : .infinity)
    }
    return result
  }

  /// Requests per second of all guests of each closed class, beside the load of all else.
  private func closedThroughput(_ stations: [NetworkStation]) -> [(Int, Double)]? {
    var indices: [Int] = []
    var customers: [ClosedNetwork.CustomerClass] = []
    // The last class of the stations is periodic work.
    var openRates = scenario.guests.map { _ in 0.0 } + [1]
    for (index, guest) in scenario.guests.enumerated() where counts[index] > 0 {
      switch guest.workload.arrival {
      case .poisson(let rate), .bursty(let rate, _, _, _):
        openRates[index] = rate.value * Double(counts[index])
      case .closed(let users, let think):
        indices.append(index)
        customers.append(
          ClosedNetwork.CustomerClass(
            name: guest.id, population: Int(clamping: users.value) * counts[index],
            thinkTime: think.mean))
      }
    }
    let left = stations.map { station in
      let servers =
        switch station.kind {
        case .queueing(let servers): Double(servers)
        case .delay: 1.0
        }
      let load = zip(station.demands, openRates).reduce(0) { $0 + $1.0 * $1.1 } / servers
      // Full of other load, a station leaves hardly anything, but no less than nothing.
      let free = max(1 - load, 0.01)
      return NetworkStation(
        name: station.name, kind: station.kind, demands: indices.map { station.demands[$0] / free })
    }
    guard let network = try? ClosedNetwork(stations: left, classes: customers),
      let solution = try? network.approximate(tolerance: 1e-6, iterationLimit: 2_000)
    else { return nil }
    return Array(zip(indices, solution.throughput))
  }
}

extension Workload {
  /// Requests per second of one guest whose users wait for nothing but their own computation.
  var undisturbedRequestRate: Double {
    switch arrival {
    case .poisson(let rate), .bursty(let rate, _, _, _): rate.value
    case .closed(let users, let thinkTime):
      users.value / max(thinkTime.mean + userComputation.mean, 1e-9)
    }
  }
}
