package import DiscreteEvents

/// The fair scheduler of OpenVZ: start-time fair queueing over containers.
///
/// Sources: Goyal, Vin and Cheng, "Start-time Fair Queueing", SIGCOMM 1996; the constants and rules
/// are those of `kernel/fairsched.c` in the OpenVZ kernel for Linux 2.6.18 (github.com/bronson/
/// linux-2.6.18.8-ovz-xen, commit 5e4ff14b).
///
/// - The container with the smallest start tag runs, for 16 ms at most. Its tag grows by the time
///   that it ran times its kernel weight, 500000 / cpuunits in whole numbers.
/// - Virtual time is the smallest tag of the containers that are runnable and not held back. On
///   waking a tag is raised to it, and no tag may lead it by more than 25 slices per core at the
///   smallest kernel weight.
/// - A limit (cpulimit) is a token bucket of depth (cores + 1) slices. A slice is charged in
///   advance and the unused part is paid back; a container with less than one slice in its bucket
///   is held back until it has one.
///
/// Simplifications. A woken container takes an idle core or waits for the end of a slice, and does
/// not take over a running one's core, so wake-up delays on a full host are at most those of the
/// kernel without its own rescheduling on wake-ups. The kernel's cost of walking its lists, which
/// grows with the number of runnable containers, is not charged.
package struct StartTimeFairQueueing: HostScheduler, ~Copyable {
  struct Node: BitwiseCopyable {
    var tag: Int64 = 0
    var weight: Int64 = 1
    /// 1024ths of a core; 0 for no limit.
    var rate: Int64 = 0
    /// Nanoseconds of core time, times 1024.
    var bucket: Int64 = 0
    var updated = SimulationTime.zero
    var running: Int32 = 0
    var isEligible = false
  }

  private var nodes: Table<Node>
  private var choosable: IndexedHeap
  private var runnable: IndexedHeap
  private var held: HeldEntities
  private let slice: Int64
  private let depth: Int64
  private let lead: Int64

  package init(_ configuration: ProcessorConfiguration) {
    let count = configuration.entities.count
    let cores = Int64(max(configuration.cores, 1))
    choosable = IndexedHeap(members: count)
    runnable = IndexedHeap(members: count)
    held = HeldEntities(entities: count)
    slice = configuration.policy.nanoseconds(.slice, default: 0.016)
    depth = (cores + 1) * slice * 1024
    let weights = configuration.entities.map { Self.kernelWeight(cpuUnits: $0.weight) }
    lead = (slice * cores * 25).timesWithinHalfRange(weights.min() ?? 1)
    nodes = Table(repeating: Node(), count: count)
    for (index, entity) in configuration.entities.enumerated() {
      nodes[index].weight = weights[index]
      if let limit = entity.limit, limit.isFinite {
        nodes[index].rate = Int64(
          clamping: min(max(limit * 1024, 1), Double(cores * 1024)).rounded())
        nodes[index].bucket = depth
      }
    }
  }

  private static func kernelWeight(cpuUnits: Double) -> Int64 {
    let units = cpuUnits.isFinite ? min(max(cpuUnits, 8), 500_000) : 1000
    return min(max(500_000 / Int64(clamping: units), 1), 65_535)
  }

  package mutating func makeEligible(_ entity: Int32, wokeUp: Bool, at now: SimulationTime) {
    nodes[entity].isEligible = true
    if !held.contains(entity) { enter(entity, fromSleep: wokeUp) }
  }

  package mutating func makeIneligible(_ entity: Int32, at now: SimulationTime) {
    nodes[entity].isEligible = false
    choosable.remove(entity)
    if nodes[entity].running == 0 { runnable.remove(entity) }
  }

  package mutating func choose(at now: SimulationTime) -> SchedulingDecision? {
    let entity = choosable.first
    guard entity >= 0 else { return nil }
    nodes[entity].running += 1
    if nodes[entity].rate > 0 {
      fill(entity, at: now)
      nodes[entity].bucket -= slice * 1024
      holdOrRelease(entity, at: now)
    }
    return SchedulingDecision(entity: entity, slice: SimulationDuration(nanoseconds: slice))
  }

  package mutating func charge(
    _ entity: Int32, ran: SimulationDuration, at now: SimulationTime
  ) {
    nodes[entity].tag &+= ran.nanoseconds.timesWithinHalfRange(nodes[entity].weight)
    nodes[entity].running -= 1
    if nodes[entity].rate > 0 {
      fill(entity, at: now)
      let bucket = nodes[entity].bucket + slice * 1024 - charged(ran)
      nodes[entity].bucket = min(max(bucket, deepestOverdraft), depth)
      holdOrRelease(entity, at: now)
    }
    if !held.contains(entity) { enter(entity, fromSleep: false) }
  }

  package func preempts(
    _ entity: Int32, running: Int32, ranSoFar: SimulationDuration, at now: SimulationTime
  ) -> Bool { false }

  package func isHeld(_ entity: Int32) -> Bool { held.contains(entity) }

  package var nextTimer: SimulationTime? { held.nextTime }

  package mutating func timer(at now: SimulationTime) {
    while let entity = held.removeDue(at: now) {
      fill(entity, at: now)
      held.noteReleased(entity)
      enter(entity, fromSleep: true)
    }
  }

  package mutating func nextReleased() -> Int32? { held.nextReleased() }

  /// Puts an entity that is not held back where its tag belongs, or takes it out.
  private mutating func enter(_ entity: Int32, fromSleep: Bool) {
    let isEligible = nodes[entity].isEligible
    guard isEligible || nodes[entity].running > 0 else {
      runnable.remove(entity)
      return
    }
    runnable.remove(entity)
    if !runnable.isEmpty {
      let virtualTime = runnable.firstKey
      if fromSleep && nodes[entity].tag &- virtualTime < 0 { nodes[entity].tag = virtualTime }
      if nodes[entity].tag &- virtualTime > lead { nodes[entity].tag = virtualTime &+ lead }
    }
    // The kernel inserts ahead of equal tags.
    runnable.update(entity, key: nodes[entity].tag, aheadOfEqual: true)
    if isEligible { choosable.update(entity, key: nodes[entity].tag, aheadOfEqual: true) }
  }

  private mutating func fill(_ entity: Int32, at now: SimulationTime) {
    let elapsed = (now - nodes[entity].updated).nanoseconds
    nodes[entity].updated = now
    // Nothing beyond what fills the bucket counts, which also keeps the product in range.
    let useful = min(
      elapsed, nanoseconds(toFill: depth - nodes[entity].bucket, atRate: nodes[entity].rate))
    nodes[entity].bucket = min(nodes[entity].bucket + useful * nodes[entity].rate, depth)
  }

  private mutating func holdOrRelease(_ entity: Int32, at now: SimulationTime) {
    let missing = slice * 1024 - nodes[entity].bucket
    if missing > 0 {
      choosable.remove(entity)
      runnable.remove(entity)
      let wait = nanoseconds(toFill: missing, atRate: nodes[entity].rate)
      held.hold(entity, until: now + SimulationDuration(nanoseconds: wait))
    } else {
      held.remove(entity)
    }
  }
}
