import Numerics

/// What a core's cache loses of one working set while others take turns on it.
///
/// Pages lie at random in a physically indexed, set-associative cache with least-recently-used
/// replacement, so the number of pages that compete for one page-sized group of sets is Poisson. A
/// page of the working set is lost where at least as many others as the cache has ways fall into
/// its group. Unlike the exponential law of random replacement, nothing is lost while all fit.
///
/// Simplification: a working set is touched whole at every turn, and whole pages are lost. So the
/// first bytes after a switch look dearer for programs that touch little of their working set.
public struct SetAssociativeCache: Sendable, Hashable {
  /// Bytes of the cache.
  public var cacheBytes: Double
  /// Lines that one set holds.
  public var ways: Int

  /// The ways of a cache of which nothing else is known.
  ///
  /// Second-level caches: 8 in the Pentium 4 and its Xeons, 16 in the Opteron
  /// (hardwaresecrets.com, "How the Cache Memory Works", table of 2007).
  public static let usualWays = 8

  /// Bytes of a page, the unit in which memory is placed.
  public static let pageBytes = 4096.0

  /// A cache of a size, in bytes.
  public init(cacheBytes: Double, ways: Int = usualWays) {
    self.cacheBytes = cacheBytes
    self.ways = max(ways, 1)
  }

  /// The share of a working set that was displaced when its turn comes again, between 0 and 1.
  ///
  /// - Parameters:
  ///   - workingSetBytes: The working set whose turn it is.
  ///   - otherBytes: The working sets of all that ran since.
  public func displacedShare(of workingSetBytes: Double, by otherBytes: Double) -> Double {
    guard cacheBytes > 0, workingSetBytes > 0, otherBytes > 0 else { return 0 }
    let groups = cacheBytes / Self.pageBytes / Double(ways)
    let competitors = max((workingSetBytes + otherBytes) / Self.pageBytes - 1, 0)
    return Self.poissonTail(atLeast: ways, mean: competitors / groups)
  }

  /// The bytes to be loaded again after a switch.
  public func refillBytes(of workingSetBytes: Double, after otherBytes: Double) -> Double {
    workingSetBytes * displacedShare(of: workingSetBytes, by: otherBytes)
  }

  /// The probability that a Poisson variate is at least `count`.
  static func poissonTail(atLeast count: Int, mean: Double) -> Double {
    // Beyond this mean the terms below `count` vanish in double precision for all real caches.
    guard mean < 700 else { return 1 }
    var term = Double.exp(-mean)
    var below = 0.0
    for index in 0..<count {
      below += term
      term *= mean / Double(index + 1)
    }
    return min(max(1 - below, 0), 1)
  }
}
