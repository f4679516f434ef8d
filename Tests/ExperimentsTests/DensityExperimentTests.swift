import Experiments
import Statistics
import Testing
import Virtualization

@Suite("Density is the number that the formulas give")
struct DensityExperimentTests {
  /// Guests that each bring 0.01 requests per second to one exponential server of rate 1: with N of
  /// them p95 = ln 20 / (1 - 0.01 N) <= 10 holds up to N = 70.
  static func singleServer(parameterDraws: Int = 0) throws -> Scenario {
    let workload = try ExperimentFixture.workload(
      .poisson(rate: ExperimentFixture.exact(0.01, .hertz)), user: .exponential(mean: 1))
    var scenario = ExperimentFixture.scenario(
      [ExperimentFixture.approach("native", .firstComeFirstServed)], workload, guests: 20,
      seconds: 40_000, response: 10)
    scenario.controls.parameterDraws = parameterDraws
    return scenario
  }

  @Test("One server: the interval holds the exact number and is narrow")
  func singleServer() async throws {
    let study = try await StudyRunner(
      try Self.singleServer(), questions: [.density], jobs: 2
    ).run()
    let answer = try #require(study.density?.approaches.first)
    #expect(answer.low <= 70 && answer.high >= 70)
    #expect(answer.high - answer.low <= 6)
    #expect(answer.binding == "processors")
    #expect(answer.curve.contains { $0.guests == answer.guests && $0.holds })
    #expect(answer.curve.contains { $0.guests == answer.guests + 1 && !$0.holds })
  }

  /// Exact mean-value analysis of demands 0.1 and 0.05 with a think time of 1, a guest being one
  /// user.
  ///
  /// The mean response stays within 1 s up to 19 users, and within 0.5 s up to 13.
  @Test(
    "Closed network: as many users as mean-value analysis says", arguments: [(1.0, 19), (0.5, 13)])
  func closedNetwork(response: Double, exact: Int) async throws {
    let workload = try ExperimentFixture.workload(
      .closed(users: ExperimentFixture.exact(1), thinkTime: .exponential(mean: 1)),
      user: .exponential(mean: 0.1), diskReads: 1)
    var scenario = ExperimentFixture.scenario(
      [ExperimentFixture.approach("native", .processorSharing)], workload, guests: 10,
      seconds: 20_000, response: response)
    scenario.objective.statistic = .mean
    let study = try await StudyRunner(scenario, questions: [.density], jobs: 2).run()
    let answer = try #require(study.density?.approaches.first)
    #expect(answer.guests == exact)
    #expect(answer.low <= exact && exact <= answer.high)
    #expect(answer.twinGuests == exact)
  }

  /// Twelve users who ask every second for a tenth of one.
  @Test("Of closed arrivals the twin has no percentile, and so no number of guests to a percentile")
  func closedTwin() async throws {
    let workload = try ExperimentFixture.workload(
      .closed(users: ExperimentFixture.exact(1), thinkTime: .exponential(mean: 1)),
      user: .deterministic(value: 0.1))
    var scenario = ExperimentFixture.scenario(
      [ExperimentFixture.approach("native", .processorSharing)], workload, guests: 4,
      seconds: 1_000, response: 0.25)
    let study = try await StudyRunner(scenario, questions: [.density], jobs: 2).run()
    let answer = try #require(study.density?.approaches.first)
    // Three times the mean is above the objective even for one user, who always waits 0.1 s.
    #expect(answer.guests > 1)
    #expect(answer.twinGuests == nil)
    #expect(AnalyticTwin.absence(in: scenario)?.contains("no percentile") == true)
    scenario.objective.statistic = .mean
    #expect(AnalyticTwin.absence(in: scenario) == nil)
    scenario.guests.append(scenario.guests[0])
    scenario.guests[1].workload.arrival = .poisson(rate: ExperimentFixture.exact(1, .hertz))
    #expect(AnalyticTwin.absence(in: scenario)?.contains("open and closed") == true)
  }

  /// One guest loads the server by half, two leave no room: p95 = ln 20 / (1 - 0.5), when it runs
  /// for ever.
  @Test("One guest that holds the objective only just is not known to hold it")
  func oneGuest() async throws {
    let workload = try ExperimentFixture.workload(
      .poisson(rate: ExperimentFixture.exact(0.5, .hertz)), user: .exponential(mean: 1))
    var answers: [ApproachDensity] = []
    for seed in 1...10 {
      var scenario = ExperimentFixture.scenario(
        [ExperimentFixture.approach("native", .firstComeFirstServed)], workload, guests: 1,
        seconds: 400, response: 7.5, seed: UInt64(seed))
      scenario.controls.maximumReplications = 5
      let study = try await StudyRunner(scenario, questions: [.density], jobs: 2).run()
      answers += study.density?.approaches.filter { $0.guests == 1 } ?? []
    }
    #expect(answers.count >= 3)
    // A replication of 200 requests is above or below by chance, so five seldom agree.
    #expect(answers.contains { $0.noiseLow == 0 })
  }

  @Test("A class that was never measured is an error, whatever the others say")
  func unmeasuredClass() async throws {
    var scenario = try Self.singleServer()
    scenario.controls.seconds = 2_000
    var rare = scenario.guests[0]
    rare.id = "rare"
    rare.workload.id = "rare"
    rare.workload.arrival = .poisson(rate: ExperimentFixture.exact(1e-9, .hertz))
    scenario.guests.append(rare)
    let both = scenario
    for question in Question.allCases {
      let error = await #expect(throws: ModelError.self, "\(question)") {
        try await StudyRunner(both, questions: [question], jobs: 2).run()
      }
      #expect(error?.code == .nothingMeasured)
      #expect(error?.message.contains("`rare`") == true)
      #expect(error?.guestClass == "rare")
    }
  }

  @Test("No end of an interval is beyond the number at which the search stops")
  func endsWhereTheSearchStops() async throws {
    var scenario = try Self.singleServer(parameterDraws: 8)
    scenario.controls.seconds = 4_000
    scenario.approaches[0].userSlowdown = Quantity(
      1, .count, low: 0.7, high: 1.3, status: .assumed, source: "test fixture")
    scenario.native = scenario.approaches[0]
    scenario.controls.maximumGuests = 80
    let open = try await StudyRunner(scenario, questions: [.density], jobs: 2).run()
    let answer = try #require(open.density?.approaches.first)
    #expect(answer.guests < 80 && answer.high == 80 && answer.noiseHigh <= 80)
    #expect(answer.isOpen)
    scenario.controls.maximumGuests = 200
    let closed = try await StudyRunner(scenario, questions: [.density], jobs: 2).run()
    #expect(closed.density?.approaches.first?.isOpen == false)
    #expect(closed.density?.approaches.first.map { $0.high > 80 } == true)
  }

  /// The same network: the gain of the last quarter of the users is what mean-value analysis says.
  ///
  /// Work of a fixed size, which processor sharing does not tell from exponential work, so that a
  /// busy server finishes nearly the same number in every replication.
  @Test(
    "Users that add nothing to the throughput are noticed",
    arguments: [(12, false), (24, false), (80, true)])
  func saturation(users: Int, isSaturated: Bool) async throws {
    let workload = try ExperimentFixture.workload(
      .closed(users: ExperimentFixture.exact(1), thinkTime: .exponential(mean: 1)),
      user: .deterministic(value: 0.1), diskReads: 1)
    var scenario = ExperimentFixture.scenario(
      [ExperimentFixture.approach("native", .processorSharing)], workload, guests: 10,
      seconds: 20_000, response: 1e5)
    scenario.controls.maximumGuests = users
    let network = try ClosedNetwork(
      stations: [
        .queueing("processors", demands: [0.1]), .queueing("disk", demands: [0.05]),
      ], classes: [.init(name: "users", population: users, thinkTime: 1)])
    let throughputs = try network.exactCurve().map { $0.throughput[0] }
    let fewer = users * 6 / 8
    let exact =
      (throughputs[users - 1] - throughputs[fewer - 1]) / Double(users - fewer)
      / (throughputs[users - 1] / Double(users))
    let study = try await StudyRunner(scenario, questions: [.density], jobs: 2).run()
    let answer = try #require(study.density?.approaches.first)
    let gain = try #require(answer.lastGain)
    #expect(answer.guests == users)
    // The interval at 95 %, twice as wide because three are looked at.
    #expect(abs(gain.value - exact) <= gain.high - gain.low)
    #expect(gain.high - gain.low < 0.2)
    #expect(answer.lastGuestsAddNothing == isSaturated)
    if isSaturated { #expect(gain.low < 0.01) } else { #expect(gain.low > 0.01) }
  }

  @Test("Uncertain parameters widen the interval, and the answer says by how much")
  func parametersWiden() async throws {
    var scenario = try Self.singleServer(parameterDraws: 8)
    scenario.approaches[0].userSlowdown = Quantity(
      1, .count, low: 0.8, high: 1.2, status: .assumed, source: "test fixture")
    scenario.native = scenario.approaches[0]
    let study = try await StudyRunner(scenario, questions: [.density], jobs: 2).run()
    let answer = try #require(study.density?.approaches.first)
    #expect(answer.high - answer.low > 2 * (answer.noiseHigh - answer.noiseLow))
    #expect(answer.noiseLow >= answer.low && answer.noiseHigh <= answer.high)
  }

  @Test("What is due to demand and what to prices is told apart", arguments: [false, true])
  func demandAndPrices(isDemand: Bool) async throws {
    var scenario = try Self.singleServer(parameterDraws: 8)
    scenario.controls.seconds = 2_000
    let rate = ExperimentFixture.exact(0.01, .hertz)
    if isDemand {
      scenario.guests[0].workload.arrival = .poisson(
        rate: Quantity(
          rate.value, .hertz, low: 0.008, high: 0.012, status: .assumed, source: "test fixture"))
    } else {
      scenario.approaches[0].userSlowdown = Quantity(
        1, .count, low: 0.8, high: 1.2, status: .assumed, source: "test fixture")
      scenario.native = scenario.approaches[0]
    }
    let study = try await StudyRunner(scenario, questions: [.density], jobs: 2).run()
    #expect(study.density?.approaches.first?.demandShare == (isDemand ? 1 : 0))
    scenario.controls.parameterDraws = 0
    let certain = try await StudyRunner(scenario, questions: [.density], jobs: 2).run()
    #expect(certain.density?.approaches.first != nil)
    #expect(certain.density?.approaches.first?.demandShare == nil)
  }

  @Test("An objective below the service time is impossible, and said to be")
  func impossible() async throws {
    var scenario = try Self.singleServer()
    scenario.objective.responseSeconds = 0.5
    scenario.controls.seconds = 4_000
    let study = try await StudyRunner(scenario, questions: [.density], jobs: 1).run()
    let answer = try #require(study.density?.approaches.first)
    #expect(answer.outcome == .impossible)
    #expect(answer.guests == 0)
    // Nine of ten wait for nobody there, so nobody's processors are to blame.
    #expect(answer.failure.contains("one guest alone takes that long"))
    #expect(answer.binding == "the request's own work")
  }

  @Test("The answers do not depend on how many runs go side by side")
  func jobsDoNotMatter() async throws {
    var scenario = try Self.singleServer()
    scenario.controls.seconds = 3_000
    scenario.controls.maximumReplications = 5
    scenario.approaches.append(ExperimentFixture.approach("shared", .processorSharing))
    let one = try await StudyRunner(scenario, questions: Question.allCases, jobs: 1).run()
    let four = try await StudyRunner(scenario, questions: Question.allCases, jobs: 4).run()
    #expect(one.density?.approaches.count == 2 && four.density?.approaches.count == 2)
    #expect(one.overhead?.approaches.count == 2 && four.overhead?.approaches.count == 2)
    for (left, right) in zip(one.density?.approaches ?? [], four.density?.approaches ?? []) {
      #expect(left.approach == right.approach)
      #expect(left.guests == right.guests && left.low == right.low && left.high == right.high)
    }
    for (left, right) in zip(one.overhead?.approaches ?? [], four.overhead?.approaches ?? []) {
      #expect(left.classes[0].meanResponse == right.classes[0].meanResponse)
    }
    #expect(one.density?.pairs == four.density?.pairs)
    #expect(one.overhead?.pairs.map(\.response) == four.overhead?.pairs.map(\.response))
  }

  /// A draw may ask for more memory than there is; that is an answer to the draw, not an error.
  @Test("Parameters with which guests do not fit cost that draw, not the study")
  func drawsThatDoNotFit() async throws {
    let workload = try ExperimentFixture.workload(
      .poisson(rate: ExperimentFixture.exact(0.01, .hertz)), user: .exponential(mean: 1))
    var scenario = ExperimentFixture.scenario(
      [ExperimentFixture.approach("native", .firstComeFirstServed)], workload, guests: 3,
      seconds: 2_000, response: 50)
    scenario.controls.parameterDraws = 12
    scenario.controls.maximumGuests = 20
    scenario.guests[0].workload.processes.baseAnonymousBytes = Quantity(
      1e9, .bytes, low: 1e9, high: 400e9, status: .assumed, source: "test fixture")
    let study = try await StudyRunner(scenario, questions: Question.allCases, jobs: 2).run()
    let overhead = try #require(study.overhead?.approaches.first?.classes.first)
    #expect(overhead.meanResponse.draws < 12 && overhead.meanResponse.draws > 3)
    let density = try #require(study.density?.approaches.first)
    #expect(density.guests == 20 && density.low < 20)
  }
}
