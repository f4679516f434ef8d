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
  /// The word that stands where a subcommand belongs and is none.
  ///
  /// The parser would suggest nothing, and after `help` show the whole program's help and call that
  /// a success.
  private static func unknownSubcommand(_ arguments: [String], _ names: [String]) -> String? {
    var words = arguments.dropFirst()
    if words.first == "help" { words.removeFirst() }
    guard let word = words.first, !word.hasPrefix("-"), word != "help", !names.contains(word) else {
      return nil
    }
    return word
  }

  /// Runs the command line; what it does not understand ends with status 2, like every invalid
  /// input.
  static func main() async {
    Output.outliveReaders()
    let names = Tenancy.configuration.subcommands.compactMap { $0.configuration.commandName }
    if let word = unknownSubcommand(CommandLine.arguments, names) {
      Output.say(
        "there is no subcommand `\(word)`; "
          + suggestion(for: word, among: names, otherwise: "there are"))
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
      if let advice = RecordCommand.advice(on: CommandLine.arguments) { Output.say(advice) }
      exit(ExitStatus.invalidInput.rawValue)
    }
  }
}
