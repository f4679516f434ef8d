import Glibc

/// The terminal of this program, which a recorded command gets when it asks for it.
///
/// The command is in a process group of its own, so that everything it starts can be ended; on a
/// terminal that is a background group, and the kernel stops it when it reads, changes settings or,
/// under `stty tostop`, writes. It gets the terminal only then, so that until then an interrupt
/// from the keyboard comes to this program, and whoever else shares its group keeps the terminal.
struct TerminalLoan {
  /// Standard input, where it is a terminal in whose foreground this program is.
  private let descriptor: Int32?
  private let own = getpgrp()
  /// How often the terminal was asked for and given.
  private(set) var loans = 0
  /// Whether a command has the terminal now.
  private(set) var isLent = false
  /// Once for most commands; more where several of its processes asked at the same time.
  private static let mostLoans = 16

  init() { descriptor = tcgetpgrp(0) == getpgrp() ? 0 : nil }

  /// Whether a command asked for the terminal at all.
  var wasWanted: Bool { loans > 0 }

  /// Gives the terminal to a group that was stopped for want of it, and wakes it.
  ///
  /// Says whether that could be done.
  mutating func lend(to group: Int32, stoppedBy signal: Int32) -> Bool {
    guard signal == SIGTTIN || signal == SIGTTOU, loans < Self.mostLoans, give(to: group) else {
      return false
    }
    return kill(-group, SIGCONT) == 0
  }

  /// Gives the terminal to a group before it asks.
  @discardableResult
  mutating func give(to group: Int32) -> Bool {
    guard let descriptor, set(descriptor, group) else { return false }
    loans += 1
    isLent = true
    return true
  }

  /// Takes the terminal back.
  mutating func takeBack() {
    guard isLent, let descriptor else { return }
    isLent = !set(descriptor, own)
  }

  /// A background group that changes the foreground is stopped itself, unless it blocks the signal.
  private func set(_ descriptor: Int32, _ group: Int32) -> Bool {
    var (blocked, before) = (sigset_t(), sigset_t())
    sigemptyset(&blocked)
    sigaddset(&blocked, SIGTTOU)
    pthread_sigmask(SIG_BLOCK, &blocked, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    return tcsetpgrp(descriptor, group) == 0
  }
}
