extension BitbrainsReader {
  /// What the rows read so far amount to.
  struct Rows {
    private var builder: TraceBuilder
    private let limits: TraceLimits
    private let columns: [Column?]
    private let timeIndex: Int
    private let shareIndex: Int?
    private let useIndex: Int?
    private let provision: Provision
    private let unit: TimeUnit?
    private let order: TimeOrder
    private var doubt = Contradiction()

    /// A row that has its place in time.
    private struct Row {
      let fields: [DelimitedField]
      let line: Int
      let time: Double
      let machine: Machine
    }

    /// - Throws: `TraceError` where the header names no time.
    init(header: [DelimitedField], of bytes: [UInt8], _ limits: TraceLimits) throws(TraceError) {
      self.limits = limits
      builder = TraceBuilder(.bitbrains, limits: limits)
      let names = header.map { $0.text.lowercased() }
      columns = names.map { known[$0] }
      for (field, column) in zip(header, columns) {
        builder.column(field.text, column?.unit ?? "not known", column?.metric)
        if column == nil, !field.text.isEmpty {
          builder.find(
            1, field.column, "column \(TraceText.shown(field.text)) is not known; not used")
        }
      }
      guard let timeIndex = names.firstIndex(of: "timestamp [ms]") else {
        throw TraceError(.malformed, "there is no column `Timestamp [ms]`")
      }
      self.timeIndex = timeIndex
      provision = Provision(names)
      shareIndex = names.firstIndex(of: "cpu usage [%]")
      useIndex = names.firstIndex(of: "cpu usage [mhz]")
      (unit, order) = survey(bytes, limits, fields: header.count, timeIndex: timeIndex)
      if let unit { builder.note(unit.note) }
    }

    /// Reads a line, and says what is wrong with it.
    ///
    /// - Throws: `TraceError` where there are more rows than may be.
    mutating func read(_ line: DelimitedLines.Line, number: Int) throws(TraceError) {
      guard builder.trace.rows < limits.rows else {
        throw TraceError(
          .tooLarge, "more than \(limits.rows) rows; split the file", line: number)
      }
      switch line {
      case .malformed(let column, let message):
        builder.trace.rows += 1
        builder.find(number, column, message)
      case .fields(let fields):
        if fields.count == 1, fields[0].text.isEmpty { return }
        builder.trace.rows += 1
        guard let time = time(of: fields, in: number) else { return }
        let machine = provision.read(fields, number, &builder)
        noteCores(of: machine, in: number)
        add(Row(fields: fields, line: number, time: time, machine: machine))
      }
    }

    consuming func finish() throws(TraceError) -> Trace {
      if let warning = doubt.warning { builder.trace.warnings.append(warning) }
      return try builder.finish()
    }

    /// When a row was taken; nil, and a finding, where it cannot be put among the others.
    private mutating func time(of fields: [DelimitedField], in line: Int) -> Double? {
      guard fields.count == columns.count else {
        builder.find(
          line, 1,
          "the row has \(fields.count) fields, the header \(columns.count); row left out")
        return nil
      }
      let field = fields[timeIndex]
      guard let stamp = TraceText.number(field.text), case let unitHere = TimeUnit(of: stamp),
        TraceText.isTime(stamp * unitHere.factor)
      else {
        builder.find(line, field.column, TraceText.notATime(field.text))
        return nil
      }
      guard unitHere == unit else {
        builder.find(
          line, field.column, "the timestamp is in another unit than most rows; row left out")
        return nil
      }
      if let fault = order.fault(of: line) {
        builder.find(line, field.column, fault.message(field.text))
        return nil
      }
      return stamp * unitHere.factor
    }

    private mutating func noteCores(of machine: Machine, in line: Int) {
      guard let cores = machine.cores else { return }
      if let before = builder.trace.cores, before != cores {
        builder.find(line, 1, "the number of cores changes to \(cores)")
      }
      builder.trace.cores = cores
    }

    /// Adds what a row says of each metric, and weighs its two columns of processor use.
    private mutating func add(_ row: Row) {
      var used = false
      for (field, column) in zip(row.fields, columns) {
        guard let column, let metric = column.metric else { continue }
        if add(field, column, metric, of: row) { used = true }
      }
      if used { builder.trace.usableRows += 1 }
      if let shareIndex, let useIndex, let capacity = row.machine.megahertz {
        doubt.weigh(row.fields[shareIndex], row.fields[useIndex], of: capacity, in: row.line)
      }
    }

    /// Adds one value; false where it says nothing about the machine.
    private mutating func add(
      _ field: DelimitedField, _ column: Column, _ metric: TraceMetric, of row: Row
    ) -> Bool {
      guard let raw = number(field, metric, of: row) else { return false }
      var value = raw * column.factor
      if metric == .processorCores {
        guard let cores = row.machine.cores, let capacity = row.machine.megahertz else {
          if raw == 0 {
            builder.add(metric, 0, at: row.time)
          } else {
            builder.find(
              row.line, field.column,
              "use in MHz without cores and capacity above 0; value left out")
          }
          return false
        }
        guard raw <= capacity * grace else {
          findAbove(capacity, "MHz", field, in: row.line)
          return false
        }
        value = raw / (capacity / cores)
      }
      guard value <= metric.most else {
        builder.find(row.line, field.column, metric.absurdity(field.text))
        return false
      }
      builder.add(metric, value, at: row.time)
      return true
    }

    /// The number in a field as it stands there; nil, and a finding, where it cannot be meant.
    private mutating func number(
      _ field: DelimitedField, _ metric: TraceMetric, of row: Row
    ) -> Double? {
      guard let raw = TraceText.number(field.text) else {
        builder.find(row.line, field.column, TraceText.notANumber(field.text))
        return nil
      }
      guard raw >= 0 else {
        builder.find(row.line, field.column, "\(field.text) is negative; value left out")
        return nil
      }
      if metric == .processorShare, raw > grace * 100 {
        builder.find(
          row.line, field.column, "\(field.text) % is above 100 %; value left out")
        return nil
      }
      if metric == .memoryUsed, let most = row.machine.kilobytes, raw > most * grace {
        findAbove(most, "KB", field, in: row.line)
        return nil
      }
      return raw
    }

    private mutating func findAbove(
      _ most: Double, _ unit: String, _ field: DelimitedField, in line: Int
    ) {
      builder.find(
        line, field.column,
        "use above the capacity (\(field.text) of \(PlainNumber.count(most)) \(unit)); "
          + "value left out")
    }
  }
}
