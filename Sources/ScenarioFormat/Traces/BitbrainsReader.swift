/// Reads the files of the Bitbrains data set (GWA-T-12): one virtual machine each, a row per five
/// minutes.
///
/// Layout as published with Shen, van Beek and Iosup, "Statistical Characterization of
/// Business-Critical Workloads Hosted in Cloud Datacenters", CCGrid 2015: fields between a semicolon
/// and a tab, one header line. The header says that timestamps are in milliseconds; in many files
/// they are in seconds, so the unit is told from the size of the number.
enum BitbrainsReader {
  private struct Column {
    var metric: TraceMetric?
    var unit: String
    var factor: Double
  }

  // KB in the data set is 1,000 or 1,024 bytes depending on the collecting tool; VMware's counters,
  // from which it was made, count 1,024.
  private static let known: [String: Column] = [
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

  static func read(_ bytes: [UInt8], _ limits: TraceLimits) throws(TraceError) -> Trace {
    var builder = TraceBuilder(.bitbrains, limits: limits)
    var lines = DelimitedLines(bytes, limits: limits)
    guard case .fields(let header)? = lines.next() else {
      throw TraceError(.malformed, "the header line cannot be read")
    }
    let columns = header.map { known[$0.text.lowercased()] }
    for (field, column) in zip(header, columns) {
      builder.column(field.text, column?.unit ?? "not known", column?.metric)
      if column == nil, !field.text.isEmpty {
        builder.find(
          1, field.column, "column \(TraceText.shown(field.text)) is not known; not used")
      }
    }
    let names = header.map { $0.text.lowercased() }
    guard let timeIndex = names.firstIndex(of: "timestamp [ms]") else {
      throw TraceError(.malformed, "there is no column `Timestamp [ms]`")
    }
    let coresIndex = names.firstIndex(of: "cpu cores")
    let capacityIndex = names.firstIndex(of: "cpu capacity provisioned [mhz]")
    let (unit, order) = survey(bytes, limits, fields: header.count, timeIndex: timeIndex)
    if let unit { builder.note(unit.note) }
    while let line = lines.next() {
      guard builder.trace.rows < limits.rows else {
        throw TraceError(
          .tooLarge, "more than \(limits.rows) rows; split the file", line: lines.number)
      }
      guard case .fields(let fields) = line else {
        if case .malformed(let column, let message) = line {
          builder.trace.rows += 1
          builder.find(lines.number, column, message)
        }
        continue
      }
      if fields.count == 1, fields[0].text.isEmpty { continue }
      builder.trace.rows += 1
      guard fields.count == header.count else {
        builder.find(
          lines.number, 1,
          "the row has \(fields.count) fields, the header \(header.count); row left out")
        continue
      }
      guard let stamp = TraceText.number(fields[timeIndex].text),
        case let unitHere = TimeUnit(of: stamp), TraceText.isTime(stamp * unitHere.factor)
      else {
        builder.find(
          lines.number, fields[timeIndex].column, TraceText.notATime(fields[timeIndex].text))
        continue
      }
      guard unitHere == unit else {
        builder.find(
          lines.number, fields[timeIndex].column,
          "the timestamp is in another unit than most rows; row left out")
        continue
      }
      if let fault = order.fault(of: lines.number) {
        builder.find(
          lines.number, fields[timeIndex].column, fault.message(fields[timeIndex].text))
        continue
      }
      let time = stamp * unitHere.factor
      let cores = coresIndex.flatMap { TraceText.number(fields[$0].text) }
      let capacity = capacityIndex.flatMap { TraceText.number(fields[$0].text) }
      if let cores, cores > 0 {
        if let before = builder.trace.cores, before != cores {
          builder.find(lines.number, 1, "the number of cores changes to \(cores)")
        }
        builder.trace.cores = cores
      }
      var used = false
      for (field, column) in zip(fields, columns) {
        guard let column, let metric = column.metric else { continue }
        guard let raw = TraceText.number(field.text) else {
          builder.find(lines.number, field.column, TraceText.notANumber(field.text))
          continue
        }
        guard raw >= 0 else {
          builder.find(lines.number, field.column, "\(field.text) is negative; value left out")
          continue
        }
        // A machine may be granted a little more than its share for a while.
        if metric == .processorShare, raw > 105 {
          builder.find(
            lines.number, field.column, "\(field.text) % is above 100 %; value left out")
          continue
        }
        var value = raw * column.factor
        if metric == .processorCores {
          guard let cores, let capacity, cores > 0, capacity > 0 else {
            if raw == 0 {
              builder.add(metric, 0, at: time)
            } else {
              builder.find(
                lines.number, field.column,
                "use in MHz without cores and capacity above 0; value left out")
            }
            continue
          }
          value = raw / (capacity / cores)
          if value > cores * 1.05 {
            builder.find(
              lines.number, field.column, "use above the capacity (\(raw) of \(capacity) MHz)")
          }
        }
        builder.add(metric, value, at: time)
        used = true
      }
      if used { builder.trace.usableRows += 1 }
    }
    return try builder.finish()
  }

  /// The unit that most times are in, the first one's if they are as many, and which rows of that
  /// unit stand out of their order.
  private static func survey(
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

  private enum TimeUnit: Equatable {
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
