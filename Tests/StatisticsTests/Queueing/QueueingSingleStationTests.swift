import Foundation
import Statistics
import Testing

@Suite("Queueing: single stations")
struct QueueingSingleStationTests {
  @Test(
    "M/M/1 mean and percentiles",
    arguments: [
      (0.5, "2.000000000000", "5.991465", "9.210340"),
      (0.8, "5.000000000000", "14.978661", "23.025851"),
      (0.9, "10.000000000000", "29.957323", "46.051702"),
    ])
  func singleServer(load: Double, mean: String, p95: String, p99: String) throws {
    let queue = try MM1Queue(arrivalRate: load, serviceRate: 1)
    #expect(agrees(queue.meanSojourn, mean))
    #expect(agrees(try queue.sojournPercentile(0.95), p95))
    #expect(agrees(try queue.sojournPercentile(0.99), p99))
    #expect(isClose(queue.sojournDistribution(try queue.sojournPercentile(0.95)), 0.95))
    #expect(isClose(queue.meanNumber, load * queue.meanSojourn))
    #expect(isClose(queue.meanWait + 1, queue.meanSojourn))
  }

  @Test(
    "M/M/c waiting probability and mean wait at rho 0.8",
    arguments: [
      (2, "0.71111111", "1.77777778"), (4, "0.59643247", "0.74554059"),
      (8, "0.45764493", "0.28602808"), (16, "0.30488391", "0.09527622"),
      (32, "0.16062321", "0.02509738"),
    ])
  func severalServers(servers: Int, waiting: String, wait: String) throws {
    let queue = try MMcQueue(
      arrivalRate: 0.8 * Double(servers), serviceRate: 1, servers: servers)
    #expect(agrees(queue.waitingProbability, waiting))
    #expect(agrees(queue.meanWait, wait))
  }

  @Test("One server of M/M/c is M/M/1", arguments: [0.0, 0.3, 0.9, 0.999])
  func oneServer(load: Double) throws {
    let several = try MMcQueue(arrivalRate: load * 4, serviceRate: 4, servers: 1)
    let one = try MM1Queue(arrivalRate: load * 4, serviceRate: 4)
    #expect(isClose(several.waitingProbability, load))
    #expect(isClose(several.meanSojourn, one.meanSojourn))
    for probability in [0.001, 0.5, 0.95, 0.999] {
      let expected = try one.sojournPercentile(probability)
      #expect(isClose(try several.sojournPercentile(probability) / expected, 1, within: 1e-10))
    }
  }

  @Test(
    "M/M/c sojourn distribution integrates to its mean and inverts to its percentile",
    arguments: [(2, 1.0), (2, 1.0 + 1e-9), (4, 3.2), (64, 63.0), (300, 150.0)])
  func sojournDistribution(servers: Int, load: Double) throws {
    let queue = try MMcQueue(arrivalRate: load, serviceRate: 1, servers: servers)
    let step = 0.001
    let end = 60 * queue.meanSojourn
    var integral = 0.0
    var time = step / 2
    while time < end {
      integral += (1 - queue.sojournDistribution(time)) * step
      time += step
    }
    #expect(isClose(integral, queue.meanSojourn, within: 1e-5))
    for probability in [0.5, 0.95, 0.99] {
      let percentile = try queue.sojournPercentile(probability)
      #expect(isClose(queue.sojournDistribution(percentile), probability))
    }
  }

  @Test("Wait percentile: nobody waits below 1 - C")
  func waitPercentile() throws {
    let queue = try MMcQueue(arrivalRate: 3.2, serviceRate: 1, servers: 4)
    #expect(try queue.waitPercentile(0.4) == 0)
    let wait = try queue.waitPercentile(0.95)
    #expect(isClose(queue.waitingProbability * exp(-0.8 * wait), 0.05))
  }

  @Test("Erlang formulas stay exact and finite for thousands of servers")
  func manyServers() throws {
    // a = c: B falls like sqrt(2 / (pi c)), with a relative correction of order 1 / sqrt(c).
    let blocking = try ErlangFormula.blocking(servers: 10_000, offeredLoad: 10_000)
    #expect(abs(blocking / 0.0079788 - 1) < 0.01)
    let light = try ErlangFormula.waiting(servers: 10_000, offeredLoad: 1)
    #expect(light >= 0 && light < 1e-300)
    let heavy = try ErlangFormula.waiting(servers: 10_000, offeredLoad: 9_999.999)
    #expect(heavy > 0.999 && heavy < 1)
    #expect(try ErlangFormula.blocking(servers: 2, offeredLoad: 1e308) == 1)
    #expect(isClose(try ErlangFormula.blocking(servers: 3, offeredLoad: 2), 4.0 / 19))
  }

  @Test(
    "M/M/1/K blocking",
    arguments: [(0.8, 5, "0.08881950"), (0.9, 10, "0.05081373"), (1.2, 10, "0.19258650")])
  func finiteRoom(load: Double, capacity: Int, blocking: String) throws {
    let queue = try FiniteCapacityQueue(arrivalRate: load, serviceRate: 1, capacity: capacity)
    #expect(agrees(queue.blockingProbability, blocking))
    #expect(isClose(queue.throughput, load * (1 - queue.blockingProbability)))
    // The truncated geometric mean number, which the balance does not use.
    let power = pow(load, Double(capacity + 1))
    let mean = load / (1 - load) - Double(capacity + 1) * power / (1 - power)
    #expect(isClose(queue.meanNumber, mean, within: 1e-11))
  }

  @Test("M/M/c/K: no room to wait is Erlang B, much room is M/M/c")
  func finiteRoomLimits() throws {
    let loss = try FiniteCapacityQueue(
      arrivalRate: 12, serviceRate: 1, servers: 16, capacity: 16)
    #expect(
      isClose(
        loss.blockingProbability, try ErlangFormula.blocking(servers: 16, offeredLoad: 12)))
    let roomy = try FiniteCapacityQueue(
      arrivalRate: 12.8, serviceRate: 1, servers: 16, capacity: 2_000)
    let endless = try MMcQueue(arrivalRate: 12.8, serviceRate: 1, servers: 16)
    #expect(isClose(roomy.meanNumber, endless.meanNumber))
    #expect(roomy.blockingProbability < 1e-100)
    #expect(isClose(try #require(roomy.meanSojourn), endless.meanSojourn))
    let even = try FiniteCapacityQueue(arrivalRate: 1, serviceRate: 1, capacity: 9)
    #expect(isClose(even.blockingProbability, 0.1))
    #expect(isClose(even.meanNumber, 4.5))
    let flooded = try FiniteCapacityQueue(
      arrivalRate: 1e300, serviceRate: 1, servers: 3, capacity: 1_000)
    #expect(isClose(flooded.throughput, 3))
    let silent = try FiniteCapacityQueue(arrivalRate: 0, serviceRate: 1, capacity: 4)
    #expect(silent.emptyProbability == 1 && silent.meanSojourn == nil)
  }

  @Test(
    "M/G/1 waits by variability",
    arguments: [
      (0.8, 0.0, 2.0), (0.8, 1, 4), (0.8, 4, 10), (0.8, 16, 34),
      (0.9, 0, 4.5), (0.9, 1, 9), (0.9, 4, 22.5), (0.9, 16, 76.5),
    ])
  func generalService(load: Double, variation: Double, wait: Double) throws {
    let queue = try MG1Queue(arrivalRate: load, meanService: 1, squaredVariation: variation)
    #expect(isClose(queue.meanWait, wait))
    #expect(isClose(queue.meanSojourn, wait + 1))
  }

  @Test("Processor sharing: 1 / (1 - rho) at one server, M/M/c at several")
  func processorSharing() throws {
    for load in [0.1, 0.5, 0.8, 0.9] {
      let shared = try ProcessorSharingQueue(arrivalRate: load, meanService: 1)
      #expect(isClose(shared.meanSojourn, 1 / (1 - load)))
      #expect(isClose(shared.meanSojourn(ofSize: 3), 3 / (1 - load)))
    }
    let shared = try ProcessorSharingQueue(arrivalRate: 6.4, meanService: 1, servers: 8)
    let queue = try MMcQueue(arrivalRate: 6.4, serviceRate: 1, servers: 8)
    #expect(isClose(shared.meanSojourn, queue.meanSojourn))
  }

  @Test("Several-server approximations are exact where they say so")
  func approximations() throws {
    let general = try MG1Queue(arrivalRate: 0.4, meanService: 2, squaredVariation: 4)
    let one = try MultiServerApproximation.leeLongtonWait(
      arrivalRate: 0.4, meanService: 2, servers: 1, serviceVariation: 4)
    #expect(isClose(one, general.meanWait))
    let many = try MultiServerApproximation.allenCunneenWait(
      arrivalRate: 3.2, meanService: 1, servers: 4, arrivalVariation: 1, serviceVariation: 1)
    #expect(agrees(many, "0.74554059"))
    let steady = try MultiServerApproximation.allenCunneenWait(
      arrivalRate: 3.2, meanService: 1, servers: 4, arrivalVariation: 0, serviceVariation: 0)
    #expect(steady == 0)
  }

  @Test("Two priority classes at rho 0.4 + 0.4")
  func priority() throws {
    let half = PriorityQueue.JobClass(arrivalRate: 0.4, meanService: 1)
    let queue = try PriorityQueue(classes: [half, half])
    #expect(isClose(queue.nonPreemptiveWaits[0], 4.0 / 3))
    #expect(isClose(queue.nonPreemptiveWaits[1], 20.0 / 3))
    // Preemption hides the second class from the first, and exponential equal service keeps the
    // total number that of M/M/1.
    let sojourns = queue.preemptiveResumeSojourns
    #expect(isClose(sojourns[0], 1 / 0.6))
    #expect(isClose(0.4 * sojourns[0] + 0.4 * sojourns[1], 4))
  }

  @Test("Priority conserves the work in line, whatever the classes")
  func priorityConservation() throws {
    let classes = [
      PriorityQueue.JobClass(arrivalRate: 0.1, meanService: 2, squaredVariation: 0),
      PriorityQueue.JobClass(arrivalRate: 0.2, meanService: 1, squaredVariation: 4),
      PriorityQueue.JobClass(arrivalRate: 0.05, meanService: 6, squaredVariation: 1),
    ]
    let queue = try PriorityQueue(classes: classes)
    let load = queue.utilization
    // Kleinrock's conservation law: sum of rho Wq = rho W0 / (1 - rho).
    var weighted = 0.0
    var residual = 0.0
    for (jobs, wait) in zip(classes, queue.nonPreemptiveWaits) {
      weighted += jobs.arrivalRate * jobs.meanService * wait
      residual +=
        jobs.arrivalRate * jobs.meanService * jobs.meanService * (1 + jobs.squaredVariation) / 2
    }
    #expect(isClose(weighted, load * residual / (1 - load)))
    let single = try PriorityQueue(classes: [classes[1]])
    let plain = try MG1Queue(arrivalRate: 0.2, meanService: 1, squaredVariation: 4)
    #expect(isClose(single.nonPreemptiveSojourns[0], plain.meanSojourn))
    #expect(isClose(single.preemptiveResumeSojourns[0], plain.meanSojourn))
  }

  @Test("Rates outside their domain are refused", arguments: [-1, .nan, .infinity])
  func badRates(rate: Double) {
    expectRefusal(.invalidInput) { _ = try MM1Queue(arrivalRate: rate, serviceRate: 1) }
    expectRefusal(.invalidInput) { _ = try MM1Queue(arrivalRate: 0.5, serviceRate: rate) }
    expectRefusal(.invalidInput) { _ = try MMcQueue(arrivalRate: rate, serviceRate: 1, servers: 2) }
    expectRefusal(.invalidInput) {
      _ = try FiniteCapacityQueue(arrivalRate: rate, serviceRate: 1, capacity: 2)
    }
    expectRefusal(.invalidInput) {
      _ = try MG1Queue(arrivalRate: 0.5, meanService: 1, squaredVariation: rate)
    }
    expectRefusal(.invalidInput) {
      _ = try ProcessorSharingQueue(arrivalRate: 0.5, meanService: rate)
    }
    expectRefusal(.invalidInput) {
      _ = try PriorityQueue(classes: [.init(arrivalRate: rate, meanService: 1)])
    }
    expectRefusal(.invalidInput) { _ = try ErlangFormula.blocking(servers: 1, offeredLoad: rate) }
  }

  @Test("Counts and probabilities outside their domain are refused")
  func badCounts() throws {
    for servers in [0, -3, Int.max] {
      expectRefusal(.invalidInput) {
        _ = try MMcQueue(arrivalRate: 0.5, serviceRate: 1, servers: servers)
      }
      expectRefusal(.invalidInput) {
        _ = try FiniteCapacityQueue(arrivalRate: 0.5, serviceRate: 1, capacity: servers)
      }
    }
    expectRefusal(.invalidInput) {
      _ = try FiniteCapacityQueue(arrivalRate: 1, serviceRate: 1, servers: 4, capacity: 3)
    }
    expectRefusal(.invalidInput) { _ = try PriorityQueue(classes: []) }
    let queue = try MMcQueue(arrivalRate: 0.5, serviceRate: 1, servers: 2)
    for probability in [0, 1, -0.5, 95, .nan] {
      expectRefusal(.invalidInput) { _ = try queue.sojournPercentile(probability) }
      expectRefusal(.invalidInput) { _ = try queue.waitPercentile(probability) }
    }
  }

  @Test("A load that fills the servers is unstable")
  func overload() {
    expectRefusal(.unstable) { _ = try MM1Queue(arrivalRate: 1, serviceRate: 1) }
    expectRefusal(.unstable) { _ = try MMcQueue(arrivalRate: 4, serviceRate: 1, servers: 4) }
    expectRefusal(.unstable) {
      _ = try MG1Queue(arrivalRate: 2, meanService: 1, squaredVariation: 1)
    }
    expectRefusal(.unstable) { _ = try ProcessorSharingQueue(arrivalRate: 2, meanService: 0.5) }
    expectRefusal(.unstable) {
      _ = try PriorityQueue(classes: [
        .init(arrivalRate: 0.5, meanService: 1), .init(arrivalRate: 0.5, meanService: 1),
      ])
    }
  }
}
