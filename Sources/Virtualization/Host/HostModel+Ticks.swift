import DiscreteEvents

/// Ticks of idle guests: where a kernel of a guest's own goes on ticking, it takes processor time
/// for as long as the guest has no work.
///
/// They are charged in slices, each for the idle time since the last one, so that no slice is much
/// longer than a tick is to those that wait for a core. An entity of its own does them beside the
/// guest: a request finds the guest's processors free, as it does in the instant between two ticks,
/// and nothing of the guest's working set displaced. A slice that finds the last one unfinished
/// leaves its idle time to the next.
extension HostModel where P: ~Copyable {
  mutating func idleTicksAreDue(
    _ guest: Int32, at now: SimulationTime, _ scheduler: inout Scheduler<HostEvent>
  ) {
    let slot = Int(guest)
    let classIndex = Int(guests[slot].classIndex)
    scheduler.schedule(.idleTicks(guest: guest), after: classes[classIndex].idleTickSlice)
    if guests[slot].piecesOfWork == 0 {
      guests[slot].idle += now - guests[slot].idleSince
      guests[slot].idleSince = now
    }
    guard !guests[slot].isTicking, guests[slot].idle > .zero else { return }
    let ticks = guests[slot].idle.seconds * classes[classIndex].idleTickRate
    guests[slot].idle = .zero
    guests[slot].isTicking = true
    if isInWindow { counters[classIndex].idleTicks += ticks }
    let work = SimulationDuration(seconds: ticks * classes[classIndex].idleTickSeconds)
    processors.submit(
      Burst(task: guest, entity: firstTicker + guest, work: work), at: now, &scheduler)
  }

  /// Whether the ticks of idle guests fall behind: on average more than a fiftieth of the window is
  /// waiting to be charged.
  func ticksFallBehind() -> Bool {
    var (waiting, ticking) = (0.0, 0.0)
    for slot in 0..<guests.count where classes[Int(guests[slot].classIndex)].ticksWhenIdle {
      ticking += 1
      let slice = classes[Int(guests[slot].classIndex)].idleTickSlice
      waiting += max(0, (guests[slot].idle - slice).seconds)
    }
    return waiting > ticking * (windowEnd - windowStart).seconds / 50
  }
}

extension RequestProgram {
  /// Whether an idle guest takes processor time for its ticks.
  var ticksWhenIdle: Bool { idleTickRate > 0 && idleTickItems.total > 0 }

  /// Work on idle ticks that one slice aims at, in seconds.
  ///
  /// Shorter ones take more events. With 150 guests of static-web-2006 on server-2006 under VMware
  /// Workstation, ticks of 19 us each, the mean response is 3.00 ms with slices of 1.9 ms, 3.12 ms
  /// with these and 3.29 ms with 0.05 ms; with 40 guests 0.67 ms with all of them.
  static var tickWork: Double { 250e-6 }
  /// The longest slice, in seconds: for ticks so cheap that they hardly matter.
  static var longestTickSlice: Double { 0.1 }

  /// How often ticks of an idle guest are charged, in seconds; never more often than they come.
  var idleTickSlice: Double {
    guard ticksWhenIdle else { return Self.longestTickSlice }
    let slice = Self.tickWork / min(1, idleTickRate * idleTickItems.total)
    return max(1 / idleTickRate, min(slice, Self.longestTickSlice))
  }
}

extension ClassParameters {
  var ticksWhenIdle: Bool { idleTickRate > 0 && idleTickSeconds > 0 }
}
