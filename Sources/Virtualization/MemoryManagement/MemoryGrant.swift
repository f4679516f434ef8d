/// The answer to a demand for memory while a run goes on.
package enum MemoryGrant: BitwiseCopyable, Sendable, Hashable {
  /// The guest has it.
  case granted
  /// A beancounter refused it, and counted that; nothing else changed.
  case refused(BeancounterResource)
  /// Memory and swap are exhausted, and the guest has allocated more than it is guaranteed
  /// (vmguarpages), so that nobody gives way to it; nothing changed.
  case beyondGuarantee
  /// Memory and swap are exhausted; nothing changed yet.
  ///
  /// If the victim is the guest that asked, its demand fails. If it is another, end one of the
  /// victim's requests (`stopWorker`) and ask again. `startRequest` names the guest that asked.
  case outOfMemory(victim: Int32)
}
