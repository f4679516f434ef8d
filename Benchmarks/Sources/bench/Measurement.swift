import Foundation

/// CPU time of the calling thread in seconds: what other programs on the machine cost least of.
func threadTime() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// Wall-clock time in seconds from an arbitrary origin.
func wallTime() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// Seconds for which the calling thread was ready but had no core, since it began; zero where the
/// kernel does not tell.
func threadWait() -> Double {
  guard let text = try? String(contentsOfFile: "/proc/thread-self/schedstat", encoding: .utf8),
    let nanoseconds = Double(text.split(separator: " ").dropFirst().first ?? "")
  else { return 0 }
  return nanoseconds * 1e-9
}

/// One side of a comparison: does a piece of work and returns the digest of all work so far.
protocol Contestant: AnyObject {
  func run(_ amount: Int) -> UInt64
}

/// What a ratio is expected to be.
enum Target: Sendable {
  case atMost(Double)
  case atLeast(Double)
  case none

  func isMet(by value: Double) -> Bool? {
    switch self {
    case .atMost(let limit): value <= limit
    case .atLeast(let limit): value >= limit
    case .none: nil
    }
  }

  var text: String {
    switch self {
    case .atMost(let limit): "<= " + String(format: "%.2f", limit)
    case .atLeast(let limit): ">= " + String(format: "%.2f", limit)
    case .none: "none"
    }
  }
}

/// The outcome of one benchmark.
struct Outcome: Encodable, Sendable {
  var benchmark: String
  /// What the ratio is of what, such as "CPU time, Swift / C++".
  var ratioOf: String
  var median: Double
  var minimum: Double
  var maximum: Double
  var pairs: Int
  var target: String
  var met: Bool?
  /// CPU nanoseconds per step, median: ours and the reference's.
  var nanosecondsPerStep: [Double]
  var step: String
  /// Whether both sides did exactly the same, in the same order; `nil` where nothing is compared.
  var sameResults: Bool?
}

func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  guard !sorted.isEmpty else { return .nan }
  let middle = sorted.count / 2
  return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
}

/// Runs two sides alternately, piece by piece, and takes the ratio of CPU time of every pair.
///
/// The side that goes first changes from pair to pair, so that neither always finds the caches as
/// the other left them. A first pair is run and not counted.
///
/// - Parameter asRate: The ratio is of speeds (reference time over ours) instead of times.
func compare(
  _ name: String, ours: any Contestant, reference: any Contestant, against: String, amount: Int,
  step: String, pairs: Int, target: Target, asRate: Bool = false
) -> Outcome {
  var ratios: [Double] = []
  var ourTimes: [Double] = []
  var theirTimes: [Double] = []
  var same = true
  for pair in 0...pairs {
    let (ourTime, ourDigest): (Double, UInt64)
    let (theirTime, theirDigest): (Double, UInt64)
    if pair.isMultiple(of: 2) {
      (ourTime, ourDigest) = timed(ours, amount)
      (theirTime, theirDigest) = timed(reference, amount)
    } else {
      (theirTime, theirDigest) = timed(reference, amount)
      (ourTime, ourDigest) = timed(ours, amount)
    }
    same = same && ourDigest == theirDigest
    if pair == 0 { continue }
    ratios.append(asRate ? theirTime / ourTime : ourTime / theirTime)
    ourTimes.append(ourTime / Double(amount) * 1e9)
    theirTimes.append(theirTime / Double(amount) * 1e9)
  }
  let value = median(ratios)
  return Outcome(
    benchmark: name, ratioOf: asRate ? "rate, Swift / \(against)" : "CPU time, Swift / \(against)",
    median: value, minimum: ratios.min() ?? .nan, maximum: ratios.max() ?? .nan, pairs: pairs,
    target: target.text, met: target.isMet(by: value),
    nanosecondsPerStep: [median(ourTimes), median(theirTimes)], step: step, sameResults: same)
}

private func timed(_ contestant: any Contestant, _ amount: Int) -> (Double, UInt64) {
  let start = threadTime()
  let digest = contestant.run(amount)
  return (threadTime() - start, digest)
}
