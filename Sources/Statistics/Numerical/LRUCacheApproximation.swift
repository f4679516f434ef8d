import Numerics

/// The hit ratio of a least-recently-used cache under independent references, by Che's
/// approximation.
///
/// An item stays for about one characteristic time T after its last reference, with T the root of
/// sum(1 - exp(-rate_i T)) = cache size; the hit ratio is the rate-weighted mean of 1 - exp(-rate_i
/// T). Source: Che, Tung and Wang, IEEE JSAC 20(7), 2002; Fricker, Robert and Roberts, ITC 24,
/// 2012, show why it is accurate. References that depend on each other, as scans do, are not
/// covered.
public struct LRUCacheApproximation: Hashable, Sendable {
  /// Items that are referenced equally often.
  public struct Group: Hashable, Sendable {
    /// The number of items.
    public var items: Double
    /// The references per unit of time to each item.
    public var rate: Double

    /// Makes a group.
    public init(items: Double, rate: Double) {
      self.items = items
      self.rate = rate
    }
  }

  /// The items, grouped.
  public let groups: [Group]
  private let totalItems: Double
  private let totalRate: Double

  /// Makes a cache of grouped items; concatenate the groups of sources that share one cache.
  public init(groups: [Group]) throws(StatisticsError) {
    let place = "LRUCacheApproximation"
    guard !groups.isEmpty else {
      throw StatisticsError(.tooFewObservations, "No items; give at least one group", at: place)
    }
    var items = 0.0
    var rate = 0.0
    for group in groups {
      try requirePositive(group.items, "A group's number of items", at: place)
      try requirePositive(group.rate, "A group's rate", at: place)
      items += group.items
      rate += group.items * group.rate
    }
    self.groups = groups
    totalItems = items
    totalRate = rate
  }

  /// Makes a cache of items with Zipf popularity and one reference per unit of time in total.
  public init(items: Int, exponent: Double) throws(StatisticsError) {
    try self.init(
      groups: LRUCacheApproximation.zipfGroups(items: items, exponent: exponent, rate: 1))
  }

  /// Zipf popularity in groups: the first 1,024 ranks one by one, then ranges of ranks 2 % wide.
  ///
  /// A range stands at its mean popularity, by the integral of x^-exponent between half ranks; ten
  /// million items make about 1,500 groups.
  public static func zipfGroups(
    items: Int, exponent: Double, rate: Double
  ) throws(StatisticsError) -> [Group] {
    let place = "LRUCacheApproximation.zipfGroups"
    guard items >= 1, items <= 1 << 52 else {
      throw StatisticsError(.invalidParameter, "\(items) items; give 1 to 2^52", at: place)
    }
    guard exponent >= 0, exponent <= 100 else {
      throw StatisticsError(
        .invalidParameter, "The exponent is \(exponent); give 0 to 100", at: place)
    }
    try requirePositive(rate, "The rate", at: place)
    var groups: [Group] = []
    var total = 0.0
    var first = 1
    while first <= items {
      let width = first <= 1024 ? 1 : Swift.min(items - first + 1, first / 50)
      let weight =
        width == 1
        ? Zipf.weight(Double(first), exponent)
        : (Zipf.area(Double(first + width) - 0.5, exponent)
          - Zipf.area(Double(first) - 0.5, exponent)) / Double(width)
      groups.append(Group(items: Double(width), rate: weight))
      total += Double(width) * weight
      first += width
    }
    // Ranks whose weight underflows are never referenced, so the cache never sees them.
    let scale = rate / total
    return groups.compactMap {
      let scaled = $0.rate * scale
      return scaled > 0 ? Group(items: $0.items, rate: scaled) : nil
    }
  }

  /// The time an item stays without being referenced; infinite when everything fits.
  public func characteristicTime(cacheItems: Double) throws(StatisticsError) -> Double {
    try requireNonNegative(cacheItems, "The cache size", at: "LRUCacheApproximation")
    if cacheItems == 0 { return 0 }
    guard cacheItems < totalItems else { return .infinity }
    func excess(_ time: Double) -> Double {
      var sum = -cacheItems
      for group in groups { sum -= group.items * Double.expMinusOne(-group.rate * time) }
      return sum
    }
    // 1 - exp(-x) <= x makes cacheItems / totalRate a bound from below, up to rounding.
    let lower = 0.5 * cacheItems / totalRate
    var upper = 4 * lower
    while excess(upper) < 0 {
      upper *= 2
      // The last ranks may be so rare that no finite time brings them in.
      guard upper.isFinite else { return .infinity }
    }
    return try findRoot(in: lower...upper, relativeTolerance: 1e-10) {
      (time) throws(StatisticsError) in excess(time)
    }
  }

  /// The share of references that find their item in a cache of `cacheItems` items.
  public func hitRatio(cacheItems: Double) throws(StatisticsError) -> Double {
    let time = try characteristicTime(cacheItems: cacheItems)
    if time.isInfinite { return 1 }
    var hits = 0.0
    for group in groups {
      hits -= group.items * group.rate * Double.expMinusOne(-group.rate * time)
    }
    return hits / totalRate
  }

  /// The share of each group that is in the cache, which is also the group's own hit ratio.
  public func residency(cacheItems: Double) throws(StatisticsError) -> [Double] {
    let time = try characteristicTime(cacheItems: cacheItems)
    return groups.map { time.isInfinite ? 1 : -Double.expMinusOne(-$0.rate * time) }
  }
}

/// The hit ratio of an LRU cache of `cacheItems` of `items` items with Zipf popularity.
///
/// Keep an ``LRUCacheApproximation`` instead where several cache sizes are asked of the same items.
public func cheHitRatio(
  items: Int, exponent: Double, cacheItems: Double
) throws(StatisticsError) -> Double {
  try LRUCacheApproximation(items: items, exponent: exponent).hitRatio(cacheItems: cacheItems)
}
