import ScenarioFormat
import Testing

@Suite("Rows out of their order in time")
struct TracesOrderTests {
  private static func columns(_ times: [Int]) -> String {
    "# hostname;interval;timestamp;CPU;%user;%iowait;%steal;%idle\n"
      + times.map { "host;1;\($0);-1;30;0;0;50\n" }.joined()
  }

  private static func machine(_ times: [Int]) -> String {
    "Timestamp [ms];\tCPU cores;\tCPU usage [%]\n" + times.map { "\($0);\t1;\t50\n" }.joined()
  }

  private static func document(_ times: [Int]) -> String {
    let samples = times.map { time in
      """
      {"timestamp": {"date": "2026-01-0\(1 + time / 10)", "time": "00:00:0\(time % 10)", "utc": 1},
      "cpu-load": [{"cpu": "all", "idle": 50, "iowait": 0, "steal": 0}]}
      """
    }
    return #"{"sysstat": {"hosts": [{"statistics": ["# + "\n" + samples.joined(separator: ",\n")
      + "]}]}}"
  }

  private func read(_ text: String) throws -> Trace { try TraceReader.read(Array(text.utf8)) }

  /// Times of rows, and the numbers of those that are left out, each with what is said of it.
  struct Case: Sendable, CustomTestStringConvertible {
    var times: [Int]
    var out: [Int: String]
    var testDescription: String { "\(times)" }
    init(_ times: [Int], _ out: [Int: String]) {
      self.times = times
      self.out = out
    }
  }

  @Test(arguments: [
    Case([1, 2, 3, 4, 5], [:]),
    // One time too far ahead costs one row, wherever it stands.
    Case([1, 2, 37, 4, 5], [3: "later than the rows that follow"]),
    Case([37, 2, 3, 4, 5], [1: "later than the rows that follow"]),
    Case([1, 2, 3, 37, 5], [4: "later than the rows that follow"]),
    Case([1, 2, 37, 38, 5, 6, 7], [3: "later", 4: "later"]),
    Case([1, 36, 3, 38, 5, 6], [2: "later", 4: "later"]),
    // So does one that goes back, and one that stands twice.
    Case([11, 12, 1, 14, 15], [3: "goes back"]),
    Case([11, 12, 13, 14, 1], [5: "goes back"]),
    Case([1, 2, 2, 3, 3], [3: "same time", 5: "same time"]),
    Case([1, 2, 3, 1, 2, 3, 4], [4: "goes back", 5: "goes back", 6: "same time"]),
  ])
  func aDamagedTimeCostsItsOwnRowOnly(_ example: Case) throws {
    let times = example.times.map { 1_700_000_000 + $0 }
    for text in [Self.columns(times), Self.machine(times), Self.document(example.times)] {
      let trace = try read(text)
      let isDocument = trace.kind == .sadfDocument
      let found = trace.findings.map { (isDocument ? $0.line / 2 : $0.line - 1, $0.message) }
      #expect(found.map(\.0) == example.out.keys.sorted())
      for (row, message) in found {
        #expect(message.contains(example.out[row] ?? "nothing"), "\(trace.kind), row \(row)")
      }
      #expect(trace.series.first?.times.count == times.count - example.out.count)
    }
  }

  @Test func itemsHaveAnOrderEach() throws {
    let text = """
      # hostname;interval;timestamp;DEV;tps;rkB/s;wkB/s
      host;1;1700000001;sda;1;1;1
      host;1;1700000002;sda;1;1;1
      host;1;1700000001;sdb;1;1;1
      host;1;1800000002;sdb;1;1;1
      host;1;1700000003;sda;1;1;1
      host;1;1700000003;sdb;1;1;1
      host;1;1700000004;sdb;1;1;1

      """
    let trace = try read(text)
    #expect(trace.findings.map(\.line) == [5])
    #expect(trace.findings.first?.message.contains("`1800000002` is later") == true)
    #expect(trace.series(.diskRequests)?.values == [2, 1, 2, 1])
  }

  @Test func theUnitOfMostRowsCounts() throws {
    let times = [1_700_000_001_000, 1_700_000_002, 1_700_000_003, 1_700_000_004]
    let trace = try read(Self.machine(times))
    #expect(trace.findings.map(\.line) == [2])
    #expect(trace.findings.first?.message.contains("another unit") == true)
    #expect(trace.usableRows == 3)
  }

  @Test func manyRowsAreJudgedInShortOrder() throws {
    // Every second time is damaged, ever farther ahead: the longest that can be kept is half.
    let times = (0...20_000).map { 1_700_000_000 + ($0 % 2 == 0 ? $0 : 9_000_000 - $0) }
    let trace = try read(Self.columns(times))
    #expect(trace.usableRows == 10_001)
    #expect(trace.findings.count + trace.furtherFindings == 10_000)
  }

  @Test func saysWhereTextStopsBeingJSON() throws {
    let text = Self.document([1, 2, 3])
    #expect {
      try read(String(text.dropLast(4)))
    } throws: {
      guard let error = $0 as? TraceError else { return false }
      return error.code == .malformed && error.line == 7 && error.column > 60
    }
    #expect {
      try read(text.replacing("50", with: "5x", maxReplacements: 1))
    } throws: {
      guard let error = $0 as? TraceError else { return false }
      return error.code == .malformed && error.line == 3
    }
  }
}
