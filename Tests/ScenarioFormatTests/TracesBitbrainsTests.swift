import ScenarioFormat
import Testing

@Suite struct TracesBitbrainsTests {
  private static let header =
    "Timestamp [ms];\tCPU cores;\tCPU capacity provisioned [MHZ];\tCPU usage [MHZ];\tCPU usage [%];"
    + "\tMemory capacity provisioned [KB];\tMemory usage [KB];\tDisk read throughput [KB/s];"
    + "\tDisk write throughput [KB/s];\tNetwork received throughput [KB/s];"
    + "\tNetwork transmitted throughput [KB/s]\n"

  private static func row(_ time: Int, _ megahertz: String = "2600.0") -> String {
    "\(time);\t4;\t10400.0;\t\(megahertz);\t25.0;\t1048576.0;\t524288.0;\t1.0;\t2.0;\t3.0;\t4.0\n"
  }

  private func read(_ text: String) throws -> Trace { try TraceReader.read(Array(text.utf8)) }

  @Test(arguments: [(1_376_314_846, 300, "seconds"), (1_376_314_846_000, 300_000, "milliseconds")])
  func theUnitOfTimeIsToldFromItsSize(start: Int, step: Int, unit: String) throws {
    let trace = try read(Self.header + Self.row(start) + Self.row(start + step))
    #expect(trace.kind == .bitbrains)
    #expect(trace.notes.contains { $0.contains(unit) })
    let use = try #require(trace.series(.processorCores))
    #expect(use.times == [1_376_314_846, 1_376_315_146])
    #expect(use.values == [1, 1])
    #expect(trace.cores == 4)
    #expect(trace.series(.memoryUsed)?.values == [536_870_912, 536_870_912])
    #expect(trace.series(.networkSent)?.values == [4_096, 4_096])
  }

  @Test func gapsAndCoverageAreCounted() throws {
    var text = Self.header
    for step in [0, 1, 2, 3, 7, 8, 9] { text += Self.row(1_376_314_846 + 300 * step) }
    let trace = try read(text)
    let summary = try #require(trace.series(.processorCores).flatMap(TraceSummary.init))
    #expect(summary.interval == 300)
    #expect(summary.gaps == [TraceSummary.Gap(after: 1_376_314_846 + 900, missing: 3)])
    #expect(summary.coverage == 0.7)
    #expect(summary.stars == 2)
    let resampled = trace.series(.processorCores)?.resampled(every: 300)
    #expect(resampled == [1, 1, 1, 1, nil, nil, nil, 1, 1, 1])
  }

  @Test(arguments: [
    ("1376314847;\t4;\t0;\t5;\t1;\t1;\t1;\t1;\t1;\t1;\t1\n", 19, "capacity"),
    (
      "1376314847;\t4;\t10400;\t99999;\t1;\t1;\t1;\t1;\t1;\t1;\t1\n", 23,
      "use above the capacity (99999 of 10400 MHz); value left out"
    ),
    (
      "1376314847;\t4;\t10400;\t1;\t1;\t1;\t1e15;\t1;\t1;\t1;\t1\n", 32,
      "use above the capacity (1e15 of 1 KB); value left out"
    ),
    (
      "1376314847;\t4;\t10400;\t1;\t1;\t0;\t1e15;\t1;\t1;\t1;\t1\n", 32,
      "`1e15` is more memory used than any machine has; value left out"
    ),
    (
      "1376314847;\t4;\t10400;\t1;\t1;\t1;\t1;\t1e12;\t1;\t1;\t1\n", 35,
      "`1e12` is more disk read than any machine has; value left out"
    ),
    (
      "1376314847;\t1e12;\t10400;\t1;\t1;\t1;\t1;\t1;\t1;\t1;\t1\n", 13,
      "1e12 cores are more than any machine has"
    ),
    (
      "1376314847;\t4;\t1e12;\t1;\t1;\t1;\t1;\t1;\t1;\t1;\t1\n", 16,
      "1e12 MHz are more than 4 cores have"
    ),
    ("1376314847000;\t4;\t1;\t1;\t1;\t1;\t1;\t1;\t1;\t1;\t1\n", 1, "another unit"),
    ("1376314847;\t4\n", 1, "2 fields"),
    ("1376314847;\t4;\t10400;\t1;\t1;\t1;\tmuch;\t1;\t1;\t1;\t1\n", 32, "not a number"),
  ])
  func oddRowsAreFindings(row: String, column: Int, message: String) throws {
    let trace = try read(Self.header + Self.row(1_376_314_546) + row)
    let finding = try #require(trace.findings.first)
    #expect(finding.line == 3)
    #expect(finding.column == column)
    #expect(finding.message.contains(message))
  }

  @Test func moreThanTheWholeProcessorIsLeftOut() throws {
    var text = "Timestamp [ms];\tCPU cores;\tCPU usage [%]\n"
    for (step, share) in ["50", "930000", "101", "50"].enumerated() {
      text += "\(1_376_314_846 + 300 * step);\t4;\t\(share)\n"
    }
    let trace = try read(text)
    #expect(trace.series(.processorShare)?.values == [0.5, 1.01, 0.5])
    #expect(trace.findings.map(\.line) == [3])
    #expect(trace.findings.first?.message == "930000 % is above 100 %; value left out")
  }

  @Test func whatIsLeftOutChangesNoMean() throws {
    var text = Self.header
    for step in 0..<9 { text += Self.row(1_376_314_846 + 300 * step) }
    let trace = try read(text + Self.row(1_376_314_846 + 2_700, "8e9"))
    #expect(trace.series(.processorCores)?.values == [Double](repeating: 1, count: 9))
    #expect(trace.findings.map(\.line) == [11])
  }

  @Test func columnsThatContradictEachOtherAreNamed() throws {
    var text = Self.header
    for step in 0..<4 { text += Self.row(1_376_314_846 + 300 * step) }
    #expect(try read(text).warnings.isEmpty)
    for step in 4..<6 { text += Self.row(1_376_314_846 + 300 * step, "104") }
    let trace = try read(text)
    #expect(trace.findings.isEmpty)
    #expect(trace.series(.processorCores)?.values.count == 6)
    let warning = try #require(trace.warnings.first)
    #expect(trace.warnings.count == 1 && warning.line == 6 && warning.column == 30)
    for part in [
      "`CPU usage [%]` says 25.0 %", "`CPU usage [MHZ]` 104 of 10400 MHz", "1 %", "2 of 6",
    ] {
      #expect(warning.message.contains(part), "\(warning.message)")
    }
  }

  /// Every third row is damaged, so that steps of one and of two intervals are as frequent.
  @Test(arguments: [3, 4, 10]) func damagedRowsAreGapsAndNoLongerInterval(every: Int) throws {
    var text = Self.header
    for step in 0..<500 {
      text += step % every == every - 1 ? "garbage\n" : Self.row(1_376_314_846 + 300 * step)
    }
    let summary = try #require(try read(text).series(.processorCores).flatMap(TraceSummary.init))
    #expect(summary.interval == 300)
    #expect(summary.samples == 500 - 500 / every)
    #expect(abs(summary.coverage - (1 - 1 / Double(every))) < 0.01)
    #expect(summary.gaps.allSatisfy { $0.missing == 1 })
    #expect(summary.gaps.count >= 500 / every - 1)
  }

  @Test(arguments: ["1e-300", "0", "1e30", "-1"])
  func timesOutsideOfCalendarsAreNoTimes(stamp: String) throws {
    var text = "Timestamp [ms];\tCPU cores;\tCPU usage [%]\n"
    for time in [stamp, "1000", "1300", "1600"] { text += "\(time);\t1;\t5\n" }
    let trace = try read(text)
    let finding = try #require(trace.findings.first)
    #expect(finding.line == 2 && finding.message.contains("is not a time between 1970 and 9999"))
    #expect(trace.usableRows == 3)
    _ = TraceReport.text(trace, file: "t")
  }
}
