import Foundation
import Glibc
import ScenarioFormat

/// What a machine says of itself in /proc and /sys; nil or empty where it does not say.
package struct HostDescription: Sendable, Equatable, Codable {
  package struct Cache: Sendable, Equatable, Codable {
    package var level: Int
    package var type: String
    package var bytes: Int
    /// Hardware threads that share it.
    package var sharedBy: Int

    package init(level: Int, type: String, bytes: Int, sharedBy: Int) {
      self.level = level
      self.type = type
      self.bytes = bytes
      self.sharedBy = sharedBy
    }
  }
  package struct Disk: Sendable, Equatable, Codable {
    package var name: String
    package var bytes: Int
    /// Nil where the kernel does not say, and for virtual disks, where it does not know.
    package var isRotational: Bool?

    package init(name: String, bytes: Int, isRotational: Bool?) {
      self.name = name
      self.bytes = bytes
      self.isRotational = isRotational
    }
  }
  package struct Link: Sendable, Equatable, Codable {
    package var name: String
    /// In Mbit/s; nil where the driver does not say.
    package var megabits: Int?
    package var mtu: Int?

    package init(name: String, megabits: Int?, mtu: Int?) {
      self.name = name
      self.megabits = megabits
      self.mtu = mtu
    }
  }

  package var model: String?
  package var architecture: String
  /// Hardware threads that are switched on.
  package var threads: Int?
  package var cores: Int?
  package var sockets: Int?
  package var megahertz: Double?
  package var caches: [Cache] = []
  package var memoryBytes: Int?
  package var availableBytes: Int?
  package var swapBytes: Int?
  package var disks: [Disk] = []
  package var links: [Link] = []
  package var kernel: String?
  /// Timer ticks per second.
  package var tickRate: Double?
  /// Whether idle processors stop their tick; nil where the kernel's configuration is not readable.
  package var isTickless: Bool?
  package var wordBits: Int
  /// A name of the hypervisor, or `yes` where only its presence shows, or `none seen`.
  package var virtualization: String?
  package var cgroupVersion: String?
  package var pageTableIsolation: Bool?
  /// Share of all processor time since the start that the hypervisor gave to others.
  package var stealShare: Double?
  package var processLimit: Int?

  /// Reads the machine under a root folder; tests give one of their own.
  package init(root: String = "/") {
    let files = HostFiles(root: root)
    #if arch(x86_64)
      architecture = "x86_64"
    #elseif arch(arm64)
      architecture = "aarch64"
    #else
      architecture = "other"
    #endif
    wordBits = Int.bitWidth
    readProcessors(files)
    readCaches(files)
    let memory = files.table("proc/meminfo")
    memoryBytes = memory["MemTotal"].map { $0 * 1_024 }
    availableBytes = memory["MemAvailable"].map { $0 * 1_024 }
    swapBytes = memory["SwapTotal"].map { $0 * 1_024 }
    readDevices(files)
    readKernel(files)
    if root == "/" { tickRate = Self.tickRate() }
  }

  /// Processor and kernel in few words, for sources.
  package var summary: String {
    let memory = memoryBytes.map { ", \(($0 + (1 << 29)) >> 30) GiB" } ?? ""
    return "\(model ?? "unknown processor") (\(threads.map(String.init) ?? "?") threads\(memory)), "
      + "Linux \(kernel ?? "unknown")"
  }

  private mutating func readProcessors(_ files: HostFiles) {
    let information = files.text("proc/cpuinfo") ?? ""
    var processors = 0
    var flags: Substring = ""
    for line in information.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { continue }
      let value = parts[1].drop { $0 == " " }
      switch parts[0].trimmed {
      case "processor": processors += 1
      case "model name", "Model": model = model ?? String(value)
      case "cpu MHz": megahertz = megahertz ?? Double(value)
      case "flags", "Features": flags = value
      default: break
      }
    }
    if processors > 0 { threads = processors }
    var packages: Set<String> = []
    var siblings: Set<String> = []
    for name in files.names("sys/devices/system/cpu")
    where name.hasPrefix("cpu") && Int(name.dropFirst(3)) != nil {
      let folder = "sys/devices/system/cpu/\(name)/topology"
      if let id = files.line("\(folder)/physical_package_id") { packages.insert(id) }
      if let list = files.line("\(folder)/thread_siblings_list") { siblings.insert(list) }
    }
    if !packages.isEmpty { sockets = packages.count }
    if !siblings.isEmpty { cores = siblings.count }
    if let type = files.line("sys/hypervisor/type") {
      virtualization = type
    } else if flags.split(separator: " ").contains("hypervisor") {
      virtualization = files.line("sys/class/dmi/id/sys_vendor").map { "yes (\($0))" } ?? "yes"
    } else if !flags.isEmpty, architecture == "x86_64" {
      virtualization = "none seen"
    }
  }

  private mutating func readCaches(_ files: HostFiles) {
    let folder = "sys/devices/system/cpu/cpu0/cache"
    for name in files.names(folder) where name.hasPrefix("index") {
      guard let level = files.line("\(folder)/\(name)/level").flatMap({ Int($0) }),
        let type = files.line("\(folder)/\(name)/type"),
        let size = files.line("\(folder)/\(name)/size").flatMap(HostFiles.size)
      else { continue }
      let shared = files.line("\(folder)/\(name)/shared_cpu_list").map(HostFiles.count) ?? 1
      caches.append(Cache(level: level, type: type, bytes: size, sharedBy: shared))
    }
  }

  private mutating func readDevices(_ files: HostFiles) {
    for name in files.names("sys/block")
    where !["loop", "ram", "zram", "dm-", "md", "sr", "fd"].contains(where: name.hasPrefix) {
      guard let sectors = files.line("sys/block/\(name)/size").flatMap({ Int($0) }), sectors > 0
      else { continue }
      // A virtual disk is called rotational by default, whatever lies behind it.
      let rotational =
        name.hasPrefix("vd") || name.hasPrefix("xvd")
        ? nil : files.line("sys/block/\(name)/queue/rotational").map { $0 == "1" }
      disks.append(Disk(name: name, bytes: sectors * 512, isRotational: rotational))
    }
    for name in files.names("sys/class/net") where name != "lo" {
      // Without a device behind it, a link is a bridge, a tunnel or one end of a pair.
      guard files.exists("sys/class/net/\(name)/device") else { continue }
      let speed = files.line("sys/class/net/\(name)/speed").flatMap { Int($0) }
      links.append(
        Link(
          name: name, megabits: speed.flatMap { $0 > 0 ? $0 : nil },
          mtu: files.line("sys/class/net/\(name)/mtu").flatMap { Int($0) }))
    }
  }

  private mutating func readKernel(_ files: HostFiles) {
    kernel = files.line("proc/sys/kernel/osrelease")
    if let meltdown = files.line("sys/devices/system/cpu/vulnerabilities/meltdown") {
      pageTableIsolation = meltdown.contains("PTI") || meltdown.contains("Page Table Isolation")
    }
    if files.exists("sys/fs/cgroup/cgroup.controllers") {
      cgroupVersion = "2"
    } else if files.exists("sys/fs/cgroup/unified/cgroup.controllers") {
      cgroupVersion = "1 and 2 (hybrid)"
    } else if files.exists("sys/fs/cgroup/cpu") || files.exists("sys/fs/cgroup/memory") {
      cgroupVersion = "1"
    }
    let limits = ["proc/sys/kernel/pid_max", "proc/sys/kernel/threads-max"]
      .compactMap { files.line($0).flatMap { Int($0) } }
    processLimit = limits.min()
    if let line = files.text("proc/stat")?.split(separator: "\n").first, line.hasPrefix("cpu ") {
      // Guest time is contained in user time, so the first eight are the whole.
      let times = line.split(separator: " ").dropFirst().prefix(8).compactMap { Double($0) }
      let total = times.reduce(0, +)
      if times.count == 8, total > 0 { stealShare = times[7] / total }
    }
    if let kernel, let text = files.text("boot/config-\(kernel)") {
      isTickless =
        text.contains("\nCONFIG_NO_HZ_IDLE=y") || text.contains("\nCONFIG_NO_HZ_FULL=y")
    }
  }

  /// The coarse clock moves once per tick, and its resolution says how often that is.
  private static func tickRate() -> Double? {
    var resolution = timespec()
    guard clock_getres(CLOCK_REALTIME_COARSE, &resolution) == 0, resolution.tv_sec == 0,
      resolution.tv_nsec > 0
    else { return nil }
    return (1e9 / Double(resolution.tv_nsec)).rounded()
  }
}

/// Small files under a root folder.
struct HostFiles {
  var root: String

  private func path(_ name: String) -> String {
    root.hasSuffix("/") ? root + name : "\(root)/\(name)"
  }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

  func text(_ name: String) -> String? {
    // Files of /proc have no size to go by, so they are read to their end.
    (try? OutputFile.read(path(name), limit: 1 << 24)).map { String(decoding: $0, as: UTF8.self) }
  }

  func line(_ name: String) -> String? {
    guard let first = text(name)?.split(separator: "\n").first else { return nil }
    let line = String(first.trimmed)
    return line.isEmpty ? nil : line
  }

  func names(_ folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path(folder))) ?? []).sorted {
      ($0.count, $0) < ($1.count, $1)
    }
  }

  /// Lines such as `MemTotal:  123 kB`.
  func table(_ name: String) -> [String: Int] {
    var result: [String: Int] = [:]
    for line in (text(name) ?? "").split(separator: "\n") {
      let parts = line.split(whereSeparator: { $0 == ":" || $0 == " " })
      if parts.count >= 2, let value = Int(parts[1]) { result[String(parts[0])] = value }
    }
    return result
  }

  /// `48K` and `2M` in bytes.
  static func size(_ text: String) -> Int? {
    let factors: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
    guard let last = text.last, let factor = factors[last] else { return Int(text) }
    guard let value = Int(text.dropLast()), value < 1 << 30 else { return nil }
    return value * factor
  }

  /// The members of a list such as `0-3,8`.
  static func count(_ list: String) -> Int {
    list.split(separator: ",").reduce(0) { sum, range in
      let ends = range.split(separator: "-").compactMap { Int($0) }
      guard let first = ends.first, let last = ends.last, last >= first, last < 1 << 20 else {
        return sum
      }
      return sum + last - first + 1
    }
  }
}

extension Substring {
  /// Without white space at both ends.
  fileprivate var trimmed: Substring {
    var result = drop(while: \.isWhitespace)
    while result.last?.isWhitespace == true { result.removeLast() }
    return result
  }
}
