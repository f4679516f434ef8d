import ArgumentParser

@main
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
