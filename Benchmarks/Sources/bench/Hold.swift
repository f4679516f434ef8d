import DiscreteEvents
import Statistics

/// The hold model on the product's event queue; `hold.cpp` says what it is.
final class Hold: Contestant {
  private var state: State
  private let cancelling: Cancelling

  enum Cancelling {
    case never
    case cancelAndSchedule
    case reschedule
  }

  init(pending: Int, stream: RandomStream, cancelling: Cancelling) throws {
    state = try State(pending: pending, stream: stream)
    self.cancelling = cancelling
  }

  func run(_ amount: Int) -> UInt64 {
    do throws(EventQueueError) {
      switch cancelling {
      case .never: try state.run(amount)
      case .cancelAndSchedule: try state.runCancelling(amount)
      case .reschedule: try state.runRescheduling(amount)
      }
    } catch {
      // An impossible digest shows in the report as different results.
      return .max
    }
    return state.digest.word
  }

  private struct State: ~Copyable {
    var random: RandomStream
    var queue: EventQueue<UInt32>
    var handles: [EventHandle]
    var digest = Digest()

    init(pending: Int, stream: RandomStream) throws {
      random = stream
      queue = EventQueue(reserving: pending)
      handles = []
      for event in 0..<pending {
        let time = SimulationTime.zero + random.delay(mean: 1)
        handles.append(try queue.schedule(UInt32(event), at: time))
      }
    }

    mutating func run(_ steps: Int) throws(EventQueueError) {
      for _ in 0..<steps {
        guard let next = queue.next() else { return }
        digest.add(next.time.nanoseconds, UInt64(next.event))
        try queue.schedule(next.event, at: next.time + random.delay(mean: 1))
      }
    }

    mutating func runCancelling(_ steps: Int) throws(EventQueueError) {
      for _ in 0..<steps {
        guard let next = queue.next() else { return }
        digest.add(next.time.nanoseconds, UInt64(next.event))
        handles[Int(next.event)] = try queue.schedule(
          next.event, at: next.time + random.delay(mean: 1))
        if random.next() >> 63 == 1 {
          let other = random.below(handles.count)
          let time = next.time + random.delay(mean: 1)
          queue.cancel(handles[other])
          handles[other] = try queue.schedule(UInt32(other), at: time)
        }
      }
    }

    mutating func runRescheduling(_ steps: Int) throws(EventQueueError) {
      for _ in 0..<steps {
        guard let next = queue.next() else { return }
        digest.add(next.time.nanoseconds, UInt64(next.event))
        handles[Int(next.event)] = try queue.schedule(
          next.event, at: next.time + random.delay(mean: 1))
        if random.next() >> 63 == 1 {
          let other = random.below(handles.count)
          try queue.reschedule(&handles[other], at: next.time + random.delay(mean: 1))
        }
      }
    }
  }
}

extension RandomStream {
  /// A uniform index below a bound, without the rare rejection; the same as in `random.hpp`.
  mutating func below(_ bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }
}
