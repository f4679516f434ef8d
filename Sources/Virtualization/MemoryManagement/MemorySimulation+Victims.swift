/// What happens where memory and swap are exhausted.
extension MemorySimulation {
  mutating func exhausted(_ index: Int) -> MemoryGrant {
    guard !accounts.isEmpty else { return .outOfMemory }
    guard accounts[index].isWithinGuarantee else { return .beyondGuarantee }
    accounts[mostOverdrawn() ?? index].recordKill()
    return .outOfMemory
  }

  /// The container that an out-of-memory kill hits, the one with the largest overdraft (ub_oom.c);
  /// nil where none is overdrawn.
  private func mostOverdrawn() -> Int? {
    var overdrawn: Int?
    var largest = 0
    for index in accounts.indices where accounts[index].oomOverdraft > largest {
      overdrawn = index
      largest = accounts[index].oomOverdraft
    }
    return overdrawn
  }
}
