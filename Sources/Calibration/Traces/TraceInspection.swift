import Foundation
import ScenarioFormat

/// What `tenancy inspect` does: reads a trace, says what it holds, writes its demand.
package struct TraceInspection: Sendable {
  package var path: String
  /// Cores of the traced machine, where the trace does not say.
  package var cores: Double?
  /// Where the workload goes; nil for nowhere.
  package var out: String?
  /// Where the table of series goes; nil for nowhere.
  package var series: String?

  package init(path: String, cores: Double? = nil, out: String? = nil, series: String? = nil) {
    self.path = path
    self.cores = cores
    self.out = out
    self.series = series
  }

  /// For standard output and standard error.
  package struct Answer: Sendable {
    package var report: String
    package var findings: String
  }

  /// Reads, then writes what was asked for; nothing is written where the trace is not usable.
  package func run() throws(CalibrationError) -> Answer {
    for target in [out, series].compactMap(\.self) {
      try onFiles { () throws(FileError) in try OutputFile.demandNew(target) }
    }
    if let out, let series, OutputFile.isSame(out, series) {
      throw CalibrationError(
        .invalidInput, "is named for the workload and for the series; name two files", at: out)
    }
    if let out { try demandWorkloadName(out) }
    let bytes = try onFiles { () throws(FileError) in
      try OutputFile.read(path, limit: TraceLimits().bytes)
    }
    let trace = try read(bytes)
    var findings = listed(trace)
    if let cores, let known = trace.cores, cores != known {
      throw CalibrationError(
        .invalidInput,
        "the trace says \(PlainNumber.count(known)) cores itself; leave --cores "
          + "\(PlainNumber.count(cores)) out", at: path)
    }
    guard trace.course != nil else {
      throw CalibrationError(
        .invalidInput,
        "no series has two samples, and one says nothing of a course in time; give more rows\n"
          + listed(trace), at: path)
    }
    if out != nil || series != nil {
      let (demand, workload) = try demand(of: trace)
      findings += demand.warnings.map { "\(path): warning: \($0)\n" }.joined()
      try onFiles { () throws(FileError) in
        if let out { try OutputFile.writeNew(Data(workload.utf8), to: out) }
        if let series { try OutputFile.writeNew(Data(demand.table().utf8), to: series) }
      }
    }
    return Answer(report: TraceReport.text(trace, file: path), findings: findings)
  }

  private func read(_ bytes: [UInt8]) throws(CalibrationError) -> Trace {
    do {
      return try TraceReader.read(bytes)
    } catch {
      throw CalibrationError(
        .invalidInput,
        error.message + "\n" + TraceReport.findings(error.findings, file: path),
        at: "\(path):\(error.line):\(error.column)")
    }
  }

  /// A demand that cannot be made is one of the whole trace, so what was left out of it is listed.
  private func demand(
    of trace: Trace
  ) throws(CalibrationError) -> (writer: DemandWriter, workload: String) {
    do {
      let name = URL(filePath: path).lastPathComponent
      let writer = try DemandWriter(trace, name: name, cores: cores)
      return (writer, try writer.workload())
    } catch {
      throw CalibrationError(.invalidInput, error.message + "\n" + listed(trace), at: path)
    }
  }

  private func listed(_ trace: Trace) -> String {
    TraceReport.findings(trace.findings, further: trace.furtherFindings, file: path)
      + trace.warnings.map {
        "\(path):\($0.line):\($0.column): warning: \($0.message)\n"
      }.joined()
  }
}
