import ScenarioFormat
import Testing
import Virtualization

@Suite("What no machine could hold is refused before the run")
struct SizeTests {
  private static let host = ("profiles/hosts/small.yaml", "cores: 2", "cores: 4096")

  private func findings(_ changes: [(file: String, old: String, new: String)]) -> [String] {
    var files = Fixtures.files
    for change in changes {
      #expect(files[change.file]?.contains(change.old) == true, "\(change)")
      files[change.file]?.replace(change.old, with: change.new)
    }
    return Fixtures.findings(Fixtures.library(files))
  }

  @Test func guestsTimesCores() {
    let large = ("work/ask.yaml", "count: 20", "count: 40000")
    #expect(
      findings([Self.host, large]) == [
        "work/ask.yaml:9:12: with `web` there are 40000 guests on 4096 cores: under `native` more "
          + "pairs of the two than the 134217728 whose caches can be simulated; lower a `count` or "
          + "the `cores` of the host"
      ])
    #expect(findings([large]) == [])
    #expect(findings([Self.host, ("work/ask.yaml", "count: 20", "count: 32000")]) == [])
  }

  @Test func guestsThatASearchMayTry() {
    let most = ("work/ask.yaml", "seed: 7", "seed: 7, maximum-guests: 1000000")
    let disk = ("profiles/hosts/small.yaml", "capacity: 146 GB", "capacity: 1000000000 GB")
    let memory = ("profiles/hosts/small.yaml", "bytes: 2 GiB", "bytes: 900000 GiB")
    let found = findings([Self.host, disk, memory, most])
    #expect(found.count == 1)
    #expect(
      found.first?.hasPrefix("work/ask.yaml:14:48: 1000000 guests on 4096 cores are under ") == true
    )
    #expect(findings([disk, memory, most]) == [])
    // Memory and disk of the small server end the search long before.
    #expect(findings([Self.host, most]) == [])
  }

  @Test func tripsOfAllClasses() {
    let trips = (
      "profiles/workloads/pages.yaml", "count: {value: 0.1, range: 40 %, status: assumed}",
      "count: 1000"
    )
    let first = "  - name: web\n    workload: pages\n    count: 20\n"
    var classes = first
    for number in 1...110 {
      classes += "    memory: 128 MiB\n  - name: web-\(number)\n    workload: pages\n"
    }
    let many = ("work/ask.yaml", first, classes)
    let found = findings([trips, many])
    #expect(found.count == 1)
    #expect(found.first?.contains("trips to the disk; at most 100000") == true)
    #expect(findings([many]) == [])
  }

  static let disk = "{value: 0.1, range: 40 %, status: assumed}"

  /// The run itself would refuse them, but nothing would say where they stand.
  @Test(arguments: [
    // Two trips of file-read come first; a drawn count may be as high as its upper end.
    (disk, "1022", nil), (disk, "1022.5", 1025), (disk, "1023", 1025),
    (disk, "{value: 1000, range: 40 %, status: assumed}", 1402),
    ("count: 2, bytes", "count: 1e6, bytes", 1_000_000),
    ("[{do: file-read, count: 3}]", "[{do: disk-read, count: 1e5}]", nil),
    ("[{do: file-read, count: 3}]", "[{do: disk-read, count: 1e6}]", 1_000_000),
  ])
  func tripsOfOneRequest(old: String, new: String, trips: Int?) throws {
    let file = "profiles/workloads/pages.yaml"
    let found = findings([(file, old, new)])
    guard let trips else {
      #expect(found == [])
      return
    }
    let text = try #require(Fixtures.files[file]).replacing(old, with: new)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let line = try #require(lines.firstIndex { $0.contains(new) })
    #expect(found.count == 1 && found.first?.hasPrefix("\(file):\(line + 1):") == true, "\(found)")
    #expect(found.first?.contains(" \(trips) trips to the disk in one ") == true, "\(found)")
  }

  @Test func classes() {
    let first = "  - name: web\n    workload: pages\n    count: 20\n"
    var classes = first
    for number in 1...1_000 {
      classes += "    memory: 128 MiB\n  - name: web-\(number)\n    workload: pages\n"
    }
    let found = findings([("work/ask.yaml", first, classes)])
    #expect(found.count == 1)
    #expect(found.first?.contains("1001 classes of guests; at most 1000") == true)
  }

  @Test(
    "Figures of runs are counted, of both questions, and histograms are not kept run by run",
    arguments: [(0, false), (1, false), (2, true)])
  func replicationsTimesApproaches(more: Int, isRefused: Bool) {
    let first = "  - name: web\n    workload: pages\n    count: 20\n"
    var classes = first
    for number in 0..<more {
      classes += "    memory: 128 MiB\n  - name: web-\(number)\n    workload: pages\n"
    }
    let found = findings([
      ("work/ask.yaml", first, classes), ("work/ask.yaml", "maximum: 9", "maximum: 10000"),
    ])
    guard isRefused else {
      #expect(found == [])
      return
    }
    #expect(
      found == [
        "work/ask.yaml:20:46: 10000 replications and 20 parameter draws of 3 classes under 3 "
          + "approaches may take 5 GiB of figures while both questions are answered; at most 4 GiB "
          + "can be kept, so lower `replications` or `parameter-draws`, or ask for fewer "
          + "approaches or classes at a time"
      ])
  }
}
