import ArgumentParser
import ScenarioFormat
import Virtualization

struct ListCommand: ParsableCommand {
  enum Kind: String, CaseIterable, ExpressibleByArgument {
    case approaches, workloads, scenarios, hosts
  }

  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists what there is: approaches, workloads, scenarios, hosts.")

  @Argument(help: "What to list: approaches, workloads, scenarios or hosts.")
  var kind: Kind

  func run() throws {
    let workplace = try Workplace()
    let library = workplace.library
    switch kind {
    case .approaches:
      for id in library.ids(of: .approach) { try show(id, (try? library.approach(id))?.title) }
    case .workloads:
      for id in library.ids(of: .workload) { try show(id, (try? library.workload(id))?.title) }
    case .hosts:
      for id in library.ids(of: .host) { try show(id, (try? library.host(id))?.title) }
    case .scenarios:
      for id in workplace.scenarioNames {
        try show(id, (try? library.scenario(at: workplace.path(of: id)))?.scenario.title)
      }
    }
  }

  private func show(_ id: String, _ title: String?) throws {
    let padding = String(repeating: " ", count: max(1, 24 - id.count))
    try Output.answer(id + padding + (title ?? "(cannot be read; see tenancy check)") + "\n")
  }
}
