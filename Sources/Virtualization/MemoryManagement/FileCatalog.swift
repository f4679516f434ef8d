internal import Foundation
internal import Statistics

/// The files of one workload, with what a cache that keeps the most recently used of them holds and
/// hits after a given time.
///
/// Che's approximation says that a file is cached if it was asked for within the cache's
/// characteristic time T. With requests at rate r, file i has been asked for with probability
/// 1 - exp(-p_i r T). Both the share of files cached and the share of requests that hit depend on
/// r T only, so one table over log(r T) serves every cache size, number of guests and mix; nothing
/// has to be solved per file set.
///
/// Simplifications: files are of equal size and asked for as wholes; requests are independent of
/// each other (no scans); first-time misses are not counted, as in a server that has run for long.
/// Ranks beyond 128 are grouped in bins whose width grows by 4 %.
///
/// Source: H. Che, Y. Tung, Z. Wang, "Hierarchical Web caching systems: modeling, design and
/// experimental results", IEEE JSAC 20(7), 2002.
package struct FileCatalog: Sendable {
  /// Files.
  package let count: Double
  /// Bytes of one file.
  package let fileBytes: Double
  /// Files in each popularity bin.
  let binFiles: [Double]
  /// The probability that a request is for one given file of the bin.
  let binPopularity: [Double]
  /// The same in fewer bins, for what must be summed while a run goes on.
  let coarseFiles: [Double]
  let coarsePopularity: [Double]

  private static let points = 384
  private let lowest: Double
  private let step: Double
  private let cached: [Double]
  private let hits: [Double]

  /// The most files that a set may have; beyond it, ranks of files are no longer told apart.
  package static let mostFiles = 1e9

  /// A file set whose popularity follows Zipf's law.
  package init(files: FileSet) throws(MemoryError) {
    let count = files.count.value.rounded()
    let bytes = files.meanBytes.value
    let exponent = files.zipfExponent.value
    let common = files.commonShare.value
    guard count >= 1, count <= Self.mostFiles, bytes > 0, bytes.isFinite, exponent >= 0,
      exponent < 10,
      common >= 0, common <= 1
    else {
      throw MemoryError(
        .invalidValue,
        "a file set of \(files.count.value) files of \(bytes) bytes, Zipf exponent \(exponent), "
          + "common share \(common); give 1 to 1e9 files, a positive size, an exponent of 0 or more"
          + " and a share between 0 and 1",
        at: "files")
    }
    self.count = count
    fileBytes = bytes
    (binFiles, binPopularity) = try Self.bins(
      count: count, exponent: exponent, exact: 128, growth: 0.04)
    (coarseFiles, coarsePopularity) = try Self.bins(
      count: count, exponent: exponent, exact: 16, growth: 0.15)

    let mostPopular = binPopularity.first ?? 1
    let leastPopular = binPopularity.last ?? 1
    lowest = log(1e-3 / mostPopular)
    step = (log(40 / leastPopular) - lowest) / Double(Self.points - 1)
    var cached: [Double] = []
    var hits: [Double] = []
    cached.reserveCapacity(Self.points)
    hits.reserveCapacity(Self.points)
    for point in 0..<Self.points {
      let requests = exp(lowest + step * Double(point))
      var share = 0.0
      var hit = 0.0
      for bin in binFiles.indices {
        let present = -expm1(-binPopularity[bin] * requests)
        share += binFiles[bin] * present
        hit += binFiles[bin] * binPopularity[bin] * present
      }
      cached.append(share / count)
      hits.append(hit)
    }
    self.cached = cached
    self.hits = hits
  }

  /// All files' bytes.
  package var bytes: Double { count * fileBytes }

  /// The share of files asked for at least once in a number of requests, given its logarithm.
  package func cachedShare(logRequests: Double) -> Double { interpolate(cached, logRequests) }

  /// The share of requests for files that were asked for in so many requests before.
  package func hitShare(logRequests: Double) -> Double { interpolate(hits, logRequests) }

  /// The range of `logRequests` in which the shares go from nothing to all.
  package var range: ClosedRange<Double> {
    (lowest - 20)...(lowest + step * Double(Self.points - 1))
  }

  /// The logarithm of the requests after which a cache of a size is full; the end of `range` where
  /// all files fit.
  package func logRequests(toFill bytes: Double) -> Double {
    let share = bytes / self.bytes
    guard share > 0 else { return range.lowerBound }
    guard share < (cached.last ?? 1) else { return range.upperBound }
    guard share > cached[0] else { return lowest + log(share / cached[0]) }
    var below = 0
    var above = cached.count - 1
    while above - below > 1 {
      let middle = (above + below) / 2
      if cached[middle] <= share { below = middle } else { above = middle }
    }
    let part = (share - cached[below]) / (cached[above] - cached[below])
    return lowest + step * (Double(below) + part)
  }

  /// The share of requests that a cache of a size, used for this file set alone, hits.
  package func hitRatio(cacheBytes: Double) -> Double {
    if cacheBytes >= bytes { return 1 }
    return cacheBytes <= 0 ? 0 : hitShare(logRequests: logRequests(toFill: cacheBytes))
  }

  private func interpolate(_ table: [Double], _ logRequests: Double) -> Double {
    let position = (logRequests - lowest) / step
    if position <= 0 { return table[0] * exp(logRequests - lowest) }
    let index = Int(clamping: min(position, Double(Self.points)))
    guard index + 1 < table.count else { return 1 }
    let part = position - Double(index)
    return table[index] + part * (table[index + 1] - table[index])
  }

  /// Neighboring ranks of Zipf's law in bins: one by one up to a rank, then wider with the rank.
  private static func bins(count: Double, exponent: Double, exact: Double, growth: Double)
    throws(MemoryError) -> ([Double], [Double])
  {
    let groups: [LRUCacheApproximation.Group]
    do {
      groups = try LRUCacheApproximation.zipfGroups(
        items: Int(clamping: count), exponent: exponent, rate: 1)
    } catch {
      throw MemoryError(.invalidValue, error.message, at: "files")
    }
    var files: [Double] = []
    var popularities: [Double] = []
    var rank = 1.0
    var items = 0.0
    var requests = 0.0
    for (index, group) in groups.enumerated() {
      items += group.items
      requests += group.items * group.rate
      guard rank <= exact || items >= rank * growth || index == groups.count - 1 else { continue }
      files.append(items)
      popularities.append(requests / items)
      rank += items
      items = 0
      requests = 0
    }
    return (files, popularities)
  }
}
