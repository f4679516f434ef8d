import ScenarioFormat
import Testing
import Virtualization

/// Scenarios in which a few numbers stand at an end of what the format allows.
///
/// Which numbers there are comes from the same tables that the format is read by.
struct ExtremeScenario: Sendable {
  var changes: [String]

  static let base = """
    tenancy: 1
    question: What if?
    year: 2006
    host: server-2006
    approaches: [native]
    guests:
      - {name: web, workload: static-web-2006, count: 2, memory: 256 MiB}
    objective: {percentile: 95, response: 1 s}
    run: {duration: 3 s, warm-up: 0 s, parameter-draws: 0}
    """

  /// Where the fields of a section lie in a scenario.
  private static let places = [
    "processors": "host.processors", "memory (host)": "host.memory", "disk": "host.disk",
    "network": "host.network", "kernel": "host.kernel", "approach": "approaches.#",
    "topology": "approaches.#.topology", "parameters": "approaches.#.scheduling.parameters",
    "memory (approach)": "approaches.#.memory", "storage": "approaches.#.storage",
    "workload": "guests.web.workload", "files": "guests.web.workload.files",
    "processes": "guests.web.workload.processes", "background": "guests.web.workload.background",
    "guests": "guests.web", "objective": "objective", "run": "run",
    "replications": "run.replications",
  ]

  private struct Knob {
    var path: String
    /// No unit: a whole number that is written without one.
    var unit: Unit?
    var bounds: ClosedRange<Double>
    var isWhole = false

    func text(_ value: Double) -> String {
      // The largest seed is not among the numbers that can be written as a real one.
      guard let unit else {
        return "\(Int(exactly: value.rounded()) ?? .max)"
      }
      return Measure.write(isWhole ? value.rounded() : value, unit)
    }
  }

  /// The names of the fields of which numbers are taken.
  static let fields = Set(knobs.compactMap { $0.path.split(separator: ".").last.map(String.init) })

  private static let knobs: [Knob] = Section.reference.flatMap(\.sections).flatMap { section in
    section.fields.compactMap { field in
      guard let place = places[section.title] else { return nil }
      let path = place + "." + field.key
      switch field.form {
      case .quantity(let unit, let bounds), .amount(let unit, let bounds):
        return Knob(path: path, unit: unit, bounds: bounds)
      case .whole(let bounds): return Knob(path: path, unit: .count, bounds: bounds, isWhole: true)
      case .integer(let bounds):
        return Knob(
          path: path, bounds: Double(bounds.lowerBound)...Double(bounds.upperBound), isWhole: true)
      case .distribution(let unit): return Knob(path: path, unit: unit, bounds: 0...1e15)
      case .text, .flag, .choice, .nested: return nil
      }
    }
  }

  /// Times and rates of the arrival process, which stands as a whole.
  private static let arrivals = [
    "{process: poisson, rate: 1e9 /s}", "{process: poisson, rate: 1e-9 /s}",
    "{process: bursty, rate: 1e9 /s, peak-to-mean: 10000, burst: 1000000 s}",
    "{process: bursty, rate: 1000 /s, peak-to-mean: 1, burst: 1 us}",
    "{process: closed, users: 1000000, think-time: 0 s}",
    "{process: closed, users: 1, think-time: 1e15 s}",
    "{process: closed, users: 1000, think-time: 1 ms}",
  ]

  init(seed: Int) {
    var random = Mixer(seed: UInt64(seed))
    let approach = random.pick(
      Repository.library.ids(of: .approach).filter { !$0.isEmpty })
    changes = ["approaches=[\(approach)]"]
    if random.flip() {
      let algorithm = random.pick(SchedulingPolicy.Algorithm.allCases)
      changes.append("approaches.\(approach).scheduling.algorithm=\(algorithm.rawValue)")
    }
    if random.below(3) == 0 { changes.append("guests.web.workload=kernel-build") }
    if random.below(3) == 0 {
      changes.append("guests.web.workload.arrival=" + random.pick(Self.arrivals))
    }
    for _ in 0...random.below(4) {
      // A scheduler's parameters are most likely to meet each other in one run.
      let knob = random.pick(
        random.flip() ? Self.knobs : Self.knobs.filter { $0.path.contains("scheduling") })
      let value =
        switch random.below(4) {
        case 0: random.measure(knob.bounds)
        case 1: knob.bounds.lowerBound
        default: knob.bounds.upperBound
        }
      let path = knob.path.replacing("#", with: approach)
      changes.append("\(path)=\(knob.text(value))")
    }
    if !changes.contains(where: { $0.hasPrefix("run.duration") }), random.below(8) == 0 {
      changes.append("run.duration=10000000 s")
    }
  }
}

@Suite("Whatever the format allows ends with an answer or with an error that says what is wrong")
struct ExtremeScenarioTests {
  /// The repository's profiles and one scenario.
  private static let library: Library = {
    var library = Repository.library
    let disk = library.store
    let memory = FileStore.memory(["extreme.yaml": ExtremeScenario.base])
    library.store = FileStore(
      read: { $0 == "extreme.yaml" ? memory.read($0) : disk.read($0) }, names: disk.names)
    return library
  }()

  @Test(arguments: [
    "cores", "ways", "channels", "workers", "backlog", "count", "processors", "guest-processors",
    "maximum-guests", "minimum", "seed", "driver-domain-processors",
  ])
  func wholeNumbersAreAmongThem(field: String) {
    #expect(ExtremeScenario.fields.contains(field))
  }

  @Test(arguments: 0..<400)
  func ends(seed: Int) throws {
    let extreme = ExtremeScenario(seed: seed)
    let scenario: Scenario
    do throws(ScenarioFormatError) {
      scenario = try Self.library.scenario(at: "extreme.yaml", overrides: extreme.changes).scenario
    } catch {
      // Only checks across several numbers may refuse what each field allows.
      #expect(
        error.findings.allSatisfy { !$0.message.contains("must lie between") },
        "\(extreme.changes): \(error.findings)")
      return
    }
    let approach = try #require(scenario.approaches.first)
    do {
      let plan = try HostPlan(
        scenario: scenario, approach: approach, guests: min(2, scenario.guestCount),
        replication: 0)
      _ = try plan.meanDemands()
      let result = try HostSimulation.run(plan, budget: 30_000)
      let shares = [result.processorUtilization, result.diskUtilization, result.linkInUtilization]
      #expect(shares.allSatisfy { $0 >= -1e-9 && $0 <= 1 + 1e-9 }, "\(extreme.changes): \(shares)")
      #expect(result.populationIntegral >= 0 && result.populationIntegral.isFinite)
    } catch let error as ModelError {
      #expect(!error.message.isEmpty)
    }
    do {
      let limits = try CapacityLimits(
        host: scenario.host, approach: approach, classes: scenario.guests)
      #expect(limits.firstBinding(maximumGuests: 1000).allSatisfy { $0.guests <= 1000 })
    } catch {
      #expect(!error.message.isEmpty)
    }
  }
}
