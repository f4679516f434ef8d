import ArgumentParser
import Foundation
import ScenarioFormat

struct NewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Writes a commented starter scenario.")

  @Argument(help: "The file to write; it must not exist yet. Without it, to standard output.")
  var file: String?

  func run() throws {
    let text = starterScenario()
    guard let file else {
      Workplace.answer(text)
      return
    }
    guard !FileManager.default.fileExists(atPath: file) else {
      Workplace.say("\(file): there is such a file already; name another one")
      throw ExitStatus.invalidInput.code
    }
    do {
      try Data(text.utf8).write(to: URL(filePath: file), options: .withoutOverwriting)
    } catch {
      Workplace.say("\(file): cannot be written (\(error.localizedDescription))")
      throw ExitStatus.invalidInput.code
    }
    Workplace.say("\(file): written; try tenancy check \(file), then tenancy run \(file)")
  }
}
