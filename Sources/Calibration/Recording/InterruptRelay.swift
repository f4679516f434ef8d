import Dispatch
import Glibc
import Synchronization

/// Passes INT, TERM, HUP and QUIT on to the command that runs, and remembers that one came.
///
/// The first goes on as it is; any further one kills.
final class InterruptRelay: Sendable {
  private struct State {
    var group: Int32?
    var signals = 0
  }
  private let state = Mutex(State())

  /// Whether a signal came.
  var isInterrupted: Bool { state.withLock { $0.signals > 0 } }

  /// The process group that signals go to from now on; nil for none.
  func follow(_ group: Int32?) {
    state.withLock {
      $0.group = group
      // One that came between two commands must not be lost.
      if $0.signals > 0, let group { kill(-group, SIGTERM) }
    }
  }

  private func received(_ signal: Int32) {
    state.withLock {
      $0.signals += 1
      if let group = $0.group { kill(-group, $0.signals == 1 ? signal : SIGKILL) }
    }
  }

  /// Runs `body` while signals are relayed.
  func whileRelaying<R>(_ body: () throws -> R) rethrows -> R {
    let signals = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]
    let queue = DispatchQueue(label: "tenancy.interrupts")
    let sources = signals.map { signal -> any DispatchSourceSignal in
      Glibc.signal(signal, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: signal, queue: queue)
      source.setEventHandler { [self] in received(signal) }
      source.resume()
      return source
    }
    defer {
      for source in sources { source.cancel() }
      for signal in signals { Glibc.signal(signal, SIG_DFL) }
    }
    return try body()
  }
}
