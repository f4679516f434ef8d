import ArgumentParser
import Foundation
import ScenarioFormat

struct NewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Writes a commented starter scenario.")

  @Argument(
    help: """
      The file to write, named as the scenario: by lower-case letters, digits and hyphens. It must \
      not exist yet. Without it, to standard output.
      """)
  var file: String?

  func run() throws {
    let text = starterScenario()
    guard let file else {
      try Output.answer(text)
      return
    }
    if !file.isEmpty, file != "-", let other = ScenarioFileName.correction(of: file) {
      Output.say(
        "\(file): a scenario is called as its file, \(ScenarioFileName.form), and `.yaml`; try "
          + "tenancy new \(shellWord(other))")
      throw ExitStatus.invalidInput.code
    }
    do throws(FileError) {
      try OutputFile.writeNew(Data(text.utf8), to: file)
    } catch {
      Output.say("\(error)")
      throw ExitStatus.invalidInput.code
    }
    let word = shellWord(file)
    Output.say("\(file): written; try tenancy check \(word), then tenancy run \(word)")
  }
}
