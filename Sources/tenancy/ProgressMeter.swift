import Experiments
import Foundation
import Reporting

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
    let line = ProgressLine.text(
      done: progress.done, of: progress.total, latest: progress.latest, secondsLeft: left,
      width: Self.width)
    write("\r\u{1B}[K" + line)
  }

  /// Columns of the terminal; asked each time, since its window may change.
  private static var width: Int {
    var size = winsize()
    return ioctl(2, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }

  /// Removes the line.
  func end() { if isOn { write("\r\u{1B}[K") } }

  private func write(_ text: String) { Output.show(text) }
}
