import DiscreteEvents
import Statistics

/// Write-back: what was written to files is in memory first, and goes to the disk behind requests.
///
/// The kernel that caches the files looks every few seconds for what is older than its expiry, and
/// then writes all that the guest has dirty, in visits to the disk, two at a time. From the
/// background share of memory on it begins at once, and from the limit on those that write wait, in
/// the order in which they came; nobody waits without a flush under way.
extension HostModel where P: ~Copyable {
  // MARK: Writing to files

  /// Whether a guest's next write is not held back.
  func mayWrite(_ slot: Int) -> Bool {
    let domain = domain(of: slot)
    return domains[domain].waiting.isEmpty && hasRoom(domain)
  }

  func domain(of slot: Int) -> Int {
    if let own = memory.dirtyDomain(guest: Int32(slot)) { return Int(own) }
    return guests.count
  }

  /// Bytes at which the flusher begins at once, and at which writers wait: the former at least what
  /// one visit writes, the latter as much again, so that the flusher can be at work before anybody
  /// waits.
  func bounds(_ domain: Int) -> (background: Double, limit: Double) {
    let bytes = memory.dirtyableBytes(domain: domain < guests.count ? Int32(domain) : nil)
    let background = max(flusher.background * bytes, flusher.visitBytes)
    return (background, max(flusher.limit * bytes, background + flusher.visitBytes))
  }

  /// One write always has room where nothing is dirty, however large it is.
  private func hasRoom(_ domain: Int) -> Bool {
    domains[domain].bytes <= 0 || domains[domain].bytes < bounds(domain).limit
  }

  /// Bytes of a guest's files become dirty.
  mutating func write(
    _ bytes: Double, _ slot: Int, at now: SimulationTime, _ scheduler: inout Scheduler<HostEvent>
  ) {
    guard bytes > 0 else { return }
    let domain = domain(of: slot)
    if guests[slot].flusher.fresh <= 0 {
      guests[slot].flusher.due = firstLook(slot, from: now + flusher.expiry)
    }
    guests[slot].flusher.written += bytes
    addDirty(bytes, slot, domain)
    if domains[domain].bytes >= bounds(domain).background {
      beginFlush(slot, at: now, &scheduler)
      if !domains[domain].isAbove {
        domains[domain].isAbove = true
        beginFlushes(domain, at: now, &scheduler)
      }
    } else {
      scheduleFlush(slot, at: now, &scheduler)
    }
  }

  mutating func addDirty(_ bytes: Double, _ slot: Int, _ domain: Int) {
    guests[slot].flusher.fresh += bytes
    domains[domain].bytes += bytes
    memory.setDirty(guest: Int32(slot), bytes: guests[slot].flusher.bytes)
  }

  /// The kernel's first look for what is due, at some time or after it.
  func firstLook(_ slot: Int, from time: SimulationTime) -> SimulationTime {
    let period = flusher.period.nanoseconds
    let since = (time - SimulationTime.zero).nanoseconds - guests[slot].flusher.phase.nanoseconds
    guard since > 0 else { return .zero + guests[slot].flusher.phase }
    let looks = (since + period - 1) / period
    return .zero + guests[slot].flusher.phase + SimulationDuration(nanoseconds: looks * period)
  }

  // MARK: Waiting to write

  /// Lets a request wait for the flusher, which begins if it has not.
  mutating func holdBack(
    _ id: Int32, at now: SimulationTime, _ scheduler: inout Scheduler<HostEvent>
  ) {
    let index = Pool<Request>.Index(rawValue: id)
    let domain = domain(of: Int(requests[index].guest))
    requests[index].since = now
    // Memory may have shrunk since the last write, so that nobody has seen the background share
    // passed.
    if domains[domain].waiting.isEmpty { beginFlushes(domain, at: now, &scheduler) }
    domains[domain].waiting.append(id, &requests)
  }

  /// Lets those write that waited, as far as there is room; they have waited for the disk.
  private mutating func releaseWriters(
    _ domain: Int, at now: SimulationTime, _ scheduler: inout Scheduler<HostEvent>
  ) {
    while !domains[domain].waiting.isEmpty, hasRoom(domain) {
      let id = domains[domain].waiting.removeFirst(&requests)
      let index = Pool<Request>.Index(rawValue: id)
      requests[index].times.diskQueueing += (now - requests[index].since).nanoseconds
      let stage = Int(requests[index].stage)
      write(
        stages[stage].dirtied(responseBytes: requests[index].responseBytes),
        Int(requests[index].guest), at: now, &scheduler)
      requests[index].stage += 1
      scheduler.schedule(.goOn(request: id), after: .zero)
    }
  }

  // MARK: The flusher

  private mutating func scheduleFlush(
    _ slot: Int, at now: SimulationTime, _ scheduler: inout Scheduler<HostEvent>
  ) {
    let state = guests[slot].flusher
    guard !state.isFlushing, state.look == .none, state.fresh > 0 else { return }
    guests[slot].flusher.look = scheduler.schedule(
      .flushIsDue(guest: Int32(slot)), at: max(now, state.due))
  }

  private mutating func beginFlush(
    _ slot: Int, at now: SimulationTime, _ scheduler: inout Scheduler<HostEvent>
  ) {
    guard !guests[slot].flusher.isFlushing, guests[slot].flusher.fresh > 0 else { return }
    guests[slot].flusher.isFlushing = true
    // What was to be looked for goes to the disk now; what comes behind it is due by its own age.
    scheduler.cancel(guests[slot].flusher.look)
    guests[slot].flusher.look = .none
    scheduler.schedule(.flush(guest: Int32(slot)), after: .zero)
  }

  /// Begins to flush all that is dirty in a domain.
  private mutating func beginFlushes(
    _ domain: Int, at now: SimulationTime, _ scheduler: inout Scheduler<HostEvent>
  ) {
    guard domain == guests.count else {
      beginFlush(domain, at: now, &scheduler)
      return
    }
    for slot in 0..<guests.count where self.domain(of: slot) == domain {
      beginFlush(slot, at: now, &scheduler)
    }
  }

  private mutating func endFlush(_ slot: Int) {
    guests[slot].flusher.isFlushing = false
    guests[slot].flusher.isBehind = false
  }

  mutating func flushIsDue(
    _ guest: Int32, at now: SimulationTime, _ scheduler: inout Scheduler<HostEvent>
  ) {
    guests[Int(guest)].flusher.look = .none
    beginFlush(Int(guest), at: now, &scheduler)
  }

  /// One visit to the disk for the oldest of what a guest has dirty, and soon another beside it.
  mutating func beginFlushVisit(
    _ guest: Int32, at now: SimulationTime, _ scheduler: inout Scheduler<HostEvent>
  ) {
    let slot = Int(guest)
    guard guests[slot].flusher.isFlushing else { return }
    if guests[slot].flusher.flushing <= 0 {
      guests[slot].flusher.flushing = guests[slot].flusher.fresh
      guests[slot].flusher.fresh = 0
    }
    let bytes = min(flusher.visitBytes, guests[slot].flusher.unvisited)
    guard bytes > 0 else {
      if guests[slot].flusher.visits == 0 {
        guests[slot].flusher.flushing = 0
        endFlush(slot)
      }
      return
    }
    guests[slot].flusher.visits += 1
    guests[slot].flusher.inVisits += bytes
    // A second visit follows the first, so that the disk does not wait for the processor.
    if guests[slot].flusher.visits < 2, guests[slot].flusher.unvisited > 0 {
      scheduler.schedule(.flush(guest: guest), after: .zero)
    }
    let number = guests[slot].flusher.number
    guests[slot].flusher.number += 1
    var stream = RandomStream(
      StreamKey(
        seed: seed, role: .flushing, guest: UInt32(truncatingIfNeeded: guest), index: number,
        replication: replication))
    let place = positioning.draw(&stream)
    var visit = Request(
      guest: guest, user: -1, stage: classes[Int(guests[slot].classIndex)].flushBegin,
      isBackground: true, isMeasured: false, number: number, arrival: now, since: now,
      stream: stream, userSeconds: 0,
      responseBytes: bytes, responsePackets: 0, thinkSeconds: 0)
    visit.isFlush = true
    visit.positioning = place
    advance(requests.insert(visit).rawValue, at: now, &scheduler)
  }

  mutating func endFlushVisit(
    _ id: Int32, at now: SimulationTime, _ scheduler: inout Scheduler<HostEvent>
  ) {
    let index = Pool<Request>.Index(rawValue: id)
    let slot = Int(requests[index].guest)
    let bytes = requests[index].responseBytes
    if isInWindow {
      let classIndex = Int(guests[slot].classIndex)
      counters[classIndex].background.times.add(requests[index].times)
      counters[classIndex].flushes += 1
      counters[classIndex].flushedBytes += bytes
    }
    requests.remove(index)
    let domain = domain(of: slot)
    // Sums of fractions: what is left of less than a byte is nothing.
    let left = guests[slot].flusher.flushing - bytes
    guests[slot].flusher.flushing = left < 0.5 ? 0 : left
    guests[slot].flusher.visits -= 1
    guests[slot].flusher.inVisits =
      guests[slot].flusher.visits == 0 ? 0 : guests[slot].flusher.inVisits - bytes
    let all = domains[domain].bytes - bytes
    domains[domain].bytes = all < 0.5 ? 0 : all
    memory.setDirty(guest: Int32(slot), bytes: guests[slot].flusher.bytes)
    releaseWriters(domain, at: now, &scheduler)
    let isAbove = domains[domain].bytes >= bounds(domain).background
    if !isAbove {
      domains[domain].isAbove = false
      domains[domain].isBehind = false
    }
    // Those that still wait do so for bytes of any guest of the domain.
    if !domains[domain].waiting.isEmpty { beginFlushes(domain, at: now, &scheduler) }
    let state = guests[slot].flusher
    if state.unvisited > 0
      || (state.flushing <= 0 && state.fresh > 0 && (isAbove || state.due <= now))
    {
      scheduler.schedule(.flush(guest: Int32(slot)), after: .zero)
    } else if state.flushing <= 0, state.visits == 0 {
      endFlush(slot)
      scheduleFlush(slot, at: now, &scheduler)
    }
  }
}
