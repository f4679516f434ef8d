import Foundation
import Synchronization

/// Hears the signals that ask a run to end, from its start until its answer is out.
///
/// The first ends the run with what is answered. Another soon after it is the same wish, since
/// `timeout` and terminals send it to the program and its group; a later one ends the program.
final class InterruptWatch: Sendable {
  private struct State {
    var heardAt: ContinuousClock.Instant?
    var endRun: (@Sendable () -> Void)?
    var leave: (@Sendable () -> Void)?
  }

  /// Signals within this time of the first are the first once more.
  private static let sameWish = Duration.seconds(1)

  private let state = Mutex(State())
  /// Written while this is made and never again.
  nonisolated(unsafe) private var sources: [any DispatchSourceSignal] = []

  init() {
    for number in [SIGINT, SIGTERM, SIGHUP] {
      let before = signal(number, SIG_IGN)
      // As nohup leaves it, which means to outlive the terminal.
      if number == SIGHUP, Self.isIgnoring(before) { continue }
      let source = DispatchSource.makeSignalSource(signal: number)
      source.setEventHandler { [weak self] in self?.hear(number) }
      source.resume()
      sources.append(source)
    }
  }

  /// What ends the run; called at once where the wish came before the run began.
  func endsRun(_ action: @escaping @Sendable () -> Void) {
    let isWished = state.withLock { state in
      state.endRun = action
      return state.heardAt != nil
    }
    if isWished { action() }
  }

  /// What is done before the program ends by a signal.
  func leaves(_ action: @escaping @Sendable () -> Void) {
    state.withLock { $0.leave = action }
  }

  private func hear(_ number: Int32) {
    let now = ContinuousClock.now
    let (first, endRun, leave) = state.withLock { state in
      let first = state.heardAt
      if first == nil { state.heardAt = now }
      return (first, state.endRun, state.leave)
    }
    guard let first else {
      // Over the line of progress, where there is one.
      if isatty(2) == 1 { Output.show("\r\u{1B}[K") }
      Output.say(
        "interrupted: what is answered is kept; another interrupt, from a second on, ends at once")
      endRun?()
      return
    }
    guard first.duration(to: now) >= Self.sameWish else { return }
    leave?()
    signal(number, SIG_DFL)
    kill(getpid(), number)
  }

  private static func isIgnoring(_ handler: __sighandler_t?) -> Bool {
    unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
