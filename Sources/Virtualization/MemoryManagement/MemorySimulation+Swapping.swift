/// What swapping costs requests: reads of pages that were driven out, and writes that make room.
extension MemorySimulation {
  /// The share of a guest's active anonymous pages that is in swap, the host's or its own.
  package func swappedShare(guest: Int32) -> Double {
    let frames = held[Int(guest)]
    let inside = share(frames.swappedActive, of: frames.active + frames.swappedActive)
    return 1 - (1 - inside) * (1 - share(pressure.swappedActive, of: totals.active))
  }

  /// The share of a guest's file reads that its own cache serves with pages that the host has in swap;
  /// 0 for guests without kernels of their own.
  package func swappedHitRatio(guest: Int32) -> Double {
    let index = Int(guest)
    guard model.hasGuestKernels, pressure.swappedCache > 0,
      let catalog = caches.catalogs[Int(states[index].classIndex)]
    else { return 0 }
    let bytes = Double(held[index].cache) * Double(MemoryLedger.pageBytes)
    let resident = bytes * (1 - share(pressure.swappedCache, of: totals.cache))
    return catalog.hitRatio(cacheBytes: bytes) - catalog.hitRatio(cacheBytes: resident)
  }

  /// The share of a guest's file reads that its own kernel reads into frames which the host has in
  /// swap; 0 for guests without kernels of their own.
  ///
  /// A file that is not cached takes the frames of others that are. The host does not know that they
  /// are about to be overwritten, and brings them back first: stale reads from swap (Amit, Tsafrir and
  /// Schuster, VSwapper, ASPLOS 2014; for User Mode Linux Dike, Ottawa Linux Symposium 2002). Frames
  /// are taken as if at random from those of files, known again or read once; a kernel takes the ones
  /// that it used least recently, which are in swap more often.
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
  /// own kernel has or puts in pages that the host has in swap, as many as a file has, at least one.
  package func swapReadsPerRequest(guest: Int32) -> Double {
    let facts = model.facts[Int(states[Int(guest)].classIndex)]
    let anonymous = facts.pagesPerRequest * swappedShare(guest: guest) / model.swapCluster
    let perFile = max(1, facts.pagesPerFile / model.swapCluster)
    let files = swappedHitRatio(guest: guest) + staleReadRatio(guest: guest)
    return anonymous + facts.fileReadsPerRequest * files * perFile
  }

  /// Expected writes to swap for one request of a guest that make room for what it reads.
  ///
  /// A page that comes in takes the frame of one that goes out, and that one is written if it has
  /// changed since it was last in swap.
  package func swapWritesPerRequest(guest: Int32) -> Double {
    swapReadsPerRequest(guest: guest) * model.writesPerRead
  }

  /// Writes of pages that went to swap for the first time since the last call, as whole clusters.
  ///
  /// Anonymous memory has no copy elsewhere, so each page is written once; those that were in swap
  /// when the run began were written before it. What does not fill a cluster is kept for later.
  package mutating func takeFirstWrites() -> Int {
    let clusters = Int(clamping: Double(firstWrites) / model.swapCluster)
    firstWrites -= Int(clamping: (Double(clusters) * model.swapCluster).rounded())
    return clusters
  }
}
