import Foundation
import ScenarioFormat
import Statistics
import Testing
import Virtualization

@Suite struct TracesDemandTests {
  private func series(_ values: [Double], step: Double = 10) -> TraceSeries {
    TraceSeries(
      metric: .processorCores, times: values.indices.map { 1_000 + step * Double($0) },
      values: values)
  }

  @Test func burstsHoldHalfOfTheDemand() throws {
    // Half of the work lies in the two intervals of 4; they stand side by side.
    let summary = try #require(TraceSummary(series([1, 1, 1, 1, 4, 4, 1, 1, 1, 1])))
    let bursts = try #require(summary.burstiness)
    #expect(summary.mean == 1.6)
    #expect(bursts.peakToMean == 2.5)
    #expect(bursts.burst == 20)
  }

  @Test func evenDemandHasNoBursts() throws {
    let summary = try #require(TraceSummary(series([2, 2, 2, 2])))
    #expect(summary.burstiness?.peakToMean == 1)
    #expect(summary.standardDeviation == 0)
  }

  @Test func quantilesAreInterpolated() throws {
    let summary = try #require(TraceSummary(series([4, 1, 3, 2, 5])))
    #expect(summary.quantiles == [1, 2, 3, 4, 4.6, 4.8, 4.96, 5])
  }

  @Test func oneSampleIsNotSummarized() { #expect(TraceSummary(series([1])) == nil) }

  @Test func theShareNeedsCores() throws {
    let text = """
      # hostname;interval;timestamp;CPU;%user;%iowait;%steal;%idle
      host;2;2;-1;30;0;0;50
      host;2;4;-1;30;0;0;50

      """
    let trace = try TraceReader.read(Array(text.utf8))
    #expect(trace.cores == nil)
    #expect { try DemandWriter(trace, name: "t") } throws: {
      ($0 as? TraceError)?.message.contains("--cores") == true
    }
    let demand = try DemandWriter(trace, name: "t", cores: 4)
    #expect(demand.processorUse?.values == [2, 2])
    let workload = try demand.workload()
    #expect(workload.contains("user-computation: {law: exponential, mean: 200 ms}"))
    #expect(workload.contains("process: poisson"))
    #expect(
      demand.table()
        == "seconds,processor use in cores [cores],processor use [share],steal [share]\n"
        + "0,2,0.5,0\n2,2,0.5,0\n")
  }

  @Test func theSampleGivesAWorkloadThatReadsBack() throws {
    let sample = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Scenarios/samples/sar-here.sadf.csv").standardized
    let trace = try TraceReader.read([UInt8](Data(contentsOf: sample)))
    #expect(trace.findings.isEmpty)
    #expect(trace.cores == 2)
    let demand = try DemandWriter(trace, name: "sar-here.sadf.csv")
    let workload = try Library(
      folders: ["lib"], store: .memory(["lib/workloads/demand.yaml": demand.workload()])
    ).workload("demand")
    let use = try #require(demand.processorUse.flatMap(TraceSummary.init))
    let perSecond = workload.userComputation.mean * DemandWriter.requestRate
    #expect(abs(perSecond / use.mean - 1) < 1e-4)
    guard case .bursty(let rate, let peak, _, _) = workload.arrival else {
      Issue.record("the arrival is not bursty")
      return
    }
    #expect(rate.value == DemandWriter.requestRate)
    #expect(peak.value > 1.05)
    #expect(demand.table().split(separator: "\n").count == use.samples + 1)
    let committed = sample.deletingLastPathComponent().appending(path: "sar-here.workload.yaml")
    #expect(try demand.workload() == String(contentsOf: committed, encoding: .utf8))
  }

  private static func columns(_ times: [Int], idle: String = "50") -> [UInt8] {
    Array(
      ("# hostname;interval;timestamp;CPU;%user;%iowait;%steal;%idle\n"
        + times.map { "host;1;\($0);-1;30;0;0;\(idle)\n" }.joined()).utf8)
  }

  @Test(arguments: [
    (1_007, nil as Double?), (1_014, 42.86), (1_120, 5), (1_121, nil), (900_000_000, nil),
  ])
  func aDemandNeedsCoverage(last: Int, percent: Double?) throws {
    // Six samples side by side and one far away.
    let trace = try TraceReader.read(Self.columns([1_001, 1_002, 1_003, 1_004, 1_005, last]))
    let writer = try DemandWriter(trace, name: "t", cores: 1)
    let coverage = 6 / Double(last - 1_000)
    guard coverage >= DemandWriter.leastCoverage else {
      let error = #expect(throws: TraceError.self) { try writer.workload() }
      #expect(error?.code == .tooSparse)
      #expect(error?.message.contains("needs 5 %") == true)
      #expect(
        error?.message.contains("\(last - 1_006) samples are missing after second 4") == true)
      return
    }
    #expect(try writer.workload().contains("coverage"))
    #expect(writer.warnings.count == (coverage < DemandWriter.safeCoverage ? 1 : 0))
    if let percent {
      #expect(writer.warnings.first?.contains("covers \(PlainNumber.count(percent)) %") == true)
    }
  }

  /// Rows of processors and of the network; only the numbered rows of the network can be read.
  private static func network(readable: Set<Int>, of count: Int = 100) -> [UInt8] {
    let rows = 1...count
    return Array(
      ("# hostname;interval;timestamp;CPU;%user;%iowait;%steal;%idle\n"
        + rows.map { "host;2;\($0 * 2);-1;30;0;0;50\n" }.joined()
        + "# hostname;interval;timestamp;IFACE;rxpck/s;txpck/s;rxkB/s;txkB/s\n"
        + rows.map { "host;2;\($0 * 2);eth0;10;10;\(readable.contains($0) ? "5" : "x");1\n" }
        .joined()).utf8)
  }

  @Test(
    "Coverage of every series is over the time of the trace",
    arguments: [
      (Set([41, 42, 43]), 3.0, false), (Set([1, 50, 100]), 3, false), (Set([2]), 1, false),
      (Set(1...40), 40, true), (Set(51...100), 50, true),
    ])
  func coverageIsOverTheTrace(readable: Set<Int>, percent: Double, isKept: Bool) throws {
    let trace = try TraceReader.read(Self.network(readable: readable))
    let report = TraceReport.text(trace, file: "t")
    let row = try #require(
      report.split(separator: "\n").first { $0.hasPrefix("network received") })
    if readable.count > 1 {
      #expect(row.contains(" \(PlainNumber.count(percent)) % "), "\(row)")
      #expect(row.contains(" 2 s "), "\(row)")
    }
    let writer = try DemandWriter(trace, name: "t", cores: 4)
    let workload = try writer.workload()
    #expect(workload.contains("packet-receive") == isKept, "\(workload)")
    #expect(workload.contains("packet-send"))
    let warnings = writer.warnings.joined(separator: "\n")
    #expect(warnings.contains("network received") == (percent < 50), "\(warnings)")
    #expect(warnings.contains("is left out of the workload") == !isKept, "\(warnings)")
    #expect(workload.contains("# Little of it: network received") == (percent < 50))
    #expect(!warnings.contains("processor use"))
  }

  @Test func samplesThatAreMissingAtEitherEndAreAGap() throws {
    let trace = try TraceReader.read(Self.network(readable: Set(11...90)))
    let report = TraceReport.text(trace, file: "t")
    #expect(report.contains("gap: network received, 10 samples missing before the first\n"))
    #expect(report.contains("gap: network received, 10 samples missing after second 178\n"))
  }

  private static func flat(_ metric: TraceMetric, _ value: Double) -> TraceSeries {
    TraceSeries(metric: metric, times: [1_000, 1_300, 1_600], values: [value, value, value])
  }

  /// A trace of the library's own making, for values that no reader of files lets pass.
  private static func writer(_ extra: [TraceSeries], use: Double = 1) throws -> DemandWriter {
    var trace = try TraceReader.read(columns([1_000, 1_300, 1_600]))
    trace.series = [flat(.processorCores, use)] + extra
    return try DemandWriter(trace, name: "t", cores: 4)
  }

  @Test(
    "A workload that the reader would refuse is not written",
    arguments: [
      (
        TraceMetric.memoryUsed, 1e16,
        "`base-anonymous` is 1.00000e+16 B; it must lie between 0 B and 10 TB"
      ),
      (.memoryUsed, .infinity, "`base-anonymous`"), (.diskRequests, 1e12, "count"),
    ])
  func unreadableWorkloadsAreRefused(metric: TraceMetric, value: Double, said: String) throws {
    var all = [Self.flat(metric, value)]
    if metric == .diskRequests { all.append(Self.flat(.diskRead, 1e6)) }
    let writer = try Self.writer(all)
    let error = #expect(throws: TraceError.self) { try writer.workload() }
    #expect(error?.message.contains(said) == true, "\(error?.message ?? "")")
    #expect(error?.message.contains("correct the values that make it") == true)
  }

  @Test func anIdleMachineAsksForNothing() throws {
    let error = #expect(throws: TraceError.self) { try Self.writer([], use: 0).workload() }
    #expect(error?.message.contains("processor use is 0 throughout") == true)
  }

  @Test(
    "The interval is the smallest frequent step",
    arguments: [
      "0 300 900 1200 1800 2100": 300.0, "0 10 20 23 30 40 50 60 70 80 90": 10,
      "0 299 600 901 1199 1500": 301, "0 300 900": 300, "0 600 1200 1800": 600,
    ])
  func theIntervalIsTheSmallestFrequentStep(text: String, interval: Double) throws {
    let times = text.split(separator: " ").compactMap { Double($0) }
    let series = TraceSeries(
      metric: .processorCores, times: times, values: times.map { _ in 1 })
    let summary = try #require(TraceSummary(series))
    #expect(summary.interval == interval)
    let steps = ((times.last ?? 0) / interval).rounded() + 1
    #expect(summary.coverage <= 1 && Double(summary.samples) / steps <= 1.1)
  }

  @Test func valuesThatWereRefusedAreNotMissing() throws {
    let text = String(decoding: Self.columns([1, 2, 3], idle: "1e300"), as: UTF8.self)
    let trace = try TraceReader.read(Array(text.utf8))
    let error = #expect(throws: TraceError.self) { try DemandWriter(trace, name: "t", cores: 1) }
    #expect(error?.message.contains("every value of processor use was left out") == true)
    #expect(trace.findings.count == 3)
  }

  @Test(arguments: [
    (0.0, "0"), (1, "1"), (1.25, "1.25"), (123_456_789, "123456789"),
    (0.000_012_345_678, "0.0000123457"),
    (1e-9, "1.00000e-09"), (2_000_000.4, "2000000"), (.nan, "nan"), (-.infinity, "-inf"),
  ])
  func numbersArePlain(value: Double, text: String) {
    #expect(PlainNumber.count(value) == text)
  }

  @Test(arguments: [
    (4_096.0, "4 KiB"), (1_500, "1500 B"), (0, "0 B"), (3_221_225_472, "3 GiB"),
    (1e15, "1.00000e+15 B"), (3e22, "3.00000e+22 B"), (.infinity, "inf B"),
  ])
  func sizesAreWhole(value: Double, text: String) { #expect(PlainNumber.bytes(value) == text) }

  @Test func textIsQuoted() {
    #expect(PlainNumber.quoted("a\"b\\c\n\u{1F600}") == "\"a\\\"b\\\\c\\u000A\u{1F600}\"")
  }
}
