package import DiscreteEvents

/// Egalitarian processor sharing: of `n` bursts on `c` cores each runs at the speed
/// `min(1, c / n)`.
///
/// The limit of round robin as the slice goes to zero (Kleinrock, "Time-shared Systems: A
/// Theoretical Treatment", Journal of the ACM 14(2), 1967), for tests, teaching and comparison with
/// formulas. Entities do not matter: weights, limits, numbers of processors and prices of switches
/// are ignored, and nothing is ever stolen or throttled. A burst's contention is what sharing added
/// to its work.
///
/// Computed in virtual time: service per burst, on a grid of 2^-12 ns and rounded down, so a burst
/// never completes early, and late by less than two nanoseconds as long as fewer than 4,096 events
/// fall into its stay. Work beyond 2^50 ns (13 days) counts as that much. One event is pending;
/// every event costs O(log n).
package struct ProcessorSharing: ProcessorModel, ~Copyable {
  struct Job: BitwiseCopyable {
    var task: Int32
    var entity: Int32
    var work: Int64
    var submitted: SimulationTime
    /// Virtual time at submission, or at the last reset.
    var countedFrom: Int64
  }

  private static var gridBits: Int64 { 12 }
  private static var grid: Int64 { 1 << gridBits }

  private let cores: Int64
  private var jobs: Pool<Job>
  /// Bursts by the virtual time at which they are done.
  private var byEnd: IndexedHeap
  private var virtualTime: Int64 = 0
  private var updated = SimulationTime.zero
  private var event = EventHandle.none
  private var countedSince = SimulationTime.zero
  private var busy: Table<Int64>
  private var entityTime: Table<Int64>

  package init(_ configuration: ProcessorConfiguration) {
    let coreCount = max(configuration.cores, 1)
    cores = Int64(coreCount)
    jobs = Pool(reserving: 64)
    byEnd = IndexedHeap(members: 64)
    busy = Table(repeating: 0, count: coreCount)
    entityTime = Table(repeating: 0, count: configuration.entities.count)
  }

  package mutating func submit<E: ProcessorEventCarrier>(
    _ burst: Burst, at now: SimulationTime, _ scheduler: inout Scheduler<E>
  ) {
    advance(to: now)
    let work = max(burst.work.nanoseconds, 0)
    let job = jobs.insert(
      Job(
        task: burst.task, entity: burst.entity, work: work, submitted: now,
        countedFrom: virtualTime))
    byEnd.update(job.rawValue, key: virtualTime &+ min(work, 1 << 50) &* Self.grid)
  }

  package mutating func handle<E: ProcessorEventCarrier>(
    _ event: ProcessorEvent, at now: SimulationTime, _ scheduler: inout Scheduler<E>
  ) -> CompletedBurst? {
    self.event = .none
    let first = byEnd.first
    guard case .quantumEnd = event, first >= 0 else { return nil }
    advance(to: now)
    let end = byEnd.firstKey
    byEnd.remove(first)
    let job = jobs.remove(Pool<Job>.Index(rawValue: first))
    entityTime[job.entity] &+= Self.nearest(end &- job.countedFrom)
    let sojourn = now - job.submitted
    let work = SimulationDuration(nanoseconds: job.work)
    return CompletedBurst(
      task: job.task, entity: job.entity, work: work, contention: sojourn - work,
      throttled: .zero, switching: .zero, refill: .zero)
  }

  package mutating func settle<E: ProcessorEventCarrier>(
    at now: SimulationTime, _ scheduler: inout Scheduler<E>
  ) {
    // An event that neither submits nor ends anything has left the virtual time where it was.
    advance(to: now)
    guard !byEnd.isEmpty else {
      // Starting over keeps the virtual time within its range, however long the run.
      virtualTime = 0
      return
    }
    let left = max(byEnd.firstKey &- virtualTime, 0)
    let sharing = max(Int64(byEnd.count), cores)
    // The smallest whole number of nanoseconds in which the virtual time covers `left`.
    let (high, low) = left.multipliedFullWidth(by: sharing)
    let divisor = cores &* Self.grid
    let wait: Int64
    if high < divisor / 2 {
      let (quotient, remainder) = divisor.dividingFullWidth((high, low))
      wait = quotient &+ (remainder > 0 ? 1 : 0)
    } else {
      wait = .max
    }
    let end = now + SimulationDuration(nanoseconds: wait)
    if !scheduler.reschedule(&event, at: end) {
      event = scheduler.schedule(.processor(.quantumEnd(core: 0)), at: end)
    }
  }

  package mutating func resetCounters(at now: SimulationTime) {
    advance(to: now)
    for core in 0..<busy.count { busy[core] = 0 }
    for entity in 0..<entityTime.count { entityTime[entity] = 0 }
    let virtualTime = virtualTime
    jobs.forEach { _, job in job.countedFrom = virtualTime }
    countedSince = now
  }

  package func counters(at now: SimulationTime) -> ProcessorCounters {
    var result = ProcessorCounters(cores: busy.count, entities: entityTime.count)
    result.elapsed = now - countedSince
    let since = (now - updated).nanoseconds
    for core in 0..<busy.count {
      let time = busy[core] &+ (core < byEnd.count ? since : 0)
      result.busy[core] = SimulationDuration(nanoseconds: time)
      result.idle[core] = result.elapsed - result.busy[core]
    }
    for entity in 0..<entityTime.count {
      result.entityTime[entity] = SimulationDuration(nanoseconds: entityTime[entity])
    }
    let virtualTime = virtualTime &+ progress(in: since)
    var next = jobs.firstIndex
    while let index = next {
      let job = jobs[index]
      result.entityTime[Int(job.entity)] += SimulationDuration(
        nanoseconds: Self.nearest(virtualTime &- job.countedFrom))
      next = jobs.index(after: index)
    }
    return result
  }

  private static func nearest(_ virtual: Int64) -> Int64 { (virtual &+ grid / 2) >> gridBits }

  /// The growth of virtual time in so many nanoseconds.
  private func progress(in elapsed: Int64) -> Int64 {
    let count = Int64(byEnd.count)
    if count <= cores { return elapsed &* Self.grid }
    let (high, low) = (elapsed &* Self.grid).multipliedFullWidth(by: cores)
    return count.dividingFullWidth((high, low)).quotient
  }

  private mutating func advance(to now: SimulationTime) {
    let elapsed = (now - updated).nanoseconds
    updated = now
    guard elapsed > 0 else { return }
    let occupied = min(busy.count, byEnd.count)
    if occupied == 0 { return }
    virtualTime &+= progress(in: elapsed)
    for core in 0..<occupied { busy[core] &+= elapsed }
  }
}
