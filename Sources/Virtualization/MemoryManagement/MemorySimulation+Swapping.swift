/// What swapping costs guests: reads of pages that were driven out, and writes that make room.
extension MemorySimulation {
  /// Whether any active page is in swap, the host's or a guest's own.
  package var hasSwappedActivePages: Bool {
    totals.swappedActive > 0 || pressure.swappedActive > 0
  }

  /// The shares of a guest's active anonymous pages in swap: what its own kernel or control group,
  /// or the one kernel of all, has swapped, and what a host has swapped beneath the guest's kernel.
  private func swappedShares(_ index: Int) -> SwapVisits {
    let frames = held[index]
    let inside = share(frames.swappedActive, of: frames.active + frames.swappedActive)
    let below = (1 - inside) * share(pressure.swappedActive, of: totals.active)
    return model.hasGuestKernels
      ? SwapVisits(own: inside, host: below) : SwapVisits(own: inside + below, host: 0)
  }

  /// The share of a guest's file reads that its own cache serves with pages that the host has in
  /// swap; 0 for guests without kernels of their own.
  package func swappedHitRatio(guest: Int32) -> Double {
    let index = Int(guest)
    guard model.hasGuestKernels, pressure.swappedCache > 0,
      let catalog = caches.catalogs[Int(states[index].classIndex)]
    else { return 0 }
    let bytes = Double(model.ownCache(held[index])) * Double(MemoryLedger.pageBytes)
    let resident = bytes * (1 - share(pressure.swappedCache, of: totals.cache))
    return catalog.hitRatio(cacheBytes: bytes) - catalog.hitRatio(cacheBytes: resident)
  }

  /// The share of a guest's file reads that its own kernel reads into frames which the host has in
  /// swap; 0 for guests without kernels of their own.
  ///
  /// A file that is not cached takes the frames of others that are. The host does not know that
  /// they are about to be overwritten, and brings them back first: stale reads from swap (Amit,
  /// Tsafrir and Schuster, VSwapper, ASPLOS 2014; for User Mode Linux Dike, Ottawa Linux Symposium
  /// 2002). Frames are taken as if at random from those of files, known again or read once; a
  /// kernel takes the ones that it used least recently, which are in swap more often.
  package func staleReadRatio(guest: Int32) -> Double {
    guard model.hasGuestKernels, pressure.swappedUnused + pressure.swappedCache > 0 else {
      return 0
    }
    let swapped = share(
      pressure.swappedUnused + pressure.swappedCache, of: totals.unused + totals.cache)
    return (1 - hitRatio(guest: guest)) * swapped
  }

  /// Expected reads from swap for one request of a guest: the pages that it touches, times the
  /// share of them in swap, over the pages that one read brings in; and for files that the guest's
  /// own kernel has or puts in pages that the host has in swap, as many as a file has, at least
  /// one.
  package func swapReadsPerRequest(guest: Int32) -> SwapVisits {
    let index = Int(guest)
    let facts = model.facts[Int(states[index].classIndex)]
    var reads = swappedShares(index).scaled(by: facts.pagesPerRequest / model.swapCluster)
    let perFile = max(1, facts.pagesPerFile / model.swapCluster)
    let files = swappedHitRatio(guest: guest) + staleReadRatio(guest: guest)
    reads.host += facts.fileReadsPerRequest * files * perFile
    return reads
  }

  /// Expected writes to swap for one request of a guest that make room for what it reads.
  ///
  /// A page that comes in takes the frame of one that goes out, and that one is written if it has
  /// changed since it was last in swap.
  package func swapWritesPerRequest(guest: Int32) -> SwapVisits {
    swapReadsPerRequest(guest: guest).scaled(by: model.writesPerRead)
  }

  /// Expected reads from swap per second for active pages that no request touches.
  ///
  /// Active is what is touched once a minute. A request touches the pages of its worker; those of
  /// the base, and of workers that had no request for a minute, are touched beside requests.
  ///
  /// - Parameter requestsPerMinute: Requests that the guest serves.
  package func swapReadsPerSecond(
    guest: Int32, requestsPerMinute: Double
  ) -> SwapVisits {
    let index = Int(guest)
    let state = states[index]
    let facts = model.facts[Int(state.classIndex)]
    let workers = max(0, Double(model.workers(state, facts)) - requestsPerMinute)
    let pages = facts.baseAnonymousPages + workers * facts.workerAnonymousPages
    return swappedShares(index).scaled(by: pages * facts.activeShare / model.swapCluster / 60)
  }

  /// Writes of pages that went to swap for the first time since the last call, as whole clusters.
  ///
  /// Anonymous memory has no copy elsewhere, so each page is written once; those that were in swap
  /// when the run began were written before it. What does not fill a cluster is kept for later.
  package mutating func takeFirstWrites() -> (own: Int, host: Int) {
    (
      firstWrites.own.takeClusters(of: model.swapCluster),
      firstWrites.host.takeClusters(of: model.swapCluster)
    )
  }
}

/// Visits to swap, or what leads to them, by who has swapped.
package struct SwapVisits: BitwiseCopyable, Sendable {
  /// By the kernel that runs the guest's processes: its own, or the one that serves all guests.
  package var own: Double
  /// By a host beneath the guest's own kernel.
  package var host: Double

  package init(own: Double, host: Double) {
    self.own = own
    self.host = host
  }

  package var total: Double { own + host }

  func scaled(by factor: Double) -> Self { Self(own: own * factor, host: host * factor) }
}

/// Pages in swap: the most so far, and those not yet written for anybody.
struct FirstWrites: BitwiseCopyable, Sendable {
  private var most: Int
  private var pages = 0

  init(alreadySwapped: Int) { most = alreadySwapped }

  mutating func note(swapped: Int) {
    guard swapped > most else { return }
    pages += swapped - most
    most = swapped
  }

  mutating func takeClusters(of cluster: Double) -> Int {
    let clusters = Int(clamping: Double(pages) / cluster)
    pages -= Int(clamping: (Double(clusters) * cluster).rounded())
    return clusters
  }
}
