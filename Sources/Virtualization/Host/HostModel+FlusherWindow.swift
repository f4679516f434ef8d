import DiscreteEvents
import Statistics

/// Write-back at the beginning of a run, and whether it keeps up.
extension HostModel where P: ~Copyable {
  /// Begins as if guests had written for long.
  ///
  /// Each has what it wrote since a random time within the flusher's cycle, which is shorter where
  /// the background share is passed sooner. Closed arrivals, whose rate is not known, begin with
  /// nothing.
  mutating func beginFlushing(_ plan: HostPlan, _ scheduler: inout Scheduler<HostEvent>) {
    guard plan.programs.contains(where: { !$0.flushing.isEmpty }) else { return }
    let cycle = (flusher.expiry + flusher.period).seconds
    let ownKernels = memory.model.hasGuestKernels
    let rates = plan.programs.indices.map(plan.dirtyBytesPerSecond(ofClass:))
    var together = 0.0
    for (guest, index) in plan.guestClasses.enumerated() where domain(of: guest) == guests.count {
      together += rates[index]
    }
    for (guest, index) in plan.guestClasses.enumerated()
    where !plan.programs[index].flushing.isEmpty {
      var stream = flushingStream(ownKernels ? UInt32(truncatingIfNeeded: guest) : .max)
      let phase = flusher.period.seconds * stream.uniform()
      guests[guest].flusher.phase = SimulationDuration(seconds: phase)
      stream = flushingStream(UInt32(truncatingIfNeeded: guest))
      _ = stream.uniform()
      let domain = domain(of: guest)
      let all = domain == guests.count ? together : rates[index]
      let untilShare = all > 0 ? bounds(domain).background / all : .infinity
      let age = min(cycle, untilShare) * stream.uniform()
      begin(guest, writing: rates[index], since: age, &scheduler)
    }
    let reach = flusher.expiry + flusher.period
    scheduler.schedule(.noteWritten, at: max(.zero, windowEnd - reach))
    scheduler.schedule(
      .noteBacklog,
      at: windowStart
        + SimulationDuration(nanoseconds: (windowEnd - windowStart).nanoseconds / 2))
  }

  private func flushingStream(_ guest: UInt32) -> RandomStream {
    RandomStream(
      StreamKey(
        seed: seed, role: .flushing, guest: guest, index: .max, replication: replication))
  }

  private mutating func begin(
    _ slot: Int, writing bytesPerSecond: Double, since age: Double,
    _ scheduler: inout Scheduler<HostEvent>
  ) {
    let domain = domain(of: slot)
    let room = max(0, bounds(domain).background - domains[domain].bytes)
    let bytes = min(bytesPerSecond * age, room)
    guard bytes > 0 else { return }
    addDirty(bytes, slot, domain)
    guests[slot].flusher.begun = bytes
    let due = flusher.expiry - SimulationDuration(seconds: age)
    guests[slot].flusher.due = firstLook(slot, from: .zero + max(.zero, due))
    guests[slot].flusher.look = scheduler.schedule(
      .flushIsDue(guest: Int32(slot)), at: guests[slot].flusher.due)
  }

  /// Takes down what was written by the time at which it had to be on the disk at the window's end.
  mutating func noteWritten() {
    for slot in 0..<guests.count {
      guests[slot].flusher.writtenBefore = guests[slot].flusher.written
    }
  }

  /// Takes down what is dirty in the middle of the window, and which flushes are under way there.
  mutating func noteBacklog() {
    for slot in 0..<guests.count {
      guests[slot].flusher.bytesBefore = guests[slot].flusher.bytes
      guests[slot].flusher.isBehind = guests[slot].flusher.isFlushing
    }
    for domain in 0...guests.count {
      domains[domain].bytesBefore = domains[domain].bytes
      domains[domain].isBehind = domains[domain].isAbove
    }
  }

  /// Whether more is dirty than the flusher leaves, by more than the disk writes in a fiftieth of
  /// the window, and grows: more than was written within the expiry and a look, or more than the
  /// background share.
  ///
  /// A large write now and then is also late for as long as the disk takes for it. So only flushes
  /// count that have not come to an end since the middle of the window, and only where what is
  /// dirty has grown since by more than the disk writes in a hundredth of the window.
  ///
  /// Where writers wait, dirty memory is at its limit and grows no more; whether that is stable is
  /// seen from the requests.
  func writeBackFallsBehind(at now: SimulationTime) -> Bool {
    guard now > .zero else { return false }
    let patience = (windowEnd - windowStart).seconds / 50
    let reach = (flusher.expiry + flusher.period).seconds / now.seconds
    let spindles = sharesDiskTransfer ? 1 : disk.groupCount
    var late = Array(repeating: 0.0, count: spindles)
    var growth = late
    for slot in 0..<guests.count {
      let state = guests[slot].flusher
      let domain = domain(of: slot)
      guard state.isBehind, domains[domain].waiting.isEmpty else { continue }
      var recent = max(state.written - state.writtenBefore, state.written * reach)
      // What the run began with need not be on the disk before its first cycle is over.
      if reach > 1 { recent += state.begun }
      var excess = state.bytes - recent
      if domain < guests.count {
        excess = max(excess, state.bytes - bounds(domain).background)
      }
      let spindle = sharesDiskTransfer ? 0 : Int(guests[slot].spindle)
      late[spindle] += max(0, excess)
      growth[spindle] += state.bytes - state.bytesBefore
    }
    let tolerated = patience * diskRate
    for spindle in 0..<spindles
    where late[spindle] > tolerated && growth[spindle] > tolerated / 2 {
      return true
    }
    let shared = domains[guests.count]
    let all = tolerated * Double(spindles)
    return shared.isBehind && shared.waiting.isEmpty
      && shared.bytes - bounds(guests.count).background > all
      && shared.bytes - shared.bytesBefore > all / 2
  }
}

extension HostPlan {
  /// Bytes per second that a guest of a class writes to files and that are not written to the disk
  /// at once; of closed arrivals those of periodic work alone.
  func dirtyBytesPerSecond(ofClass index: Int) -> Double {
    let workload = scenario.guests[index].workload
    var rate = 0.0
    switch workload.arrival {
    case .poisson(let perGuest), .bursty(let perGuest, _, _, _): rate = perGuest.value
    case .closed: break
    }
    return rate * dirtyBytesPerRequest(ofClass: index) + dirtyBytesOfRounds(ofClass: index)
  }

  /// Bytes of a request in the mean.
  func dirtyBytesPerRequest(ofClass index: Int) -> Double {
    let program = programs[index]
    return program.dirtied(
      in: 0..<program.requestStages,
      responseBytes: scenario.guests[index].workload.responseBytes.mean)
  }

  /// Bytes of periodic work, per second.
  func dirtyBytesOfRounds(ofClass index: Int) -> Double {
    let program = programs[index]
    guard program.hasRounds else { return 0 }
    return program.dirtied(in: program.requestStages..<program.roundEnd, responseBytes: 0)
      / program.backgroundPeriod
  }
}
