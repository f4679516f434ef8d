/// Reads the files of the Bitbrains data set (GWA-T-12): one virtual machine each, a row per five
/// minutes.
///
/// Layout as published with Shen, van Beek and Iosup, "Statistical Characterization of
/// Business-Critical Workloads Hosted in Cloud Datacenters", CCGrid 2015: fields between a
/// semicolon and a tab, one header line. The header says that timestamps are in milliseconds; in
/// many files they are in seconds, so the unit is told from the size of the number.
enum BitbrainsReader {
  struct Column {
    var metric: TraceMetric?
    var unit: String
    var factor: Double
  }

  // KB in the data set is 1,000 or 1,024 bytes depending on the collecting tool; VMware's counters,
  // from which it was made, count 1,024.
  static let known: [String: Column] = [
    "timestamp [ms]": Column(metric: nil, unit: "time", factor: 1),
    "cpu cores": Column(metric: nil, unit: "cores", factor: 1),
    "cpu capacity provisioned [mhz]": Column(metric: nil, unit: "MHz", factor: 1),
    "cpu usage [mhz]": Column(metric: .processorCores, unit: "MHz", factor: 1),
    "cpu usage [%]": Column(metric: .processorShare, unit: "%", factor: 0.01),
    "memory capacity provisioned [kb]": Column(metric: nil, unit: "KiB", factor: 1_024),
    "memory usage [kb]": Column(metric: .memoryUsed, unit: "KiB", factor: 1_024),
    "disk read throughput [kb/s]": Column(metric: .diskRead, unit: "KiB/s", factor: 1_024),
    "disk write throughput [kb/s]": Column(metric: .diskWritten, unit: "KiB/s", factor: 1_024),
    "network received throughput [kb/s]": Column(
      metric: .networkReceived, unit: "KiB/s", factor: 1_024),
    "network transmitted throughput [kb/s]": Column(
      metric: .networkSent, unit: "KiB/s", factor: 1_024),
  ]

  /// A machine may be granted a little more than its share for a while.
  static let grace = 1.05

  /// What the machine was given, by its row; nil for what is not there or absurd.
  struct Machine {
    let cores: Double?
    let megahertz: Double?
    let kilobytes: Double?
  }

  /// Where a row says what the machine was given.
  struct Provision {
    private let cores: Int?
    private let megahertz: Int?
    private let kilobytes: Int?
    /// No processor of this data set's time and after it has a core of 100 GHz.
    private static let mostMegahertz = 100_000.0

    init(_ names: [String]) {
      cores = names.firstIndex(of: "cpu cores")
      megahertz = names.firstIndex(of: "cpu capacity provisioned [mhz]")
      kilobytes = names.firstIndex(of: "memory capacity provisioned [kb]")
    }

    func read(
      _ fields: [DelimitedField], _ line: Int, _ builder: inout TraceBuilder
    ) -> Machine {
      func positive(_ index: Int?) -> Double? {
        index.flatMap { TraceText.number(fields[$0].text) }.flatMap { $0 > 0 ? $0 : nil }
      }
      var (count, clock) = (positive(cores), positive(megahertz))
      if let index = cores, let given = count, given > TraceMetric.processorCores.most {
        builder.find(
          line, fields[index].column, "\(fields[index].text) cores are more than any machine has")
        count = nil
      }
      if let index = megahertz, let given = clock, let count, given / count > Self.mostMegahertz {
        builder.find(
          line, fields[index].column,
          "\(fields[index].text) MHz are more than \(PlainNumber.count(count)) cores have")
        clock = nil
      }
      return Machine(cores: count, megahertz: clock, kilobytes: positive(kilobytes))
    }
  }

  /// Rows in which the two columns of processor use say different things.
  struct Contradiction {
    private var rows = 0
    private var count = 0
    private var first: TraceFinding?
    /// The share of the machine by which the two may differ, as they do by rounding and sampling.
    private static let tolerance = 0.1

    mutating func weigh(
      _ share: DelimitedField, _ use: DelimitedField, of capacity: Double, in line: Int
    ) {
      guard let percent = TraceText.number(share.text), let raw = TraceText.number(use.text),
        (0...105).contains(percent), (0...capacity * BitbrainsReader.grace).contains(raw)
      else { return }
      rows += 1
      guard abs(percent / 100 - raw / capacity) > Self.tolerance else { return }
      count += 1
      if first == nil {
        first = TraceFinding(
          line: line, column: share.column,
          message: "`CPU usage [%]` says \(share.text) %, and `CPU usage [MHZ]` \(use.text) of "
            + "\(PlainNumber.count(capacity)) MHz, which is \(PlainNumber.share(raw / capacity))")
      }
    }

    var warning: TraceFinding? {
      first.map { first in
        var warning = first
        warning.message +=
          "; so in \(count) of \(rows) rows; a workload is made of the MHz, so correct them, or "
          + "remove that column if the other one is right"
        return warning
      }
    }
  }

  static func read(_ bytes: [UInt8], _ limits: TraceLimits) throws(TraceError) -> Trace {
    var lines = DelimitedLines(bytes, limits: limits)
    guard case .fields(let header)? = lines.next() else {
      throw TraceError(.malformed, "the header line cannot be read")
    }
    var rows = try Rows(header: header, of: bytes, limits)
    while let line = lines.next() { try rows.read(line, number: lines.number) }
    return try rows.finish()
  }

  /// The unit that most times are in, the first one's if they are as many, and which rows of that
  /// unit stand out of their order.
  static func survey(
    _ bytes: [UInt8], _ limits: TraceLimits, fields count: Int, timeIndex: Int
  ) -> (unit: TimeUnit?, order: TimeOrder) {
    var lines = DelimitedLines(bytes, limits: limits)
    _ = lines.next()
    var first: TimeUnit?
    var seconds = TimeOrder()
    var milliseconds = TimeOrder()
    while let line = lines.next(), seconds.count + milliseconds.count < limits.rows {
      guard case .fields(let fields) = line, fields.count == count,
        let stamp = TraceText.number(fields[timeIndex].text),
        case let unit = TimeUnit(of: stamp), TraceText.isTime(stamp * unit.factor)
      else { continue }
      first = first ?? unit
      switch unit {
      case .seconds: seconds.add(line: lines.number, time: stamp)
      case .milliseconds: milliseconds.add(line: lines.number, time: stamp)
      }
    }
    let isInSeconds =
      seconds.count == milliseconds.count
      ? first == .seconds : seconds.count > milliseconds.count
    var order = isInSeconds ? seconds : milliseconds
    order.settle()
    return (first == nil ? nil : isInSeconds ? .seconds : .milliseconds, order)
  }

  enum TimeUnit: Equatable {
    case seconds
    case milliseconds

    /// 1e11 s lie in the year 5138 and 1e11 ms in 1973, before any such file.
    init(of stamp: Double) { self = stamp < 1e11 ? .seconds : .milliseconds }

    var factor: Double { self == .seconds ? 1 : 0.001 }

    var note: String {
      switch self {
      case .seconds:
        "the header says that timestamps are in ms, but their size says seconds; read as seconds"
      case .milliseconds: "timestamps are in milliseconds, as the header says"
      }
    }
  }
}
