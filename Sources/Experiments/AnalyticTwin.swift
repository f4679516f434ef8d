import Statistics
package import Virtualization

/// The same scenario as a queueing network: a first guess that makes searches fast, and a
/// cross-check that is printed beside the simulation.
///
/// Stations: the cores together (processor sharing), each spindle or the channels and the transfer
/// of a solid-state drive, the link in each direction. A driver domain's work is the cores' load;
/// where it has fewer processors than there are cores, a second network has it as a station of its
/// own, and the slower answer counts. It says nothing where there is what it does not know and what
/// may matter: limits of processor time, unequal weights, bursts, full worker pools. Left out are
/// switching, cache refill, first writes to swap and the sharing of notifications. Of open arrivals
/// the processors are stations of product form and the devices M/G/1 or M/G/c (``OpenNetwork``);
/// closed ones are a product-form network throughout, by exact mean-value analysis where there is
/// one class and approximate else; a mix of both has no twin.
package struct AnalyticTwin {
  let networks: [[NetworkStation]]
  let rates: [Double]
  let populations: [Int]
  let thinkTimes: [Double]
  /// Seconds of the disk's time for what goes there behind one request of each class.
  let writeBack: [Double]
  /// Seconds of the disk's time per second for flushes that come several at a time, of each class.
  let flushesTogether: [Double]
  /// Whether service at every device has a variance.
  let hasVariance: Bool
  private let names: [String]
  let percentile: Double
  let isOpen: Bool
  private let isClosed: Bool
  let scenario: Scenario
  let approach: ApproachProfile
  let counts: [Int]

  /// The twin of a scenario under an approach with a number of guests.
  package init(
    _ scenario: Scenario, _ approach: ApproachProfile, guests: Int
  ) throws(ModelError) {
    let plan = try HostPlan(
      scenario: scenario, approach: approach, guests: guests, replication: 0)
    let demands = try plan.meanDemands()
    var rates: [Double] = []
    var populations: [Int] = []
    var thinkTimes: [Double] = []
    for (guest, count) in zip(scenario.guests, plan.counts) {
      var (rate, users, think) = (0.0, 0, 0.0)
      switch guest.workload.arrival {
      case .poisson(let perGuest), .bursty(let perGuest, _, _, _):
        rate = perGuest.value * Double(count)
      case .closed(let perGuest, let time):
        users = Int(perGuest.value) * count
        think = time.mean
      }
      rates.append(rate)
      populations.append(users)
      thinkTimes.append(think)
    }
    isOpen = populations.allSatisfy { $0 == 0 }
    isClosed = rates.allSatisfy { $0 == 0 }
    // Periodic work is a class of its own beside open arrivals: one job per second.
    networks = plan.networks(of: demands, withBackground: isOpen)
    self.rates = rates + (isOpen ? [1] : [])
    self.populations = populations
    self.thinkTimes = thinkTimes
    writeBack = demands.map { max($0.writeBack.disk, $0.writeBack.diskTransfer) }
    flushesTogether = zip(demands, plan.counts).map { $0.flushesTogether * Double($1) }
    hasVariance = demands.allSatisfy { $0.request.hasVariance && $0.background.hasVariance }
    names = scenario.guests.map(\.id) + (isOpen ? ["background"] : [])
    percentile = scenario.objective.shownPercentile / 100
    self.scenario = scenario
    self.approach = approach
    counts = plan.counts
  }

  /// Whether there is a twin at all: not for a mix of open and closed arrivals.
  package var exists: Bool { isOpen || isClosed }

  /// What the twin says of a class; nil where it has nothing to say.
  package func answer(ofClass index: Int) -> TwinAnswer? {
    if isOpen { return openAnswer(index) }
    return isClosed ? closedAnswer(index) : nil
  }

  private func openAnswer(_ index: Int) -> TwinAnswer? {
    let classes = zip(names, rates).map { OpenNetwork.JobClass(name: $0, arrivalRate: $1) }
    var answer = TwinAnswer(method: openMethod, meanResponse: 0, percentileResponse: 0)
    for stations in networks {
      guard let network = try? OpenNetwork(stations: stations, classes: classes),
        let outcome = try? network.solve()
      else { return nil }
      guard case .stable(let solution) = outcome else {
        return TwinAnswer(method: answer.method, meanResponse: nil, percentileResponse: nil)
      }
      answer.meanResponse = answer.meanResponse.map { max($0, solution.response[index]) }
      if let name = tooVaried(stations, solution, ofClass: index) {
        answer.method = "\(openMethod); no percentile, since service at \(name) varies too much"
        answer.percentileResponse = nil
        continue
      }
      let percentile = try? network.responsePercentile(
        percentile, ofClass: index, discipline: .processorSharing)
      answer.percentileResponse = answer.percentileResponse.flatMap { slower in
        percentile.map { max(slower, $0) }
      }
    }
    if answer.percentileResponse != nil { answer.method += ", percentile by two moments" }
    return answer
  }

  private var openMethod: String {
    let hasChannels = networks.contains { stations in
      stations.contains { station in
        guard case .queueing(let servers) = station.kind, station.visits != nil else {
          return false
        }
        return servers > 1 && station.demands.contains { $0 > 0 }
      }
    }
    return "open network, devices as M/G/1"
      + (hasChannels ? " (channels by Allen and Cunneen)" : "")
  }

  private func closedAnswer(_ index: Int) -> TwinAnswer? {
    var slowest: TwinAnswer?
    for stations in networks {
      guard let (solution, method) = closedSolution(of: stations) else { return nil }
      let response = solution.response[index]
      if response >= slowest?.meanResponse ?? 0 {
        slowest = TwinAnswer(method: method, meanResponse: response, percentileResponse: nil)
      }
    }
    return slowest
  }

  /// The steady state of closed arrivals, and by which method.
  func closedSolution(of stations: [NetworkStation]) -> (NetworkSolution, method: String)? {
    let customers = zip(names, zip(populations, thinkTimes)).map {
      ClosedNetwork.CustomerClass(name: $0, population: $1.0, thinkTime: $1.1)
    }
    guard let network = try? ClosedNetwork(stations: stations, classes: customers) else {
      return nil
    }
    if customers.count == 1, customers[0].population <= 20_000,
      let solution = try? network.exact(stepLimit: 50_000_000)
    {
      return (solution, "exact mean-value analysis")
    }
    guard let solution = try? network.approximate(tolerance: 1e-8, iterationLimit: 10_000) else {
      return nil
    }
    return (solution, "approximate mean-value analysis")
  }

  /// The largest number of guests that the twin and the capacity of the host hold possible; nil
  /// where there is no twin.
  static func largestNumber(in scenario: Scenario, under approach: ApproachProfile) -> Int? {
    guard (try? AnalyticTwin(scenario, approach, guests: 1))?.exists == true,
      let limits = try? CapacityLimits(
        host: scenario.host, approach: approach, classes: scenario.guests)
    else { return nil }
    let maximum = scenario.controls.maximumGuests
    let ceiling = limits.firstBinding(maximumGuests: maximum).first { $0.isHard }?.guests ?? maximum
    return largestPopulation(atMost: ceiling) { guests in
      guard let twin = try? AnalyticTwin(scenario, approach, guests: guests) else { return false }
      return twin.mayHold(scenario.objective)
    }
  }

  /// Whether an objective may hold as far as the twin can tell.
  ///
  /// It tells by its percentile, or by three times its mean where it has none. That is p95 of an
  /// exponential law, which responses need not follow: good enough to begin a search with, and not
  /// an answer.
  func mayHold(_ objective: Objective) -> Bool {
    for index in thinkTimes.indices {
      guard populations[index] > 0 || rates[index] > 0 else { continue }
      guard let answer = answer(ofClass: index) else { return true }
      guard let mean = answer.meanResponse else { return false }
      let estimate =
        objective.statistic == .mean ? mean : answer.percentileResponse ?? 3 * mean
      if estimate > objective.responseSeconds { return false }
    }
    return true
  }
}
