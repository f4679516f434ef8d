package import Virtualization

/// Counts system calls as operations of the model.
///
/// The rules, where a call and an operation are not the same thing:
/// - A look-up that fails (a file that is not there, a program that is not in that folder) is a
///   `file-stat`, whatever call asked; so are calls that change attributes by path name.
/// - `open` with its `close` is one `file-open-close`. An `open` that makes a file is a
///   `file-create`: with O_EXCL always, else when nothing in the trace showed that it was there.
///   A rename is a `file-create` and a `file-delete`.
/// - `mmap` with its `munmap` is one `memory-map`, of files and of memory; pages are counted for
///   files alone, since those of memory cost when they are touched, as faults.
/// - A message through a pipe or a local socket is written once and read once: the larger number of
///   both counts as `pipe-transfer`.
/// - `rt_sigreturn` stands for a delivered signal: it ends every handler and nothing else.
/// - A new thread is a `system-call`: it makes no address space, which is what makes a fork dear.
/// - Ends of processes belong to their forks. All other calls are a `system-call` each.
package struct OperationTally: Sendable {
  /// What is known of all occurrences of an operation.
  package struct Entry: Sendable, Hashable {
    package var count = 0
    package var bytes = 0.0
    package var pages = 0.0
    package var names = 0
    package var packets = 0
  }

  /// Calls by name, as strace names them.
  package private(set) var calls: [String: Int] = [:]
  /// Processes made by copying an address space.
  package private(set) var copyingForks = 0
  /// Processes made in their parent's address space (vfork, posix_spawn).
  package private(set) var sharingForks = 0
  package private(set) var threads = 0
  package private(set) var execs = 0
  /// Path names handed to the kernel, and the names between slashes in them.
  package private(set) var names = 0
  package private(set) var components = 0
  package private(set) var bytesRead = 0.0
  package private(set) var bytesWritten = 0.0
  package private(set) var sockets = 0

  private var entries: [Operation: Entry] = [:]
  private var existing: Set<String> = []
  private var pipeReads = Entry()
  private var pipeWrites = Entry()
  private var fileCloses = 0
  private var unmaps = 0
  /// Paths beyond this number are not remembered, so later files may count as made.
  private static let pathLimit = 200_000
  private static let pageBytes = 4_096.0
  /// Payload of a full packet on Ethernet.
  private static let segmentBytes = 1_448.0

  package init() {}

  /// What was counted, with pairs put together; zero where the operation did not happen.
  package subscript(operation: Operation) -> Entry {
    var entry = entries[operation] ?? Entry()
    switch operation {
    case .pipeTransfer:
      let more = pipeReads.count > pipeWrites.count ? pipeReads : pipeWrites
      entry.count += more.count
      entry.bytes += max(pipeReads.bytes, pipeWrites.bytes)
    case .fork: entry.count = copyingForks + sharingForks
    case .exec: entry.count = execs
    case .systemCall:
      let opened = (entries[.fileOpenClose]?.count ?? 0) + (entries[.fileCreate]?.count ?? 0)
      entry.count += max(0, fileCloses - opened)
      entry.count += max(0, unmaps - (entries[.memoryMap]?.count ?? 0))
    default: break
    }
    return entry
  }

  /// System calls of all kinds.
  package var totalCalls: Int { calls.values.reduce(0, +) }

  /// Counts one finished call.
  package mutating func add(_ call: StraceCall) {
    calls[call.name, default: 0] += 1
    let path = call.arguments.first { $0.hasPrefix("\"") && $0.count > 2 }
    switch call.name {
    case "read", "pread64", "readv", "preadv", "preadv2", "recvfrom", "recvmsg", "getdents64":
      transfer(call, isRead: true)
    case "write", "pwrite64", "writev", "pwritev", "pwritev2", "sendto", "sendmsg":
      transfer(call, isRead: false)
    case "sendfile", "copy_file_range", "splice": move(call)
    case "open", "openat", "openat2", "creat": open(call, path)
    case "close": close(call)
    case "stat", "lstat", "newfstatat", "statx", "access", "faccessat", "faccessat2", "readlink",
      "readlinkat", "chdir", "chmod", "fchmodat", "chown", "lchown", "fchownat", "utimensat",
      "truncate", "statfs", "getxattr", "lgetxattr", "setxattr", "listxattr", "llistxattr",
      "inotify_add_watch":
      guard let path else { return count(.systemCall) }
      look(path)
      if call.succeeded { remember(path) }
      count(.fileStat, names: 1)
    case "mkdir", "mkdirat", "mknod", "mknodat", "symlink", "symlinkat", "link", "linkat":
      change(.fileCreate, call, path)
    case "unlink", "unlinkat", "rmdir": change(.fileDelete, call, path)
    case "rename", "renameat", "renameat2":
      change(.fileCreate, call, path)
      if call.succeeded { count(.fileDelete, names: 1) }
    case "mmap", "mmap2": map(call)
    case "munmap":
      unmaps += 1
    case "fork", "vfork", "clone", "clone3": fork(call)
    case "execve", "execveat":
      if let path { look(path) }
      if call.succeeded { execs += 1 } else { count(.fileStat, names: 1) }
    case "exit", "exit_group": break
    case "rt_sigreturn", "sigreturn": count(.signalDelivery)
    case "rt_sigaction", "sigaction":
      let installs = call.arguments.count > 1 && call.arguments[1] != "NULL"
      count(installs ? .signalInstall : .systemCall)
    case "select", "_newselect", "pselect6", "poll", "ppoll", "epoll_wait", "epoll_pwait",
      "epoll_pwait2":
      count(.select)
    case "accept", "accept4":
      let isNetwork = call.arguments.first.map { Descriptor(argument: $0) } == .networkSocket
      count(call.succeeded && isNetwork ? .connectionAccept : .systemCall)
    case "socket":
      sockets += 1
      count(.systemCall)
    default: count(.systemCall)
    }
  }

  /// Counts a signal that ends or could end a process for touching what it must not.
  package mutating func addSignal(_ name: String) {
    if name == "SIGSEGV" || name == "SIGBUS" { count(.protectionFault) }
  }

  private mutating func count(
    _ operation: Operation, bytes: Double = 0, pages: Double = 0, names: Int = 0, packets: Int = 0
  ) {
    entries[operation, default: Entry()].count += 1
    entries[operation, default: Entry()].bytes += bytes
    entries[operation, default: Entry()].pages += pages
    entries[operation, default: Entry()].names += names
    entries[operation, default: Entry()].packets += packets
  }

  private mutating func look(_ path: String) {
    names += 1
    components += path.split(whereSeparator: { $0 == "/" || $0 == "\"" }).count
  }

  private mutating func remember(_ path: String) {
    if existing.count < Self.pathLimit { existing.insert(path) }
  }

  private mutating func change(_ operation: Operation, _ call: StraceCall, _ path: String?) {
    guard let path else { return count(.systemCall) }
    look(path)
    guard call.succeeded else { return count(.fileStat, names: 1) }
    if operation == .fileDelete { existing.remove(path) } else { remember(path) }
    count(operation, names: 1)
  }

  private mutating func open(_ call: StraceCall, _ path: String?) {
    guard let path else { return count(.systemCall) }
    look(path)
    guard call.succeeded else { return count(.fileStat, names: 1) }
    let flags = call.arguments.dropFirst().filter { $0.contains("O_") }.joined()
    let isMade =
      (flags.contains("O_CREAT") || call.name == "creat")
      && (flags.contains("O_EXCL") || !existing.contains(path))
    remember(path)
    count(isMade ? .fileCreate : .fileOpenClose, names: 1)
  }

  private mutating func close(_ call: StraceCall) {
    guard call.succeeded, let argument = call.arguments.first else { return count(.systemCall) }
    switch Descriptor(argument: argument) {
    case .file, .trivialDevice: fileCloses += 1
    // The close of an accepted connection is part of it; other sockets are not told apart.
    default: count(.systemCall)
    }
  }

  private mutating func transfer(_ call: StraceCall, isRead: Bool) {
    guard call.succeeded, let argument = call.arguments.first, let result = call.result else {
      return count(.systemCall)
    }
    pass(Descriptor(argument: argument), Double(result), isRead: isRead)
  }

  private mutating func pass(_ descriptor: Descriptor, _ bytes: Double, isRead: Bool) {
    if isRead { bytesRead += bytes } else { bytesWritten += bytes }
    switch descriptor {
    case .file: count(isRead ? .fileRead : .fileWrite, bytes: bytes)
    case .trivialDevice: count(.nullIO, bytes: bytes)
    case .pipe:
      guard bytes > 0 else { return count(.systemCall) }
      if isRead {
        pipeReads.count += 1
        pipeReads.bytes += bytes
      } else {
        pipeWrites.count += 1
        pipeWrites.bytes += bytes
      }
    case .networkSocket:
      let packets = max(1, Int((bytes / Self.segmentBytes).rounded(.up)))
      count(isRead ? .packetReceive : .packetSend, bytes: bytes, packets: packets)
    case .other: count(.systemCall)
    }
  }

  /// A call that moves bytes from one descriptor to another, without passing user memory.
  private mutating func move(_ call: StraceCall) {
    let isSendfile = call.name == "sendfile"
    let places = isSendfile ? (from: 1, to: 0) : (from: 0, to: 2)
    guard call.succeeded, let result = call.result, result > 0,
      call.arguments.count > max(places.from, places.to)
    else { return count(.systemCall) }
    pass(Descriptor(argument: call.arguments[places.from]), Double(result), isRead: true)
    pass(Descriptor(argument: call.arguments[places.to]), Double(result), isRead: false)
  }

  private mutating func map(_ call: StraceCall) {
    guard call.error == nil, call.arguments.count >= 5, let length = Double(call.arguments[1])
    else { return count(.systemCall) }
    let isFile = !call.arguments[3].contains("MAP_ANONYMOUS")
    count(.memoryMap, pages: isFile ? (length / Self.pageBytes).rounded(.up) : 0)
  }

  private mutating func fork(_ call: StraceCall) {
    guard call.succeeded else { return count(.systemCall) }
    let flags = call.arguments.joined(separator: ",")
    if flags.contains("CLONE_THREAD") {
      threads += 1
      count(.systemCall)
    } else if call.name == "vfork" || flags.contains("CLONE_VM") {
      sharingForks += 1
    } else {
      copyingForks += 1
    }
  }
}
