import Foundation

/// Reads the output of `sadf -j`.
enum SadfDocumentReader {
  private struct Document: Decodable {
    var sysstat: Sysstat
  }
  private struct Sysstat: Decodable {
    var hosts: [Host]
  }
  private struct Host: Decodable {
    var cores: Double?
    var statistics: [Sample]?
    enum CodingKeys: String, CodingKey {
      case cores = "number-of-cpus"
      case statistics
    }
  }
  private struct Sample: Decodable {
    var timestamp: Stamp?
    var processors: [[String: Value]]?
    var processorsInFull: [[String: Value]]?
    var memory: [String: Value]?
    var disks: [[String: Value]]?
    var network: Network?
    enum CodingKeys: String, CodingKey {
      case timestamp, memory, network
      case processors = "cpu-load"
      case processorsInFull = "cpu-load-all"
      case disks = "disk"
    }
  }
  private struct Network: Decodable {
    var interfaces: [[String: Value]]?
    enum CodingKeys: String, CodingKey { case interfaces = "net-dev" }
  }
  private struct Stamp: Decodable {
    var date: String?
    var time: String?
    var utc: Int?
  }
  /// A number or a name; anything else is kept as neither.
  private enum Value: Decodable {
    case number(Double)
    case text(String)
    case other

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Double.self) {
        self = .number(number)
      } else if let text = try? container.decode(String.self) {
        self = .text(text)
      } else {
        self = .other
      }
    }
  }

  static func read(_ bytes: [UInt8], _ limits: TraceLimits) throws(TraceError) -> Trace {
    let document: Document
    do {
      document = try JSONDecoder().decode(Document.self, from: Data(bytes))
    } catch let error as DecodingError {
      let (line, column) = place(of: error, in: bytes)
      throw TraceError(.malformed, describe(error), line: line, column: column)
    } catch {
      throw TraceError(.malformed, "not the JSON of `sadf -j`")
    }
    var builder = TraceBuilder(.sadfDocument, limits: limits)
    let lines = linesOfSamples(bytes)
    guard let host = document.sysstat.hosts.first else {
      throw TraceError(.nothingUsable, "the document names no host")
    }
    if document.sysstat.hosts.count > 1 {
      builder.note("the file holds \(document.sysstat.hosts.count) hosts; the first is read")
    }
    if let cores = host.cores, cores >= 1, cores <= 65_536 { builder.trace.cores = cores }
    if builder.trace.cores == nil {
      builder.note("the number of cores is not in the file; say it with --cores")
    }
    let samples = host.statistics ?? []
    let times = samples.map(Self.time)
    var order = TimeOrder()
    for (index, time) in times.enumerated() {
      if let time { order.add(line: index, time: time.seconds) }
    }
    order.settle()
    for (index, sample) in samples.enumerated() {
      guard builder.trace.rows < limits.rows else {
        throw TraceError(.tooLarge, "more than \(limits.rows) statistics; split the file")
      }
      builder.trace.rows += 1
      let line = index < lines.count ? lines[index] : 1
      guard let time = times[index] else {
        builder.find(line, 1, "statistics without a readable date and time; left out")
        continue
      }
      if sample.timestamp?.utc != 1 { builder.note(SysstatColumns.localTimeNote) }
      if let fault = order.fault(of: index) {
        let stamp = [sample.timestamp?.date, sample.timestamp?.time].compactMap(\.self)
        builder.find(line, 1, fault.message(stamp.joined(separator: " ")))
        continue
      }
      if add(sample, line, time.seconds, &builder) { builder.trace.usableRows += 1 }
    }
    return try builder.finish()
  }

  private static func time(_ sample: Sample) -> (seconds: Double, isUTC: Bool)? {
    guard let date = sample.timestamp?.date, let clock = sample.timestamp?.time else { return nil }
    return TraceText.time(date + " " + clock)
  }

  private static func add(
    _ sample: Sample, _ line: Int, _ time: Double, _ builder: inout TraceBuilder
  ) -> Bool {
    var used = false
    func take(
      _ key: String, _ metric: TraceMetric, _ factor: Double, _ unit: String,
      from item: [String: Value]
    ) {
      guard let value = item[key] else { return }
      builder.column(key, unit, metric)
      guard case .number(let raw) = value, raw.isFinite, raw >= 0 else {
        builder.find(line, 1, "`\(key)` is not a number of 0 or more; value left out")
        return
      }
      guard raw * factor <= metric.most else {
        builder.find(line, 1, "`\(key)`: " + metric.absurdity(PlainNumber.count(raw)))
        return
      }
      builder.add(metric, raw * factor, at: time)
      used = true
    }
    for item in sample.processors ?? sample.processorsInFull ?? [] {
      guard case .text("all")? = item["cpu"] else { continue }
      let parts = ["idle", "iowait", "steal"].map { item[$0] }
      for name in ["idle", "iowait"] { builder.column(name, "%", .processorShare) }
      var away = 0.0
      var isKnown = true
      for part in parts {
        guard case .number(let raw)? = part, (0...100.5).contains(raw) else {
          isKnown = false
          continue
        }
        away += raw / 100
      }
      take("steal", .steal, 0.01, "%", from: item)
      guard isKnown else {
        builder.find(line, 1, "idle, iowait or steal is not a share; processor use left out")
        continue
      }
      builder.add(.processorShare, max(0, 1 - away), at: time)
      used = true
    }
    if let memory = sample.memory { take("memused", .memoryUsed, 1_024, "KiB", from: memory) }
    for disk in sample.disks ?? [] {
      if case .text(let name)? = disk["disk-device"], SysstatColumns.isStacked(name) {
        builder.note(SysstatColumns.stackedNote)
        continue
      }
      take("tps", .diskRequests, 1, "1/s", from: disk)
      if disk["rkB"] != nil {
        take("rkB", .diskRead, 1_024, "KiB/s", from: disk)
        take("wkB", .diskWritten, 1_024, "KiB/s", from: disk)
      } else {
        take("rd_sec", .diskRead, 512, "512 B/s", from: disk)
        take("wr_sec", .diskWritten, 512, "512 B/s", from: disk)
      }
    }
    for interface in sample.network?.interfaces ?? [] {
      if case .text("lo")? = interface["iface"] {
        builder.note(SysstatColumns.loopbackNote)
        continue
      }
      take("rxpck", .packetsReceived, 1, "1/s", from: interface)
      take("txpck", .packetsSent, 1, "1/s", from: interface)
      take("rxkB", .networkReceived, 1_024, "KiB/s", from: interface)
      take("txkB", .networkSent, 1_024, "KiB/s", from: interface)
    }
    return used
  }

  /// The line on which each sample begins: the decoder does not say where a value stood.
  private static func linesOfSamples(_ bytes: [UInt8]) -> [Int] {
    let key = Array("\"timestamp\"".utf8)
    var lines: [Int] = []
    var line = 1
    for index in bytes.indices {
      if bytes[index] == UInt8(ascii: "\n") { line += 1 }
      if bytes[index] == key[0], bytes[index...].starts(with: key) { lines.append(line) }
    }
    return lines
  }

  /// Where the text stops being JSON; its beginning where that is not said.
  ///
  /// The decoder of types does not say it, the older one does, in a sentence.
  private static func place(of error: DecodingError, in bytes: [UInt8]) -> (line: Int, column: Int)
  {
    guard case .dataCorrupted = error else { return (1, 1) }
    var text = ""
    do {
      _ = try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
    } catch {
      text = (error as NSError).userInfo["NSDebugDescription"] as? String ?? ""
    }
    let digits = text.split(separator: "around character ").dropFirst().first?
      .prefix { $0.isASCII && $0.isNumber }
    let offset = digits.flatMap { Int($0) } ?? (text.contains("end of file") ? bytes.count : 0)
    let before = bytes.prefix(offset)
    let start = (before.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
    return (before.count { $0 == UInt8(ascii: "\n") } + 1, before.count - start + 1)
  }

  private static func describe(_ error: DecodingError) -> String {
    let fault = JSONFault(error)
    return "not the JSON of `sadf -j`: "
      + (fault.path.isEmpty
        ? "\(fault.message); the file may be cut off, so export it again"
        : "\(TraceText.shown(fault.path)) \(fault.message); give what `sadf -j` wrote, unchanged")
  }
}
