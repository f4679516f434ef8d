import Foundation

/// Two independent runs at once, against one alone: what sharing would cost if there were any.
func sideBySide(pairs: Int, amount: Int) async -> [Outcome] {
  @Sendable func one() -> (cpu: Double, wall: Double) {
    let station = Station(SharedHost.simulation(guests: 100, stream: benchmarkStream(9)))
    let wall = wallTime()
    let cpu = threadTime()
    _ = station.run(amount)
    return (threadTime() - cpu, wallTime() - wall)
  }

  var wallRatios: [Double] = []
  var cpuRatios: [Double] = []
  var alone: [Double] = []
  var together: [Double] = []
  for _ in 0..<pairs {
    let single = one()
    let start = wallTime()
    let both = await withTaskGroup(of: Double.self) { group in
      for _ in 0..<2 { group.addTask { one().cpu } }
      return await group.reduce(into: [Double]()) { $0.append($1) }
    }
    let wall = wallTime() - start
    wallRatios.append(2 * single.wall / wall)
    cpuRatios.append(2 * single.cpu / (both.max() ?? .nan))
    alone.append(single.cpu / Double(amount) * 1e9)
    together.append((both.max() ?? .nan) / Double(amount) * 1e9)
  }

  func outcome(_ what: String, _ ratios: [Double], _ target: Target) -> Outcome {
    Outcome(
      benchmark: "two runs side by side, \(what)", ratioOf: "rate, two runs / one",
      median: median(ratios), minimum: ratios.min() ?? .nan, maximum: ratios.max() ?? .nan,
      pairs: pairs, target: target.text, met: target.isMet(by: median(ratios)),
      nanosecondsPerStep: [median(together), median(alone)], step: "job", sameResults: nil)
  }
  return [
    outcome("CPU time", cpuRatios, .none),
    outcome("wall clock (needs two idle cores)", wallRatios, .atLeast(1.8)),
  ]
}
