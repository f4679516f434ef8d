import DiscreteEvents
import Testing

/// The plainest possible event list: an array in order of scheduling, searched from end to end.
private struct NaiveQueue {
  struct Entry {
    var name: Int
    var time: Int64
  }

  var entries: [Entry] = []
  var now: Int64 = 0

  mutating func schedule(_ name: Int, at time: Int64) {
    entries.append(Entry(name: name, time: max(time, now)))
  }

  mutating func remove(_ name: Int) -> Bool {
    guard let index = entries.firstIndex(where: { $0.name == name }) else { return false }
    entries.remove(at: index)
    return true
  }

  mutating func next() -> Entry? {
    var best: Int?
    for index in entries.indices where best.map({ entries[index].time < entries[$0].time }) ?? true
    {
      best = index
    }
    guard let best else { return nil }
    now = entries[best].time
    return entries.remove(at: best)
  }
}

@Suite("Event queue against a naive one")
struct EventQueuePropertyTests {
  struct Mix: CustomTestStringConvertible, Sendable {
    var seed: UInt64
    /// Times are drawn from so many nanoseconds ahead: few make many ties.
    var span: UInt64
    /// Pending events around which the mix hovers.
    var level: Int

    var testDescription: String { "seed \(seed), span \(span), level \(level)" }
  }

  @Test(
    "Random schedules, cancellations, reschedulings and takings agree",
    arguments: [
      Mix(seed: 1, span: 4, level: 10), Mix(seed: 2, span: 1, level: 40),
      Mix(seed: 3, span: 1000, level: 5), Mix(seed: 4, span: 1_000_000, level: 100),
      Mix(seed: 5, span: 50, level: 300), Mix(seed: 6, span: 10, level: 2),
    ])
  func agreement(mix: Mix) throws {
    var random = SplitMix64(seed: mix.seed)
    var queue = EventQueue<Int>(reserving: 4)
    var naive = NaiveQueue()
    // Every handle ever made, most of them stale: those must keep doing nothing.
    var handles: [EventHandle] = []
    var taken = 0

    handles.append(try queue.schedule(0, at: .zero))
    naive.schedule(0, at: 0)

    for step in 0..<30_000 {
      let ahead = Int64(random.next(upperBound: mix.span + 1)) - Int64(mix.span / 8)
      let time = naive.now + ahead
      let roomy = naive.entries.count < mix.level
      switch random.next(upperBound: UInt64(roomy ? 10 : 8)) {
      case 0, 1, 2:
        let fast = queue.next()
        let slow = naive.next()
        #expect(fast?.event == slow?.name)
        #expect(fast?.time.nanoseconds == slow?.time)
        taken += slow == nil ? 0 : 1
      case 3, 4:
        let victim = Self.pick(handles.count, &random)
        #expect(queue.cancel(handles[victim]) == naive.remove(victim))
      case 5, 6:
        let victim = Self.pick(handles.count, &random)
        let old = handles[victim]
        let expected = naive.remove(victim)
        #expect(
          try queue.reschedule(&handles[victim], at: SimulationTime(nanoseconds: time))
            == expected)
        if expected { naive.schedule(victim, at: time) }
        #expect((old != handles[victim]) == expected)
      default:
        let name = handles.count
        handles.append(try queue.schedule(name, at: SimulationTime(nanoseconds: time)))
        naive.schedule(name, at: time)
      }
      #expect(queue.count == naive.entries.count, "after step \(step)")
    }
    #expect(taken > 1000)
    while let slow = naive.next() {
      #expect(queue.next()?.event == slow.name)
    }
    #expect(queue.isEmpty == true)
  }

  /// Mostly recent names, which are likely to be pending, at times any.
  private static func pick(_ count: Int, _ random: inout SplitMix64) -> Int {
    let window = random.next(upperBound: UInt64(4)) == 0 ? count : min(count, 300)
    return count - 1 - Int(random.next(upperBound: UInt64(window)))
  }
}
