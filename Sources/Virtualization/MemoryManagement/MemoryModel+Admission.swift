/// Which guests may be started, by the host memory reserved for them.
extension MemoryModel {
  /// The host memory reserved for guests, in bytes: what guests are counted for when they are
  /// started, and what there is; nil where none is reserved.
  package func reservedHostMemory(counts: [Int]) -> (counted: Double, available: Double)? {
    guard let admission else { return nil }
    let page = Double(MemoryLedger.pageBytes)
    var counted = 0.0
    for index in facts.indices where counts[index] > 0 {
      counted +=
        Double(counts[index])
        * admission.countedBytes(
          memoryBytes: Double(facts[index].memoryPages) * page,
          besideBytes: besideBytes(GuestState(classIndex: Int32(index))))
    }
    var unlimited = GuestFrames()
    unlimited.cacheCeiling = GuestFrames.ceilingCap
    let cache = cacheFloor(unlimited, wantedCache: wantedSharedCache(counts: counts))
    let own = Double(basePages + hypervisorPages + cache) * page
    return (counted, Double(totalPages) * page - max(admission.keptForHostBytes.value, own))
  }

  /// Bytes of the host that a guest takes beside its own memory: its monitor, and what the host's
  /// kernel keeps for it.
  private func besideBytes(_ state: GuestState) -> Double {
    Double(monitorPages) * Double(MemoryLedger.pageBytes)
      + hostKernelBytes(state, facts[Int(state.classIndex)])
  }

  /// The rule by which guests are admitted, in a sentence.
  package var admissionRule: String {
    guard let admission else { return "" }
    let share = "\(Int((admission.residentShare * 100).rounded())) %"
    let monitor = Double(monitorPages) * Double(MemoryLedger.pageBytes) / 1_048_576
    return "a guest is started only if \(share) of every guest's memory, with "
      + "\(Int(monitor.rounded())) MiB of monitor for each, fit into the memory reserved for "
      + "guests; the rule is `\(admission.rule.rawValue)`"
  }

  /// Refuses guests that the host memory reserved for them does not hold.
  func admit(_ counts: [Int], at place: String) throws(MemoryError) {
    guard let (counted, available) = reservedHostMemory(counts: counts), counted > available else {
      return
    }
    let use = ResourceUse(
      resource: .reservedHostMemory, used: counted, capacity: available, isHard: true,
      explanation: admissionRule)
    throw MemoryError(
      .hostFull,
      use.shortage(guests: counts.reduce(0, +))
        + "; give fewer guests, smaller ones, more memory or a looser `rule` of `admission`",
      at: place)
  }
}
