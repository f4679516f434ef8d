import ArgumentParser
import Foundation

/// Measures what a run of the host model costs; reports, never fails on a time.
@main
struct HostBenchmark: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "host-benchmark",
    abstract: "Measures processor time and memory of runs of the host model.",
    discussion: """
      Every case runs in a process of its own, so that its peak memory is its own. The digest is \
      of everything that the run found: a change that is meant to save time only leaves it as it is.
      """,
    subcommands: [Web.self, Study.self], defaultSubcommand: Web.self)
}

extension HostBenchmark {
  /// Web guests under some approaches.
  struct Web: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Static-web guests on server-2006, with as much memory as they need.")

    @Option(help: "The folder of profiles.")
    var profiles = "Sources/Virtualization/Profiles"
    @Option(help: "Guests.")
    var guests = 1000
    @Option(help: "Requests per second and guest.")
    var rate = 10.0
    @Option(help: "Simulated seconds.")
    var seconds = 600.0
    @Option(help: "Processors of the host; chosen for a load of about 60 % by default.")
    var cores: Int?
    @Flag(help: "Print a JSON object per case instead of a table.")
    var json = false
    @Flag(help: .hidden)
    var here = false
    @Argument(help: "Approaches.")
    var approaches = ["native", "openvz", "xen-pv-32"]

    func validate() throws {
      guard guests > 0, guests <= 100_000, rate > 0, seconds > 0, seconds <= 1e9, cores ?? 1 > 0
      else {
        throw ValidationError("guests (1 to 100000), rate, seconds and cores must be positive")
      }
    }

    func run() throws {
      if here, let approach = approaches.first {
        try WebRun(self, approach: approach).print()
        return
      }
      // Unbuffered, so that it stands before what the processes print.
      if !json { FileHandle.standardOutput.write(Data((WebRun.heading + "\n").utf8)) }
      for approach in approaches {
        let process = Process()
        process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments =
          [
            "web", "--here", "--profiles", profiles, "--guests", "\(guests)", "--rate", "\(rate)",
            "--seconds", "\(seconds)",
          ] + (cores.map { ["--cores", "\($0)"] } ?? []) + (json ? ["--json"] : []) + [approach]
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw ExitCode(process.terminationStatus) }
      }
    }
  }
}

/// What a run or a study cost, as `bench` reads it.
struct Cost: Encodable {
  var benchmark: String
  var cpuSeconds: Double
  var wallSeconds: Double?
  var peakMebibytes: Double
  var guests: Int?
  var requests: Int?
  var events: Int?
  var jobs: Int?
  var digest: String?

  /// One line of JSON.
  func print() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    Swift.print(String(decoding: try encoder.encode(self), as: UTF8.self))
    fflush(nil)
  }
}

/// Processor seconds that this process used so far, and the most memory that it held, in MiB.
func resources() -> (seconds: Double, mebibytes: Double) {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  let seconds =
    Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
    + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6
  return (seconds, Double(usage.ru_maxrss) / 1024)
}
