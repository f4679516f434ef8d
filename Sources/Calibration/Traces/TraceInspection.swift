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
    let bytes = try onFiles { () throws(FileError) in
      try OutputFile.read(path, limit: TraceLimits().bytes)
    }
    do {
      let trace = try TraceReader.read(bytes)
      if out != nil || series != nil {
        let name = URL(filePath: path).lastPathComponent
        let demand = try DemandWriter(trace, name: name, cores: cores)
        let workload = try demand.workload()
        if let out { try OutputFile.writeNew(Data(workload.utf8), to: out) }
        if let series { try OutputFile.writeNew(Data(demand.table().utf8), to: series) }
      }
      return Answer(
        report: TraceReport.text(trace, file: path),
        findings: TraceReport.findings(
          trace.findings, further: trace.furtherFindings, file: path))
    } catch let error as TraceError {
      throw CalibrationError(
        .invalidInput,
        ([error.description] + error.findings.map { $0.description(in: path) })
          .joined(separator: "\n"), at: path)
    } catch let error as FileError {
      throw CalibrationError(error)
    } catch {
      throw CalibrationError(.system, "\(error)", at: path)
    }
  }
}
