/// Who suffers where memory and swap are exhausted.
extension MemorySimulation {
  mutating func exhausted(_ index: Int, namesVictim: Bool) -> MemoryGrant {
    // A virtual machine that the host cannot supply fails by itself; so does a guest alone.
    guard !model.hasGuestKernels else { return .outOfMemory(victim: Int32(index)) }
    if !accounts.isEmpty, !accounts[index].isWithinGuarantee { return .beyondGuarantee }
    let victim = namesVictim ? chooseVictim() ?? index : index
    if !accounts.isEmpty { accounts[victim].recordKill() }
    return .outOfMemory(victim: Int32(victim))
  }

  /// The guest from which an out-of-memory kill takes a worker, among those that have one beyond the
  /// spare ones: by overdraft under beancounters, else (and where none is overdrawn) the largest.
  private func chooseVictim() -> Int? {
    var largest: Int?
    var largestPages = -1
    var overdrawn: Int?
    var largestOverdraft = 0
    for index in states.indices {
      let state = states[index]
      guard Int(state.busyWorkers) > model.facts[Int(state.classIndex)].spareWorkers else {
        continue
      }
      let frames = held[index]
      let pages = frames.active + frames.idle + frames.swappedActive + frames.swappedIdle
      if pages > largestPages {
        largest = index
        largestPages = pages
      }
      if !accounts.isEmpty, accounts[index].oomOverdraft > largestOverdraft {
        overdrawn = index
        largestOverdraft = accounts[index].oomOverdraft
      }
    }
    return overdrawn ?? largest
  }
}
