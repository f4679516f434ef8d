/// What a file descriptor leads to, as `strace -yy` names it.
package enum Descriptor: Equatable, Sendable {
  /// A file or folder, by path.
  case file(String)
  /// A device whose reads and writes do next to nothing: /dev/null, a terminal and the like.
  case trivialDevice
  /// A pipe, or a socket between processes of one machine.
  case pipe
  case networkSocket
  /// Events, timers, signals, netlink: calls whose work is the call.
  case other

  /// Reads an argument such as `3</etc/hosts>`; `other` where strace could not tell.
  package init(argument: String) {
    // What follows the last > says that the file is deleted.
    guard let open = argument.firstIndex(of: "<"), let close = argument.lastIndex(of: ">"),
      open < close
    else {
      self = .other
      return
    }
    self.init(description: argument[argument.index(after: open)..<close])
  }

  /// Reads the text between < and >.
  package init(description text: Substring) {
    if text.hasPrefix("/dev/") {
      self = text.contains("<block ") ? .file(String(text)) : .trivialDevice
    } else if text.hasPrefix("/") {
      self = .file(String(text))
    } else if text.hasPrefix("pipe:") || text.hasPrefix("UNIX") {
      self = .pipe
    } else if ["TCP", "UDP", "RAW", "ICMP", "SCTP", "MPTCP"].contains(where: text.hasPrefix) {
      self = .networkSocket
    } else {
      self = .other
    }
  }
}
