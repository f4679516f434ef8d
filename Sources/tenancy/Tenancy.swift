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
  /// Runs the command line; what it does not understand ends with status 2, like every invalid input.
  static func main() async {
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
      Workplace.say(Tenancy.fullMessage(for: error))
      exit(ExitStatus.invalidInput.rawValue)
    }
  }
}
