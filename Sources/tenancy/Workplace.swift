import ArgumentParser
import Foundation
import ScenarioFormat

/// What every subcommand needs: the program's files, and a way to say what is wrong.
struct Workplace {
  let installation: Installation
  let library: Library

  /// Finds the program's files; says what is missing and ends with status 5 where they are not.
  init() throws {
    do {
      installation = try Installation.locate(
        environment: ProcessInfo.processInfo.environment,
        executable: try Installation.runningExecutable())
    } catch {
      Output.say("\(error)")
      throw ExitStatus.missing.code
    }
    library = Library(folders: [installation.profiles])
  }

  /// Reads a scenario given by path or by the name of a ready one.
  ///
  /// Findings go to standard error, all of them, and the program ends with status 2.
  func scenario(
    _ name: String, overrides: [String] = [], options: [OptionChange] = []
  ) throws -> LoadedScenario {
    let path = path(of: name)
    if path == name, !name.contains("/"), !FileManager.default.fileExists(atPath: name) {
      let ready = scenarioNames
      Output.say(
        "\(name.isEmpty ? "an empty name" : name): there is neither such a file nor a ready "
          + "scenario of that name; " + suggestion(for: name, among: ready, otherwise: "ready are")
          + " (tenancy list scenarios lists them)")
      throw ExitStatus.invalidInput.code
    }
    do {
      let loaded = try library.scenario(at: path, overrides: overrides, options: options)
      for warning in loaded.warnings { Output.say("\(warning)") }
      return loaded
    } catch {
      for finding in error.findings { Output.say("\(finding)") }
      throw ExitStatus.invalidInput.code
    }
  }

  /// The path that a scenario's name stands for: itself, or a ready scenario of that name.
  func path(of name: String) -> String {
    if name.contains("/") || FileManager.default.fileExists(atPath: name) { return name }
    let file = name.hasSuffix(".yaml") ? name : name + ".yaml"
    let ready = installation.scenarios + "/" + file
    return FileManager.default.fileExists(atPath: ready) ? ready : name
  }

  /// The ready scenarios, by name, sorted.
  var scenarioNames: [String] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: installation.scenarios)) ?? []
    return files.filter { $0.hasSuffix(".yaml") && !$0.contains(".workload.") }
      .map { String($0.dropLast(5)) }.sorted()
  }
}

/// The end of a message about an unknown name: the nearest known one, or all of them.
func suggestion(for text: String, among names: [String], otherwise opening: String) -> String {
  var text = text
  if text.hasSuffix(".yaml") { text.removeLast(5) }
  if let name = nearestName(to: text, among: names) { return "did you mean `\(name)`?" }
  return "\(opening) \(names.joined(separator: ", "))"
}

/// Text as one word of a command that a user may copy into a shell.
func shellWord(_ text: String) -> String {
  let isPlain = text.utf8.allSatisfy {
    ($0 | 0x20 >= UInt8(ascii: "a") && $0 | 0x20 <= UInt8(ascii: "z"))
      || "0123456789-_./+,:@%".utf8.contains($0)
  }
  return isPlain && !text.isEmpty ? text : "'" + text.replacing("'", with: "'\\''") + "'"
}
