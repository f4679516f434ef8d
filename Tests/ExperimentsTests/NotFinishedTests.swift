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
