/// What of a trace is too little of its time to make a workload of.
extension DemandWriter {
  /// What a workload can be made of, but should not be trusted for, and what is left out of it; one
  /// sentence each.
  package var warnings: [String] {
    ([processorUse].compactMap(\.self) + others).compactMap { doubt(about: $0) }
  }

  /// The series that a workload is made of beside processor use.
  private var others: [TraceSeries] {
    trace.series.filter { ![.processorShare, .processorCores, .steal].contains($0.metric) }
  }

  /// How much of the time of the trace a series covers, where that is too little to be trusted.
  private func doubt(about series: TraceSeries) -> String? {
    guard let summary = TraceSummary(series, in: course) else {
      return "\(series.metric.rawValue) has one sample alone, and is left out of the workload"
    }
    guard summary.coverage < Self.safeCoverage else { return nil }
    return
      "\(series.metric.rawValue) covers \(PlainNumber.share(summary.coverage)) of the time of the "
      + (isUsable(series)
        ? "trace; the workload is made of that alone"
        : "trace, less than \(PlainNumber.share(Self.leastCoverage)), and is left out of the "
          + "workload")
  }

  /// Whether a series covers enough of the time of the trace.
  func isUsable(_ series: TraceSeries) -> Bool {
    TraceSummary(series, in: course).map { $0.coverage >= Self.leastCoverage } ?? false
  }

  /// Comments on series that are left out or cover little, each on a line of its own.
  var doubts: String {
    others.compactMap { doubt(about: $0) }.map { "# Little of it: \($0).\n" }.joined()
  }
}
