import Experiments
import Foundation

/// A line on the terminal that says how far a run is and how long it will take; nothing where
/// standard error is not a terminal.
final class ProgressMeter: Sendable {
  private let started = ContinuousClock.now
  private let isOn: Bool

  init(enabled: Bool) { isOn = enabled && isatty(2) == 1 }

  /// Redraws the line.
  func show(_ progress: StudyRunner.Progress) {
    guard isOn, progress.total > 0 else { return }
    let elapsed = started.duration(to: .now)
    let seconds = Double(elapsed.components.seconds)
    let left = seconds / Double(progress.done) * Double(progress.total - progress.done)
    let filled = 24 * progress.done / progress.total
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 24 - filled)
    write(
      "\r\u{1B}[K[\(bar)] \(progress.done)/\(progress.total) \(progress.latest), "
        + "about \(Int(left.rounded(.up))) s left")
  }

  /// Removes the line.
  func end() { if isOn { write("\r\u{1B}[K") } }

  private func write(_ text: String) { Output.show(text) }
}
