/// What software asks of a kernel: the unit in which a workload states its demand.
///
/// Each operation has a native price on a host and a path under each approach. The raw value is the
/// name used in profile and workload files.
public enum Operation: String, CaseIterable, Sendable, Hashable, Comparable {
  /// Computation in user mode; its amount is given in seconds at the reference speed.
  case userComputation = "user-computation"
  /// A system call that does next to nothing in the kernel (lmbench "null call").
  case systemCall = "system-call"
  /// A read of one byte from, or a write of one byte to, a trivial device (lmbench "null I/O").
  case nullIO = "null-io"
  /// A look-up of a file's attributes by path name.
  case fileStat = "file-stat"
  /// Opening a file by path name and closing it again.
  case fileOpenClose = "file-open-close"
  /// Waiting for readiness on a set of sockets (lmbench "slct TCP", per call).
  case select = "select"
  /// Installing a signal handler.
  case signalInstall = "signal-install"
  /// Delivery of a signal to a handler and return from it.
  case signalDelivery = "signal-delivery"
  /// Creating a process as a copy of another, and its end.
  case fork = "fork"
  /// Replacing a process image by a program file.
  case exec = "exec"
  /// Switching a core from one process of a guest to another process of the same guest.
  case contextSwitch = "context-switch"
  /// Switching a core from one guest to another.
  case guestSwitch = "guest-switch"
  /// Passing a small message through a pipe (one direction, without the switch it may cause).
  case pipeTransfer = "pipe-transfer"
  /// Mapping and unmapping a file range.
  case memoryMap = "memory-map"
  /// First touch of an anonymous page.
  case anonymousFault = "anonymous-fault"
  /// Touch of a page that is in the page cache but not mapped yet.
  case fileFault = "file-fault"
  /// Write to a page shared after a fork.
  case copyOnWriteFault = "copy-on-write-fault"
  /// A fault that ends in a signal (lmbench "prot fault").
  case protectionFault = "protection-fault"
  /// Creating an empty file.
  case fileCreate = "file-create"
  /// Deleting an empty file.
  case fileDelete = "file-delete"
  /// Reading bytes of a file that are in the page cache.
  case fileRead = "file-read"
  /// Writing bytes of a file into the page cache.
  case fileWrite = "file-write"
  /// Reading from the disk; the work of the processors, not the disk's own time.
  case diskRead = "disk-read"
  /// Writing to the disk; the work of the processors, not the disk's own time.
  case diskWrite = "disk-write"
  /// Sending bytes in packets.
  case packetSend = "packet-send"
  /// Receiving bytes in packets.
  case packetReceive = "packet-receive"
  /// Accepting and closing a TCP connection.
  case connectionAccept = "connection-accept"
  /// One tick of a kernel's periodic timer that interrupts work.
  case timerTick = "timer-tick"
  /// One tick of an idle kernel's periodic timer; where an approach states none, as `timer-tick`.
  case idleTick = "idle-tick"
  /// Going idle and being woken by an event.
  case idleWakeup = "idle-wakeup"
  /// Touch of a page of a guest's memory that the host has in swap, without the read from there.
  case hostFault = "host-fault"

  /// Orders operations as they are listed.
  public static func < (a: Operation, b: Operation) -> Bool { a.rank < b.rank }

  /// The position in the list of all operations, used for tables indexed by operation.
  public var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  /// Whether the operation leaves the guest and comes back: its hops are split into phases.
  public var isInputOutput: Bool {
    switch self {
    case .diskRead, .diskWrite, .packetSend, .packetReceive: true
    default: false
    }
  }
}

/// A property of one occurrence of an operation that its price is linear in.
public enum Attribute: Int, CaseIterable, Sendable, Hashable {
  /// Pages mapped in the address space that is copied, replaced or mapped.
  case pages
  /// Page-table pages of that address space.
  case tablePages
  /// Contiguous ranges of that address space.
  case ranges
  /// Bytes moved.
  case bytes
  /// Path names looked up.
  case names
  /// Network packets.
  case packets

  /// The name used in profile and workload files.
  public var name: String {
    switch self {
    case .pages: "pages"
    case .tablePages: "table-pages"
    case .ranges: "ranges"
    case .bytes: "bytes"
    case .names: "names"
    case .packets: "packets"
    }
  }
}

/// The attributes of one occurrence, zero where the operation has none.
public struct Attributes: Sendable, Hashable {
  private var values = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)

  /// No attributes.
  public init() {}

  /// The given attributes, the rest zero.
  public init(_ pairs: KeyValuePairs<Attribute, Double>) {
    for (attribute, value) in pairs { self[attribute] = value }
  }

  /// The value of one attribute (a count, or bytes).
  public subscript(attribute: Attribute) -> Double {
    get {
      switch attribute {
      case .pages: values.0
      case .tablePages: values.1
      case .ranges: values.2
      case .bytes: values.3
      case .names: values.4
      case .packets: values.5
      }
    }
    set {
      switch attribute {
      case .pages: values.0 = newValue
      case .tablePages: values.1 = newValue
      case .ranges: values.2 = newValue
      case .bytes: values.3 = newValue
      case .names: values.4 = newValue
      case .packets: values.5 = newValue
      }
    }
  }

  /// Whether every attribute is the same.
  public static func == (a: Attributes, b: Attributes) -> Bool {
    Attribute.allCases.allSatisfy { a[$0] == b[$0] }
  }

  /// Feeds every attribute to a hasher.
  public func hash(into hasher: inout Hasher) {
    for attribute in Attribute.allCases { hasher.combine(self[attribute]) }
  }
}
