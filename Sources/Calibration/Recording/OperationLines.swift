import ScenarioFormat
import Virtualization

/// The `operations` of a recorded workload, in the model's order.
struct OperationLines {
  private let recording: CommandRecording
  private(set) var lines: [String] = []

  init(_ recording: CommandRecording) {
    self.recording = recording
    for operation in Operation.allCases { add(operation) }
  }

  private mutating func add(_ operation: Operation) {
    let tally = recording.calls.tally
    let entry = tally[operation]
    switch operation {
    case .fork: forks()
    case .exec: execs()
    case .anonymousFault, .copyOnWriteFault: faults(operation)
    case .fileFault: faults(operation)
    case .contextSwitch: append(operation, "\(recording.usage.voluntarySwitches)")
    case .diskRead:
      disk(operation, Double(recording.usage.bytesIn))
    case .diskWrite:
      disk(operation, Double(recording.usage.bytesOut))
    case .fileStat, .fileOpenClose, .fileCreate, .fileDelete:
      guard entry.count > 0 else { return }
      append(operation, "\(entry.count)", [("names", mean(entry.names, entry.count))])
    case .fileRead, .fileWrite, .pipeTransfer:
      guard entry.count > 0 else { return }
      append(operation, "\(entry.count)", [("bytes", bytes(entry.bytes, entry.count))])
    case .packetSend, .packetReceive:
      guard entry.count > 0 else { return }
      append(
        operation, "\(entry.count)",
        [
          ("bytes", bytes(entry.bytes, entry.count)), ("packets", mean(entry.packets, entry.count)),
        ])
    case .memoryMap:
      guard entry.count > 0 else { return }
      append(
        operation, "\(entry.count)",
        [("pages", PlainNumber.count(entry.pages / Double(entry.count), digits: 4))])
    default:
      guard entry.count > 0 else { return }
      append(operation, "\(entry.count)")
    }
  }

  private mutating func append(
    _ operation: Operation, _ count: String, _ attributes: [(String, String)] = []
  ) {
    guard count != "0" else { return }
    let rest = attributes.map { ", \($0.0): \($0.1)" }.joined()
    lines.append("  - {do: \(operation.rawValue), count: \(count)\(rest)}")
  }

  private func mean(_ sum: Int, _ count: Int) -> String {
    PlainNumber.count(Double(sum) / Double(max(1, count)), digits: 4)
  }

  private func bytes(_ sum: Double, _ count: Int) -> String {
    PlainNumber.bytes(sum / Double(max(1, count)))
  }

  private func space(_ sum: TraceCollector.SpaceSum) -> [(String, String)] {
    guard sum.count > 0 else { return [] }
    return [
      ("pages", mean(sum.pages, sum.count)), ("table-pages", mean(sum.tablePages, sum.count)),
      ("ranges", mean(sum.ranges, sum.count)),
    ]
  }

  /// Copies with the resident pages of the parent; vfork and its like copy nothing.
  private mutating func forks() {
    let tally = recording.calls.tally
    if tally.sharingForks > 0 {
      lines.append("  # In the parent's address space (vfork and its like): no page is copied.")
      append(.fork, "\(tally.sharingForks)", [("pages", "0")])
    }
    append(.fork, "\(tally.copyingForks)", space(recording.calls.forkedSpaces))
  }

  /// Execs with the resident pages of the image that is replaced.
  private mutating func execs() {
    let calls = recording.calls
    let known = calls.execsFromShared
    if known > 0 {
      lines.append("  # Out of the parent's address space, which stays.")
      append(.exec, "\(known)", [("pages", "0"), ("names", "1")])
    }
    append(
      .exec, "\(max(0, calls.tally.execs - known))", space(calls.replacedSpaces) + [("names", "1")])
  }

  private mutating func faults(_ operation: Operation) {
    guard let split = recording.faults else {
      if operation == .anonymousFault { append(operation, "\(recording.usage.minorFaults)") }
      return
    }
    let part =
      switch operation {
      case .anonymousFault: split.anonymous
      case .copyOnWriteFault: split.copyOnWrite
      default: split.file
      }
    // Major faults brought file pages in too, and waited for the disk.
    let more = operation == .fileFault ? Double(recording.usage.majorFaults) : 0
    let shown = [part.value, part.low, part.high].map { PlainNumber.count(($0 + more).rounded()) }
    append(
      operation,
      shown[2] == "0" ? "0" : "{value: \(shown[0]), low: \(shown[1]), high: \(shown[2])}")
  }

  /// Bytes are measured, requests are not: the block layer merges them.
  private mutating func disk(_ operation: Operation, _ bytes: Double) {
    guard bytes > 0 else { return }
    let request = min(bytes, 131_072)
    append(
      operation,
      "{value: \(PlainNumber.count(bytes / request, digits: 4)), range: [0.5, 8], status: assumed, "
        + "source: \"the bytes of the blocks are measured, requests of up to 128 KiB assumed\"}",
      [("bytes", PlainNumber.bytes(request))])
  }
}
