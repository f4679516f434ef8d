import DiscreteEvents
import Statistics
import Virtualization

/// Poisson arrivals at one processor: the models of queueing theory with one station.
///
/// Times are in milliseconds.
struct OpenStation<P: ProcessorModel & ~Copyable>: Model, ~Copyable {
  struct Traffic {
    var rate: Double
    var service: Distribution
    var priority: UInt8 = 0
    var entity: Int32 = 0
    /// Sojourns above these are counted.
    var thresholds: [Double] = []
  }

  struct Tally {
    var completed = 0
    var blocked = 0
    var arrived = 0
    var sojourn = 0.0
    var work = 0.0
    var waited = 0
    var above: [Int] = []

    var meanSojourn: Double { sojourn / Double(completed) }
    var meanWait: Double { (sojourn - work) / Double(completed) }
    var waitingShare: Double { Double(waited) / Double(completed) }
    func shareAbove(_ index: Int) -> Double { Double(above[index]) / Double(completed) }
  }

  static var unit: Double { 1e6 }

  var processor: P
  let traffic: [Traffic]
  let capacity: Int
  var tallies: [Tally]
  private var arrivals: [RandomStream] = []
  private var services: [RandomStream] = []
  private var customers = Pool<(submitted: SimulationTime, kind: Int32)>(reserving: 1024)
  private var warmUp: Int
  private var remaining: Int

  init(
    _ configuration: ProcessorConfiguration, _ traffic: [Traffic], capacity: Int = .max,
    seed: UInt64, replication: Int, warmUp: Int, customers count: Int
  ) {
    processor = P(configuration)
    self.traffic = traffic
    self.capacity = capacity
    self.warmUp = warmUp
    remaining = count
    tallies = traffic.map { Tally(above: Array(repeating: 0, count: $0.thresholds.count)) }
    for kind in traffic.indices {
      let (guest, replication) = (UInt32(kind), UInt32(replication))
      arrivals.append(
        RandomStream(
          StreamKey(
            seed: seed, role: StreamRole(rawValue: 1), guest: guest, replication: replication)))
      services.append(
        RandomStream(
          StreamKey(
            seed: seed, role: StreamRole(rawValue: 2), guest: guest, replication: replication)))
    }
  }

  mutating func handle(
    _ event: StationEvent, at now: SimulationTime, _ scheduler: inout Scheduler<StationEvent>
  ) {
    switch event {
    case .arrival(let kind):
      arrive(kind, at: now, &scheduler)
    case .processor(let event):
      if let done = processor.handle(event, at: now, &scheduler) {
        complete(done, at: now, &scheduler)
      }
    case .endOfThought, .diskDone:
      break
    }
    processor.settle(at: now, &scheduler)
  }

  private mutating func arrive(
    _ kind: Int32, at now: SimulationTime, _ scheduler: inout Scheduler<StationEvent>
  ) {
    let index = Int(kind)
    let work = traffic[index].service.draw(&services[index])
    let gap = arrivals[index].exponential() / traffic[index].rate
    scheduler.schedule(
      .arrival(kind), after: SimulationDuration(nanoseconds: Int64((gap * Self.unit).rounded())))
    if warmUp <= 0 { tallies[index].arrived += 1 }
    if customers.count >= capacity {
      if warmUp <= 0 { tallies[index].blocked += 1 }
      return
    }
    let customer = customers.insert((submitted: now, kind: kind))
    processor.submit(
      Burst(
        task: customer.rawValue, entity: traffic[index].entity,
        work: SimulationDuration(nanoseconds: Int64((work * Self.unit).rounded())),
        priority: traffic[index].priority), at: now, &scheduler)
  }

  private mutating func complete(
    _ done: CompletedBurst, at now: SimulationTime, _ scheduler: inout Scheduler<StationEvent>
  ) {
    let customer = customers.remove(Pool.Index(rawValue: done.task))
    warmUp -= 1
    if warmUp >= 0 { return }
    let index = Int(customer.kind)
    let sojourn = Double((now - customer.submitted).nanoseconds) / Self.unit
    tallies[index].completed += 1
    tallies[index].sojourn += sojourn
    tallies[index].work += Double(done.work.nanoseconds) / Self.unit
    if done.contention > .zero { tallies[index].waited += 1 }
    for (place, threshold) in traffic[index].thresholds.enumerated() where sojourn > threshold {
      tallies[index].above[place] += 1
    }
    remaining -= 1
    if remaining <= 0 { scheduler.stop() }
  }

  /// Runs one replication and returns what was counted after the warm-up.
  static func run(
    _ configuration: ProcessorConfiguration, _ traffic: [Traffic], capacity: Int = .max,
    seed: UInt64, replication: Int, warmUp: Int, customers: Int
  ) -> [Tally] {
    var simulation = Simulation(
      OpenStation(
        configuration, traffic, capacity: capacity, seed: seed, replication: replication,
        warmUp: warmUp, customers: customers))
    for kind in traffic.indices {
      simulation.scheduler.schedule(.arrival(Int32(kind)), at: .zero)
    }
    _ = simulation.run(until: .max)
    return simulation.model.tallies
  }
}
