import DiscreteEvents
import Statistics

/// How requests get a worker of their guest, and wait for one.
extension HostModel where P: ~Copyable {
  /// Gives a new request a worker, a place in the queue for one, or a refusal.
  ///
  /// Behind a queue it is the queue's first that gets a worker if there is one.
  mutating func takeWorker(
    _ id: Int32, at now: SimulationTime, _ scheduler: inout Scheduler<HostEvent>
  ) {
    let slot = Int(requests[.init(rawValue: id)].guest)
    let limits = classes[Int(guests[slot].classIndex)]
    if guests[slot].queued > 0 { serveQueue(of: slot, at: now, &scheduler) }
    if guests[slot].queued == 0, guests[slot].active < limits.workers, haveWorker(for: slot) {
      guests[slot].active += 1
      begin(id, at: now, &scheduler)
    } else if guests[slot].active > 0, guests[slot].queued < limits.backlog {
      guests[slot].queue.append(id, &requests)
      guests[slot].queued += 1
    } else {
      refuse(id, at: now, &scheduler)
    }
  }

  /// Whether the guest gets a worker and a connection for one more request.
  ///
  /// A guest that is chosen as the victim of somebody else's want of memory is not killed: the
  /// request that asked fails in its place.
  mutating func haveWorker(for slot: Int) -> Bool {
    let guest = Int32(slot)
    switch memory.startRequest(guest: guest) {
    case .granted: return true
    case .refused: return false
    case .beyondGuarantee, .outOfMemory:
      guests[slot].outOfMemory += 1
      guests[slot].lacksMemory = true
      return false
    }
  }

  /// Takes a request that has a worker to its first wait, or to its end.
  ///
  /// One that needs no time ends at once and hands its worker to the next, and that one may be of
  /// the same kind: so what begins while another one begins waits for its turn here, and a queue of
  /// any length takes no more of the stack than one request.
  mutating func begin(
    _ id: Int32, at now: SimulationTime, _ scheduler: inout Scheduler<HostEvent>
  ) {
    beginning.append(id, &requests)
    guard !isBeginning else { return }
    isBeginning = true
    while !beginning.isEmpty {
      let index = Pool<Request>.Index(rawValue: beginning.removeFirst(&requests))
      let slot = Int(requests[index].guest)
      requests[index].times.workerQueueing = (now - requests[index].since).nanoseconds
      requests[index].since = now
      guests[slot].touching.begun += 1
      planSwapping(of: index, slot)
      beginTouching(at: now, &scheduler)
      advance(index.rawValue, at: now, &scheduler)
    }
    isBeginning = false
  }

  mutating func refuse(
    _ id: Int32, at now: SimulationTime, _ scheduler: inout Scheduler<HostEvent>
  ) {
    let request = requests[.init(rawValue: id)]
    let index = Int(guests[Int(request.guest)].classIndex)
    if request.isMeasured {
      counters[index].refused += 1
      unfinished -= 1
    }
    depart(id, at: now, &scheduler)
  }

  /// Gives workers to those that wait, in order, as far as there are workers and memory for them.
  ///
  /// A request that ends hands its worker and its memory to the first that waits, so there is more
  /// to give only where memory was short and other guests have given some back. The guest sees that
  /// when one of its requests comes or ends.
  mutating func serveQueue(
    of slot: Int, at now: SimulationTime, _ scheduler: inout Scheduler<HostEvent>
  ) {
    let workers = classes[Int(guests[slot].classIndex)].workers
    while !guests[slot].queue.isEmpty, guests[slot].active < workers {
      guard haveWorker(for: slot) else { return }
      guests[slot].active += 1
      begin(takeFirst(slot), at: now, &scheduler)
    }
    guests[slot].lacksMemory = false
  }

  /// Takes the first request out of a guest's queue.
  mutating func takeFirst(_ slot: Int) -> Int32 {
    guests[slot].queued -= 1
    return guests[slot].queue.removeFirst(&requests)
  }
}
