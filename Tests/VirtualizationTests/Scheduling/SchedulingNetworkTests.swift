import DiscreteEvents
import Statistics
import Testing
import Virtualization

/// The processors inside closed networks, and the coverage of intervals made from replications.
@Suite struct SchedulingNetworkTests {
  private func customers(_ count: Int) -> [ClosedStations<FirstCome>.Kind] {
    [.init(customers: count, demands: (0.1, 0.05), think: 1)]
  }

  @Test(arguments: [
    (1, 0.86956522, 0.15), (5, 4.15450519, 0.20351276), (10, 7.50874976, 0.33177963),
    (20, 9.94083691, 1.01190304), (50, 10, 4),
  ])
  func closedNetworkWithDisk(count: Int, throughput: Double, response: Double) {
    let runs = (0..<50).map {
      ClosedStations<FirstCome>.run(
        customers(count), seed: 21, replication: $0, warmUp: 100, seconds: 1000)
    }
    #expect(Replications(runs.map { $0.throughput[0] }).deviation(from: throughput) < 3)
    #expect(Replications(runs.map { $0.response[0] }).deviation(from: response) < 3)
  }

  @Test func twoClassesShareProcessors() {
    let kinds: [ClosedStations<ProcessorSharing>.Kind] = [
      .init(customers: 1, demands: (1, 3), think: 0),
      .init(customers: 1, demands: (2, 4), think: 0),
    ]
    let runs = (0..<50).map {
      ClosedStations<ProcessorSharing>.run(
        kinds, sharesSecond: true, seed: 22, replication: $0, warmUp: 200, seconds: 20_000)
    }
    #expect(Replications(runs.map { $0.throughput[0] }).deviation(from: 3.0 / 19) < 3)
    #expect(Replications(runs.map { $0.throughput[1] }).deviation(from: 2.0 / 19) < 3)
  }

  /// Counts, over 200 seeds, the 95 % intervals from 20 replications that hold the exact value, and
  /// expects a number within three standard deviations of the binomial law around 190.
  private func expectCoverage(of exact: Double, _ run: (UInt64, Int) -> Double) {
    var covered = 0
    for seed in UInt64(0)..<200 {
      let interval = Replications((0..<20).map { run(1000 + seed, $0) })
      // The 0.975 quantile of Student's law with 19 degrees of freedom.
      if interval.covers(exact, quantile: 2.093024) { covered += 1 }
    }
    #expect((181...199).contains(covered))
  }

  @Test func coverageOfSharedServer() throws {
    let traffic = OpenStation<ProcessorSharing>.Traffic(
      rate: 0.5, service: try .exponential(mean: 1))
    expectCoverage(of: 2) {
      OpenStation<ProcessorSharing>.run(
        .plain([.plain()]), [traffic], seed: $0, replication: $1, warmUp: 300, customers: 2_000)[0]
        .meanSojourn
    }
  }

  @Test func coverageOfSeveralCores() throws {
    let traffic = OpenStation<FirstCome>.Traffic(rate: 3.2, service: try .exponential(mean: 1))
    expectCoverage(of: 0.74554059) {
      OpenStation<FirstCome>.run(
        .plain(cores: 4, [.plain(processors: 4)]), [traffic], seed: $0, replication: $1,
        warmUp: 500, customers: 4_000)[0].meanWait
    }
  }

  @Test func coverageOfClosedNetwork() {
    expectCoverage(of: 7.50874976) {
      ClosedStations<FirstCome>.run(
        customers(10), seed: $0, replication: $1, warmUp: 20, seconds: 150
      ).throughput[0]
    }
  }
}
