import DiscreteEvents
import Testing

@Suite("Event queue")
struct EventQueueTests {
  static func at(_ nanoseconds: Int64) -> SimulationTime {
    SimulationTime(nanoseconds: nanoseconds)
  }

  /// Takes everything that is pending.
  static func drain(_ queue: inout EventQueue<Int>) -> [Int] {
    var events: [Int] = []
    while let next = queue.next() { events.append(next.event) }
    return events
  }

  @Test("Events come out in order of time")
  func order() throws {
    var queue = EventQueue<Int>()
    for time in [5, 1, 4, 2, 3] { try queue.schedule(time, at: Self.at(Int64(time))) }
    #expect(queue.count == 5)
    #expect(queue.nextTime == Self.at(1))
    #expect(Self.drain(&queue) == [1, 2, 3, 4, 5])
    #expect(queue.isEmpty == true)
    #expect(queue.next() == nil)
    #expect(queue.now == Self.at(5))
  }

  @Test("Equal times come out in the order of scheduling", arguments: [2, 3, 5, 64, 1000])
  func firstInFirstOut(count: Int) throws {
    var queue = EventQueue<Int>()
    for event in 0..<count {
      try queue.schedule(event, at: Self.at(event.isMultiple(of: 2) ? 10 : 20))
    }
    let even = (0..<count).filter { $0.isMultiple(of: 2) }
    let odd = (0..<count).filter { !$0.isMultiple(of: 2) }
    #expect(Self.drain(&queue) == even + odd)
  }

  @Test("Rescheduling to the same time goes to the back")
  func rescheduleIsNew() throws {
    var queue = EventQueue<Int>()
    var first = try queue.schedule(1, at: Self.at(10))
    try queue.schedule(2, at: Self.at(10))
    #expect(try queue.reschedule(&first, at: Self.at(10)) == true)
    try queue.schedule(3, at: Self.at(10))
    #expect(Self.drain(&queue) == [2, 1, 3])
    #expect(queue.scheduledCount == 3)
    #expect(queue.rescheduledCount == 1)
  }

  @Test("A stale handle does nothing")
  func staleHandles() throws {
    var queue = EventQueue<Int>()
    var handled = try queue.schedule(1, at: Self.at(1))
    _ = queue.next()
    #expect(queue.cancel(handled) == false)
    var cancelled = try queue.schedule(2, at: Self.at(2))
    #expect(queue.cancel(cancelled) == true)
    #expect(queue.cancel(cancelled) == false)
    var moved = try queue.schedule(3, at: Self.at(3))
    let before = moved
    #expect(try queue.reschedule(&moved, at: Self.at(4)) == true)
    #expect(moved != before)
    #expect(queue.cancel(before) == false)

    // The slots of all three live on under new events, which must not be touched.
    try queue.schedule(4, at: Self.at(5))
    try queue.schedule(5, at: Self.at(6))
    #expect(queue.cancel(handled) == false)
    #expect(try queue.reschedule(&cancelled, at: .zero) == false)
    #expect(try queue.reschedule(&handled, at: .zero) == false)
    #expect(queue.cancel(.none) == false)
    #expect(Self.drain(&queue) == [3, 4, 5])
  }

  @Test("A handle of another queue with more slots is stale")
  func foreignHandle() throws {
    var large = EventQueue<Int>()
    var handle = EventHandle.none
    for event in 0..<1000 { handle = try large.schedule(event, at: .zero) }
    var small = EventQueue<Int>()
    try small.schedule(0, at: .zero)
    #expect(small.cancel(handle) == false)
  }

  @Test("An event in the past happens now and is counted")
  func past() throws {
    var queue = EventQueue<Int>()
    try queue.schedule(1, at: Self.at(100))
    _ = queue.next()
    try queue.schedule(2, at: Self.at(100))
    var late = try queue.schedule(3, at: Self.at(40))
    #expect(queue.clampedCount == 1)
    #expect(try queue.reschedule(&late, at: Self.at(-7)) == true)
    #expect(queue.clampedCount == 2)
    let second = queue.next()
    let third = queue.next()
    #expect(second?.event == 2)
    #expect(third?.event == 3)
    #expect(third?.time == Self.at(100))
  }

  @Test("Advancing moves neither past the next event nor backwards")
  func advance() throws {
    var queue = EventQueue<Int>()
    try queue.schedule(1, at: Self.at(100))
    queue.advance(to: Self.at(60))
    #expect(queue.now == Self.at(60))
    queue.advance(to: Self.at(30))
    #expect(queue.now == Self.at(60))
    queue.advance(to: Self.at(300))
    #expect(queue.now == Self.at(100))
  }

  @Test("A full queue says so, and goes on when there is room")
  func tooManyPending() throws {
    var queue = EventQueue<Int>(reserving: 1, maximumPending: 10)
    for event in 0..<10 { try queue.schedule(event, at: Self.at(Int64(event))) }
    let error = #expect(throws: EventQueueError.self) { () throws in
      var full = EventQueue<Int>(maximumPending: 2)
      for event in 0..<3 { try full.schedule(event, at: .zero) }
    }
    #expect(error?.code == .tooManyPending)
    #expect(error?.limit == 2)
    #expect(error?.description.contains("2 events are pending") == true)
    do {
      try queue.schedule(10, at: .zero)
      Issue.record("an eleventh event was taken")
    } catch {
      #expect(error.code == .tooManyPending)
    }
    #expect(queue.count == 10)
    #expect(queue.next()?.event == 0)
    try queue.schedule(10, at: Self.at(10))
    #expect(Self.drain(&queue) == Array(1...10))
  }

  @Test("The last sequence number is given out once, then scheduling says why not")
  func sequenceExhausted() throws {
    let last = UInt64(1) << 40 - 1
    var queue = EventQueue<Int>(reserving: 4, maximumPending: 4, schedulingsBefore: last - 2)
    try queue.schedule(1, at: Self.at(1))
    var handle = try queue.schedule(2, at: Self.at(2))
    let before = handle
    do {
      try queue.schedule(3, at: .zero)
      Issue.record("a sequence number was given out twice")
    } catch {
      #expect(error.code == .sequenceExhausted)
      #expect(error.description.contains("shorter"))
    }
    do {
      _ = try queue.reschedule(&handle, at: .zero)
      Issue.record("a sequence number was given out twice")
    } catch {
      #expect(error.code == .sequenceExhausted)
    }
    #expect(handle == before)
    #expect(Self.drain(&queue) == [1, 2])
  }

  @Test("A million events pending")
  func million() throws {
    let count = 1_000_000
    var queue = EventQueue<Int32>()
    var random = SplitMix64(seed: 1)
    var handles: [EventHandle] = []
    for event in 0..<count {
      let time = SimulationTime(nanoseconds: Int64(random.next() >> 34))
      handles.append(try queue.schedule(Int32(event), at: time))
    }
    #expect(queue.peakCount == count)
    for event in stride(from: 0, to: count, by: 3) { queue.cancel(handles[event]) }
    let rest = count - (count + 2) / 3
    #expect(queue.count == rest)
    var last = SimulationTime.zero
    var taken = 0
    var ordered = true
    while let next = queue.next() {
      ordered = ordered && next.time >= last && next.event % 3 != 0
      last = next.time
      taken += 1
    }
    #expect(ordered)
    #expect(taken == rest)
  }
}
