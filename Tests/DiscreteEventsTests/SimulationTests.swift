import DiscreteEvents
import Testing

/// A server with a queue, a patience timer per customer, and a pool: exercises every call.
private struct ImpatientStation: Model, ~Copyable {
  struct Customer: BitwiseCopyable {
    var number: Int
    var patience: EventHandle
  }

  enum Event: BitwiseCopyable {
    case arrival
    case departure(Pool<Customer>.Index)
    case lostPatience(Pool<Customer>.Index)
  }

  var random: SplitMix64
  var customers = Pool<Customer>()
  var waiting: [Pool<Customer>.Index] = []
  var busy = false
  var arrived = 0
  var served = 0
  var left = 0
  var digest: UInt64 = 0
  var stopAfter = Int.max

  init(seed: UInt64) {
    random = SplitMix64(seed: seed)
  }

  mutating func delay(_ mean: UInt64) -> SimulationDuration {
    SimulationDuration(nanoseconds: Int64(random.next(upperBound: 2 * mean)))
  }

  mutating func note(_ kind: UInt64, _ number: Int, _ now: SimulationTime) {
    digest = (digest ^ kind ^ UInt64(number) << 2 ^ UInt64(now.nanoseconds)) &* 0x100_0000_01B3
  }

  mutating func serve(_ index: Pool<Customer>.Index, _ scheduler: inout Scheduler<Event>) {
    busy = true
    scheduler.schedule(.departure(index), after: delay(9))
  }

  mutating func handle(
    _ event: Event, at now: SimulationTime, _ scheduler: inout Scheduler<Event>
  ) {
    switch event {
    case .arrival:
      arrived += 1
      if arrived == stopAfter { scheduler.stop() }
      scheduler.schedule(.arrival, after: delay(10))
      let index = customers.insert(Customer(number: arrived, patience: .none))
      if busy {
        waiting.append(index)
        customers[index].patience = scheduler.schedule(.lostPatience(index), after: delay(50))
      } else {
        serve(index, &scheduler)
      }
      note(0, arrived, now)
    case .departure(let index):
      served += 1
      note(1, customers.remove(index).number, now)
      busy = false
      if !waiting.isEmpty {
        let next = waiting.removeFirst()
        scheduler.cancel(customers[next].patience)
        serve(next, &scheduler)
      }
    case .lostPatience(let index):
      left += 1
      waiting.removeAll { $0 == index }
      note(2, customers.remove(index).number, now)
    }
  }
}

/// Hands out a fixed amount of chain reactions, to test the loop itself.
private struct Chain: Model {
  enum Event: BitwiseCopyable {
    case link(Int)
    case fork
    case late
  }

  var order: [Int] = []
  var times: [Int64] = []

  mutating func handle(
    _ event: Event, at now: SimulationTime, _ scheduler: inout Scheduler<Event>
  ) {
    switch event {
    case .link(let number):
      order.append(number)
      times.append(now.nanoseconds)
    case .fork:
      scheduler.schedule(.fork, after: .zero)
      scheduler.schedule(.fork, after: .zero)
    case .late:
      scheduler.schedule(.link(-1), after: SimulationDuration(nanoseconds: -5))
    }
  }
}

@Suite("Simulation")
struct SimulationTests {
  private static func station(seed: UInt64) -> Simulation<ImpatientStation> {
    var simulation = Simulation(ImpatientStation(seed: seed))
    simulation.scheduler.schedule(.arrival, at: .zero)
    return simulation
  }

  @Test("The same seed gives the same run, another seed another")
  func determinism() {
    var first = Self.station(seed: 1)
    var second = Self.station(seed: 1)
    var other = Self.station(seed: 2)
    let end = SimulationTime(nanoseconds: 1_000_000)
    #expect(first.run(until: end) == .timeReached)
    #expect(second.run(until: end) == .timeReached)
    #expect(other.run(until: end) == .timeReached)
    #expect(first.model.digest == second.model.digest)
    #expect(first.counts == second.counts)
    #expect(first.model.digest != other.model.digest)
    #expect(first.now == end)
  }

  @Test("A run in pieces is the same run", arguments: [1, 7, 1000])
  func pieces(length: Int) {
    var whole = Self.station(seed: 3)
    var pieces = Self.station(seed: 3)
    var single = Self.station(seed: 3)
    _ = whole.run(until: SimulationTime(nanoseconds: 7000))
    for piece in 0...(7000 / length) {
      _ = pieces.run(until: SimulationTime(nanoseconds: Int64(piece * length)))
    }
    while single.counts.handled < whole.counts.handled { #expect(single.step() == nil) }
    #expect(whole.model.digest == pieces.model.digest)
    #expect(whole.counts == pieces.counts)
    #expect(whole.model.digest == single.model.digest)
  }

  @Test("Counters balance")
  func counters() {
    var simulation = Self.station(seed: 4)
    #expect(simulation.run(maximumEvents: 10_000) == .eventLimitReached)
    let counts = simulation.counts
    #expect(counts.handled == 10_000)
    #expect(counts.scheduled == counts.handled + counts.cancelled + counts.pending)
    #expect(counts.cancelled > 100)
    #expect(counts.clamped == 0)
    #expect(counts.peakPending >= counts.pending)
    // One arrival, at most one departure, and a patience timer for each who waits.
    #expect(simulation.model.customers.peakCount + 1 == counts.peakPending)
    let model = simulation.finish()
    #expect(model.arrived == model.served + model.left + model.customers.count)
  }

  @Test("The model can stop the run, and the run can go on")
  func stopping() {
    var simulation = Self.station(seed: 5)
    simulation.model.stopAfter = 10
    #expect(simulation.run(until: SimulationTime(nanoseconds: 1_000_000)) == .stoppedByModel)
    #expect(simulation.model.arrived == 10)
    #expect(simulation.now < SimulationTime(nanoseconds: 1_000_000))
    #expect(simulation.run(until: SimulationTime(nanoseconds: 1_000_000)) == .timeReached)
    #expect(simulation.model.arrived > 10)
  }

  @Test("The last instant belongs to the run, and the clock ends there")
  func lastInstant() {
    var simulation = Simulation(Chain())
    for number in 1...4 {
      simulation.scheduler.schedule(
        .link(number), at: SimulationTime(nanoseconds: Int64(number * 10)))
    }
    #expect(simulation.run(until: SimulationTime(nanoseconds: 20)) == .timeReached)
    #expect(simulation.model.order == [1, 2])
    #expect(simulation.run(until: SimulationTime(nanoseconds: 29)) == .timeReached)
    #expect(simulation.now == SimulationTime(nanoseconds: 29))
    #expect(simulation.run(maximumEvents: 0) == .eventLimitReached)
    #expect(simulation.run(until: SimulationTime(nanoseconds: 99)) == .noMoreEvents)
    #expect(simulation.now == SimulationTime(nanoseconds: 99))
    #expect(simulation.model.times == [10, 20, 30, 40])
    #expect(simulation.run(until: .max) == .noMoreEvents)
    #expect(simulation.now == SimulationTime(nanoseconds: 99))
    #expect(simulation.step() == .noMoreEvents)
  }

  /// Two events that would lie beyond the range, and one just before its end.
  private static func farAhead() -> Simulation<Chain> {
    var simulation = Simulation(Chain())
    simulation.scheduler.schedule(.link(2), after: SimulationDuration(seconds: 1e300))
    simulation.scheduler.schedule(.link(3), after: .max)
    simulation.scheduler.schedule(.link(1), at: SimulationTime(nanoseconds: .max - 1))
    return simulation
  }

  @Test("A run that ends leaves events at the last representable instant pending")
  func neverWithinARun() {
    var simulation = Self.farAhead()
    #expect(simulation.run(until: SimulationTime(nanoseconds: .max - 1)) == .timeReached)
    #expect(simulation.model.order == [1])
    #expect(simulation.counts.pending == 2)
  }

  @Test("A run without an end takes events at the last representable instant, in order")
  func lastRepresentableInstant() {
    var simulation = Self.farAhead()
    #expect(simulation.run(until: .max) == .noMoreEvents)
    #expect(simulation.model.order == [1, 2, 3])
    #expect(simulation.now == .max)
    var stepped = Self.farAhead()
    while stepped.step() == nil {}
    #expect(stepped.model.order == [1, 2, 3])
    var counted = Self.farAhead()
    #expect(counted.run(maximumEvents: 2) == .eventLimitReached)
    #expect(counted.model.order == [1, 2])
    #expect(counted.run(maximumEvents: 2) == .noMoreEvents)
    #expect(counted.model.order == [1, 2, 3])
  }

  @Test("A negative delay happens now and is counted")
  func negativeDelay() {
    var simulation = Simulation(Chain())
    simulation.scheduler.schedule(.late, at: SimulationTime(nanoseconds: 100))
    #expect(simulation.run(until: .max) == .noMoreEvents)
    #expect(simulation.model.times == [100])
    #expect(simulation.counts.clamped == 1)
  }

  @Test("Too many pending events end the run with the reason")
  func exhausted() {
    var simulation = Simulation(Chain(), maximumPending: 1000)
    simulation.scheduler.schedule(.fork, at: .zero)
    let reason = simulation.run(until: SimulationTime(nanoseconds: 1))
    #expect(
      reason == .queueExhausted(EventQueueError(code: .tooManyPending, limit: 1000)))
    #expect(simulation.counts.pending == 1000)
    #expect(simulation.counts.handled == 1000)
  }

  @Test("A simulation that lost events does not go on, whether in a run or before the first")
  func exhaustedForGood() {
    let failure = StopReason.queueExhausted(
      EventQueueError(code: .tooManyPending, limit: 2))
    var simulation = Simulation(Chain(), reservingPending: 1, maximumPending: 2)
    for time in 1...3 {
      simulation.scheduler.schedule(.late, at: SimulationTime(nanoseconds: Int64(time)))
    }
    #expect(simulation.run(until: .max) == failure)
    #expect(simulation.step() == failure)
    #expect(simulation.counts.handled == 0)
  }
}
