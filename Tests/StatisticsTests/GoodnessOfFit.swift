import Numerics
import Statistics

/// The p-value of Pearson's chi-squared test of counts against expected counts.
func chiSquaredPValue(_ counts: [Int], expected: [Double]) throws -> Double {
  var statistic = 0.0
  for (count, mean) in zip(counts, expected) {
    statistic += (Double(count) - mean) * (Double(count) - mean) / mean
  }
  return try ReferenceDistribution.chiSquared(degreesOfFreedom: Double(counts.count - 1))
    .tail(statistic)
}

/// The p-value of the Kolmogorov-Smirnov test, with Stephens's finite-sample correction.
func kolmogorovSmirnovPValue(
  _ sample: [Double], cumulative: (Double) throws -> Double
) rethrows -> Double {
  let sorted = sample.sorted()
  let count = Double(sorted.count)
  var distance = 0.0
  for (index, value) in sorted.enumerated() {
    let probability = try cumulative(value)
    distance = max(
      distance, Double(index + 1) / count - probability, probability - Double(index) / count)
  }
  let scaled = (count.squareRoot() + 0.12 + 0.11 / count.squareRoot()) * distance
  var tail = 0.0
  for term in 1...100 {
    let k = Double(term)
    tail += (term % 2 == 1 ? 2 : -2) * Double.exp(-2 * k * k * scaled * scaled)
  }
  return min(1, max(0, tail))
}

/// Pearson's correlation of two sequences.
func correlation(_ first: [Double], _ second: [Double]) -> Double {
  let a = RunningMoments(first)
  let b = RunningMoments(second)
  var products = 0.0
  for (x, y) in zip(first, second) { products += (x - a.mean) * (y - b.mean) }
  return products / (Double(first.count - 1) * a.standardDeviation * b.standardDeviation)
}

/// A stream for a test; the number keeps tests apart.
func testStream(_ number: UInt64, replication: UInt32 = 0) -> RandomStream {
  RandomStream(
    StreamKey(
      seed: 0x7465_6e61_6e63_79, role: StreamRole(rawValue: 900), index: number,
      replication: replication))
}
