/// How far a run is, in one line.
package enum ProgressLine {
  /// As much as fits into `width` columns without the last one, where a terminal may begin a new
  /// line.
  package static func text(
    done: Int, of total: Int, latest: String, secondsLeft: Double, width: Int
  ) -> String {
    let count = "\(done)/\(total)"
    let filled = total > 0 ? 24 * min(max(done, 0), total) / total : 0
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 24 - filled)
    let seconds = secondsLeft.isFinite ? Int(min(max(secondsLeft, 0), 1e9).rounded(.up)) : nil
    let left = seconds.map { ", about \($0) s left" } ?? ""
    let name = SafeText.printable(latest)
    let lines = ["[\(bar)] \(count) \(name)\(left)", "\(count) \(name)\(left)", "\(count)\(left)"]
    return lines.first { $0.count < width } ?? String(count.prefix(max(0, width - 1)))
  }
}
