/// Pages that were written to and are not on the disk yet.
extension MemorySimulation {
  /// Whose dirty pages count together: those of a guest with a kernel or a limit of its own, or
  /// those of all other guests (nil).
  package func dirtyDomain(guest: Int32) -> Int32? {
    if model.hasGuestKernels { return guest }
    let facts = model.facts[Int(states[Int(guest)].classIndex)]
    return model.kind == .controlGroup && facts.memoryPages < Int.max ? guest : nil
  }

  /// The memory of a domain that is free or caches files, in bytes: what shares of dirty pages are
  /// of.
  package func dirtyableBytes(domain: Int32?) -> Double {
    Double(max(0, dirtyablePages(domain))) * Double(MemoryLedger.pageBytes)
  }

  private func dirtyablePages(_ domain: Int32?) -> Int {
    guard let domain else {
      return model.totalPages - model.basePages - model.hypervisorPages - sharedText
        - totals.kernelObjects - totals.monitor - totals.text - totals.active - totals.idle
        + pressure.swappedPages
    }
    let frames = held[Int(domain)]
    let fixed =
      model.hasGuestKernels ? frames.guestKernel + frames.guestObjects : frames.kernelObjects
    return model.facts[Int(states[Int(domain)].classIndex)].memoryPages - fixed - frames.text
      - frames.active - frames.idle
  }

  /// Takes down how many bytes of a guest are dirty.
  ///
  /// Where there is no room for them, they are not counted; writers are held back long before.
  package mutating func setDirty(guest: Int32, bytes: Double) {
    let index = Int(guest)
    let pages = GuestFrames.pages(bytes / Double(MemoryLedger.pageBytes))
    guard pages != states[index].dirtyPages else { return }
    var next = states[index]
    next.dirtyPages = pages
    release(index, next)
  }
}
