/// The answer to a demand for memory while a run goes on.
package enum MemoryGrant: BitwiseCopyable, Sendable, Hashable {
  /// The guest has it.
  case granted
  /// A beancounter refused it, and counted that; nothing else changed.
  case refused(BeancounterResource)
  /// Memory and swap are exhausted, and the guest has allocated more than it is guaranteed
  /// (vmguarpages), so that nobody gives way to it; nothing changed.
  case beyondGuarantee
  /// Memory and swap are exhausted, and the demand fails.
  ///
  /// Under beancounters the container that the kernel's order names counts a kill (the `failcnt` of
  /// oomguarpages); nothing else changed.
  case outOfMemory
}
