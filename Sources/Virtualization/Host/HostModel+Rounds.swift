import DiscreteEvents
import Statistics

/// Periodic work: rounds of a guest's daemons, which take stages as requests do but are none.
///
/// A guest has one round under way at a time. One that is due meanwhile begins when the other ends,
/// so periodic work that asks for more than there is falls behind, and the run is unstable. A round
/// that is merely long does not make it so: what counts is that the rounds of the window begin.
extension HostModel where P: ~Copyable {
  /// A round is due.
  mutating func roundIsDue(
    _ guest: Int32, at now: SimulationTime, _ scheduler: inout Scheduler<HostEvent>
  ) {
    let slot = Int(guest)
    scheduler.schedule(
      .backgroundRound(guest: guest),
      after: classes[Int(guests[slot].classIndex)].backgroundPeriod)
    guests[slot].roundsDue += 1
    if isInWindow {
      guests[slot].windowRounds += 1
      overdueRounds += 1
    } else if !isWindowClosed {
      guests[slot].earlierRounds += 1
    }
    if !guests[slot].isInRound { beginRound(of: guest, at: now, &scheduler) }
  }

  mutating func beginRound(
    of guest: Int32, at now: SimulationTime, _ scheduler: inout Scheduler<HostEvent>
  ) {
    let slot = Int(guest)
    let parameters = classes[Int(guests[slot].classIndex)]
    let number = guests[slot].roundNumber
    let stream = RandomStream(
      StreamKey(
        seed: seed, role: .round, guest: UInt32(truncatingIfNeeded: guest), index: number,
        replication: replication))
    let id = requests.insert(
      Request(
        guest: guest, user: -1, stage: parameters.endStage, isBackground: true, isMeasured: false,
        number: number, arrival: now, since: now, stream: stream,
        userSeconds: parameters.backgroundUserSeconds, responseBytes: 0,
        responsePackets: 0, thinkSeconds: 0)
    ).rawValue
    guests[slot].roundNumber += 1
    guests[slot].roundsDue -= 1
    guests[slot].isInRound = true
    if guests[slot].earlierRounds > 0 {
      guests[slot].earlierRounds -= 1
    } else if guests[slot].windowRounds > 0 {
      guests[slot].windowRounds -= 1
      overdueRounds -= 1
      stopWhenDone(&scheduler)
    }
    advance(id, at: now, &scheduler)
  }

  mutating func endRound(
    _ id: Int32, at now: SimulationTime, _ scheduler: inout Scheduler<HostEvent>
  ) {
    let index = Pool<Request>.Index(rawValue: id)
    let guest = requests[index].guest
    let slot = Int(guest)
    let classIndex = Int(guests[slot].classIndex)
    if isInWindow {
      counters[classIndex].background.rounds += 1
      counters[classIndex].background.times.add(requests[index].times)
    }
    requests.remove(index)
    guests[slot].isInRound = false
    if guests[slot].roundsDue > 0 {
      guests[slot].isInRound = true
      scheduler.schedule(.overdueRound(guest: guest), after: .zero)
    }
  }
}
