import ArgumentParser

@main
struct Tenancy: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tenancy",
    abstract: "Compares ways of dividing a machine among guests: what each costs, how many fit.",
    subcommands: [RecordCommand.self, HostCommand.self, InspectCommand.self])
}
