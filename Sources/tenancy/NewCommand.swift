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
      try Output.answer(text)
      return
    }
    do throws(FileError) {
      try OutputFile.writeNew(Data(text.utf8), to: file)
    } catch {
      Output.say("\(error)")
      throw ExitStatus.invalidInput.code
    }
    Output.say("\(file): written; try tenancy check \(file), then tenancy run \(file)")
  }
}
