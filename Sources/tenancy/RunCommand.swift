import ArgumentParser
import Experiments
import Foundation
import Reporting
import ScenarioFormat
import Virtualization

struct RunCommand: AsyncParsableCommand {
  enum Format: String, CaseIterable, ExpressibleByArgument { case text, json, csv }

  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Answers a scenario: what each approach costs, and how many guests fit.",
    discussion: """
      The answer goes to standard output, everything else to standard error. Ends with 0 when all \
      is answered, 1 when the answer cannot be written, 2 for invalid input, 3 when an approach named \
      with --approach, or every approach, cannot hold the objective or takes too many events, 4 \
      when the precision was not reached, 5 when the program's profiles are missing, 6 when interrupted \
      (by INT, TERM or HUP; what is answered is kept and marked; another, from a second later on, \
      ends at once). Without a chart renderer the report is written all the same, with tables where \
      charts would be, and standard error says how to get one.
      """)

  @Argument(help: "The scenario's file, or the name of a ready scenario.")
  var scenario: String

  @Option(
    help: """
      Only this approach; repeatable, or several with commas. For overhead, native stays: it is \
      what the others are compared with.
      """)
  var approach: [String] = []

  @Option(help: "Only this question (overhead or density); repeatable.")
  var question: [String] = []

  @Option(name: .customLong("set"), help: "Change a value, as path=value; repeatable.")
  var changes: [String] = []

  @Option(
    parsing: .unconditional, help: "The seed of all random numbers.", transform: Self.seed)
  var seed: UInt64?

  @Option(parsing: .unconditional, help: "Run exactly this many replications.")
  var replications: Int?

  @Option(
    parsing: .unconditional, help: "The relative half-width to reach, such as 5% or 0.05.",
    transform: Self.share)
  var precision: Share?

  @Option(
    parsing: .unconditional,
    help: """
      Runs at once, of all approaches together: replications up to the next decision, and draws of \
      uncertain numbers. The number of processors by default. Does not change the answer.
      """)
  var jobs: Int?

  @Option(help: "The form of the answer: text, json or csv.")
  var format = Format.text

  @Option(
    help: """
      Write the report with its charts and data into this folder: a new or empty one, or one with \
      an earlier report of the same scenario, settings, questions and approaches, which is replaced.
      """)
  var out: String?

  @Flag(help: "With --out, replace any earlier report, whatever it answers.")
  var replace = false

  @Flag(help: "With --out, make the charts of the page interactive; it is then about 1 MB larger.")
  var interactive = false

  func validate() throws {
    if let replications, replications < 2 || replications > 10_000 {
      throw ValidationError("--replications \(replications): give a number from 2 to 10000")
    }
    if let precision, !(0.0001...1).contains(precision.value) {
      throw ValidationError("--precision \(precision.text): \(Self.precisions)")
    }
    if let out, out == "-" || out.isEmpty {
      throw ValidationError(
        "--out takes a folder; standard output has the answer anyway: see --format")
    }
    if replace, out == nil {
      throw ValidationError("--replace says what --out may do; give --out FOLDER too")
    }
    if interactive, out == nil {
      throw ValidationError(
        "--interactive is for the page that --out writes; give --out FOLDER too")
    }
    let parts = approach.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }
    guard parts.allSatisfy({ !$0.allSatisfy(\.isWhitespace) }) else {
      throw ValidationError(
        "--approach has an empty name; name one, or leave the option out for all")
    }
    if let jobs, jobs < 1 || jobs > 1024 {
      throw ValidationError("--jobs \(jobs): give a number from 1 to 1024")
    }
    for name in question where Question(rawValue: name) == nil {
      throw ValidationError("--question \(name): there is overhead and density")
    }
  }

  func run() async throws {
    let workplace = try Workplace()
    var loaded = try workplace.scenario(scenario, overrides: changes, options: options)
    let named = approach.flatMap { list in
      list.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    try select(named, from: &loaded.scenario)
    let session = RunSession(
      workplace: workplace, loaded: loaded, named: named,
      questions: questions,
      jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount, format: format, out: out,
      replacesOthers: replace, interactive: interactive, command: repetition)
    try await session.run()
  }

  private var questions: [Question] {
    question.isEmpty ? Question.allCases : question.compactMap { Question(rawValue: $0) }
  }

  private static let precisions = "give a share from 0.01% to 100%, such as 5% or 0.05"

  @Sendable private static func share(_ text: String) throws -> Share {
    guard let share = Share(argument: text) else { throw ValidationError(precisions) }
    return share
  }

  @Sendable private static func seed(_ text: String) throws -> UInt64 {
    guard let seed = UInt64(text), seed <= UInt64(Int.max) else {
      throw ValidationError("give a whole number from 0 to \(Int.max)")
    }
    return seed
  }

  /// The command that gives the same numbers: all that was typed but for what changes only where
  /// they go, in which form, or how fast they come.
  private var repetition: String {
    var words = ["tenancy", "run", scenario]
    for name in approach { words += ["--approach", name] }
    for name in question { words += ["--question", name] }
    for change in changes { words += ["--set", change] }
    if let seed { words += ["--seed", "\(seed)"] }
    if let replications { words += ["--replications", "\(replications)"] }
    if let precision { words += ["--precision", precision.text] }
    return words.map(ShellWord.quoted).joined(separator: " ")
  }

  /// Options that are short for changes to the scenario.
  private var options: [OptionChange] {
    var result: [OptionChange] = []
    if let seed { result.append(OptionChange("--seed", "run.seed=\(seed)")) }
    if let precision {
      result.append(
        OptionChange("--precision", "run.precision=" + Measure.write(precision.value, .share)))
    }
    if let replications {
      for end in ["minimum", "maximum"] {
        result.append(OptionChange("--replications", "run.replications.\(end)=\(replications)"))
      }
    }
    return result
  }

  /// Keeps the named approaches, in the scenario's order, and native where they compare with it.
  private func select(_ named: [String], from scenario: inout Scenario) throws {
    guard !named.isEmpty else { return }
    let known = scenario.approaches.map(\.id)
    let unknown = named.filter { !known.contains($0) }
    guard unknown.isEmpty else {
      for name in unknown {
        Output.say(
          "--approach \(name): the scenario compares \(known.joined(separator: ", ")); "
            + (nearestName(to: name, among: known).map { "did you mean `\($0)`?" }
              ?? "choose among them or add it to the scenario"))
      }
      throw ExitStatus.invalidInput.code
    }
    let kept = questions.contains(.overhead) ? named + [scenario.native.id] : named
    scenario.approaches = scenario.approaches.filter { kept.contains($0.id) }
  }
}
