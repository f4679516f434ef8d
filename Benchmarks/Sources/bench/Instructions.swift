import Foundation

/// Instructions per event on a host of guests: what does not depend on caches, clocks or neighbors.
///
/// Counted by valgrind as the difference of two runs of different length over the difference of
/// their events, so that set-up and warm-up drop out.
struct InstructionCounts: Encodable, Sendable {
  struct Row: Encodable, Sendable {
    var guests: Int
    var ours: Double
    var reference: Double
  }

  static let events = (shorter: 500_000, longer: 1_500_000)

  var rows: [Row] = []
  /// From 100 to 5,000 guests.
  var growth: Double?
  var growthOfReference: Double?
  var target = "< 1.3"
  var met: Bool?

  init(valgrind: String, references: String) throws {
    for guests in guestCounts {
      func perEvent(_ side: String) throws -> Double {
        let counts = try [Self.events.shorter, Self.events.longer].map { events in
          try Self.instructions(
            valgrind, ["count", side, "\(guests)", "\(events)", references])
        }
        return Double(counts[1] - counts[0]) / Double(Self.events.longer - Self.events.shorter)
      }
      rows.append(
        Row(guests: guests, ours: try perEvent("ours"), reference: try perEvent("reference")))
    }
    if let first = rows.first(where: { $0.guests == 100 }), let last = rows.last {
      let growth = last.ours / first.ours
      self.growth = growth
      growthOfReference = last.reference / first.reference
      met = growth < 1.3
    }
  }

  /// What this program executes with some arguments, from start to end.
  private static func instructions(_ valgrind: String, _ arguments: [String]) throws -> Int {
    let program = try runningProgram()
    let said = try output(
      of: valgrind,
      ["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null", program]
        + arguments, ofErrors: true)
    for line in said.split(separator: "\n") where line.contains("I ") && line.contains("refs:") {
      let digits = line.drop { $0 != ":" }.filter(\.isNumber)
      if let count = Int(digits) { return count }
    }
    throw BenchmarkError(description: "valgrind told no number of instructions; it said:\n\(said)")
  }

  /// The part of a process under valgrind: handles so many events on one side.
  static func doCount(_ arguments: [String]) throws {
    guard arguments.count == 4, let guests = Int(arguments[1]), guests > 0,
      let events = Int(arguments[2]), events > 0
    else {
      throw BenchmarkError(
        description: "bench count takes ours or reference, guests, events and the references")
    }
    let stream = benchmarkStream(6)
    if arguments[0] == "ours" {
      let host = GuestHost(guests: guests, stream: stream)
      print(host.run(events), host.summary)
    } else {
      let library = try ReferenceLibrary(path: arguments[3])
      print(try library.make("guest_host", size: guests, stream: stream).run(events))
    }
  }

  func printTable() {
    print("\nInstructions per event (valgrind), host of guests: ours, the reference's")
    for row in rows {
      print(
        "  \(row.guests) guests: ".padding(toLength: 16, withPad: " ", startingAt: 0)
          + String(format: "%.0f, %.0f", row.ours, row.reference))
    }
    if let growth, let growthOfReference {
      print(
        "  growth from 100 to 5000 guests: "
          + String(format: "%.2f, %.2f", growth, growthOfReference)
          + " (target \(target): \(met == true ? "yes" : "NO"))")
    }
    fflush(nil)
  }
}

/// The path of this program.
func runningProgram() throws -> String {
  try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
}

/// What a program writes until it ends well.
func output(
  of program: String, _ arguments: [String], in folder: String? = nil, ofErrors: Bool = false
) throws -> String {
  let process = Process()
  process.executableURL = URL(filePath: program)
  process.arguments = arguments
  if let folder { process.currentDirectoryURL = URL(filePath: folder) }
  let pipe = Pipe()
  if ofErrors {
    process.standardError = pipe
    process.standardOutput = FileHandle.nullDevice
  } else {
    process.standardOutput = pipe
  }
  try process.run()
  let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
  process.waitUntilExit()
  guard process.terminationStatus == 0 else {
    let what = ([program] + arguments).joined(separator: " ")
    throw BenchmarkError(
      description: "'\(what)' ended with status \(process.terminationStatus)"
        + (ofErrors ? ":\n" + String(decoding: data, as: UTF8.self) : ""))
  }
  return String(decoding: data, as: UTF8.self)
}
