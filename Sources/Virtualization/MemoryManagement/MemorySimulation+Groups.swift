/// What is cached on the account of each control group.
extension MemorySimulation {
  /// The share of its file reads that a group finds cached: for as long as its own limit and the
  /// host's memory let files stay.
  func groupHitRatio(_ index: Int) -> Double {
    caches.sharedRatio(
      ofClass: Int(states[index].classIndex), groupLogTime: groups[index].logTime)
  }

  /// Works out anew how long files stay on a group's account, where the room for them has changed.
  mutating func updateGroup(_ index: Int) {
    let limit = held[index].cacheCeiling
    guard FileCaches.hasMoved(limit, since: groups[index].solved) else { return }
    groups[index].solved = limit
    groups[index].logTime = caches.groupLogTime(
      limit: limit, ofClass: Int(states[index].classIndex))
  }
}

/// For how long files stay on the account of a group, and the limit for which that was worked out.
struct GroupCache: BitwiseCopyable, Sendable {
  var solved = -1
  var logTime = 0.0
}
