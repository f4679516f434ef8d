import Foundation

/// Collects outcomes; prints each as it comes, and all of them as JSON at the end.
struct Report: Encodable {
  var startLoad: [Double]
  var endLoad: [Double] = []
  var outcomes: [Outcome] = []
  var instructions: InstructionCounts?
  var hostRuns: [HostRun] = []
  /// What was left out, with the reason.
  var skipped: [String] = []

  init(startLoad: [Double]) {
    self.startLoad = startLoad
  }

  static func row(_ cells: [String]) -> String {
    let widths = [44, 34, 22, 9, 8, 24]
    return zip(cells, widths).map { cell, width in
      cell.padding(toLength: max(width, cell.count), withPad: " ", startingAt: 0)
    }.joined(separator: " ")
  }

  func printHeading() {
    print("Load average at the start: \(startLoad.map { String(format: "%.1f", $0) }).\n")
    print(
      Self.row(["benchmark", "ratio of", "median [min, max]", "target", "met", "ns: ours, theirs"]))
  }

  mutating func add(_ outcome: Outcome) {
    outcomes.append(outcome)
    let met =
      switch (outcome.sameResults, outcome.met) {
      case (false, _): "INVALID: different results"
      case (_, true): "yes"
      case (_, false): "NO"
      case (_, nil): "-"
      }
    let against = outcome.ratioOf.components(separatedBy: ", ").last ?? ""
    print(
      Self.row(
        [
          outcome.benchmark, against,
          String(format: "%.2f [%.2f, %.2f]", outcome.median, outcome.minimum, outcome.maximum),
          outcome.target, met,
        ] + outcome.times))
    fflush(nil)
  }

  mutating func add(_ run: HostRun) {
    if hostRuns.isEmpty { HostRun.printHeading() }
    hostRuns.append(run)
    run.printRow()
  }

  mutating func printEnd() {
    endLoad = loadAverage()
    let missed =
      outcomes.count { $0.met == false } + hostRuns.count { $0.met == false }
      + (instructions?.met == false ? 1 : 0)
    let invalid = outcomes.count { $0.sameResults == false }
    let loads = (startLoad.prefix(1) + endLoad.prefix(1)).map { String(format: "%.1f", $0) }
    print(
      """

      Ratios of thread CPU time, or of rates where the target is "at least"; medians over pairs.
      Load average before and after: \(loads.joined(separator: ", ")).
      \(missed) target(s) not met, \(invalid) comparison(s) invalid.
      """)
    for reason in skipped { print("Left out: \(reason).") }
  }

  func writeJSON(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try encoder.encode(self).write(to: URL(fileURLWithPath: path))
  }
}

extension Outcome {
  /// The cell with the times a step; none where only ratios were taken.
  fileprivate var times: [String] {
    guard !nanosecondsPerStep.isEmpty else { return [] }
    let figures = nanosecondsPerStep.map { String(format: "%.0f", $0) }.joined(separator: ", ")
    let article = step.first.map("aeiou".contains) == true ? "an" : "a"
    return ["\(figures) \(article) \(step)"]
  }
}

/// The machine's load averages over 1, 5 and 15 minutes.
func loadAverage() -> [Double] {
  var loads = [Double](repeating: 0, count: 3)
  let count = getloadavg(&loads, 3)
  return Array(loads.prefix(max(0, Int(count))))
}
