import DiscreteEvents
import Statistics

/// A host of guests on the product's own two-level processor and disk; `guest_host.cpp` mirrors it.
///
/// Sixteen cores; four clients per guest that think, compute, read the one disk, compute again and
/// answer. Level one is `CompletelyFairGroups` with weights 1 : 2 : 4 : 2, preemption on wake-up
/// and a limit on every tenth guest; level two is completely fair too. Think times grow with the
/// number of guests, so that the load stays near 80 %.
///
/// The folder `Product` links to the sources of the processor: the compiler specializes it to an
/// event type only within a module, as it does for the host model.
final class GuestHost: Contestant {
  private var simulation: Simulation<GuestHostModel>

  init(guests: Int, stream: RandomStream) {
    simulation = GuestHostModel.simulation(guests: guests, stream: stream)
  }

  /// Handles so many events more.
  func run(_ amount: Int) -> UInt64 {
    _ = simulation.run(maximumEvents: amount)
    return simulation.model.digest(at: simulation.now, events: simulation.counts.handled)
  }

  /// What the host did so far.
  var summary: String {
    let counters = simulation.model.processors.counters(at: simulation.now)
    let busy = counters.busy.reduce(SimulationDuration.zero, +)
    let requests = Double(simulation.model.served)
    return [
      ("seconds", simulation.now.seconds),
      ("events a request", Double(simulation.counts.handled) / requests),
      ("core load", busy / counters.elapsed / Double(counters.busy.count)),
      (
        "disk load",
        Double(simulation.model.disk.busyTime(at: simulation.now)) / 1e9 / counters.elapsed.seconds
      ),
      ("milliseconds a request", simulation.model.sojourn.seconds / requests * 1e3),
      ("preemptions a request", Double(counters.preemptions) / requests),
      (
        "throttled core seconds",
        counters.entityThrottled.reduce(SimulationDuration.zero, +).seconds
      ),
    ].map { "\($0.0) \($0.1)" }.joined(separator: ", ")
  }
}

struct GuestHostModel: Model, ~Copyable {
  enum Event: ProcessorEventCarrier {
    case request(client: Int32)
    case processor(ProcessorEvent)
    case diskDone(client: Int32)
  }

  struct Client: BitwiseCopyable {
    var asked = SimulationTime.zero
    var hasRead = false
  }

  static let cores = 16
  static let clientsPerGuest: Int32 = 4
  /// Means in seconds; all times are exponential.
  static let burst = 0.003
  static let service = 0.0003
  /// About what a request takes, waiting included; only to find think times.
  static let response = 0.009

  var processors: TimeSlicedProcessor<CompletelyFairGroups>
  var disk = DeviceStation(channels: 1)
  var clients: Table<Client>
  var random: RandomStream
  let think: Double
  var served = 0
  var sojourn = SimulationDuration.zero
  var word = Digest()

  init(guests: Int, stream: RandomStream) {
    let demanded = 0.8 * Double(Self.cores)
    let count = guests * Int(Self.clientsPerGuest)
    think = Double(count) * 2 * Self.burst / demanded - Self.response
    let limit = max(0.2, 1.5 * demanded / Double(guests))
    let entities = (0..<guests).map { guest in
      ProcessorConfiguration.Entity(
        weight: [512, 1024, 2048, 1024][guest % 4], limit: guest % 10 == 9 ? limit : nil,
        processors: 2,
        discipline: .completelyFair(
          latency: SimulationDuration(nanoseconds: 3_000_000),
          minimumGranularity: SimulationDuration(nanoseconds: 1_000_000)),
        taskSwitch: SimulationDuration(nanoseconds: 2000),
        entitySwitch: SimulationDuration(nanoseconds: 5000), workingSetBytes: 0, isDriver: false,
        hostProcesses: 1)
    }
    processors = TimeSlicedProcessor(
      ProcessorConfiguration(
        cores: Self.cores, entities: entities,
        policy: SchedulingPolicy(algorithm: .completelyFairGroups, parameters: [:]),
        cache: SetAssociativeCache(cacheBytes: 0), refillSecondsPerByte: 0))
    clients = Table(repeating: Client(), count: count)
    random = stream
  }

  static func simulation(guests: Int, stream: RandomStream) -> Simulation<GuestHostModel> {
    let host = GuestHostModel(guests: guests, stream: stream)
    let clients = host.clients.count
    var simulation = Simulation(host, reservingPending: clients + 64)
    for client in 0..<Int32(clients) {
      let delay = simulation.model.random.delay(mean: simulation.model.think)
      simulation.scheduler.schedule(.request(client: client), after: delay)
    }
    return simulation
  }

  mutating func handle(
    _ event: Event, at now: SimulationTime, _ scheduler: inout Scheduler<Event>
  ) {
    switch event {
    case .request(let client):
      clients[Int(client)] = Client(asked: now)
      compute(client, at: now, &scheduler)
    case .processor(let event):
      if let done = processors.handle(event, at: now, &scheduler) {
        word.add(
          now.nanoseconds,
          UInt64(bitPattern: (done.contention + done.throttled).nanoseconds) ^ UInt64(done.task))
        if clients[Int(done.task)].hasRead {
          answer(done.task, at: now, &scheduler)
        } else if disk.arrive(done.task, at: now) {
          read(done.task, &scheduler)
        }
      }
    case .diskDone(let client):
      if let next = disk.finish(at: now) { read(next, &scheduler) }
      clients[Int(client)].hasRead = true
      compute(client, at: now, &scheduler)
    }
    processors.settle(at: now, &scheduler)
  }

  private mutating func compute(
    _ client: Int32, at now: SimulationTime, _ scheduler: inout Scheduler<Event>
  ) {
    processors.submit(
      Burst(
        task: client, entity: client / Self.clientsPerGuest,
        work: random.delay(mean: Self.burst)), at: now, &scheduler)
  }

  private mutating func read(_ client: Int32, _ scheduler: inout Scheduler<Event>) {
    scheduler.schedule(.diskDone(client: client), after: random.delay(mean: Self.service))
  }

  private mutating func answer(
    _ client: Int32, at now: SimulationTime, _ scheduler: inout Scheduler<Event>
  ) {
    served += 1
    sojourn += now - clients[Int(client)].asked
    scheduler.schedule(.request(client: client), after: random.delay(mean: think))
  }

  /// All bursts in the order in which they ended, and everything that was counted.
  func digest(at now: SimulationTime, events: Int) -> UInt64 {
    var result = word
    let counters = processors.counters(at: now)
    for core in 0..<Self.cores {
      result.add(counters.busy[core].nanoseconds, UInt64(counters.idle[core].nanoseconds))
      result.add(counters.switching[core].nanoseconds, UInt64(core))
    }
    for guest in counters.entityTime.indices {
      result.add(
        counters.entityTime[guest].nanoseconds, UInt64(counters.entitySteal[guest].nanoseconds))
      result.add(counters.entityThrottled[guest].nanoseconds, UInt64(guest))
    }
    result.add(Int64(counters.entitySwitches), UInt64(counters.taskSwitches))
    result.add(Int64(counters.preemptions), UInt64(events))
    result.add(sojourn.nanoseconds, UInt64(served))
    result.add(
      Int64(clamping: disk.busyTime(at: now)), UInt64(clamping: disk.queueTime(at: now)))
    return result.word
  }
}
