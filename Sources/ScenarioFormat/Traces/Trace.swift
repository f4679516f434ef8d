/// What a machine was seen to do over time, read from a file of a monitoring tool.
///
/// A trace holds averages over intervals, not single requests: what happened inside an interval
/// (bursts of requests, response times, which process it was) is not in it.
package struct Trace: Sendable, Hashable {
  /// The file layouts that are read.
  package enum Kind: String, CaseIterable, Sendable, Hashable {
    case sadfColumns = "sysstat, sadf -d (columns between semicolons)"
    case sadfDocument = "sysstat, sadf -j (JSON)"
    case bitbrains = "Bitbrains GWA-T-12 (one virtual machine, columns between semicolons)"
  }

  package var kind: Kind
  /// The columns of the file in its order, and what each was taken for.
  package var columns: [TraceColumn]
  /// The series that were found, in the order of `TraceMetric`.
  package var series: [TraceSeries]
  /// Cores of the machine; nil where the file does not say.
  package var cores: Double?
  /// Rows (or statistics of a JSON document) that were looked at.
  package var rows: Int
  /// Rows of which at least one value was used.
  package var usableRows: Int
  /// What was read in another way than the file says, or could not be known.
  package var notes: [String]
  /// Rows and values that were left out, by line.
  package var findings: [TraceFinding]
  /// Findings beyond those that are kept.
  package var furtherFindings: Int
  /// What was read as it stands, and can hardly be true.
  package var warnings: [TraceFinding]

  init(_ kind: Kind) {
    self.kind = kind
    columns = []
    series = []
    rows = 0
    usableRows = 0
    notes = []
    findings = []
    furtherFindings = 0
    warnings = []
  }

  package func series(_ metric: TraceMetric) -> TraceSeries? {
    series.first { $0.metric == metric }
  }
}

/// A quantity that several tools report under their own names.
package enum TraceMetric: String, CaseIterable, Sendable, Hashable {
  /// Share of the machine's processors that did work for somebody (user, nice, system, interrupts).
  case processorShare = "processor use"
  /// Cores' worth of work done.
  case processorCores = "processor use in cores"
  /// Share of the time that the hypervisor gave to others.
  case steal = "steal"
  case memoryUsed = "memory used"
  case diskRead = "disk read"
  case diskWritten = "disk written"
  case diskRequests = "disk requests"
  case networkReceived = "network received"
  case networkSent = "network sent"
  case packetsReceived = "packets received"
  case packetsSent = "packets sent"

  /// The unit of the values in a `TraceSeries`.
  package var unit: String {
    switch self {
    case .processorShare, .steal: "share"
    case .processorCores: "cores"
    case .memoryUsed: "bytes"
    case .diskRead, .diskWritten, .networkReceived, .networkSent: "bytes/s"
    case .diskRequests, .packetsReceived, .packetsSent: "1/s"
    }
  }
}

extension TraceMetric {
  /// More than any machine does, in the metric's unit: what is above is damaged, and left out.
  var most: Double {
    switch self {
    case .processorShare, .steal: 1.05
    case .processorCores: 65_536
    case .memoryUsed: 1e15
    case .diskRead, .diskWritten, .networkReceived, .networkSent: 1e13
    case .diskRequests, .packetsReceived, .packetsSent: 1e10
    }
  }

  /// What to say of a value above that.
  func absurdity(_ text: String) -> String {
    "\(TraceText.shown(text)) is more \(rawValue) than any machine has; value left out"
  }
}

/// A column of the file and what it was taken for.
package struct TraceColumn: Sendable, Hashable {
  package var name: String
  package var unit: String
  /// Nil where the column is not used.
  package var metric: TraceMetric?
}

/// The samples of one metric, by time.
package struct TraceSeries: Sendable, Hashable {
  package var metric: TraceMetric
  /// Ends of the intervals, in seconds since the epoch, ascending.
  package var times: [Double]
  /// Averages over those intervals, in the metric's unit.
  package var values: [Double]

  package init(metric: TraceMetric, times: [Double], values: [Double]) {
    self.metric = metric
    self.times = times
    self.values = values
  }
}

/// A row or a value that was left out, and why.
package struct TraceFinding: Sendable, Hashable {
  /// Counted from 1.
  package var line: Int
  /// Counted from 1, in bytes.
  package var column: Int
  package var message: String

  /// `file:line:column: message`.
  package func description(in file: String) -> String { "\(file):\(line):\(column): \(message)" }
}

/// A file from which nothing can be used.
package struct TraceError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What went wrong; open, so that a new cause breaks nobody's switch.
  package struct Code: RawRepresentable, Hashable, Sendable {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    package static let unknownKind = Code(rawValue: "unknownKind")
    package static let tooLarge = Code(rawValue: "tooLarge")
    package static let malformed = Code(rawValue: "malformed")
    package static let nothingUsable = Code(rawValue: "nothingUsable")
    /// Too little of the time is covered for a demand to be made of it.
    package static let tooSparse = Code(rawValue: "tooSparse")
  }

  package let code: Code
  /// What is wrong and what to do.
  package let message: String
  package let line: Int
  package let column: Int
  /// What was found before giving up.
  package let findings: [TraceFinding]

  init(
    _ code: Code, _ message: String, line: Int = 1, column: Int = 1, findings: [TraceFinding] = []
  ) {
    self.code = code
    self.message = message
    self.line = line
    self.column = column
    self.findings = findings
  }

  package var description: String { "\(line):\(column): \(message)" }
}

/// Sizes beyond which a trace is refused instead of read.
package struct TraceLimits: Sendable, Hashable {
  package var bytes = 256 << 20
  package var rows = 4_000_000
  package var fields = 512
  package var fieldBytes = 4_096
  /// Findings kept; more are counted only.
  package var findings = 100

  package init() {}
}
