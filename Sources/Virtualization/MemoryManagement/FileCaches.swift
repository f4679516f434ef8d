internal import Foundation

/// The file caches of a host: hit ratios of a cache that all guests share, of guests' own caches,
/// and of a host cache that sees only what guests' own caches miss.
package struct FileCaches: Sendable {
  /// The file set of each class; nil where all its reads hit.
  package let catalogs: [FileCatalog?]
  private let counts: [Int]
  private let commonShares: [Double]
  private let rates: [Double]
  /// Whether a host cache below the guests' own holds a class's files.
  private let isCachedByHost: [Bool]
  /// The hit ratio of the shared cache, or of the host's cache below guests', by class.
  package private(set) var ratios: [Double]
  /// The share of the shared cache that holds files of several guests.
  package private(set) var commonPart = 0.0
  /// The logarithm of the time for which a file stays in the shared cache because of the host's
  /// memory, and because of the mean limit of its class's guests.
  private var sharedLogTime = Self.longest
  private var groupLogTimes: [Double]
  private var solvedCache = -1
  private var solvedGuestCaches: [Int]

  /// How far a cache's size may move before its hit ratio is worked out again.
  private static let tolerance = 0.01
  /// The range of logarithms of times, in seconds, between a cache that holds nothing and one that
  /// holds everything.
  private static let shortest = -40.0
  private static let longest = 60.0

  /// The caches for so many guests of each class, none of which holds anything yet.
  package init(classes: [GuestClass], counts: [Int], model: MemoryModel) throws(MemoryError) {
    var catalogs: [FileCatalog?] = []
    for (index, guest) in classes.enumerated() {
      if let files = guest.workload.files, counts[index] > 0 {
        catalogs.append(try FileCatalog(files: files))
      } else {
        catalogs.append(nil)
      }
    }
    self.catalogs = catalogs
    self.counts = counts
    commonShares = model.facts.map { model.sharesFiles ? $0.commonShare : 0 }
    rates = model.facts.map { $0.readRate }
    isCachedByHost = model.facts.map { $0.isCachedByHost }
    ratios = catalogs.map { $0 == nil ? 1 : 0 }
    groupLogTimes = catalogs.map { _ in Self.longest }
    solvedGuestCaches = catalogs.map { _ in -1 }
  }

  /// Brings the shared cache's ratios up to date with its size and, where guests have limits of
  /// their own for what is cached on their account, with the mean limit by class.
  ///
  /// A file stays until either the guest's limit or the host's memory drives it out, so for the
  /// shorter of both characteristic times.
  package mutating func updateShared(pages: Int, limits: [Int]? = nil) {
    var isCurrent = !Self.moved(pages, solvedCache)
    if let limits {
      for index in limits.indices where Self.moved(limits[index], solvedGuestCaches[index]) {
        isCurrent = false
        solvedGuestCaches[index] = limits[index]
        groupLogTimes[index] = groupLogTime(limit: limits[index], ofClass: index)
      }
    }
    if isCurrent { return }
    solvedCache = pages
    let bytes = Double(pages) * Double(MemoryLedger.pageBytes)
    sharedLogTime = solve(from: Self.shortest, to: Self.longest, target: bytes, steps: 44) {
      sharedBytes(logTime: $0).all
    }
    for index in catalogs.indices where catalogs[index] != nil {
      ratios[index] = sharedRatio(ofClass: index, groupLogTime: groupLogTimes[index])
    }
    let held = sharedBytes(logTime: sharedLogTime)
    commonPart = held.all > 0 ? held.common / held.all : 0
  }

  /// The logarithm of the time for which a file stays on the account of a guest that may have so
  /// many pages of files cached.
  ///
  /// Files that a class has in common are on the account of each of its guests in equal parts.
  package func groupLogTime(limit pages: Int, ofClass index: Int) -> Double {
    guard let catalog = catalogs[index], pages < GuestFrames.ceilingCap else {
      return Self.longest
    }
    let bytes = Double(pages) * Double(MemoryLedger.pageBytes)
    return solve(from: Self.shortest, to: Self.longest, target: bytes, steps: 44) {
      let held = classBytes(index, catalog, logTime: $0)
      return held.own + held.common / Double(max(1, counts[index]))
    }
  }

  /// The hit ratio in the shared cache of a guest whose files stay on its account for a given time.
  ///
  /// What its class has in common stays on somebody's account for as long as the mean guest keeps
  /// it.
  package func sharedRatio(ofClass index: Int, groupLogTime: Double) -> Double {
    guard let catalog = catalogs[index] else { return 1 }
    let rate = log(rates[index])
    let own = min(sharedLogTime, groupLogTime) + rate
    let common =
      min(sharedLogTime, groupLogTimes[index]) + rate + log(Double(max(1, counts[index])))
    let share = commonShares[index]
    return share * catalog.hitShare(logRequests: common)
      + (1 - share) * catalog.hitShare(logRequests: own)
  }

  /// Whether a guest's limit has moved so far that its time has to be worked out again: less than a
  /// shared cache's, since what one guest's workers take from it moves its own limit only.
  static func hasMoved(_ pages: Int, since solved: Int) -> Bool {
    solved < 0 || abs(Double(pages - solved)) > tolerance / 4 * Double(solved)
  }

  /// Brings the ratios of a host cache up to date with its size and with the mean size of the
  /// guests' own caches above it, by class.
  ///
  /// A file is asked for from the host only when the guest's cache lost it, that is after the
  /// guest's characteristic time T1; the host still has it if the request before came within its
  /// own T2. With misses of the guest at rate m, a private file hits with probability
  /// 1 - exp(-m (T2 - T1)), and not at all where T2 is at most T1: the second cache then holds
  /// only what the first has anyway. A file of an image common to n guests is kept by all of them.
  ///
  /// Source: V. Martina, M. Garetto, E. Leonardi, "A unified approach to the performance analysis
  /// of caching systems", INFOCOM 2014, section on LRU networks.
  package mutating func updateHost(pages: Int, guestPages: [Int]) {
    var isCurrent = !Self.moved(pages, solvedCache)
    for index in guestPages.indices where Self.moved(guestPages[index], solvedGuestCaches[index]) {
      isCurrent = false
    }
    if isCurrent { return }
    solvedCache = pages
    for index in guestPages.indices { solvedGuestCaches[index] = guestPages[index] }
    let bytes = Double(pages) * Double(MemoryLedger.pageBytes)
    let logTime = solve(from: Self.shortest, to: Self.longest, target: bytes, steps: 30) {
      hostBytes(logTime: $0)
    }
    for index in catalogs.indices {
      ratios[index] = hostRatio(index, logTime: logTime, cacheBytes: bytes)
    }
  }

  private static func moved(_ pages: Int, _ solved: Int) -> Bool {
    solved < 0 || abs(Double(pages - solved)) > tolerance * Double(solved)
  }

  /// The argument at which an increasing function reaches a target, by bisection.
  private func solve(
    from low: Double, to high: Double, target: Double, steps: Int, _ function: (Double) -> Double
  ) -> Double {
    var low = low
    var high = high
    if function(high) <= target * (1 + 1e-9) { return high }
    for _ in 0..<steps {
      let middle = (low + high) / 2
      if function(middle) < target { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  private func sharedBytes(logTime: Double) -> (all: Double, common: Double) {
    var all = 0.0
    var commonBytes = 0.0
    for index in catalogs.indices {
      guard let catalog = catalogs[index] else { continue }
      let held = classBytes(index, catalog, logTime: min(logTime, groupLogTimes[index]))
      commonBytes += held.common
      all += held.common + held.own * Double(counts[index])
    }
    return (all, commonBytes)
  }

  /// Bytes that a class has cached of its common files, and each of its guests of its own.
  private func classBytes(
    _ index: Int, _ catalog: FileCatalog, logTime: Double
  ) -> (own: Double, common: Double) {
    let own = logTime + log(rates[index])
    let all = own + log(Double(max(1, counts[index])))
    let share = commonShares[index]
    return (
      (1 - share) * catalog.bytes * catalog.cachedShare(logRequests: own),
      share * catalog.bytes * catalog.cachedShare(logRequests: all)
    )
  }

  private func guestRequests(_ index: Int, _ catalog: FileCatalog) -> Double {
    let bytes = Double(solvedGuestCaches[index]) * Double(MemoryLedger.pageBytes)
    return exp(catalog.logRequests(toFill: bytes))
  }

  private func hostBytes(logTime: Double) -> Double {
    let time = exp(logTime)
    var all = 0.0
    for index in catalogs.indices where isCachedByHost[index] {
      guard let catalog = catalogs[index] else { continue }
      let above = guestRequests(index, catalog)
      let guests = Double(counts[index])
      let share = commonShares[index]
      var files = 0.0
      for bin in catalog.coarseFiles.indices {
        let popularity = catalog.coarsePopularity[bin]
        let expected = rates[index] * popularity * exp(-popularity * above) * time
        files -=
          catalog.coarseFiles[bin]
          * (share * expm1(-guests * expected) + (1 - share) * guests * expm1(-expected))
      }
      all += files * catalog.fileBytes
    }
    return all
  }

  private func hostRatio(_ index: Int, logTime: Double, cacheBytes: Double) -> Double {
    guard let catalog = catalogs[index] else { return 1 }
    if cacheBytes <= 0 { return 0 }
    let above = guestRequests(index, catalog)
    let guests = Double(counts[index])
    let share = commonShares[index]
    let time = exp(logTime)
    let beyond = max(0, time - above / rates[index])
    var misses = 0.0
    var hits = 0.0
    for bin in catalog.coarseFiles.indices {
      let popularity = catalog.coarsePopularity[bin]
      let missed = exp(-popularity * above)
      let rate = rates[index] * popularity * missed
      let weight = catalog.coarseFiles[bin] * popularity * missed
      misses += weight
      hits -=
        weight
        * (share * expm1(-rate * ((guests - 1) * time + beyond)) + (1 - share)
          * expm1(-rate * beyond))
    }
    return misses > 1e-12 ? hits / misses : 1
  }
}
