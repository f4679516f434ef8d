import ArgumentParser
import Reporting

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compares two results, approach by approach: of one scenario, or of a changed copy.",
    discussion: """
      A difference whose intervals overlap is printed as not decided. Ends with 2 where the two \
      have nothing in common.
      """)

  @Argument(help: "The first results.json, or the folder of its report.")
  var first: String

  @Argument(help: "The second one.")
  var second: String

  func run() throws {
    let comparison: ResultComparison
    do throws(ReportError) {
      comparison = try ResultComparison(
        try ResultComparison.load(first), try ResultComparison.load(second), place: second)
    } catch {
      Output.say("\(error)")
      throw ExitStatus.invalidInput.code
    }
    try Output.answer(comparison.text())
  }
}
