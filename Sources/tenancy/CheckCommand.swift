import ArgumentParser
import ScenarioFormat

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Checks a scenario and everything it draws in; runs nothing.",
    discussion: "Prints every finding as file:line:column: message. Ends with 2 where there is one."
  )

  @Argument(help: "The scenario's file, or the name of a ready scenario.")
  var scenario: String

  @Option(name: .customLong("set"), help: "Change a value first, as path=value; repeatable.")
  var changes: [String] = []

  @Flag(help: "Print the scenario with all defaults written out.")
  var resolved = false

  func run() throws {
    let loaded = try Workplace().scenario(scenario, overrides: changes)
    try Output.answer(resolved ? loaded.resolvedText : "\(scenario): no errors\n")
  }
}
