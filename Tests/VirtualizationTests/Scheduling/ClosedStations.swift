import DiscreteEvents
import Statistics
import Virtualization

/// Customers that think, compute on a processor and then visit a second station; times in seconds.
///
/// All times are exponential. The second station serves in order of arrival, or shares itself
/// equally: then the time to the next departure is drawn anew at every change, which exponential
/// demands allow.
struct ClosedStations<P: ProcessorModel & ~Copyable>: Model, ~Copyable {
  struct Kind {
    var customers: Int
    var demands: (processor: Double, second: Double)
    var think: Double
  }

  struct Result {
    var throughput: [Double]
    var response: [Double]
  }

  private var processor: P
  private let kinds: [Kind]
  private let sharesSecond: Bool
  private var kindOf: [Int] = []
  private var began: [SimulationTime] = []
  private var streams: [RandomStream]
  private var second: [Int32] = []
  private var secondFreeAt = SimulationTime.zero
  private var departure = EventHandle.none
  private(set) var completed: [Int]
  private(set) var responseSum: [Double]

  init(_ kinds: [Kind], sharesSecond: Bool, seed: UInt64, replication: Int) {
    processor = P(.plain([.plain()]))
    self.kinds = kinds
    self.sharesSecond = sharesSecond
    for (index, kind) in kinds.enumerated() {
      kindOf += Array(repeating: index, count: kind.customers)
    }
    began = Array(repeating: .zero, count: kindOf.count)
    streams = (0..<3).map {
      RandomStream(
        StreamKey(
          seed: seed, role: StreamRole(rawValue: UInt32(10 + $0)),
          replication: UInt32(replication)))
    }
    completed = Array(repeating: 0, count: kinds.count)
    responseSum = Array(repeating: 0, count: kinds.count)
  }

  mutating func reset() {
    for kind in kinds.indices {
      completed[kind] = 0
      responseSum[kind] = 0
    }
  }

  private mutating func draw(_ purpose: Int, _ mean: Double) -> SimulationDuration {
    SimulationDuration(seconds: streams[purpose].exponential(mean: mean))
  }

  mutating func handle(
    _ event: StationEvent, at now: SimulationTime, _ scheduler: inout Scheduler<StationEvent>
  ) {
    switch event {
    case .arrival(let customer):
      scheduler.schedule(
        .endOfThought(customer), after: draw(0, kinds[kindOf[Int(customer)]].think))
    case .endOfThought(let customer):
      began[Int(customer)] = now
      let work = draw(1, kinds[kindOf[Int(customer)]].demands.processor)
      processor.submit(Burst(task: customer, entity: 0, work: work), at: now, &scheduler)
    case .processor(let event):
      if let done = processor.handle(event, at: now, &scheduler) {
        enterSecond(done.task, at: now, &scheduler)
      }
    case .diskDone(let customer):
      leaveSecond(customer, at: now, &scheduler)
    }
    processor.settle(at: now, &scheduler)
  }

  private mutating func enterSecond(
    _ customer: Int32, at now: SimulationTime, _ scheduler: inout Scheduler<StationEvent>
  ) {
    guard sharesSecond else {
      secondFreeAt =
        max(secondFreeAt, now) + draw(2, kinds[kindOf[Int(customer)]].demands.second)
      scheduler.schedule(.diskDone(customer), at: secondFreeAt)
      return
    }
    second.append(customer)
    drawDeparture(&scheduler)
  }

  private mutating func drawDeparture(_ scheduler: inout Scheduler<StationEvent>) {
    scheduler.cancel(departure)
    var first = (customer: Int32(-1), after: SimulationDuration.max)
    for customer in second {
      let mean = kinds[kindOf[Int(customer)]].demands.second * Double(second.count)
      let after = draw(2, mean)
      if after < first.after { first = (customer, after) }
    }
    if first.customer >= 0 {
      departure = scheduler.schedule(.diskDone(first.customer), after: first.after)
    }
  }

  private mutating func leaveSecond(
    _ customer: Int32, at now: SimulationTime, _ scheduler: inout Scheduler<StationEvent>
  ) {
    if sharesSecond {
      second.removeAll { $0 == customer }
      drawDeparture(&scheduler)
    }
    let kind = kindOf[Int(customer)]
    completed[kind] += 1
    responseSum[kind] += (now - began[Int(customer)]).seconds
    let think = kinds[kind].think
    scheduler.schedule(
      .endOfThought(customer), after: think > 0 ? draw(0, think) : .zero)
  }

  static func run(
    _ kinds: [Kind], sharesSecond: Bool = false, seed: UInt64, replication: Int, warmUp: Double,
    seconds: Double
  ) -> Result {
    var simulation = Simulation(
      ClosedStations(kinds, sharesSecond: sharesSecond, seed: seed, replication: replication))
    let customers = kinds.reduce(0) { $0 + $1.customers }
    for customer in 0..<Int32(customers) {
      simulation.scheduler.schedule(.arrival(customer), at: .zero)
    }
    _ = simulation.run(until: SimulationTime(seconds: warmUp))
    simulation.model.reset()
    _ = simulation.run(until: SimulationTime(seconds: warmUp + seconds))
    let completed = simulation.model.completed
    return Result(
      throughput: completed.map { Double($0) / seconds },
      response: zip(simulation.model.responseSum, completed).map { $0 / Double($1) })
  }
}
