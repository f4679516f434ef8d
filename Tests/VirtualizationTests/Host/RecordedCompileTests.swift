import Foundation
import ScenarioFormat
import Testing
import Virtualization

/// The recorded compile, simulated on the machine on which it was recorded, against the recording.
///
/// User time goes in as it was recorded, so what is tested is that the units of workload and host
/// agree, and that counts times prices come near the kernel's share.
@Suite("A recorded compile on its own machine")
struct RecordedCompileTests {
  static let scenarios = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../Scenarios").standardized

  /// Seconds of the plain run, from the sample's own comment.
  static func recorded() throws -> (elapsed: Double, user: Double, system: Double) {
    let sample = scenarios.appending(path: "samples/compile-here.workload.yaml")
    let text = try String(contentsOf: sample, encoding: .utf8)
    let line = try #require(text.split(separator: "\n").first { $0.contains("Plain run:") })
    let numbers = line.split(separator: " ").compactMap { Double($0) }
    try #require(numbers.count >= 3)
    return (numbers[0], numbers[1], numbers[2])
  }

  @Test func nativeTimeIsNearTheRecordedOne() throws {
    let recorded = try Self.recorded()
    let scenario = try RealProfiles.library.scenario(
      at: Self.scenarios.appending(path: "compile-here.yaml").path(percentEncoded: false),
      overrides: ["guests.developer.count=1"]
    ).scenario
    #expect(scenario.guestCount == 1)
    let native = try #require(scenario.approaches.first { $0.id == "native" })
    let result = try HostFixture.run(scenario, native).classes[0]
    let compiles = Double(result.finished)
    try #require(compiles > 10)
    let processor = result.processor.total / compiles
    let elapsed = result.sojournSeconds / compiles
    let kernel = processor - result.processor[.userExecution] / compiles
    #expect(abs(result.processor[.userExecution] / compiles - recorded.user) < 0.001)
    #expect(abs(processor / (recorded.user + recorded.system) - 1) < 0.05)
    #expect(abs(elapsed / recorded.elapsed - 1) < 0.05)
    // A third of the recorded system time: 18 timer ticks told that apart from user time.
    #expect(kernel > recorded.system / 4 && kernel < 2 * recorded.system)
  }
}
