/// Collects samples by metric while a file is read, and turns them into series.
struct TraceBuilder {
  var trace: Trace
  let limits: TraceLimits
  private var samples: [TraceMetric: [Double: Double]] = [:]

  init(_ kind: Trace.Kind, limits: TraceLimits) {
    trace = Trace(kind)
    self.limits = limits
  }

  mutating func find(_ line: Int, _ column: Int, _ message: String) {
    if trace.findings.count < limits.findings {
      trace.findings.append(TraceFinding(line: line, column: column, message: message))
    } else {
      trace.furtherFindings += 1
    }
  }

  mutating func note(_ text: String) {
    if !trace.notes.contains(text) { trace.notes.append(text) }
  }

  mutating func column(_ name: String, _ unit: String, _ metric: TraceMetric?) {
    let column = TraceColumn(name: name, unit: unit, metric: metric)
    if !trace.columns.contains(column), trace.columns.count < limits.fields {
      trace.columns.append(column)
    }
  }

  /// Adds to what is known at that time: devices and interfaces sum up.
  mutating func add(_ metric: TraceMetric, _ value: Double, at time: Double) {
    samples[metric, default: [:]][time, default: 0] += value
  }

  /// Whether something is known at that time already.
  func knows(_ metric: TraceMetric, at time: Double) -> Bool { samples[metric]?[time] != nil }

  /// The trace with its series; throws where there is none.
  consuming func finish() throws(TraceError) -> Trace {
    for metric in TraceMetric.allCases {
      guard let known = samples[metric], !known.isEmpty else { continue }
      let ordered = known.sorted { $0.key < $1.key }
      trace.series.append(
        TraceSeries(metric: metric, times: ordered.map(\.key), values: ordered.map(\.value)))
    }
    guard !trace.series.isEmpty else {
      let first = trace.findings.first
      throw TraceError(
        .nothingUsable,
        "nothing usable in \(trace.rows) rows; export processors (-u), memory (-r), disks (-d) or "
          + "network (-n DEV), or correct what is named below",
        line: first?.line ?? 1, column: first?.column ?? 1, findings: trace.findings)
    }
    return trace
  }
}

/// Reads a trace of any known kind.
package enum TraceReader {
  /// Reads the bytes of a file; the kind is told from its beginning.
  ///
  /// Lines that cannot be used are findings of the trace. Throws `TraceError` where nothing can be
  /// used at all, where the kind is not known, or where a limit is exceeded.
  package static func read(
    _ bytes: [UInt8], limits: TraceLimits = TraceLimits()
  ) throws(TraceError) -> Trace {
    guard bytes.count <= limits.bytes else {
      throw TraceError(
        .tooLarge,
        "the file has \(bytes.count) bytes, more than the \(limits.bytes) that are read; split it")
    }
    switch kind(of: bytes) {
    case .sadfColumns: return try SadfColumnsReader.read(bytes, limits)
    case .sadfDocument: return try SadfDocumentReader.read(bytes, limits)
    case .bitbrains: return try BitbrainsReader.read(bytes, limits)
    case nil:
      throw TraceError(
        .unknownKind,
        "not a trace that is known: give the output of `sadf -d` (begins with # hostname;interval;"
          + "timestamp), of `sadf -j`, or a Bitbrains GWA-T-12 file (begins with Timestamp [ms])")
    }
  }

  static func kind(of bytes: [UInt8]) -> Trace.Kind? {
    let start = String(decoding: bytes.prefix(4_096), as: UTF8.self)
      .drop { $0 == "\u{FEFF}" || $0.isWhitespace }
    if start.hasPrefix("{") { return .sadfDocument }
    let line = start.prefix { !$0.isNewline }
    if line.hasPrefix("# hostname;") { return .sadfColumns }
    if line.hasPrefix("Timestamp"), line.contains(";") { return .bitbrains }
    return nil
  }
}
