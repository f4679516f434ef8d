import Experiments
import Statistics
import Testing
import Virtualization

/// Service that is not exponential at stations that serve in order of arrival, where M/G/1 has
/// exact means (Pollaczek and Khinchine).
@Suite("The analytic twin where service varies more or less than exponentially")
struct AnalyticTwinServiceTests {
  private static func approach() -> ApproachProfile {
    var approach = ExperimentFixture.approach("native", .processorSharing)
    approach.paths.append(
      Path(
        .packetSend,
        hops: [Hop(.kernelWork, at: .guestKernel, status: .assumed, source: "test fixture")]))
    return approach
  }

  private static func scenario(_ workloads: [Workload]) -> Scenario {
    let approach = approach()
    var scenario = ExperimentFixture.scenario(
      [approach], workloads[0], guests: 1, seconds: 1_000, response: 1)
    scenario.objective.statistic = .mean
    scenario.host.primitives.append(
      Primitive(.kernelWork, service: .packetSend, price: ExperimentFixture.exact(0, .seconds)))
    for (index, workload) in workloads.enumerated().dropFirst() {
      var guest = scenario.guests[0]
      guest.id = "guest\(index)"
      guest.workload = workload
      scenario.guests.append(guest)
    }
    return scenario
  }

  /// So many responses a second over a link of 12.5 MB/s, and no other work.
  private static func link(rate: Double, _ response: Distribution) throws -> Scenario {
    var workload = try ExperimentFixture.workload(
      .poisson(rate: ExperimentFixture.exact(rate, .hertz)), user: .deterministic(value: 0))
    workload.responseBytes = response
    workload.operations = [
      OperationCount(.packetSend, count: ExperimentFixture.exact(1), movesResponse: true)
    ]
    var scenario = scenario([workload])
    scenario.host.network = NetworkProfile(
      rate: ExperimentFixture.exact(12.5e6, .bytesPerSecond),
      segmentBytes: ExperimentFixture.exact(1448, .bytes))
    return scenario
  }

  /// Reads of 4 ms at 50 a second and of 54 ms at 5 a second from one disk, whose positioning
  /// varies by half of its mean.
  private static func unlikeClasses() throws -> Scenario {
    var scenario = scenario(
      try [(50.0, 0.0), (5, 5e6)].map { rate, bytes in
        var workload = try ExperimentFixture.workload(
          .poisson(rate: ExperimentFixture.exact(rate, .hertz)), user: .deterministic(value: 0))
        workload.operations = [
          OperationCount(
            .diskRead, count: ExperimentFixture.exact(1), attributes: Attributes([.bytes: bytes]))
        ]
        return workload
      })
    scenario.host.disk.positioningTime = ExperimentFixture.exact(0.004, .seconds)
    scenario.host.disk.positioningVariation = ExperimentFixture.exact(0.5)
    scenario.host.disk.transferRate = ExperimentFixture.exact(1e8, .bytesPerSecond)
    return scenario
  }

  private static func means(_ scenario: Scenario) throws -> [Double?] {
    let twin = try AnalyticTwin(scenario, scenario.native, guests: scenario.guestCount)
    return scenario.guests.indices.map { twin.answer(ofClass: $0)?.meanResponse }
  }

  /// 8 ms at 70 a second: a wait of 0.07 (1 + c^2) 8^2 / (2 (1 - 0.56)) ms.
  @Test("One class at a link", arguments: [(2.0, 33.4545), (1, 18.1818), (0.5, 14.3636)])
  func oneClass(variation: Double, milliseconds: Double) throws {
    let law = try Distribution.lognormal(mean: 1e5, coefficientOfVariation: variation)
    let mean = try #require(try Self.means(Self.link(rate: 70, law))[0])
    #expect(abs(mean * 1e3 - milliseconds) < 1e-3)
  }

  @Test("Responses of one size wait half as long as exponential ones")
  func constantService() throws {
    let mean = try #require(
      try Self.means(Self.link(rate: 70, .deterministic(value: 1e5)))[0])
    #expect(abs(mean - (0.008 + 0.56 * 0.008 / (2 * 0.44))) < 1e-9)
  }

  /// Both wait (0.05 * 20 + 0.005 * 2920) / (2 (1 - 0.47)) = 14.717 ms.
  @Test("Classes of unlike service wait for each other alike, and each is served in its own time")
  func classes() throws {
    let means = try Self.means(Self.unlikeClasses()).map { try #require($0) * 1e3 }
    #expect(abs(means[0] - 18.717) < 1e-3)
    #expect(abs(means[1] - 68.717) < 1e-3)
  }

  @Test("The twin says what the simulation finds", arguments: [true, false])
  func simulated(isLink: Bool) async throws {
    var scenario =
      try isLink
      ? Self.link(rate: 70, .lognormal(mean: 1e5, coefficientOfVariation: 2)) : Self.unlikeClasses()
    scenario.controls.maximumReplications = 5
    let study = try await StudyRunner(scenario, questions: [.overhead], jobs: 2).run()
    for answer in try #require(study.overhead?.approaches.first?.classes) {
      let twin = try #require(answer.twin?.meanResponse)
      #expect(answer.meanResponse.low <= twin && twin <= answer.meanResponse.high)
    }
  }

  private static func twin(_ scenario: Scenario) throws -> AnalyticTwin {
    try AnalyticTwin(scenario, scenario.native, guests: scenario.guestCount)
  }

  /// Up to a squared variation of 1.5; of much more where the device is a small part of the
  /// response.
  @Test(
    "No percentile where service varies too much, and no number of guests by it",
    arguments: [(1.2, 0.0, true), (1.3, 0, false), (2, 0, false), (2, 0.5, true)])
  func percentile(variation: Double, computation: Double, hasPercentile: Bool) throws {
    var scenario = try Self.link(
      rate: 1, .lognormal(mean: 1e5, coefficientOfVariation: variation))
    if computation > 0 {
      scenario.guests[0].workload.userComputation = try .deterministic(value: computation)
    }
    scenario.objective.statistic = .percentile
    scenario.objective.responseSeconds = 0.1
    let answer = try #require(try Self.twin(scenario).answer(ofClass: 0))
    #expect(answer.meanResponse != nil)
    #expect((answer.percentileResponse != nil) == hasPercentile)
    #expect(answer.method.contains("the link out varies too much") == !hasPercentile)
    #expect(try Self.twin(scenario).absence == nil)
    let number = AnalyticTwin.absence(in: scenario, under: scenario.native, guests: 1)
    #expect((number == nil) == hasPercentile)
    // At most 1 % of responses are a hundred times as long as the mean, whatever their law.
    scenario.objective.responseSeconds = 100 * (answer.meanResponse ?? 0)
    #expect(AnalyticTwin.absence(in: scenario, under: scenario.native, guests: 1) == nil)
    scenario.objective.statistic = .mean
    #expect(AnalyticTwin.absence(in: scenario, under: scenario.native, guests: 1) == nil)
  }

  @Test("Service without a variance has no mean wait, and the twin says so")
  func infiniteVariance() throws {
    let scenario = try Self.link(rate: 1, .pareto(minimum: 1e4, shape: 1.5))
    #expect(try Self.twin(scenario).absence?.contains("no variance") == true)
  }

  /// Users who think for 50 ms and wait for 8 ms of a link.
  @Test(
    "Closed arrivals: silent where service varies much and requests wait for it",
    arguments: [(2.0, 10.0, true), (1, 10, false), (2, 1, false)])
  func closed(variation: Double, users: Double, isSilent: Bool) throws {
    var scenario = try Self.link(
      rate: 1, .lognormal(mean: 1e5, coefficientOfVariation: variation))
    scenario.guests[0].workload.arrival = .closed(
      users: ExperimentFixture.exact(users), thinkTime: try .exponential(mean: 0.05))
    #expect((try Self.twin(scenario).absence?.contains("varies much more") == true) == isSilent)
  }

  /// 2 writes a second of so many bytes on a disk of 75 MB/s: in one visit of 4 MiB after 30 s, or
  /// in several, and of 40 guests at one look where they have one kernel.
  @Test(
    "Flushes count with their bytes; of those that come together the twin is silent",
    arguments: [(5e4, true, false), (1.5e5, true, true), (5e4, false, true)])
  func flushes(bytes: Double, hasOwnKernels: Bool, isSilent: Bool) async throws {
    var workload = try ExperimentFixture.workload(
      .poisson(rate: ExperimentFixture.exact(2, .hertz)), user: .deterministic(value: 1e-6),
      diskReads: 0.5)
    workload.operations.append(
      OperationCount(
        .fileWrite, count: ExperimentFixture.exact(1), attributes: Attributes([.bytes: bytes])))
    var scenario = Self.scenario([workload])
    let known = Set(scenario.approaches[0].paths.map(\.operation))
    for operation in Virtualization.Operation.allCases where !known.contains(operation) {
      scenario.approaches[0].paths.append(Path(operation, hops: []))
    }
    scenario.approaches[0].memory.kind = hasOwnKernels ? .touchOnDemand : .pool
    scenario.native = scenario.approaches[0]
    scenario.guests[0].count = 40
    scenario.host.disk.positioningTime = ExperimentFixture.exact(0.0075, .seconds)
    scenario.host.disk.transferRate = ExperimentFixture.exact(7.5e7, .bytesPerSecond)
    let twin = try Self.twin(scenario)
    #expect((twin.absence?.contains("several visits at a time") == true) == isSilent)
    guard !isSilent else { return }
    let mean = try #require(twin.answer(ofClass: 0)?.meanResponse)
    scenario.controls.maximumReplications = 5
    let study = try await StudyRunner(scenario, questions: [.overhead], jobs: 2).run()
    let simulated = try #require(
      study.overhead?.approaches.first?.classes.first?.meanResponse.value)
    // As product form would have it, 7.5 ms / (1 - 0.36) for half of the requests: a fifth less.
    #expect(abs(mean / simulated - 1) < 0.05)
  }
}
