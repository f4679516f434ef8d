import ArgumentParser
import Reporting

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compares two results of the same scenario, approach by approach.",
    discussion: "A difference whose intervals overlap is printed as not decided.")

  @Argument(help: "The first results.json, or the folder of its report.")
  var first: String

  @Argument(help: "The second one.")
  var second: String

  func run() throws {
    do throws(ReportError) {
      let comparison = try ResultComparison(
        try ResultComparison.load(first), try ResultComparison.load(second), place: second)
      Workplace.answer(comparison.text())
    } catch {
      Workplace.say("\(error)")
      throw ExitStatus.invalidInput.code
    }
  }
}
