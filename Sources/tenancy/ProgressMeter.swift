import Experiments
import Foundation
import Reporting
import Synchronization

/// Says how far a run is and how long it will take: a line that is redrawn on a terminal, and
/// elsewhere one line a minute, so that a log shows that the run lives.
final class ProgressMeter: Sendable {
  private let started = ContinuousClock.now
  private let isTerminal = isatty(2) == 1
  private let latest = Mutex<StudyRunner.Progress?>(nil)
  /// Written while this is made and never again.
  nonisolated(unsafe) private let timer: (any DispatchSourceTimer)?

  /// Seconds between two lines where there is no terminal.
  private static let pace = 60

  init() {
    guard !isTerminal else {
      timer = nil
      return
    }
    let timer = DispatchSource.makeTimerSource()
    self.timer = timer
    timer.schedule(deadline: .now() + .seconds(Self.pace), repeating: .seconds(Self.pace))
    timer.setEventHandler { [weak self] in self?.log() }
    timer.resume()
  }

  /// Redraws the line, or keeps for the next one what it will say.
  func show(_ progress: StudyRunner.Progress) {
    guard progress.total > 0 else { return }
    latest.withLock { $0 = progress }
    if isTerminal { Output.show("\r\u{1B}[K" + line(progress, width: Self.width)) }
  }

  private func log() {
    let progress = latest.withLock { $0 }
    Output.say(
      progress.map { line($0, width: 200) }
        ?? "still simulating after \(Int(elapsed)) s; nothing is finished yet")
  }

  private func line(_ progress: StudyRunner.Progress, width: Int) -> String {
    let left = elapsed / Double(progress.done) * Double(progress.total - progress.done)
    return ProgressLine.text(
      done: progress.done, of: progress.total, latest: progress.latest, secondsLeft: left,
      width: width)
  }

  private var elapsed: Double { Double(started.duration(to: .now).components.seconds) }

  /// Columns of the terminal; asked each time, since its window may change.
  private static var width: Int {
    var size = winsize()
    return ioctl(2, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }

  /// Removes the line; nothing more is said.
  func end() {
    timer?.cancel()
    if isTerminal { Output.show("\r\u{1B}[K") }
  }
}
