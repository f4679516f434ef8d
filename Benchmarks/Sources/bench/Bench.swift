import Foundation

/// Compares the engine with C++ references, interleaved in one process; reports, never fails on a
/// time, only on different results.
@main
struct Bench {
  struct Options {
    var references = ""
    var hostBenchmark: String?
    var root = "."
    var valgrind: String?
    var json: String?
    var pairs = 9
    var only: String?
  }

  static func main() async {
    do {
      let arguments = Array(CommandLine.arguments.dropFirst())
      if arguments.first == "work" {
        try doWork(Array(arguments.dropFirst()))
      } else if arguments.first == "count" {
        try InstructionCounts.doCount(Array(arguments.dropFirst()))
      } else {
        try await run(try parse(arguments))
      }
    } catch {
      FileHandle.standardError.write(Data("bench: \(error)\n".utf8))
      exit(2)
    }
  }

  static func parse(_ arguments: [String]) throws -> Options {
    var options = Options()
    var rest = arguments[...]
    while let name = rest.popFirst() {
      guard let value = rest.popFirst() else {
        throw BenchmarkError(description: "'\(name)' needs a value")
      }
      switch name {
      case "--references": options.references = value
      case "--host-benchmark": options.hostBenchmark = value
      case "--root": options.root = value
      case "--valgrind": options.valgrind = value
      case "--json": options.json = value
      case "--only": options.only = value
      case "--pairs":
        guard let pairs = Int(value), pairs >= 1 else {
          throw BenchmarkError(description: "--pairs takes a number of at least 1, not '\(value)'")
        }
        options.pairs = pairs
      default:
        throw BenchmarkError(
          description: "unknown option '\(name)'; there are --pairs, --only, --json")
      }
    }
    return options
  }

  /// The part of a peer: does a piece of work, prints its CPU seconds and the mean sojourn.
  static func doWork(_ arguments: [String]) throws {
    guard arguments.count == 2, let amount = Int(arguments[1]), amount > 0 else {
      throw BenchmarkError(
        description: "bench work takes single-server, shared-host or hold, and an amount")
    }
    let start = threadTime()
    var mean = 0.0
    switch arguments[0] {
    case "single-server":
      let station = Station(SingleServer.simulation(stream: benchmarkStream(5)))
      _ = station.run(amount)
      mean = station.meanSojourn
    case "shared-host":
      let station = Station(SharedHost.simulation(guests: 100, stream: benchmarkStream(5)))
      _ = station.run(amount)
      mean = station.meanSojourn
    case "hold":
      _ = try Hold(pending: 1000, stream: benchmarkStream(5), cancelling: .never).run(amount)
    default:
      throw BenchmarkError(
        description: "unknown work '\(arguments[0])'; there are single-server, shared-host, hold")
    }
    print(threadTime() - start, mean)
  }

  static func run(_ options: Options) async throws {
    let library = try ReferenceLibrary(path: options.references)
    var report = Report(startLoad: loadAverage())
    report.printHeading()
    func wanted(_ name: String) -> Bool { options.only.map(name.contains) ?? true }

    for benchmark in engineBenchmarks where wanted(benchmark.name) {
      report.add(try benchmark.run(library, options.pairs))
    }
    if wanted("side by side") {
      for outcome in try await sideBySide(
        pairs: options.pairs, amount: 3_000_000, library: library)
      {
        report.add(outcome)
      }
    }
    if wanted("instructions") {
      if let valgrind = options.valgrind {
        report.instructions = try InstructionCounts(
          valgrind: valgrind, references: options.references)
        report.instructions?.printTable()
      } else {
        report.skipped.append("instructions per event: valgrind is not installed")
      }
    }
    if let program = options.hostBenchmark {
      let runs = HostRuns(program: program, root: options.root)
      if wanted(HostRuns.webName) { try runs.web { report.add($0) } }
      if wanted(HostRuns.studyName) { try runs.study { report.add($0) } }
    } else if wanted(HostRuns.webName) || wanted(HostRuns.studyName) {
      report.skipped.append("runs of the host model: start with Benchmarks/run")
    }
    report.printEnd()
    if let path = options.json { try report.writeJSON(to: path) }
    if report.outcomes.contains(where: { $0.sameResults == false }) { exit(1) }
  }
}

/// A benchmark by name, so that unwanted ones cost nothing.
struct Benchmark: Sendable {
  var name: String
  var run: @Sendable (ReferenceLibrary, _ pairs: Int) throws -> Outcome
}

/// The comparisons of the engine with its references.
let engineBenchmarks: [Benchmark] =
  [(1000, 0.6), (100_000, 1.0), (1_000_000, 1.3)].flatMap { pending, standard in
    [
      hold(pending, "hold_heap", "the same heap in C++", .never, .atMost(1.1)),
      hold(pending, "hold_standard", "std::priority_queue", .never, .atMost(standard)),
    ]
  }
  + [(1000, true), (10_000, true), (100_000, true), (1_000_000, false)].flatMap { pending, counts in
    let target: Target = counts ? .atMost(0.6) : .none
    return [
      hold(pending, "hold_standard_cancelling", "a lazy std::priority_queue", .reschedule, target),
      hold(
        pending, "hold_standard_cancelling", "a lazy std::priority_queue", .cancelAndSchedule,
        target),
      hold(
        pending, "hold_heap_cancelling", "the same heap in C++", .cancelAndSchedule, .none),
    ]
  }
  + [
    Benchmark(name: "M/M/1, load 0.9") { library, pairs in
      compare(
        "M/M/1, load 0.9",
        ours: Station(SingleServer.simulation(stream: benchmarkStream(3))),
        reference: try library.make("single_server", size: 1, stream: benchmarkStream(3)),
        against: "C++", amount: 1_000_000, step: "customer", pairs: pairs, target: .atLeast(0.65),
        asRate: true)
    },
    Benchmark(name: "processor sharing, 16 cores, 100 guests") { library, pairs in
      compare(
        "processor sharing, 16 cores, 100 guests",
        ours: Station(SharedHost.simulation(guests: 100, stream: benchmarkStream(4))),
        reference: try library.make("shared_host", size: 100, stream: benchmarkStream(4)),
        against: "C++", amount: 300_000, step: "job", pairs: pairs, target: .atLeast(0.65),
        asRate: true)
    },
  ]
  + guestCounts.map { guests in
    Benchmark(name: "host of \(guests) guests") { library, pairs in
      compare(
        "host of \(guests) guests",
        ours: GuestHost(guests: guests, stream: benchmarkStream(6)),
        reference: try library.make("guest_host", size: guests, stream: benchmarkStream(6)),
        against: "C++", amount: 1_000_000, step: "event", pairs: pairs, target: .atMost(1.15))
    }
  }

/// Guests on the host.
let guestCounts = [10, 100, 1000, 5000]

private func hold(
  _ pending: Int, _ symbol: String, _ against: String, _ cancelling: Hold.Cancelling,
  _ target: Target
) -> Benchmark {
  let kind =
    switch cancelling {
    case .never: "hold"
    case .cancelAndSchedule: "hold, half cancel and schedule"
    case .reschedule: "hold, half reschedule"
    }
  let name = "\(kind), \(pending) pending"
  return Benchmark(name: name) { library, pairs in
    compare(
      name, ours: try Hold(pending: pending, stream: benchmarkStream(1), cancelling: cancelling),
      reference: try library.make(symbol, size: pending, stream: benchmarkStream(1)),
      against: against, amount: pending > 100_000 ? 500_000 : 1_000_000, step: "step",
      pairs: pairs, target: target)
  }
}
