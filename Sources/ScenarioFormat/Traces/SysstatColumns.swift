/// What sysstat's columns mean, for both of its export forms.
///
/// Names and units as in the manual pages sar(1) and sadf(1), versions 10 to 12: kB there are 1,024
/// bytes, sectors 512 bytes.
enum SysstatColumns {
  struct Meaning {
    var metric: TraceMetric?
    var unit: String
    var factor: Double
  }

  /// The meaning of a column of `sadf -d`; nil for one that is not used.
  static func meaning(_ name: String) -> Meaning? {
    switch name {
    case "%idle", "%iowait": Meaning(metric: .processorShare, unit: "%", factor: 0.01)
    case "%steal": Meaning(metric: .steal, unit: "%", factor: 0.01)
    case "kbmemused": Meaning(metric: .memoryUsed, unit: "KiB", factor: 1_024)
    case "rkB/s": Meaning(metric: .diskRead, unit: "KiB/s", factor: 1_024)
    case "wkB/s": Meaning(metric: .diskWritten, unit: "KiB/s", factor: 1_024)
    case "rd_sec/s": Meaning(metric: .diskRead, unit: "512 B/s", factor: 512)
    case "wr_sec/s": Meaning(metric: .diskWritten, unit: "512 B/s", factor: 512)
    case "tps": Meaning(metric: .diskRequests, unit: "1/s", factor: 1)
    case "rxkB/s": Meaning(metric: .networkReceived, unit: "KiB/s", factor: 1_024)
    case "txkB/s": Meaning(metric: .networkSent, unit: "KiB/s", factor: 1_024)
    case "rxpck/s": Meaning(metric: .packetsReceived, unit: "1/s", factor: 1)
    case "txpck/s": Meaning(metric: .packetsSent, unit: "1/s", factor: 1)
    default: nil
    }
  }

  static func unit(_ name: String) -> String {
    if let known = meaning(name) { return known.unit }
    if name.hasPrefix("%") { return "%" }
    if name.hasPrefix("kb") { return "KiB" }
    if name.hasSuffix("kB/s") { return "KiB/s" }
    return name.hasSuffix("/s") ? "1/s" : "not known"
  }

  /// Devices that stand on others would be counted twice, and memory is no disk.
  static func isStacked(_ disk: String) -> Bool {
    ["dm-", "md", "loop", "ram", "zram", "sr", "dev253-", "dev7-", "dev9-"].contains {
      disk.hasPrefix($0)
    }
  }

  static let stackedNote =
    "disks that stand on others (dm-, md, loop, ram, sr) are left out, so that no byte counts twice"
  static let loopbackNote = "the loopback interface is left out: its packets leave no machine"
  static let localTimeNote =
    "timestamps name no zone; read as UTC, so changes of the clock show as "
    + "gaps or as time going back"
}
