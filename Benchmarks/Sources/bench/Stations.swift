import DiscreteEvents
import Statistics

/// Runs a model until it has served a number of customers more.
final class Station<M: ServingModel & ~Copyable>: Contestant {
  private var simulation: Simulation<M>

  init(_ simulation: consuming Simulation<M>) {
    self.simulation = simulation
  }

  func run(_ amount: Int) -> UInt64 {
    simulation.model.target = simulation.model.served + amount
    _ = simulation.run(until: .max)
    return simulation.model.digest.word
  }

  /// The mean time in the system of those served, in seconds.
  var meanSojourn: Double {
    simulation.model.totalSojourn.seconds / Double(simulation.model.served)
  }
}

protocol ServingModel: Model, ~Copyable {
  var served: Int { get }
  var target: Int { get set }
  var digest: Digest { get }
  var totalSojourn: SimulationDuration { get }
}

/// A first-come first-served queue with room for as many as come.
struct Line: ~Copyable {
  private var cells = [Int64](repeating: 0, count: 1024)
  private var head = 0
  private var length = 0

  var isEmpty: Bool { length == 0 }

  mutating func append(_ value: Int64) {
    if length == cells.count {
      cells = (0..<2 * length).map { cells[(head + $0) & (length - 1)] }
      head = 0
    }
    cells[(head + length) & (cells.count - 1)] = value
    length += 1
  }

  mutating func removeFirst() -> Int64 {
    let value = cells[head]
    head = (head + 1) & (cells.count - 1)
    length -= 1
    return value
  }
}

/// M/M/1: Poisson arrivals, exponential service with mean 1 second, load 0.9.
struct SingleServer: ServingModel, ~Copyable {
  enum Event: BitwiseCopyable {
    case arrival
    case departure
  }

  var random: RandomStream
  var line = Line()
  var busy = false
  var inService: Int64 = 0
  var served = 0
  var target = 0
  var sojourn: Int64 = 0
  var digest = Digest()

  var totalSojourn: SimulationDuration { SimulationDuration(nanoseconds: sojourn) }

  static func simulation(stream: RandomStream) -> Simulation<SingleServer> {
    var simulation = Simulation(SingleServer(random: stream))
    simulation.scheduler.schedule(.arrival, at: .zero)
    return simulation
  }

  private mutating func begin(arrival: Int64, _ scheduler: inout Scheduler<Event>) {
    inService = arrival
    scheduler.schedule(.departure, after: random.delay(mean: 1))
  }

  mutating func handle(
    _ event: Event, at now: SimulationTime, _ scheduler: inout Scheduler<Event>
  ) {
    switch event {
    case .arrival:
      scheduler.schedule(.arrival, after: random.delay(mean: 1 / 0.9))
      if busy {
        line.append(now.nanoseconds)
      } else {
        busy = true
        begin(arrival: now.nanoseconds, &scheduler)
      }
    case .departure:
      served += 1
      sojourn += now.nanoseconds - inService
      digest.add(now.nanoseconds, UInt64(bitPattern: sojourn))
      if line.isEmpty {
        busy = false
      } else {
        begin(arrival: line.removeFirst(), &scheduler)
      }
      if served == target { scheduler.stop() }
    }
  }
}

/// Sixteen cores shared equally by the jobs of so many guests; `stations.cpp` says how.
struct SharedHost: ServingModel, ~Copyable {
  enum Event: BitwiseCopyable {
    case arrival(guest: UInt32)
    case departure
  }

  struct Job: BitwiseCopyable {
    var arrival: SimulationTime
    var guest: UInt32
  }

  struct Guest: BitwiseCopyable {
    var served = 0
    var sojourn = SimulationDuration.zero
  }

  static let cores = 16.0

  var random: RandomStream
  var jobs = EventQueue<Job>()
  var guests: [Guest]
  var meanBetweenArrivals: Double
  var virtualTime = 0.0
  var updated = SimulationTime.zero
  var next = EventHandle.none
  var served = 0
  var target = 0
  var digest = Digest()

  var totalSojourn: SimulationDuration { guests.reduce(.zero) { $0 + $1.sojourn } }

  static func simulation(guests: Int, stream: RandomStream) -> Simulation<SharedHost> {
    var host = SharedHost(
      random: stream, guests: Array(repeating: Guest(), count: guests),
      meanBetweenArrivals: Double(guests) / (0.9 * cores))
    var first: [SimulationTime] = []
    for _ in 0..<guests { first.append(.zero + host.random.delay(mean: host.meanBetweenArrivals)) }
    var simulation = Simulation(host)
    for (guest, time) in first.enumerated() {
      simulation.scheduler.schedule(.arrival(guest: UInt32(guest)), at: time)
    }
    return simulation
  }

  private var rate: Double {
    let present = Double(jobs.count)
    return present <= Self.cores ? 1 : Self.cores / present
  }

  private mutating func advance(to now: SimulationTime) {
    virtualTime += Double((now - updated).nanoseconds) * rate
    updated = now
  }

  private mutating func planDeparture(_ scheduler: inout Scheduler<Event>) {
    guard let leaves = jobs.nextTime else { return }
    let wait = (Double(leaves.nanoseconds) - virtualTime) / rate
    let delay = SimulationDuration(seconds: wait * 1e-9)
    if !scheduler.reschedule(&next, after: delay) {
      next = scheduler.schedule(.departure, after: delay)
    }
  }

  mutating func handle(
    _ event: Event, at now: SimulationTime, _ scheduler: inout Scheduler<Event>
  ) {
    advance(to: now)
    switch event {
    case .departure:
      if let job = jobs.next()?.event {
        guests[Int(job.guest)].served += 1
        guests[Int(job.guest)].sojourn += now - job.arrival
        served += 1
        digest.add(now.nanoseconds, UInt64(job.guest))
      }
      if served == target { scheduler.stop() }
    case .arrival(let guest):
      scheduler.schedule(event, after: random.delay(mean: meanBetweenArrivals))
      let demand = random.exponential() * 1e9
      let leaves = SimulationTime(seconds: (virtualTime + demand) * 1e-9)
      // More jobs than the queue holds would show as different results.
      _ = try? jobs.schedule(Job(arrival: now, guest: guest), at: leaves)
    }
    planDeparture(&scheduler)
  }
}
