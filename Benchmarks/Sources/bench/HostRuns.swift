import Foundation

/// What whole runs of the host model cost, as `host-benchmark` of the root package measures them.
struct HostRun: Codable, Sendable {
  var benchmark: String
  var cpuSeconds: Double
  var wallSeconds: Double?
  /// The most memory that the process held.
  var peakMebibytes: Double
  var guests: Int?
  var requests: Int?
  var events: Int?
  var jobs: Int?
  /// Of everything that the run found.
  var digest: String?
  var target: String?
  var met: Bool?
}

/// Starts `host-benchmark` and judges what it reports.
struct HostRuns {
  static let webName = "web guests"
  static let studyName = "hosting-2006"

  var program: String
  /// The root package's folder, where profiles and scenarios lie.
  var root: String

  /// 1,000 static-web guests for 600 simulated seconds, and 5,000 for 60, at 10 requests per
  /// second.
  func web(_ report: (HostRun) -> Void) throws {
    for var run in try runs(["web", "--json", "--guests", "1000", "--seconds", "600"]) {
      run.target = "<= 20 s CPU, <= 500 MiB"
      run.met = run.cpuSeconds <= 20 && run.peakMebibytes <= 500
      report(run)
    }
    for var run in try runs(["web", "--json", "--guests", "5000", "--seconds", "60"]) {
      run.target = "runs"
      run.met = (run.requests ?? 0) > 0
      report(run)
    }
  }

  /// Overhead and density of hosting-2006 under its eight approaches, two runs at once.
  func study(_ report: (HostRun) -> Void) throws {
    let questions = try runs(["study", "--json", "--jobs", "2", "Scenarios/hosting-2006.yaml"])
    for run in questions { report(run) }
    let wall = questions.reduce(0) { $0 + ($1.wallSeconds ?? .nan) }
    report(
      HostRun(
        benchmark: "hosting-2006, both questions",
        cpuSeconds: questions.reduce(0) { $0 + $1.cpuSeconds }, wallSeconds: wall,
        peakMebibytes: questions.map(\.peakMebibytes).max() ?? .nan, jobs: 2,
        target: "<= 60 s wall", met: wall <= 60))
  }

  private func runs(_ arguments: [String]) throws -> [HostRun] {
    let decoder = JSONDecoder()
    return try output(of: program, arguments, in: root).split(separator: "\n").map { line in
      do { return try decoder.decode(HostRun.self, from: Data(line.utf8)) } catch {
        throw BenchmarkError(description: "host-benchmark wrote '\(line)': \(error)")
      }
    }
  }
}

extension HostRun {
  private static let widths = [46, 9, 9, 9, 12, 12, 26]

  private static func line(_ cells: [String]) -> String {
    zip(cells, widths).map { cell, width in
      cell.padding(toLength: max(width, cell.count), withPad: " ", startingAt: 0)
    }.joined(separator: " ")
  }

  static func printHeading() {
    print(
      "\n" + line(["runs of the host model", "CPU s", "wall s", "MiB", "requests", "events"])
        + " target: met")
  }

  func printRow() {
    let outcome = target.map { "\($0): \(met == true ? "yes" : "NO")" } ?? "-"
    print(
      Self.line([
        benchmark, String(format: "%.1f", cpuSeconds),
        wallSeconds.map { String(format: "%.1f", $0) } ?? "-",
        String(format: "%.0f", peakMebibytes), requests.map { "\($0)" } ?? "-",
        events.map { "\($0)" } ?? "-", outcome,
      ]))
    fflush(nil)
  }
}
