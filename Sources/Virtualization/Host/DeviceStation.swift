package import DiscreteEvents

/// A device that serves requests first come, first served: one queue for all of its channels, or
/// several groups of channels with a queue each.
///
/// Order among requests is that of arrival: elevators and anticipation are not modeled, so a busy
/// rotational disk is slower here than one that reorders a deep queue.
package struct DeviceStation: ~Copyable {
  /// A visit's place in the queue, and the links between them.
  private var links: Table<Int32>
  private var groups: Table<Group>
  private var busy = 0
  private var lastChange = SimulationTime.zero
  // Wide, since as many may be busy or wait as there are requests, for as long as a run lasts.
  private var busyNanoseconds: Int128 = 0
  private var queueNanoseconds: Int128 = 0

  struct Group: BitwiseCopyable {
    var free: Int32
    var head: Int32 = -1
    var tail: Int32 = -1
  }

  /// Groups of channels, each with its own queue.
  var groupCount: Int { groups.count }

  /// Channels that serve at once, those of all groups together.
  package let channels: Int
  /// Requests that wait.
  package private(set) var waiting = 0
  /// Requests served to the end since the last reset.
  package private(set) var completions = 0

  /// A free device.
  ///
  /// - Parameters:
  ///   - channels: Channels of one group.
  ///   - groups: Groups, each with its own queue.
  package init(channels: Int, groups: Int = 1) {
    self.channels = channels * groups
    self.groups = Table(repeating: Group(free: Int32(clamping: channels)), count: groups)
    links = Table(repeating: -1, count: 64)
  }

  /// Takes a request: true when a channel serves it at once, false when it waits.
  package mutating func arrive(_ request: Int32, at now: SimulationTime, group: Int = 0) -> Bool {
    account(until: now)
    if groups[group].free > 0 {
      groups[group].free -= 1
      busy += 1
      return true
    }
    grow(toHold: Int(request))
    links[Int(request)] = -1
    let tail = groups[group].tail
    if tail >= 0 { links[Int(tail)] = request } else { groups[group].head = request }
    groups[group].tail = request
    waiting += 1
    return false
  }

  /// Ends a service: the request that the channel serves next, or nil when none waits.
  package mutating func finish(at now: SimulationTime, group: Int = 0) -> Int32? {
    account(until: now)
    completions += 1
    let next = groups[group].head
    guard next >= 0 else {
      groups[group].free += 1
      busy -= 1
      return nil
    }
    let head = links[Int(next)]
    groups[group].head = head
    if head < 0 { groups[group].tail = -1 }
    waiting -= 1
    return next
  }

  /// Channel time in use since the last reset, in nanoseconds.
  package func busyTime(at now: SimulationTime) -> Int128 {
    busyNanoseconds + Int128(busy) * Int128((now - lastChange).nanoseconds)
  }

  /// The time integral of the number waiting since the last reset, in nanoseconds.
  package func queueTime(at now: SimulationTime) -> Int128 {
    queueNanoseconds + Int128(waiting) * Int128((now - lastChange).nanoseconds)
  }

  /// Channel time in use since the last reset, in seconds.
  func busySeconds(at now: SimulationTime) -> Double { Double(busyTime(at: now)) / 1e9 }

  /// The time integral of the number waiting since the last reset, in seconds.
  func queueSeconds(at now: SimulationTime) -> Double { Double(queueTime(at: now)) / 1e9 }

  /// Forgets what was counted; requests in service and in the queue stay.
  package mutating func resetCounters(at now: SimulationTime) {
    account(until: now)
    busyNanoseconds = 0
    queueNanoseconds = 0
    completions = 0
  }

  @inline(__always)
  private mutating func account(until now: SimulationTime) {
    let elapsed = (now - lastChange).nanoseconds
    busyNanoseconds &+= Self.product(busy, elapsed)
    queueNanoseconds &+= Self.product(waiting, elapsed)
    lastChange = now
  }

  /// A product in full, which nearly always is a short one.
  @inline(__always)
  private static func product(_ count: Int, _ elapsed: Int64) -> Int128 {
    let (short, isTooLong) = Int64(count).multipliedReportingOverflow(by: elapsed)
    return _fastPath(!isTooLong) ? Int128(short) : Int128(count) * Int128(elapsed)
  }

  private mutating func grow(toHold request: Int) {
    guard request >= links.count else { return }
    var larger = Table<Int32>(repeating: -1, count: max(request + 1, links.count * 2))
    for index in 0..<links.count { larger[index] = links[index] }
    links = larger
  }
}
