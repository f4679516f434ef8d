import ArgumentParser
import Experiments
import Foundation
import ScenarioFormat
import Virtualization

extension HostBenchmark {
  /// A whole study, as a user asks for it.
  struct Study: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Wall time of a scenario's overhead and density.")

    @Option(help: "The folder of profiles.")
    var profiles = "Sources/Virtualization/Profiles"
    @Option(help: "Runs at once.")
    var jobs = 2
    @Flag(help: "Print a JSON object per question instead of text.")
    var json = false
    @Argument(help: "The scenario's file.")
    var scenario = "Scenarios/hosting-2006.yaml"

    func validate() throws {
      guard jobs > 0, jobs <= 1024 else { throw ValidationError("jobs must be 1 to 1024") }
    }

    func run() async throws {
      let loaded = try Library(folders: [profiles]).scenario(at: scenario)
      for questions in [[Question.overhead], [.density]] {
        let clock = ContinuousClock()
        let before = resources().seconds
        let start = clock.now
        _ = try await StudyRunner(loaded.scenario, questions: questions, jobs: jobs).run()
        let elapsed = clock.now - start
        let wall =
          Double(elapsed.components.seconds)
          + Double(elapsed.components.attoseconds) * 1e-18
        let cost = Cost(
          benchmark: "\(loaded.scenario.id), \(questions[0].rawValue)",
          cpuSeconds: resources().seconds - before, wallSeconds: wall,
          peakMebibytes: resources().mebibytes, jobs: jobs)
        if json {
          try cost.print()
        } else {
          print(
            cost.benchmark + ":",
            String(
              format: "%.1f s wall, %.1f s CPU, %d jobs, peak %.0f MiB", wall, cost.cpuSeconds,
              jobs, cost.peakMebibytes))
        }
      }
    }
  }
}
