import ScenarioFormat
import Testing

@Suite struct TracesSysstatTests {
  private static let processors = """
    # hostname;interval;timestamp;CPU;%user;%nice;%system;%iowait;%steal;%idle
    host;2;2026-01-01 00:00:02 UTC;-1;30.00;0.00;10.00;5.00;5.00;50.00
    host;2;2026-01-01 00:00:02 UTC;0;30.00;0.00;10.00;5.00;5.00;50.00
    host;2;2026-01-01 00:00:02 UTC;3;30.00;0.00;10.00;5.00;5.00;50.00
    host;2;2026-01-01 00:00:04 UTC;-1;80.00;0.00;10.00;0.00;0.00;10.00

    """
  private static let disks = """
    # hostname;interval;timestamp;DEV;tps;rkB/s;wkB/s;areq-sz
    host;2;1767225602;sda;10.00;4.00;8.00;1.20
    host;2;1767225602;sdb;5.00;1.00;2.00;0.60
    host;2;1767225602;dm-0;15.00;5.00;10.00;1.80
    host;2;1767225604;sda;0.00;0.00;0.00;0.00

    """

  private func read(_ text: String) throws -> Trace { try TraceReader.read(Array(text.utf8)) }

  @Test func processorUseIsWhatIsNotIdleWaitingOrStolen() throws {
    let trace = try read(Self.processors)
    let use = try #require(trace.series(.processorShare))
    #expect(use.values.map { ($0 * 1e6).rounded() } == [400_000, 900_000])
    #expect(use.times == [1_767_225_602, 1_767_225_604])
    #expect(trace.series(.steal)?.values == [0.05, 0])
    #expect(trace.cores == 4)
    #expect(trace.findings.isEmpty)
  }

  @Test func disksSumUpWithoutThoseThatStandOnOthers() throws {
    let trace = try read(Self.disks)
    #expect(trace.series(.diskRead)?.values == [5 * 1_024, 0])
    #expect(trace.series(.diskWritten)?.values == [10 * 1_024, 0])
    #expect(trace.series(.diskRequests)?.values == [15, 0])
    #expect(trace.notes.contains { $0.contains("dm-") })
  }

  @Test func sectionsOfOneFileAreReadTogether() throws {
    let trace = try read(Self.processors + Self.disks)
    #expect(
      trace.series.map(\.metric) == [
        .processorShare, .steal, .diskRead, .diskWritten, .diskRequests,
      ])
  }

  @Test(arguments: [
    ("host;2;2026-01-01 00:00:06 UTC;-1;1;0;0;0;0;9,5", 6, 45, "decimal comma"),
    ("host;2;2026-01-01 00:00:06 UTC;-1;1;0;0;0;0;nan", 6, 45, "not a number"),
    ("host;2;2026-01-01 00:00:06 UTC;-1;1;0;0;0;0;0x10", 6, 45, "not a number"),
    ("host;2;2026-01-01 00:00:06 UTC;-1;1;0;0;0;0;-4", 6, 45, "negative"),
    ("host;2;2026-01-01 00:00:06 UTC;-1;1;0;0;0;0;400", 6, 45, "above 100 %"),
    ("host;2;2026-01-01 00:00:06 UTC;-1;1;0;0;0;0", 6, 1, "9 fields"),
    ("host;2;2026-13-01 00:00:06 UTC;-1;1;0;0;0;0;9", 6, 8, "not a time"),
    ("host;2;2026-01-01 00:00:04 UTC;-1;1;0;0;0;0;9", 6, 8, "same time"),
    ("host;2;2026-01-01 00:00:01 UTC;-1;1;0;0;0;0;9", 6, 8, "goes back"),
    ("other;2;2026-01-01 00:00:06 UTC;-1;1;0;0;0;0;9", 6, 1, "another machine"),
    ("host;2;2026-01-01 00:00:06 UTC;-1;1;0;0;0;0;\"9", 6, 45, "quote"),
    ("host;-1;2026-01-01 00:00:06 UTC;LINUX-RESTART\t(4 CPU)", 6, 33, "restarted"),
  ])
  func aBadRowIsAFindingAtItsPlace(row: String, line: Int, column: Int, message: String) throws {
    let trace = try read(Self.processors + row + "\n")
    #expect(trace.series(.processorShare)?.values.count == 2)
    let finding = try #require(trace.findings.first)
    #expect(finding.line == line)
    #expect(finding.column == column)
    #expect(finding.message.contains(message))
    #expect(trace.findings.count == 1)
  }

  @Test func findingsDoNotGrowWithoutBound() throws {
    let rows = String(repeating: "host;x\n", count: 1_000)
    let trace = try read(Self.processors + rows)
    #expect(trace.findings.count == TraceLimits().findings)
    #expect(trace.furtherFindings == 1_000 - TraceLimits().findings)
  }

  @Test func aFileWithoutUsableRowsIsAnError() {
    #expect { try read("# hostname;interval;timestamp;CPU;%idle\nhost;2;soon;-1;5\n") } throws: {
      guard let error = $0 as? TraceError else { return false }
      return error.code == .nothingUsable && error.line == 2 && error.column == 8
    }
  }

  @Test(arguments: ["", "hello\n", "a;b;c\n1;2;3\n", "\u{0}\u{1}\u{2}", "[1]"])
  func otherFilesAreRefusedByKind(text: String) {
    #expect { try read(text) } throws: { ($0 as? TraceError)?.code == .unknownKind }
  }

  @Test func limitsHold() {
    var limits = TraceLimits()
    limits.bytes = 10
    #expect {
      try TraceReader.read(Array(Self.processors.utf8), limits: limits)
    } throws: { ($0 as? TraceError)?.code == .tooLarge }
    limits = TraceLimits()
    limits.rows = 2
    #expect {
      try TraceReader.read(Array(Self.processors.utf8), limits: limits)
    } throws: { ($0 as? TraceError)?.code == .tooLarge }
  }

  @Test func aLongFieldIsAFinding() throws {
    let trace = try read(Self.processors + "host;" + String(repeating: "x", count: 5_000) + "\n")
    #expect(trace.findings.first?.message.contains("longer than") == true)
  }

  @Test func theDocumentFormGivesTheSameValues() throws {
    let text = """
      {"sysstat": {"hosts": [{"nodename": "host", "number-of-cpus": 2, "statistics": [
      {"timestamp": {"date": "2026-01-01", "time": "00:00:02", "utc": 1, "interval": 2},
       "cpu-load": [{"cpu": "all", "user": 30.0, "nice": 0.0, "system": 10.0, "iowait": 5.0,
       "steal": 5.0, "idle": 50.0}], "memory": {"memused": 100},
       "disk": [{"disk-device": "sda", "tps": 1.5, "rkB": 2.0, "wkB": 38.0}],
       "network": {"net-dev": [{"iface": "lo", "rxkB": 9.0}, {"iface": "eth0", "rxkB": 1.0}]}},
      {"timestamp": {"date": "2026-01-01", "time": "00:00:02", "utc": 1, "interval": 2},
       "memory": {"memused": 7}}
      ]}]}}
      """
    let trace = try read(text)
    #expect(trace.kind == .sadfDocument)
    #expect(trace.cores == 2)
    #expect(trace.series(.processorShare)?.values.map { ($0 * 1e6).rounded() } == [400_000])
    #expect(trace.series(.memoryUsed)?.values == [102_400])
    #expect(trace.series(.diskWritten)?.values == [38 * 1_024])
    #expect(trace.series(.networkReceived)?.values == [1_024])
    #expect(trace.findings.map(\.line) == [7])
  }

  @Test(arguments: [
    "{", "{\"sysstat\": 5}", "{\"sysstat\": {\"hosts\": []}}",
    "{\"sysstat\": {\"hosts\": [{\"statistics\": [{\"memory\": {\"memused\": \"x\"}}]}]}}",
    String(repeating: "{\"a\":", count: 100_000),
  ])
  func aBrokenDocumentIsAnErrorNotACrash(text: String) {
    #expect(throws: TraceError.self) { try read(text) }
  }

  @Test(arguments: ["17638000030000000000", "1e30", "0", "-5", "1e-9", "253402300800"])
  func timesOutsideOfCalendarsAreNoTimes(stamp: String) throws {
    var text = "# hostname;interval;timestamp;CPU;%user;%nice;%system;%iowait;%steal;%idle\n"
    for time in ["1763800000", "1763800001", "1763800002", stamp] {
      text += "h;1;\(time);-1;1;0;1;0;0;98\n"
    }
    let trace = try read(text)
    #expect(
      trace.findings.map { $0.description(in: "t") } == [
        "t:5:5: `\(stamp)` is not a time between 1970 and 9999; row left out"
      ])
    #expect(trace.usableRows == 3)
    _ = TraceReport.text(trace, file: "t")
  }

  @Test("Gaps of more samples than can be counted are counted as that many")
  func gapsBeyondCounting() throws {
    let times = [1, 1 + 1e-15, 1 + 2e-15, 1 + 3e-15, 2e11]
    let series = TraceSeries(metric: .diskRead, times: times, values: [1, 1, 1, 1, 1])
    let summary = try #require(TraceSummary(series))
    #expect(summary.gaps.map(\.missing) == [Int.max - 1])
  }

  @Test("A table of series that begin far from each other keeps within its rows")
  func tablesOfDistantSeries() throws {
    var text = "# hostname;interval;timestamp;CPU;%user;%nice;%system;%iowait;%steal;%idle\n"
    for time in 1...3 { text += "h;1;20000000000\(time);-1;1;0;1;0;0;98\n" }
    text += "# hostname;interval;timestamp;DEV;tps;rkB/s;wkB/s;areq-sz\n"
    for time in ["1", "1.0000001", "200000000005"] { text += "h;1;\(time);sda;1;1;1;1\n" }
    let table = try DemandWriter(try read(text), name: "t", cores: 1).table()
    #expect(table.split(separator: "\n").count == 4)
  }
}
