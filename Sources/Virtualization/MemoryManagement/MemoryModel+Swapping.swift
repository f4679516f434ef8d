/// Whether memory can run short at all, and what goes to swap then.
extension MemoryModel {
  /// Pages of guests' kernels, their objects and programs, and of monitors, which the host swaps as
  /// it does the active pages of processes.
  ///
  /// To a host that supplies memory on first touch, a guest's memory is that of an ordinary
  /// process, whatever the guest has in it (Linux `mm/vmscan.c`: what is not locked is on the lists
  /// of reclaim). What the host's own kernel keeps for guests is never swapped.
  func swappableKernels(_ totals: GuestFrames) -> Int {
    guard kind == .touchOnDemand else { return 0 }
    return totals.guestKernel + totals.guestObjects + totals.text
      + (monitorSwaps ? totals.monitor : 0)
  }

  /// The frames of guests' kernels and monitors that are left, when the host has swapped some.
  func residentKernels(_ totals: GuestFrames, swapped: Int) -> GuestFrames {
    var resident = totals
    var left = swapped
    if monitorSwaps { resident.monitor -= Self.take(totals.monitor, &left) }
    resident.text -= Self.take(totals.text, &left)
    resident.kernelObjects -= Self.take(totals.guestObjects, &left)
    resident.guestKernel -= Self.take(totals.guestKernel, &left)
    return resident
  }

  /// Whether guests of each class may come to have pages in swap: their own kernels' or the one
  /// that serves all (`own`), and a host's beneath them (`host`).
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
