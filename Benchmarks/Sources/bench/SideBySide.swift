import Foundation

/// Two independent runs at once, against one alone: what sharing would cost if there were any.
///
/// The ratio of rates by the wall clock is what a user gets; by CPU time it shows what the runs
/// cost each other through caches and memory. Other programs spoil the former only: pairs in which
/// one of the runs was ready but waited for a core for more than a fiftieth of its time are
/// repeated, up to three times as many as asked for, and marked if too few are left. Waiting for
/// each other would count, since a thread that waits for a lock is not ready.
///
/// The reference runs in the same way in turn: it shares nothing either, so what it falls short of
/// two is the machine's doing, whose cores may be halves of one.
func sideBySide(
  pairs: Int, amount: Int, library: ReferenceLibrary
) async throws -> [Outcome] {
  let ours: Maker = { GuestHost(guests: 1000, stream: benchmarkStream(9)) }
  let reference: Maker = {
    try library.make("guest_host", size: 1000, stream: benchmarkStream(9))
  }
  var references: [Double] = []
  var referencesAgree = true
  var quiet: [SideBySidePair] = []
  var disturbed: [SideBySidePair] = []
  // The first pair warms up caches and threads.
  _ = try await sideBySidePair(amount, ours)
  while quiet.count < pairs && quiet.count + disturbed.count < 3 * pairs {
    let pair = try await sideBySidePair(amount, ours)
    let other = try await sideBySidePair(amount, reference)
    references.append(2 * other.alone.wall / other.both.wall)
    referencesAgree = referencesAgree && other.sameResults
    if pair.waited <= 0.02 { quiet.append(pair) } else { disturbed.append(pair) }
  }
  // By waiting, so that the quietest fill up what is missing.
  let used = quiet + disturbed.sorted { $0.waited < $1.waited }.prefix(pairs - quiet.count)
  let note =
    quiet.count == used.count
    ? "" : "; \(used.count - quiet.count) of \(used.count) pairs disturbed"

  func outcome(_ what: String, _ ratio: (SideBySidePair) -> Double, _ target: Target) -> Outcome {
    let ratios = used.map(ratio)
    return Outcome(
      benchmark: "two runs side by side, \(what)", ratioOf: "rate, two runs / one\(note)",
      median: median(ratios), minimum: ratios.min() ?? .nan, maximum: ratios.max() ?? .nan,
      pairs: used.count, target: target.text,
      // On a busy machine the wall clock says nothing about the runs.
      met: quiet.count == used.count ? target.isMet(by: median(ratios)) : nil,
      nanosecondsPerStep: [
        median(used.map { $0.both.cpu / Double(amount) * 1e9 }),
        median(used.map { $0.alone.cpu / Double(amount) * 1e9 }),
      ], step: "event", sameResults: used.allSatisfy(\.sameResults))
  }
  return [
    outcome("CPU time", { 2 * $0.alone.cpu / $0.both.cpu }, .none),
    outcome("wall clock", { 2 * $0.alone.wall / $0.both.wall }, .atLeast(1.8)),
    Outcome(
      benchmark: "two references side by side, wall clock", ratioOf: "rate, two runs / one",
      median: median(references), minimum: references.min() ?? .nan,
      maximum: references.max() ?? .nan, pairs: references.count, target: Target.none.text,
      met: nil, nanosecondsPerStep: [], step: "event", sameResults: referencesAgree),
  ]
}

private typealias Maker = @Sendable () throws -> any Contestant

/// One run alone and two at once, in seconds; of the two, the slower one counts.
private struct SideBySidePair {
  struct Times {
    var cpu: Double
    var wall: Double
  }

  var alone: Times
  var both: Times
  /// The largest share of a run's time in which it was ready but had no core.
  var waited: Double
  var sameResults: Bool
}

private struct SideBySideRun {
  var cpu: Double
  var waited: Double
  var digest: UInt64
}

private func sideBySidePair(_ amount: Int, _ make: @escaping Maker) async throws -> SideBySidePair {
  let alone = try await runsAtOnce(1, amount, make)
  let both = try await runsAtOnce(2, amount, make)
  let runs = alone.runs + both.runs
  return SideBySidePair(
    alone: .init(cpu: alone.runs.map(\.cpu).max() ?? .nan, wall: alone.wall),
    both: .init(cpu: both.runs.map(\.cpu).max() ?? .nan, wall: both.wall),
    waited: runs.map(\.waited).max() ?? 1,
    sameResults: runs.allSatisfy { $0.digest == runs[0].digest })
}

private func runsAtOnce(
  _ count: Int, _ amount: Int, _ make: @escaping Maker
) async throws -> (runs: [SideBySideRun], wall: Double) {
  let start = wallTime()
  let runs = try await withThrowingTaskGroup(of: SideBySideRun.self) { group in
    for _ in 0..<count {
      group.addTask {
        let (wall, cpu, wait) = (wallTime(), threadTime(), threadWait())
        let digest = try make().run(amount)
        return SideBySideRun(
          cpu: threadTime() - cpu, waited: (threadWait() - wait) / (wallTime() - wall),
          digest: digest)
      }
    }
    return try await group.reduce(into: []) { $0.append($1) }
  }
  return (runs, wallTime() - start)
}
