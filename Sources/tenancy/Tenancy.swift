import ArgumentParser
import Foundation

struct Tenancy: AsyncParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "tenancy",
    abstract: "Compares ways of dividing a machine among guests: what each costs, how many fit.",
    version: version,
    subcommands: [
      RunCommand.self, CheckCommand.self, NewCommand.self, ListCommand.self,
      ExplainCommand.self, CompareCommand.self, RecordCommand.self, HostCommand.self,
      InspectCommand.self,
    ])
}

@main
enum Program {
  /// What `tenancy help` was asked about, where there is no such subcommand; the parser would show
  /// the whole program's help instead and call that a success.
  private static func unknownTopic(_ arguments: [String]) -> String? {
    guard arguments.count > 2, arguments[1] == "help", !arguments[2].hasPrefix("-"),
      arguments[2] != "help"
    else { return nil }
    let names = Tenancy.configuration.subcommands.compactMap { $0.configuration.commandName }
    return names.contains(arguments[2]) ? nil : arguments[2]
  }

  /// Runs the command line; what it does not understand ends with status 2, like every invalid input.
  static func main() async {
    Output.outliveReaders()
    if let topic = unknownTopic(CommandLine.arguments) {
      let names = Tenancy.configuration.subcommands.compactMap { $0.configuration.commandName }
      Output.say(
        "there is no subcommand `\(topic)`; "
          + suggestion(for: topic, among: names, otherwise: "there are"))
      exit(ExitStatus.invalidInput.rawValue)
    }
    do {
      var command = try Tenancy.parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      guard Tenancy.exitCode(for: error) == .validationFailure else {
        Tenancy.exit(withError: error)
      }
      Output.say(Tenancy.fullMessage(for: error))
      exit(ExitStatus.invalidInput.rawValue)
    }
  }
}
