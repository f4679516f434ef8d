import DiscreteEvents
import Statistics
import Testing
import Virtualization

typealias FirstCome = TimeSlicedProcessor<FirstComeFirstServed>

/// The processors against the exact results of queueing theory; mean service 1.
@Suite struct SchedulingOracleTests {
  private func replicate(
    _ count: Int = 50, _ run: (Int) throws -> Double
  ) rethrows -> Replications {
    Replications(try (0..<count).map(run))
  }

  @Test(arguments: [
    (0.5, 2.0, 5.991465, 9.210340), (0.8, 5, 14.978661, 23.025851),
    (0.9, 10, 29.957323, 46.051702),
  ])
  func meanAndTailOfOneServer(rho: Double, mean: Double, p95: Double, p99: Double) throws {
    let traffic = OpenStation<FirstCome>.Traffic(
      rate: rho, service: try .exponential(mean: 1), thresholds: [p95, p99])
    let runs = (0..<50).map {
      OpenStation<FirstCome>.run(
        .plain([.plain()]), [traffic], seed: 11, replication: $0, warmUp: 6_000,
        customers: rho > 0.85 ? 60_000 : 20_000)[0]
    }
    #expect(Replications(runs.map(\.meanSojourn)).deviation(from: mean) < 3)
    #expect(Replications(runs.map { $0.shareAbove(0) }).deviation(from: 0.05) < 3)
    #expect(Replications(runs.map { $0.shareAbove(1) }).deviation(from: 0.01) < 3)
  }

  @Test(arguments: [
    (2, 1.6, 0.71111111, 1.77777778), (4, 3.2, 0.59643247, 0.74554059),
    (8, 6.4, 0.45764493, 0.28602808), (16, 12.8, 0.30488391, 0.09527622),
    (32, 25.6, 0.16062321, 0.02509738),
  ])
  func waitingForSeveralCores(cores: Int, load: Double, waits: Double, wait: Double) throws {
    let traffic = OpenStation<FirstCome>.Traffic(rate: load, service: try .exponential(mean: 1))
    let runs = (0..<50).map {
      OpenStation<FirstCome>.run(
        .plain(cores: cores, [.plain(processors: cores)]), [traffic], seed: 12, replication: $0,
        warmUp: 4_000, customers: 20_000)[0]
    }
    #expect(Replications(runs.map(\.waitingShare)).deviation(from: waits) < 3)
    #expect(Replications(runs.map(\.meanWait)).deviation(from: wait) < 3)
  }

  @Test(arguments: [0, 1, 2, 3, 4])
  func processorSharingIsInsensitive(law: Int) throws {
    let service: Distribution =
      switch law {
      case 0: try .deterministic(value: 1)
      case 1: try .erlang(mean: 1, stages: 4)
      case 2: try .exponential(mean: 1)
      case 3: try .lognormal(mean: 1, coefficientOfVariation: 1.5)
      default: try .hyperexponential(mean: 1, squaredCoefficientOfVariation: 8)
      }
    let traffic = OpenStation<ProcessorSharing>.Traffic(rate: 0.8, service: service)
    let sojourn = replicate {
      OpenStation<ProcessorSharing>.run(
        .plain([.plain()]), [traffic], seed: 13, replication: $0, warmUp: 4_000,
        customers: 20_000)[0].meanSojourn
    }
    #expect(sojourn.deviation(from: 5) < 3)
  }

  @Test(arguments: [(0.8, 5, 0.08881950), (0.9, 10, 0.05081373), (1.2, 10, 0.19258650)])
  func blockingOfAFullQueue(rho: Double, capacity: Int, blocked: Double) throws {
    let traffic = OpenStation<FirstCome>.Traffic(rate: rho, service: try .exponential(mean: 1))
    let share = replicate {
      let tally = OpenStation<FirstCome>.run(
        .plain([.plain()]), [traffic], capacity: capacity, seed: 14, replication: $0,
        warmUp: 1_000, customers: 10_000)[0]
      return Double(tally.blocked) / Double(tally.arrived)
    }
    #expect(share.deviation(from: blocked) < 3)
  }

  @Test(arguments: [(0.0, 2.0), (1, 4), (4, 10), (16, 34)])
  func waitGrowsWithTheVariationOfService(c2: Double, wait: Double) throws {
    let traffic = OpenStation<FirstCome>.Traffic(
      rate: 0.8, service: try .fitting(mean: 1, squaredCoefficientOfVariation: c2))
    let found = replicate {
      OpenStation<FirstCome>.run(
        .plain([.plain()]), [traffic], seed: 15, replication: $0, warmUp: 10_000,
        customers: c2 > 1 ? 60_000 : 20_000)[0].meanWait
    }
    #expect(found.deviation(from: wait) < 3)
  }

  @Test func twoPriorityClasses() throws {
    let service = try Distribution.exponential(mean: 1)
    let traffic = [
      OpenStation<FirstCome>.Traffic(rate: 0.4, service: service),
      OpenStation<FirstCome>.Traffic(rate: 0.4, service: service, priority: 1),
    ]
    let runs = (0..<50).map {
      OpenStation<FirstCome>.run(
        .plain([.plain(discipline: .nonpreemptivePriority)]), traffic, seed: 16, replication: $0,
        warmUp: 4_000, customers: 30_000)
    }
    #expect(Replications(runs.map { $0[0].meanWait }).deviation(from: 4 / 3.0) < 3)
    #expect(Replications(runs.map { $0[1].meanWait }).deviation(from: 20 / 3.0) < 3)
  }

  /// The same customers under processor sharing and under ever finer slices.
  @Test(arguments: [true, false])
  func slicesConvergeToProcessorSharing(fair: Bool) throws {
    let service = try Distribution.fitting(mean: 1, squaredCoefficientOfVariation: 4)
    func mean<P: ProcessorModel & ~Copyable>(
      _: P.Type, _ discipline: ProcessorConfiguration.TaskDiscipline
    ) -> Double {
      let traffic = OpenStation<P>.Traffic(rate: 0.8, service: service)
      return replicate(10) {
        OpenStation<P>.run(
          .plain([.plain(discipline: discipline)]), [traffic], seed: 17, replication: $0,
          warmUp: 2_000, customers: 20_000)[0].meanSojourn
      }.mean
    }
    let limit = mean(ProcessorSharing.self, .firstComeFirstServed)
    let errors = [1.0, 0.3, 0.1, 0.03].map { slice in
      let length = SimulationDuration(nanoseconds: Int64(slice * 1e6))
      return abs(
        mean(
          FirstCome.self,
          fair
            ? .completelyFair(latency: length, minimumGranularity: length) : .o1(slice: length))
          - limit)
    }
    #expect(errors[1] < errors[0])
    #expect(errors[2] < errors[1])
    #expect(errors[3] < errors[2])
    #expect(errors[3] < 0.02 * limit)
  }
}
