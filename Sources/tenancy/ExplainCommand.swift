import ArgumentParser
import Experiments
import Reporting
import ScenarioFormat
import Virtualization

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Shows the path of an operation hop by hop, with prices, status and sources.",
    discussion: """
      An operation that the host does not price says what is missing. Ends with 2 where none of \
      those asked for is priced.
      """)

  @Argument(help: "The approach; left out with --check.")
  var approach: String?

  @Argument(help: "The operation; all of them when left out.")
  var operation: String?

  @Option(help: "The host whose prices apply; dell-2650-2003 when left out.")
  var host: String?

  @Flag(
    help:
      "Predict the published rows that were kept apart, and show the errors; takes nothing else.")
  var check = false

  func validate() throws {
    guard check else { return }
    let others =
      [approach, operation].compactMap(\.self).map { "`\($0)`" }
      + [host].compactMap(\.self).map { "`--host \($0)`" }
    guard others.isEmpty else {
      throw ValidationError(
        "--check predicts all rows of one published table on the host of that table; leave out "
          + others.joined(separator: " and "))
    }
  }

  func run() throws {
    let workplace = try Workplace()
    do {
      if check {
        let table = try CheckTable.load("barham2003-lmbench", from: workplace.library)
        try Output.answer(CheckText.render(table))
        return
      }
      guard let approach else {
        Output.say("name an approach (tenancy list approaches), or give --check")
        throw ExitStatus.invalidInput.code
      }
      try explain(approach, workplace.library)
    } catch let error as ScenarioFormatError {
      for finding in error.findings {
        // What was named on the command line has no line and column.
        Output.say(finding.place.file == "argument" ? finding.message : "\(finding)")
      }
      throw ExitStatus.invalidInput.code
    } catch let error as ModelError {
      Output.say(error.message)
      throw ExitStatus.invalidInput.code
    }
  }

  private func explain(_ approach: String, _ library: Library) throws {
    let priced = try library.priced(approach: approach, on: host ?? "dell-2650-2003")
    let pricing = PathPricing(
      host: priced.host, approach: priced.approach, native: try library.approach("native"))
    var operations = Operation.allCases.filter { $0 != .userComputation }
    if let operation {
      guard let one = Operation(rawValue: operation) else {
        Output.say(
          "there is no operation `\(operation)`; "
            + suggestion(
              for: operation, among: Operation.allCases.map(\.rawValue), otherwise: "there are"))
        throw ExitStatus.invalidInput.code
      }
      operations = [one]
    }
    try Output.answer(PathExplanation.render(pricing, operations: operations))
  }
}
