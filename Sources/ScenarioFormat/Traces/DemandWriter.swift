internal import Virtualization

/// Turns a trace into a workload that asks for as much in the same rhythm.
///
/// A trace says how much was used per interval; it does not say in how many pieces. So the demand
/// is cut into requests that come at a fixed mean rate, and each asks for its share of the mean
/// use: processors, disk and network. Bursts longer than an interval are kept as a Markov-modulated
/// process (half of the demand falls into bursts); disk and network follow the processors' bursts.
///
/// Kernel time is part of the use and so of the user computation, while disk and network operations
/// are priced on top: the work of the processors for those counts twice, by a few per cent as a
/// rule. Lost are: the order of the intervals (times of day), bursts inside an interval, how use of
/// disk and network correlates with that of processors, system calls, faults and forks (a trace
/// counts none, so approaches that make those dear look better than they are), and memory over
/// time.
package struct DemandWriter: Sendable {
  /// Requests per second into which demand is cut.
  package static let requestRate = 10.0
  /// The share of the time of the trace that processor use must cover, and any other series to be
  /// part of a workload.
  package static let leastCoverage = 0.05
  /// Below this share of the time a series gives a warning.
  package static let safeCoverage = 0.5
  /// Payload of a full packet on Ethernet; used where a trace counts bytes but no packets.
  private static let segment = 1_448.0

  package let trace: Trace
  /// Of all series, by which coverage counts.
  let course: TraceCourse?
  /// What the file is called in sources, without folders.
  package var name: String
  package var cores: Double

  /// A writer; throws where processor use is missing or the number of cores is not known.
  package init(_ trace: Trace, name: String, cores: Double? = nil) throws(TraceError) {
    self.trace = trace
    course = trace.course
    self.name = name
    let isInCores = trace.series(.processorCores) != nil
    guard isInCores || trace.series(.processorShare) != nil else {
      let isThere = trace.columns.contains {
        $0.metric == .processorShare || $0.metric == .processorCores
      }
      throw TraceError(
        .nothingUsable,
        isThere
          ? "every value of processor use was left out; correct what is named below"
          : "the trace holds no processor use; export it too (sadf -d -- -u)")
    }
    guard let known = cores ?? trace.cores ?? (isInCores ? 1 : nil) else {
      throw TraceError(
        .nothingUsable,
        "the trace gives processor use as a share, but not of how many cores; say it with --cores")
    }
    self.cores = known
  }

  /// Cores' worth of work by time.
  package var processorUse: TraceSeries? {
    if let series = trace.series(.processorCores) { return series }
    guard var series = trace.series(.processorShare) else { return nil }
    series.metric = .processorCores
    series.values = series.values.map { $0 * cores }
    return series
  }

  private func tooSparse(_ use: TraceSummary) -> TraceError {
    var advice = "correct the times"
    if let course, let gap = use.gaps.max(by: { $0.missing < $1.missing }) {
      advice =
        "\(gap.missing) samples are missing \(gap.place(in: course))"
        + (gap.after == nil
          ? "; correct them" : " of the trace; cut the file there, or correct a time")
    }
    return TraceError(
      .tooSparse,
      "processor use covers \(PlainNumber.share(use.coverage)) of the time of the trace, and a "
        + "workload needs \(PlainNumber.share(Self.leastCoverage)); \(advice)")
  }

  /// Throws where the reader of workloads would refuse the text.
  private func demandReadable(_ text: String) throws(TraceError) {
    let library = Library(
      folders: ["trace"], store: .memory(["trace/workloads/demand.yaml": text]))
    do {
      _ = try library.workload("demand")
    } catch {
      let finding = error.findings.first { $0.severity == .error }
      throw TraceError(
        .nothingUsable,
        "the demand of this trace is none that a workload can state: \(finding?.message ?? ""); "
          + "correct the values that make it, or cut them out of the file")
    }
  }

  /// The workload file, which `tenancy check` takes.
  ///
  /// Throws where the processor use has fewer than two samples, covers too little of its time or is
  /// zero throughout, and where something is more than a workload may state.
  package func workload() throws(TraceError) -> String {
    guard let series = processorUse, let use = TraceSummary(series, in: course) else {
      throw TraceError(.nothingUsable, "fewer than two samples of processor use")
    }
    guard use.coverage >= Self.leastCoverage else { throw tooSparse(use) }
    guard use.mean > 0 else {
      throw TraceError(
        .nothingUsable,
        "processor use is 0 throughout: a machine that did nothing asks for nothing, so no "
          + "workload can be made of it")
    }
    let rate = Self.requestRate
    var text = """
      # What a traced machine asked for, as a workload; made by `tenancy inspect`.
      # The trace says how much was used per \(PlainNumber.seconds(use.interval)), not in how many pieces: the cut into
      # \(PlainNumber.count(rate)) requests per second is a convention, and only rate times work is measured. Not kept:
      # times of day, bursts inside an interval, how disk and network follow the processors, system
      # calls, faults and forks (none are in a trace, so their price under an approach is missing here).
      # Kernel time is contained in user-computation; disk and network operations are priced on top.
      # Processor use in cores, \(use.samples) samples: \(quantiles(use))
      \(doubts)\
      tenancy: 1
      kind: workload
      title: \(PlainNumber.quoted("Demand of a traced machine with \(PlainNumber.count(cores)) cores"))
      status: measured
      source: \(PlainNumber.quoted("\(name), \(trace.kind.rawValue), \(use.samples) samples of \(PlainNumber.seconds(use.interval)), coverage \(PlainNumber.share(use.coverage))"))

      """
    text += arrival(use, rate)
    text += """
      # Mean use of \(PlainNumber.count(use.mean)) cores over the rate; the law inside an interval is not known.
      # Seconds of the traced machine's processors: they are the reference of this file.
      user-computation: {law: exponential, mean: \(PlainNumber.seconds(use.mean / rate))}
      response: 0 B
      operations:\(operations(rate))
      processes:
      \(memory())
        base: {value: 20, low: 5, high: 100, status: assumed, source: "not in the trace"}
        worker-anonymous: {value: 0 B, low: 0 B, high: 1 MiB, status: assumed, source: "contained in base-anonymous"}
        spare-workers: {value: 0, low: 0, high: 10, status: assumed, source: "contained in base"}
        active-share: {value: 50 %, low: 20 %, high: 100 %, status: assumed, source: "not in the trace"}
        text: {value: 0 B, low: 0 B, high: 64 MiB, status: assumed, source: "contained in base-anonymous, since a trace does not tell them apart"}
        kernel-per-process: {value: 20 KiB, low: 10 KiB, high: 60 KiB, status: assumed, source: "stack, tables and descriptors of one process"}
        sockets-per-worker: {value: 1, low: 0, high: 2, status: assumed, source: "not in the trace"}
        image: {value: 1 GiB, low: 300 MiB, high: 8 GiB, status: assumed, source: "not in the trace"}
        data: {value: 1 GiB, low: 0 B, high: 100 GiB, status: assumed, source: "not in the trace"}
      working-set: {value: 256 KiB, low: 64 KiB, high: 4 MiB, status: assumed, source: "not in the trace"}
      workers: {value: 256, low: 64, high: 1024, status: assumed, source: "not in the trace; meant not to bind"}
      backlog: {value: 10000, low: 1000, high: 100000, status: assumed, source: "not in the trace; meant not to bind"}

      """
    try demandReadable(text)
    return text
  }

  private func quantiles(_ summary: TraceSummary) -> String {
    zip(TraceSummary.probabilities, summary.quantiles)
      .map { "\(PlainNumber.share($0)) \(PlainNumber.count($1, digits: 4))" }
      .joined(separator: ", ")
  }

  private func arrival(_ use: TraceSummary, _ rate: Double) -> String {
    let shown = PlainNumber.count(rate)
    let quantity =
      "{value: \(shown) /s, low: \(shown) /s, high: \(shown) /s, status: assumed, "
      + "source: \"convention: demand is cut into this many requests\"}"
    guard let bursts = use.burstiness, bursts.peakToMean >= 1.05 else {
      return "arrival: {process: poisson, rate: \(quantity)}\n"
    }
    return """
      # Half of the demand falls into intervals with this rate over the mean, in runs of this length.
      arrival:
        process: bursty
        rate: \(quantity)
        peak-to-mean: \(PlainNumber.count(bursts.peakToMean, digits: 4))
        burst: \(PlainNumber.seconds(bursts.burst))

      """
  }

  private func mean(_ metric: TraceMetric) -> Double? {
    guard let series = trace.series(metric), isUsable(series) else { return nil }
    return series.values.reduce(0, +) / Double(series.values.count)
  }

  private func operations(_ rate: Double) -> String {
    var lines: [String] = []
    let read = mean(.diskRead) ?? 0
    let written = mean(.diskWritten) ?? 0
    if read + written > 0 {
      // Requests are counted together; they are split by bytes.
      let requests = mean(.diskRequests)
      for (name, bytes) in [("disk-read", read), ("disk-write", written)] where bytes > 0 {
        let perSecond = requests.map { $0 * bytes / (read + written) } ?? bytes / 65_536
        guard perSecond > 0 else { continue }
        let count = PlainNumber.count(perSecond / rate)
        let quantity =
          requests != nil
          ? count
          : "{value: \(count), range: 90 %, status: assumed, source: \"64 KiB per request, since "
            + "the "
            + countless(.diskRequests)
        lines.append(
          "  - {do: \(name), count: \(quantity), bytes: \(PlainNumber.bytes(bytes / perSecond))}")
      }
    }
    for (name, packets, bytes) in [
      ("packet-receive", TraceMetric.packetsReceived, TraceMetric.networkReceived),
      ("packet-send", .packetsSent, .networkSent),
    ] {
      guard let moved = mean(bytes), moved > 0 else { continue }
      let counted = mean(packets)
      let perSecond = counted ?? max(1, moved / Self.segment)
      guard perSecond > 0 else { continue }
      let count = PlainNumber.count(perSecond / rate)
      let quantity =
        counted != nil
        ? count
        : "{value: \(count), range: 90 %, status: assumed, source: \"full packets, since the "
          + countless(packets)
      lines.append(
        "  - {do: \(name), count: \(quantity), packets: 1, "
          + "bytes: \(PlainNumber.bytes(moved / perSecond))}")
    }
    return lines.isEmpty ? " []" : "\n" + lines.joined(separator: "\n")
  }

  /// Why pieces are not counted, as the end of a source behind "since the".
  private func countless(_ metric: TraceMetric) -> String {
    (trace.series(metric) == nil
      ? "trace counts bytes only" : "trace counts them for too little of its time") + "\"}"
  }

  private func memory() -> String {
    guard let series = trace.series(.memoryUsed), let low = series.values.min(),
      let high = series.values.max(), let middle = mean(.memoryUsed)
    else {
      return "  base-anonymous: {value: 256 MiB, low: 32 MiB, high: 8 GiB, status: assumed, "
        + "source: \"\(trace.series(.memoryUsed) == nil ? "not" : "too little of it") in the "
        + "trace\"}"
    }
    return
      "  # Mean, least and most memory in use without the page cache; the guest's kernel is part "
      + "of it.\n"
      + "  base-anonymous: {value: \(PlainNumber.bytes(middle)), low: \(PlainNumber.bytes(low)), "
      + "high: \(PlainNumber.bytes(high))}"
  }

  /// All series at the steps of the trace's interval, as comma-separated values.
  ///
  /// Every cell is a number or empty, so nothing in it can be taken for a formula.
  package func table() -> String {
    var all = trace.series.filter { $0.metric != .processorCores }
    if let use = processorUse { all.insert(use, at: 0) }
    guard let course else { return "" }
    let (interval, first) = (course.interval, course.first)
    var text =
      "seconds,"
      + all.map { "\($0.metric.rawValue) [\($0.metric.unit)]" }.joined(separator: ",") + "\n"
    let columns = all.map { series -> [Double?] in
      let steps = (((series.times.first ?? first) - first) / interval).rounded()
      let offset = Int(clamping: min(max(steps, -1e6), 1e6))
      let values = series.resampled(every: interval)
      return offset >= 0
        ? [Double?](repeating: nil, count: offset) + values
        : Array(values.dropFirst(-offset))
    }
    for row in 0..<(columns.map(\.count).max() ?? 0) {
      let cells = columns.map { column in
        row < column.count ? column[row].map { PlainNumber.count($0) } ?? "" : ""
      }
      text +=
        ([PlainNumber.count(Double(row) * interval, digits: 12)] + cells)
        .joined(separator: ",") + "\n"
    }
    return text
  }
}
