/// Whether memory can run short at all.
extension MemoryModel {
  /// Whether guests of each class may come to have pages in swap: their own kernels' or the one that
  /// serves all (`own`), and a host's beneath them (`host`).
  ///
  /// Taken with all workers busy: it decides what has to be priced, not what happens.
  func maySwap(counts: [Int], workers: [Int]) -> (own: [Bool], host: Bool) {
    var own: [Bool] = []
    var totals = GuestFrames()
    var areTooLarge = false
    for index in counts.indices {
      var state = GuestState(classIndex: Int32(index))
      state.busyWorkers = Int32(clamping: workers[index])
      state.connections = state.busyWorkers
      guard counts[index] > 0 else {
        own.append(false)
        continue
      }
      if let frames = frames(of: state) {
        own.append(frames.swapped > 0)
        totals.add(frames, counts[index])
      } else {
        own.append(hasGuestKernels ? facts[index].guestSwapPages > 0 : swapPages > 0)
        areTooLarge = true
      }
    }
    guard kind != .reservation, swapPages > 0 else { return (own, false) }
    let pressure = pressure(
      totals, sharedText: sharedTextPages(counts: counts),
      wantedCache: wantedSharedCache(counts: counts))
    let short = areTooLarge || (pressure.map { $0.swappedPages > 0 } ?? true)
    return hasGuestKernels ? (own, short) : (own.map { $0 || short }, false)
  }
}
