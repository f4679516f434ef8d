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
}
