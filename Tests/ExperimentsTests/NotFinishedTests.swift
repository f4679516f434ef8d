import Experiments
import Statistics
import Testing
import Virtualization

@Suite("A run that takes too many events ends its approach, not the study")
struct NotFinishedTests {
  /// One user who never thinks: under an approach whose user code takes no time, time stands still.
  static func study(_ question: Question) async throws -> Study {
    let workload = try ExperimentFixture.workload(
      .closed(users: ExperimentFixture.exact(1), thinkTime: try .deterministic(value: 0)),
      user: .deterministic(value: 0.001))
    var scenario = ExperimentFixture.scenario(
      [
        ExperimentFixture.approach("native", .processorSharing),
        ExperimentFixture.approach(
          "endless", .processorSharing, slowdown: ExperimentFixture.exact(0)),
      ], workload, guests: 1, seconds: 10, response: 1)
    scenario.controls.parameterDraws = 0
    scenario.controls.maximumGuests = 3
    return try await StudyRunner(scenario, questions: [question], jobs: 2).run()
  }

  /// The same, finished with nominal numbers, 1 ns for a request, and endless with some draws: less
  /// than half of that is rounded to nothing.
  static func drawn(_ question: Question) async throws -> Study {
    let workload = try ExperimentFixture.workload(
      .closed(users: ExperimentFixture.exact(1), thinkTime: try .deterministic(value: 0)),
      user: .deterministic(value: 1e-6))
    let slowdown = Quantity(
      0.001, .count, low: 1e-9, high: 0.001, status: .assumed, source: "test fixture")
    var scenario = ExperimentFixture.scenario(
      [
        ExperimentFixture.approach("native", .processorSharing),
        ExperimentFixture.approach("fast", .processorSharing, slowdown: slowdown),
      ], workload, guests: 1, seconds: 1e-4, response: 1)
    scenario.controls.parameterDraws = 8
    scenario.controls.maximumGuests = 3
    return try await StudyRunner(scenario, questions: [question], jobs: 2).run()
  }

  @Test func aDrawThatNeverEndsIsLeftOutOfAnOverhead() async throws {
    let answer = try #require(try await Self.drawn(.overhead).overhead)
    let fast = answer.approaches[1]
    #expect(!fast.outcome.isOpen && fast.outcome != .impossible, "\(fast.explanation ?? "")")
    let draws = try #require(fast.classes.first).processorPerRequest.draws
    #expect(draws > 0 && draws < 8)
  }

  @Test func aDrawThatNeverEndsIsLeftOutOfADensity() async throws {
    let answer = try #require(try await Self.drawn(.density).density)
    let fast = answer.approaches[1]
    #expect(!fast.outcome.isOpen && fast.guests == 3, "\(fast.failure)")
    #expect(fast.lostDraws > 0 && fast.lostDraws < 8)
    #expect(answer.approaches[0].lostDraws == 0)
  }

  @Test func overhead() async throws {
    let answer = try #require(try await Self.study(.overhead).overhead)
    #expect(!answer.approaches[0].outcome.isOpen)
    #expect(answer.approaches[1].outcome == .notFinished)
    #expect(answer.approaches[1].explanation?.contains("time stands still") == true)
  }

  @Test func density() async throws {
    let study = try await Self.study(.density)
    let answer = try #require(study.density)
    #expect(!answer.approaches[0].outcome.isOpen)
    #expect(answer.approaches[0].guests == 3)
    #expect(answer.approaches[1].outcome == .notFinished)
    #expect(answer.approaches[1].failure.contains("time stands still"))
    #expect(!study.isInterrupted)
  }
}
