import DiscreteEvents
import Numerics
import Statistics

/// Trips to swap: those of requests, and those for what guests keep active beside requests.
///
/// What a guest's base holds of active pages, and workers that nobody asks anything, is touched
/// once a minute whatever the requests. Each touch that finds its page in swap is a trip there, at
/// most one at a time for each guest: a program that waits for a page touches no other. Touches
/// that are due meanwhile are late, and where they fall behind as rounds of periodic work do, the
/// run is unstable. Nothing of this happens before the first active page is in swap.
extension HostModel where P: ~Copyable {
  // MARK: Requests

  /// How often a request goes to swap: writes that make room come before the reads that need it.
  ///
  /// All that is random about it comes from a stream of its own, so that a request's later draws
  /// are the same where nothing is swapped.
  mutating func planSwapping(of index: Pool<Request>.Index, _ slot: Int) {
    let guest = Int32(slot)
    // The window is to be a steady state, in which what was driven out once is out.
    let out = memory.takeFirstWrites()
    let first = isInWindow || isWindowClosed ? out : (own: 0, host: 0)
    let reads = memory.swapReadsPerRequest(guest: guest)
    guard first.own + first.host > 0 || reads.total > 0 else { return }
    var stream = RandomStream(
      StreamKey(
        seed: seed, role: .swapping, guest: UInt32(truncatingIfNeeded: guest),
        index: requests[index].number, replication: replication))
    let writes = memory.swapWritesPerRequest(guest: guest)
    var swapping = SwapsToMake()
    swapping.ownReads = Self.whole(reads.own, stream.uniform())
    swapping.ownWrites = Int32(
      clamping: Int(Self.whole(writes.own, stream.uniform())) + first.own)
    if reads.host > 0 || first.host > 0 {
      swapping.hostReads = Self.whole(reads.host, stream.uniform())
      swapping.hostWrites = Int32(
        clamping: Int(Self.whole(writes.host, stream.uniform())) + first.host)
    }
    requests[index].swapping = swapping
    requests[index].swapStream = stream
  }

  /// A whole number of the given mean, by one uniform number; at most a million and one.
  private static func whole(_ mean: Double, _ u: Double) -> Int32 {
    let whole = min(mean, 1e6).rounded(.down)
    return Int32(clamping: whole) + (u < mean - whole ? 1 : 0)
  }

  /// Takes the next trip off a request's list: the stage where it begins.
  mutating func takeTripToSwap(
    _ index: Pool<Request>.Index, _ parameters: ClassParameters
  ) -> Int {
    var swapping = requests[index].swapping
    let isTouch = requests[index].isTouch
    let trips = isTouch ? parameters.touching : parameters.requestSwapping
    let start: Int32
    var isRead = false
    if swapping.ownWrites > 0 {
      swapping.ownWrites -= 1
      start = trips.ownWrite
    } else if swapping.ownReads > 0 {
      swapping.ownReads -= 1
      start = trips.ownRead
      isRead = true
    } else if swapping.hostWrites > 0 {
      swapping.hostWrites -= 1
      start = trips.hostWrite
    } else {
      swapping.hostReads -= 1
      start = trips.hostRead
      isRead = true
    }
    guard start >= 0 else {
      // Memory that all workers together do not exhaust was swapped all the same: for nothing.
      requests[index].swapping = SwapsToMake()
      return Int(requests[index].bounds(parameters).swapStage)
    }
    requests[index].swapping = swapping
    requests[index].isDecided = false
    let classIndex = Int(guests[Int(requests[index].guest)].classIndex)
    if requests[index].isMeasured {
      if isRead {
        counters[classIndex].swapReads += 1
      } else {
        counters[classIndex].swapWrites += 1
      }
    } else if isTouch, isInWindow {
      if isRead {
        counters[classIndex].touchReads += 1
      } else {
        counters[classIndex].touchWrites += 1
      }
    }
    return Int(start)
  }

  // MARK: What is touched beside requests

  /// From the first active page in swap on, all guests look for what they touch.
  mutating func beginTouching(at now: SimulationTime, _ scheduler: inout Scheduler<HostEvent>) {
    guard !isTouching, memory.hasSwappedActivePages else { return }
    isTouching = true
    for slot in 0..<guests.count {
      guests[slot].touching.next = now
      planTouch(slot, at: now)
      scheduler.schedule(.touch(guest: Int32(slot)), at: guests[slot].touching.next)
    }
  }

  /// The next touch of a page in swap, or the next look whether there are any.
  ///
  /// Gaps are exponential, so looking again instead of waiting for a late touch changes nothing
  /// while the rate is the same. They are counted from when the last touch was due.
  private mutating func planTouch(_ slot: Int, at now: SimulationTime) {
    var state = guests[slot].touching
    state.note(until: now)
    state.isDue = false
    let last = state.next
    state.next = max(now, last + SimulationDuration(seconds: TouchingState.minute))
    let reads = memory.swapReadsPerSecond(
      guest: Int32(slot), requestsPerMinute: state.requestsPerMinute)
    if reads.total > 0 {
      var stream = touchingStream(slot, state.number)
      let gap = stream.exponential() / reads.total
      if gap < TouchingState.minute {
        state.isDue = true
        state.next = last + SimulationDuration(seconds: gap)
      }
    }
    state.number += 1
    guests[slot].touching = state
  }

  private func touchingStream(_ slot: Int, _ number: UInt64) -> RandomStream {
    RandomStream(
      StreamKey(
        seed: seed, role: .touching, guest: UInt32(truncatingIfNeeded: slot), index: number,
        replication: replication))
  }

  mutating func touchIsDue(
    _ guest: Int32, at now: SimulationTime, _ scheduler: inout Scheduler<HostEvent>
  ) {
    let slot = Int(guest)
    let isDue = guests[slot].touching.isDue
    planTouch(slot, at: now)
    let reads = memory.swapReadsPerSecond(
      guest: guest, requestsPerMinute: guests[slot].touching.requestsPerMinute)
    guard isDue, reads.total > 0 else {
      scheduler.schedule(.touch(guest: guest), at: max(now, guests[slot].touching.next))
      return
    }
    // The first number of the stream is the gap that was drawn from it.
    var stream = touchingStream(slot, guests[slot].touching.number - 1)
    _ = stream.exponential()
    let isHost = stream.uniform() * reads.total < reads.host
    let writes: Int32 = stream.uniform() < memory.model.writesPerRead ? 1 : 0
    let stage = classes[Int(guests[slot].classIndex)].touching.end
    var touch = Request(
      guest: guest, user: -1, stage: stage, isBackground: true, isMeasured: false, arrival: now,
      since: now, stream: stream, userSeconds: 0, responseBytes: 0,
      responsePackets: 0, thinkSeconds: 0)
    touch.isTouch = true
    // What touches is at work: nothing wakes it.
    touch.isGoingOn = true
    touch.swapStream = stream
    if isHost {
      touch.swapping.hostReads = 1
      touch.swapping.hostWrites = writes
    } else {
      touch.swapping.ownReads = 1
      touch.swapping.ownWrites = writes
    }
    advance(requests.insert(touch).rawValue, at: now, &scheduler)
  }

  mutating func endTouch(
    _ id: Int32, at now: SimulationTime, _ scheduler: inout Scheduler<HostEvent>
  ) {
    let index = Pool<Request>.Index(rawValue: id)
    let guest = requests[index].guest
    let slot = Int(guest)
    if isInWindow {
      counters[Int(guests[slot].classIndex)].background.times.add(requests[index].times)
    }
    requests.remove(index)
    scheduler.schedule(.touch(guest: guest), at: max(now, guests[slot].touching.next))
  }
}

extension HostModel where P: ~Copyable {
  /// Whether touches are late by more than a fiftieth of the window, in the mean over guests.
  func touchesFallBehind(at now: SimulationTime) -> Bool {
    guard isTouching, guests.count > 0 else { return false }
    var late = 0.0
    for slot in 0..<guests.count { late += max(0, (now - guests[slot].touching.next).seconds) }
    return late / Double(guests.count) > (windowEnd - windowStart).seconds / 50
  }
}

extension TouchingState {
  /// Active is what is touched within this time, in seconds.
  static var minute: Double { 60 }

  /// Requests per minute, over the last minute or so.
  var requestsPerMinute: Double { weight > 0 ? requests / weight : 0 }

  /// Takes requests begun since the last look into the mean, whose weights fade within a minute.
  mutating func note(until now: SimulationTime) {
    let minutes = (now - lookedAt).seconds / Self.minute
    guard minutes > 0 else { return }
    let faded = Double.exp(-minutes)
    requests = requests * faded + Double(begun - begunBefore) / minutes * (1 - faded)
    weight = weight * faded + (1 - faded)
    begunBefore = begun
    lookedAt = now
  }
}

extension Request {
  /// The stage behind the last one, and the one before which trips to swap are made; -1 for none.
  func bounds(_ parameters: ClassParameters) -> (end: Int, swapStage: Int) {
    if isFlush { return (Int(parameters.flushEnd), -1) }
    if isTouch { return (Int(parameters.touching.end), Int(parameters.touching.end)) }
    if isBackground { return (Int(parameters.endOfRound), -1) }
    return (Int(parameters.endStage), Int(parameters.swapStage))
  }
}
