import Foundation

/// What the manifest says of the machine that made a result.
struct MachineFacts {
  let host = ProcessInfo.processInfo.hostName
  let operatingSystem = ProcessInfo.processInfo.operatingSystemVersionString
  let processor: String

  init() {
    let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
    let name = line?.split(separator: ":", maxSplits: 1).last.map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    processor = name ?? "unknown"
  }
}
