import ScenarioFormat

/// What /proc tells of a process that stands still in a system call.
package struct ProcessSample: Equatable, Sendable {
  /// The process (not the thread).
  package var process: Int32 = 0
  package var parent: Int32 = 0
  /// Faults of the process since it was made, without those of its children.
  package var minorFaults = 0
  package var majorFaults = 0
  /// Resident pages.
  package var pages = 0
  package var anonymousPages = 0
  /// Most resident pages of this address space so far.
  package var peakPages = 0
  /// Page-table pages.
  package var tablePages = 0
  /// Mapped ranges.
  package var ranges = 0
  /// Anonymous pages in private mappings of files: copied on a write.
  package var copiedFilePages = 0
  /// Anonymous pages that no other process shares.
  package var ownAnonymousPages = 0
  /// Transparent huge pages of 2 MiB among the anonymous ones: one fault each.
  package var hugePages = 0
  /// Resident pages of files, by path; shared memory is not among them.
  package var filePages: [String: Int] = [:]

  package var filePagesTotal: Int { filePages.values.reduce(0, +) }

  /// Reads a process; nil where it is not there any more or may not be read.
  ///
  /// - Parameter proc: The folder that is laid out as /proc.
  package init?(thread: Int32, proc: String = "/proc") {
    let folder = "\(proc)/\(thread)"
    guard let status = Self.text("\(folder)/status"), let stat = Self.text("\(folder)/stat"),
      let maps = Self.text("\(folder)/smaps")
    else { return nil }
    self.init(status: status, stat: stat, smaps: maps)
  }

  /// Reads the texts of `status`, `stat` and `smaps`.
  package init?(status: String, stat: String, smaps: String, pageBytes: Int = 4_096) {
    var sizes: [Substring: Int] = [:]
    for line in status.split(separator: "\n") {
      let parts = line.split(whereSeparator: { $0 == ":" || $0 == "\t" || $0 == " " })
      if parts.count >= 2, let value = Int(parts[1]) { sizes[parts[0]] = value }
    }
    guard let group = sizes["Tgid"], let process = Int32(exactly: group), let parent = sizes["PPid"]
    else { return nil }
    self.process = process
    self.parent = Int32(exactly: parent) ?? 0
    let pages = { (key: Substring) in (sizes[key] ?? 0) * 1_024 / pageBytes }
    self.pages = pages("VmRSS")
    anonymousPages = pages("RssAnon")
    peakPages = pages("VmHWM")
    tablePages = pages("VmPTE")
    // The name may hold blanks and parentheses, so fields count from the last parenthesis.
    guard let close = stat.lastIndex(of: ")") else { return nil }
    let fields = stat[stat.index(after: close)...].split(separator: " ")
    guard fields.count > 9, let minor = Int(fields[7]), let major = Int(fields[9]) else {
      return nil
    }
    minorFaults = minor
    majorFaults = major
    addRanges(smaps, pageBytes)
  }

  private mutating func addRanges(_ smaps: String, _ pageBytes: Int) {
    var path: Substring?
    var resident = 0
    var anonymous = 0
    var own = 0
    func pages(_ kilobytes: Int) -> Int { kilobytes * 1_024 / pageBytes }
    func finish(_ sample: inout ProcessSample) {
      sample.ownAnonymousPages += pages(min(anonymous, own))
      guard let path, path.hasPrefix("/"), !path.hasPrefix("/dev/"), !path.hasPrefix("/memfd:")
      else { return }
      sample.copiedFilePages += pages(anonymous)
      sample.filePages[String(path), default: 0] += pages(resident - anonymous)
    }
    for line in smaps.split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: true)
      guard let first = parts.first else { continue }
      if first.last != ":" {
        if ranges > 0 { finish(&self) }
        ranges += 1
        path = parts.count > 5 ? parts[5].drop { $0 == " " } : nil
        (resident, anonymous, own) = (0, 0, 0)
      } else if parts.count > 1, let value = Int(parts[1]) {
        switch first {
        case "Rss:": resident = value
        case "Anonymous:": anonymous = value
        case "AnonHugePages:": hugePages += value / 2_048
        case "Private_Clean:", "Private_Dirty:": own += value
        default: break
        }
      }
    }
    if ranges > 0 { finish(&self) }
  }

  /// The number of the system call that the thread stands in; nil while it runs.
  package static func systemCall(thread: Int32, proc: String = "/proc") -> Int? {
    text("\(proc)/\(thread)/syscall").flatMap { $0.split(separator: " ").first }.flatMap { Int($0) }
  }

  private static func text(_ path: String) -> String? {
    (try? OutputFile.read(path, limit: 1 << 24)).map { String(decoding: $0, as: UTF8.self) }
  }
}
