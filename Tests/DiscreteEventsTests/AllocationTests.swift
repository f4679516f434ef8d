import AllocationCounter
import DiscreteEvents
import Testing

/// Customers around a ring of stations; timers armed, moved and cancelled at every step.
private struct Ring: Model, ~Copyable {
  struct Job: BitwiseCopyable {
    var timer: EventHandle
    var hops: Int
  }

  enum Event: BitwiseCopyable {
    case hop(Pool<Job>.Index)
    case timeout(Pool<Job>.Index)
  }

  var random = SplitMix64(seed: 11)
  var jobs = Pool<Job>()
  var timeouts = 0

  mutating func delay() -> SimulationDuration {
    SimulationDuration(seconds: Double(random.next() >> 11) * 0x1p-53)
  }

  mutating func start(_ scheduler: inout Scheduler<Event>) {
    let index = jobs.insert(Job(timer: .none, hops: 0))
    jobs[index].timer = scheduler.schedule(.timeout(index), after: delay() * 8)
    scheduler.schedule(.hop(index), after: delay())
  }

  mutating func handle(
    _ event: Event, at now: SimulationTime, _ scheduler: inout Scheduler<Event>
  ) {
    switch event {
    case .hop(let index):
      jobs[index].hops += 1
      if jobs[index].hops < 5 {
        scheduler.reschedule(&jobs[index].timer, after: delay() * 8)
        scheduler.schedule(.hop(index), after: delay())
      } else {
        scheduler.cancel(jobs[index].timer)
        jobs.remove(index)
        start(&scheduler)
      }
    case .timeout(let index):
      timeouts += 1
      jobs[index].timer = .none
    }
  }
}

@Suite(
  "Allocations",
  .enabled(
    if: allocation_count() >= 0, "allocations are counted with glibc and without sanitizers only")
)
struct AllocationTests {
  @Test("The counter counts")
  func counterCounts() {
    let before = allocation_count()
    let array = Array(repeating: before, count: 1000)
    #expect(allocation_count() > before)
    #expect(array.count == 1000)
  }

  @Test("The loop allocates nothing once it has reached its peak", arguments: [10, 10_000])
  func steadyState(jobs: Int) {
    var simulation = Simulation(Ring())
    for _ in 0..<jobs { simulation.model.start(&simulation.scheduler) }
    #expect(simulation.run(maximumEvents: 20 * jobs) == .eventLimitReached)
    let before = allocation_count()
    let reason = simulation.run(maximumEvents: 500_000)
    let after = allocation_count()
    #expect(after - before == 0)
    #expect(reason == .eventLimitReached)
    #expect(simulation.model.timeouts > 0)
    #expect(simulation.counts.cancelled > 1000)
    #expect(simulation.counts.rescheduled > 1000)
    #expect(simulation.model.jobs.count == jobs)
    #expect(simulation.counts.peakPending == 2 * jobs)
  }

  @Test("Memory reserved beforehand is enough")
  func reserved() {
    var queue = EventQueue<Int>(reserving: 1000)
    let before = allocation_count()
    for event in 0..<1000 { _ = try? queue.schedule(event, at: .zero) }
    #expect(allocation_count() == before)
    #expect(queue.count == 1000)
  }
}
