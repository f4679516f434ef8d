extension ClosedNetwork {
  /// The default ceiling of elementary steps of the exact method, seconds of work.
  public static let defaultStepLimit = 1e9

  /// The exact solution by mean-value analysis.
  ///
  /// One class takes time proportional to its population; several classes the product of their
  /// populations, and every multi-server station doubles it (see ``exactCurve(stepLimit:)`` for
  /// the method). For large mixes use ``approximate(tolerance:iterationLimit:)``.
  /// - Parameter stepLimit: elementary steps allowed.
  /// - Throws: ``QueueingError``, `tooLarge` when the steps would exceed the limit.
  public func exact(
    stepLimit: Double = ClosedNetwork.defaultStepLimit
  ) throws(QueueingError) -> NetworkSolution {
    var analysis = try ExactMeanValueAnalysis(self, stepLimit: stepLimit)
    while analysis.advance() {}
    return analysis.solution
  }

  /// The exact solutions of a network of one class for every population up to its own.
  ///
  /// Method: M. Reiser and S. S. Lavenberg, 1980, "Mean-Value Analysis of Closed Multichain Queuing
  /// Networks": R = D (1 + Q(N - 1)) at one server, D at a delay, and
  /// R = D / c (1 + Q(N - 1) + sum over j < c - 1 of (c - 1 - j) p(j, N - 1)) at c servers, with
  /// marginal probabilities p(j, N) = X D p(j - 1, N - 1) / j. The textbook p(0) = 1 - sum cancels
  /// to negative values near saturation; here p(0, N) = p(0, N - 1) X(N) / X'(N), X' the throughput
  /// without the station, which only multiplies and divides positive numbers (M. Reiser, 1981,
  /// "Mean-value analysis and convolution method for queue-dependent servers in closed queueing
  /// networks").
  /// - Parameter stepLimit: elementary steps allowed.
  /// - Throws: ``QueueingError``, `tooLarge` above the limit, `invalidInput` for several classes.
  public func exactCurve(
    stepLimit: Double = ClosedNetwork.defaultStepLimit
  ) throws(QueueingError) -> [NetworkSolution] {
    guard classes.count == 1 else {
      throw QueueingError(
        code: .invalidInput, message: "a curve over populations needs exactly one class",
        place: "ClosedNetwork.exactCurve")
    }
    var analysis = try ExactMeanValueAnalysis(self, stepLimit: stepLimit)
    var curve: [NetworkSolution] = []
    while analysis.advance() {
      curve.append(analysis.solution)
    }
    return curve
  }
}

/// The recursion over the lattice of populations, for the network and for every network that lacks
/// some of its multi-server stations (their throughputs give p(0)).
struct ExactMeanValueAnalysis {
  private let network: ClosedNetwork
  private let classCount: Int
  private let stationCount: Int
  /// Servers by station; 0 where jobs cannot queue.
  private let servers: [Int]
  /// The stations with 2 or more servers that can queue; a subset of them is a bit mask.
  private let pools: [Int]
  /// Where each pool's probabilities start within one row; the last entry is the row's length.
  private let poolStart: [Int]
  /// For each station its bit, 0 for a station that is in every subset.
  private let bit: [Int]
  /// By subset: a bit for each class that has no demand left there.
  private let idleClasses: [[Bool]]
  private let latticeSize: Int
  private let strides: [Int]
  /// Results are kept for as many lattice points as the recursion looks back.
  private let ringSize: Int

  private var index = 0
  private var population: [Int]
  private var queue: [Double]
  private var probability: [WideProbability]
  /// Throughputs at the current point, by subset and class; nil where the subset has none.
  private var throughput: [Double]
  private var degenerate: [Bool]
  private var residence: [Double]
  private var fullResidence: [Double]

  private var subsetCount: Int { 1 << pools.count }

  init(_ network: ClosedNetwork, stepLimit: Double) throws(QueueingError) {
    self.network = network
    classCount = network.classes.count
    stationCount = network.stations.count
    let total = network.totalPopulation
    // As many servers as customers means nobody ever waits: an exact and cheaper delay.
    servers = network.stations.map { station in
      guard let servers = station.servers, servers == 1 || servers < total else { return 0 }
      return servers
    }
    let pools = servers.indices.filter { [servers] in servers[$0] > 1 }
    self.pools = pools
    var starts = [0]
    var bit = [Int](repeating: 0, count: network.stations.count)
    var rowLength = 0
    for (position, station) in pools.enumerated() {
      rowLength += servers[station] - 1
      starts.append(rowLength)
      if position < 40 { bit[station] = 1 << position }
    }
    poolStart = starts
    self.bit = bit

    var points = 1.0
    for customers in network.classes { points *= Double(customers.population + 1) }
    let subsets = Double(sign: .plus, exponent: pools.count, significand: 1)
    let width = Double(network.stations.count + rowLength)
    let steps = points * subsets * Double(network.classes.count) * width
    guard steps <= stepLimit, steps < 1e15, pools.count < 40 else {
      throw QueueingError(
        code: .tooLarge,
        message: "the exact method needs \(steps) steps, \(stepLimit) are allowed; "
          + "use the approximation",
        place: "ClosedNetwork.exact")
    }
    var strides: [Int] = []
    var size = 1
    for customers in network.classes {
      strides.append(size)
      size *= customers.population + 1
    }
    self.strides = strides
    latticeSize = size
    ringSize = (strides.last ?? 1) + 1

    let subsetCount = 1 << pools.count
    idleClasses = (0..<subsetCount).map { subset in
      network.classes.indices.map { k in
        var cycle = network.classes[k].thinkTime
        for (i, station) in network.stations.enumerated()
        where bit[i] == 0 || bit[i] & subset != 0 {
          cycle += station.demands[k]
        }
        return cycle == 0
      }
    }
    population = [Int](repeating: 0, count: classCount)
    queue = [Double](repeating: 0, count: ringSize * subsetCount * stationCount)
    probability = [WideProbability](
      repeating: .zero, count: ringSize * subsetCount * rowLength)
    throughput = [Double](repeating: 0, count: subsetCount * classCount)
    degenerate = [Bool](repeating: false, count: subsetCount)
    residence = [Double](repeating: 0, count: stationCount * classCount)
    fullResidence = residence
    // The empty network: every pool idle for certain.
    for subset in 0..<subsetCount {
      for position in pools.indices {
        probability[row(slot: 0, subset) + poolStart[position]] = .one
      }
    }
  }

  /// The solution at the last point reached.
  var solution: NetworkSolution {
    let full = (subsetCount - 1) * classCount
    return NetworkSolution(
      stations: network.stations, classes: network.classes.map(\.name),
      throughput: Array(throughput[full..<full + classCount]),
      residence: (0..<stationCount).map { i in
        Array(fullResidence[i * classCount..<(i + 1) * classCount])
      })
  }

  /// Solves the next lattice point; false when there is none.
  mutating func advance() -> Bool {
    guard index + 1 < latticeSize else { return false }
    index += 1
    for k in 0..<classCount {
      population[k] += 1
      if population[k] <= network.classes[k].population { break }
      population[k] = 0
    }
    for subset in 0..<subsetCount {
      solve(subset)
    }
    fullResidence = residence
    return true
  }

  private func row(slot: Int, _ subset: Int) -> Int {
    (slot * subsetCount + subset) * (poolStart.last ?? 0)
  }

  private func slot(without k: Int) -> Int { (index - strides[k]) % ringSize }

  private mutating func solve(_ subset: Int) {
    let idle = idleClasses[subset]
    degenerate[subset] = (0..<classCount).contains { population[$0] > 0 && idle[$0] }
    guard !degenerate[subset] else { return }
    for k in 0..<classCount {
      solve(subset, class: k)
    }
    let slot = index % ringSize
    for i in 0..<stationCount {
      var length = 0.0
      for k in 0..<classCount {
        length += throughput[subset * classCount + k] * residence[i * classCount + k]
      }
      queue[(slot * subsetCount + subset) * stationCount + i] = length
    }
    for position in pools.indices where subset & (1 << position) != 0 {
      updateProbabilities(subset, pool: position)
    }
  }

  private mutating func solve(_ subset: Int, class k: Int) {
    guard population[k] > 0 else {
      throughput[subset * classCount + k] = 0
      for i in 0..<stationCount { residence[i * classCount + k] = 0 }
      return
    }
    let earlier = slot(without: k)
    let queueRow = (earlier * subsetCount + subset) * stationCount
    var cycle = network.classes[k].thinkTime
    for i in 0..<stationCount {
      var time = 0.0
      if bit[i] == 0 || bit[i] & subset != 0 {
        time = network.stations[i].demands[k]
        if servers[i] == 1 {
          time *= 1 + queue[queueRow + i]
        } else if servers[i] > 1 {
          let idle = idleServers(
            from: row(slot: earlier, subset) + poolStart[bit[i].trailingZeroBitCount],
            servers: servers[i])
          time *= (1 + queue[queueRow + i] + idle) / Double(servers[i])
        }
      }
      residence[i * classCount + k] = time
      cycle += time
    }
    throughput[subset * classCount + k] = Double(population[k]) / cycle
  }

  /// The mean number of servers, beyond the one an arrival takes, that it finds idle.
  private func idleServers(from start: Int, servers: Int) -> Double {
    var sum = 0.0
    for j in 0..<servers - 1 {
      sum += Double(servers - 1 - j) * probability[start + j].value
    }
    return sum
  }

  private mutating func updateProbabilities(_ subset: Int, pool position: Int) {
    let station = pools[position]
    let start = row(slot: index % ringSize, subset) + poolStart[position]
    let length = servers[station] - 1
    for j in 0..<length { probability[start + j] = .zero }
    var emptySolved = false
    for k in 0..<classCount where population[k] > 0 {
      let rate = throughput[subset * classCount + k]
      let earlier = row(slot: slot(without: k), subset) + poolStart[position]
      let work = rate * network.stations[station].demands[k]
      for j in 1..<max(1, length) {
        probability[start + j].add(
          probability[earlier + j - 1].scaled(by: work / Double(j)))
      }
      let without = subset & ~(1 << position)
      if !emptySolved, !degenerate[without] {
        let ratio = rate / throughput[without * classCount + k]
        probability[start] = probability[earlier].scaled(by: ratio)
        emptySolved = true
      }
    }
  }
}
