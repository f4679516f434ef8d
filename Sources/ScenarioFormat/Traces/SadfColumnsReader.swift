/// Reads the output of `sadf -d`: sections of columns between semicolons, each with a # header.
enum SadfColumnsReader {
  private struct Section {
    var names: [String]
    var item: Int?
    var isProcessor: Bool { item.map { names[$0] == "CPU" } ?? false }
    var isDisk: Bool { item.map { names[$0] == "DEV" } ?? false }
    var isNetwork: Bool { item.map { names[$0] == "IFACE" } ?? false }
  }

  private struct State {
    var section: Section?
    var host: String?
    var highestProcessor = -1
    /// By section (its header) and item.
    var order: TimeOrder
  }

  static func read(_ bytes: [UInt8], _ limits: TraceLimits) throws(TraceError) -> Trace {
    // Which rows are in order can be told only when all times are known.
    var order = try pass(bytes, limits, TimeOrder()).state.order
    order.settle()
    var (builder, state) = try pass(bytes, limits, order)
    if builder.trace.cores == nil, state.highestProcessor >= 0 {
      builder.trace.cores = Double(state.highestProcessor + 1)
    }
    if builder.trace.cores == nil {
      builder.note("the number of cores is not in the file; say it with --cores, or export -P ALL")
    }
    return try builder.finish()
  }

  /// Goes through all lines: with an order that is not settled only to learn the times.
  private static func pass(
    _ bytes: [UInt8], _ limits: TraceLimits, _ order: TimeOrder
  ) throws(TraceError) -> (builder: TraceBuilder, state: State) {
    var builder = TraceBuilder(.sadfColumns, limits: limits)
    var lines = DelimitedLines(bytes, limits: limits)
    var state = State(order: order)
    while let line = lines.next() {
      let fields: [DelimitedField]
      switch line {
      case .malformed(let column, let message):
        builder.trace.rows += 1
        builder.find(lines.number, column, message + "; row left out")
        continue
      case .fields(let split): fields = split
      }
      guard let first = fields.first, fields.count > 1 || !first.text.isEmpty else { continue }
      if first.text.hasPrefix("#") {
        state.section = header(fields, lines.number, &builder)
        continue
      }
      guard builder.trace.rows < limits.rows else {
        throw TraceError(
          .tooLarge, "more than \(limits.rows) rows; split the file", line: lines.number)
      }
      builder.trace.rows += 1
      row(fields, lines.number, &state, &builder)
    }
    return (builder, state)
  }

  private static func header(
    _ fields: [DelimitedField], _ line: Int, _ builder: inout TraceBuilder
  ) -> Section? {
    var names = fields.map(\.text)
    names[0] = String(names[0].drop { $0 == "#" || $0 == " " })
    guard names.count > 3, names[0] == "hostname", names[1] == "interval", names[2] == "timestamp"
    else {
      builder.find(line, 1, "a header that does not begin with hostname;interval;timestamp")
      return nil
    }
    if names.contains("[...]") {
      builder.find(line, 1, "the items stand side by side; export again without -h")
      return nil
    }
    if names.last == "" { names.removeLast() }
    let item = ["CPU", "DEV", "IFACE"].lazy.compactMap { names.firstIndex(of: $0) }.first
    for name in names.dropFirst(3) where !["CPU", "DEV", "IFACE"].contains(name) {
      builder.column(name, SysstatColumns.unit(name), SysstatColumns.meaning(name)?.metric)
    }
    return Section(names: names, item: item)
  }

  private static func row(
    _ fields: [DelimitedField], _ line: Int, _ state: inout State, _ builder: inout TraceBuilder
  ) {
    if fields.count >= 4, fields[3].text.hasPrefix("LINUX-RESTART") {
      builder.find(line, fields[3].column, "the machine was restarted here")
      let digits = fields[3].text.drop { $0 != "(" }.dropFirst().prefix { $0.isNumber }
      if let cores = Double(digits), cores >= 1, cores <= 65_536 { builder.trace.cores = cores }
      return
    }
    if fields.count >= 4, fields[3].text.hasPrefix("COM") { return }
    guard let section = state.section else {
      builder.find(line, 1, "a row before any readable header; left out")
      return
    }
    guard fields.count == section.names.count else {
      builder.find(
        line, 1,
        "the row has \(fields.count) fields, its header \(section.names.count); row left out")
      return
    }
    if let host = state.host, host != fields[0].text {
      builder.find(line, 1, "a row of another machine; left out")
      return
    }
    state.host = fields[0].text
    guard let time = TraceText.time(fields[2].text) else {
      builder.find(
        line, fields[2].column, TraceText.notATime(fields[2].text))
      return
    }
    if !time.isUTC { builder.note(SysstatColumns.localTimeNote) }
    let itemName = section.item.map { fields[$0].text } ?? ""
    let key = section.names.joined(separator: ";") + "\u{0}" + itemName
    guard state.order.isSettled else {
      state.order.add(line: line, time: time.seconds, of: key)
      return
    }
    if let fault = state.order.fault(of: line) {
      builder.find(line, fields[2].column, fault.message(fields[2].text))
      return
    }
    guard state.order.knows(key) else {
      builder.find(line, 1, "more than 10,000 processors, disks or interfaces; row left out")
      return
    }
    if section.isProcessor {
      guard itemName == "-1" || itemName == "all" else {
        if let number = Int(itemName), (0..<65_536).contains(number) {
          state.highestProcessor = max(state.highestProcessor, number)
        } else {
          builder.find(line, fields[3].column, "\(TraceText.shown(itemName)) is not a processor")
        }
        return
      }
    }
    if section.isDisk, SysstatColumns.isStacked(itemName) {
      builder.note(SysstatColumns.stackedNote)
      return
    }
    if section.isNetwork, itemName == "lo" {
      builder.note(SysstatColumns.loopbackNote)
      return
    }
    values(fields, section, line, time.seconds, &builder)
  }

  private static func values(
    _ fields: [DelimitedField], _ section: Section, _ line: Int, _ time: Double,
    _ builder: inout TraceBuilder
  ) {
    var idle = 0.0
    var steal = 0.0
    var isProcessorKnown = section.isProcessor && section.names.contains("%idle")
    var used = false
    for (name, field) in zip(section.names, fields).dropFirst(3) {
      guard let meaning = SysstatColumns.meaning(name), let metric = meaning.metric else {
        continue
      }
      // The transfers of `sar -b` have the same names as those of single disks.
      if metric == .diskRequests, !section.isDisk { continue }
      guard let raw = TraceText.number(field.text), raw >= 0 else {
        let text =
          TraceText.number(field.text) == nil
          ? TraceText.notANumber(field.text) : "\(field.text) is negative"
        builder.find(line, field.column, text + "; value left out")
        if metric == .processorShare { isProcessorKnown = false }
        continue
      }
      if meaning.unit == "%", raw > 100.5 {
        builder.find(line, field.column, "\(field.text) % is above 100 %; value left out")
        if metric == .processorShare { isProcessorKnown = false }
        continue
      }
      let value = raw * meaning.factor
      guard value <= metric.most else {
        builder.find(line, field.column, metric.absurdity(field.text))
        continue
      }
      switch metric {
      case .processorShare: idle += value
      case .steal:
        steal = value
        builder.add(.steal, value, at: time)
      default: builder.add(metric, value, at: time)
      }
      used = true
    }
    if isProcessorKnown { builder.add(.processorShare, max(0, 1 - idle - steal), at: time) }
    if used { builder.trace.usableRows += 1 }
  }
}
