import ArgumentParser
import Calibration

/// Describes the machine that the program runs on.
struct HostCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "host",
    abstract: "Describes this machine, from /proc and /sys; nothing is changed.")

  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text
    case yaml
    case json
  }

  @Option(help: "text, yaml (the skeleton of a host profile) or json.")
  var format = Format.text

  func run() throws {
    let host = HostDescription()
    switch format {
    case .text: try Output.answer(HostReport.text(host))
    case .yaml: try Output.answer(HostReport.profile(host))
    case .json: try Output.answer(HostReport.json(host))
    }
  }
}
