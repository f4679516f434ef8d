import Experiments
import Synchronization
import Testing
import Virtualization

@Suite("An interrupted run keeps what was finished")
struct InterruptionTests {
  private final class Canceller: Sendable {
    private let running = Mutex<Task<Study, any Error>?>(nil)

    func set(_ task: Task<Study, any Error>) { running.withLock { $0 = task } }

    func cancel() { running.withLock { $0 }?.cancel() }
  }

  /// Runs a scenario and cancels it as soon as progress says what `moment` begins with.
  private static func study(
    _ scenario: Scenario, _ question: Question, interruptedAt moment: String
  ) async throws -> Study {
    let canceller = Canceller()
    let (gate, opener) = AsyncStream.makeStream(of: Void.self)
    let task = Task {
      // Nothing is run before it is known which task to cancel.
      for await _ in gate { break }
      return try await StudyRunner(scenario, questions: [question], jobs: 1).run { progress in
        if progress.latest.hasPrefix(moment) { canceller.cancel() }
      }
    }
    canceller.set(task)
    opener.yield()
    return try await task.value
  }

  private static func scenario() throws -> Scenario {
    var scenario = try DensityExperimentTests.singleServer(parameterDraws: 30)
    scenario.controls.seconds = 2_000
    scenario.controls.maximumReplications = 5
    scenario.approaches[0].userSlowdown = Quantity(
      1, .count, low: 0.8, high: 1.2, status: .assumed, source: "test fixture")
    scenario.native = scenario.approaches[0]
    return scenario
  }

  @Test("An overhead whose draws were broken off has its replications")
  func overhead() async throws {
    let study = try await Self.study(
      try Self.scenario(), .overhead, interruptedAt: "replications of native")
    let answer = try #require(study.overhead?.approaches.first)
    #expect(answer.outcome == .interrupted)
    let guests = try #require(answer.classes.first)
    #expect(guests.meanResponse.replications == 5 && guests.meanResponse.draws == 0)
    #expect(guests.meanResponse.high > guests.meanResponse.value)
  }

  @Test("A density whose draws were broken off has its number, with the interval by noise alone")
  func density() async throws {
    let whole = try await StudyRunner(
      try Self.scenario(), questions: [.density], jobs: 1
    ).run()
    let known = try #require(whole.density?.approaches.first)
    let study = try await Self.study(
      try Self.scenario(), .density, interruptedAt: "density of native")
    let answer = try #require(study.density?.approaches.first)
    #expect(answer.outcome == .interrupted)
    #expect(answer.guests == known.guests)
    #expect(answer.noiseLow == known.noiseLow && answer.noiseHigh == known.noiseHigh)
    #expect(answer.noiseLow < answer.noiseHigh)
    #expect(answer.low == answer.noiseLow && answer.high == answer.noiseHigh)
    #expect(study.density?.pairs.isEmpty == true)
  }
}
