package import Statistics

/// What is done with every number of a scenario, one after the other.
///
/// Draws and reports are visitors of the same walk, so what is drawn is listed, and nothing else.
package protocol QuantityVisitor {
  /// The numbers of a host, a workload or an approach follow.
  ///
  /// An owner comes again where two classes run one workload, and where native is compared, too.
  mutating func begin(_ owner: String)

  /// A number, what it is called for people, and its name among the random numbers.
  mutating func visit(_ quantity: inout Quantity, title: String, name: String, isWhole: Bool)

  /// A distribution whose mean is as uncertain as its scale, a factor of 1 with a range.
  mutating func visit(
    _ law: inout Distribution, scale: inout Quantity, unit: Unit, title: String, name: String)

  /// A hop of a path, whose count may be uncertain.
  mutating func visit(_ hop: inout Hop, title: String, name: String)
}

/// A visitor on its way through a scenario.
struct QuantityWalk<Visitor: QuantityVisitor> {
  var visitor: Visitor

  /// A number; `whole` for what is counted in whole numbers.
  mutating func callAsFunction(
    _ quantity: inout Quantity, _ title: String, _ name: String, whole: Bool = false
  ) {
    visitor.visit(&quantity, title: title, name: name, isWhole: whole)
  }

  /// A number that may be left out.
  mutating func callAsFunction(
    _ quantity: inout Quantity?, _ title: String, _ name: String, whole: Bool = false
  ) {
    guard var some = quantity else { return }
    visitor.visit(&some, title: title, name: name, isWhole: whole)
    quantity = some
  }
}

extension Scenario {
  /// Takes a visitor to every number that answers rest on: the host's, the workloads', native's and
  /// the approaches', in the order in which they are read.
  package mutating func visitQuantities<Visitor: QuantityVisitor>(_ visitor: inout Visitor) {
    var walk = QuantityWalk(visitor: visitor)
    let originals = Dictionary(
      (approaches + [native]).map { ($0.id, $0.drawnAs) }, uniquingKeysWith: { first, _ in first })
    walk.visitor.begin("host \(host.id)")
    host.visit(&walk, originals)
    let owners = guests.map { owner(of: $0) }
    for position in guests.indices {
      walk.visitor.begin(owners[position])
      guests[position].workload.visit(&walk)
    }
    walk.visitor.begin("approach \(native.id)")
    native.visit(&walk)
    for position in approaches.indices {
      walk.visitor.begin("approach \(approaches[position].id)")
      approaches[position].visit(&walk)
    }
    visitor = walk.visitor
  }

  /// A changed copy of a workload that kept its name is told from the original by its class.
  private func owner(of guest: GuestClass) -> String {
    let isAlone = guests.allSatisfy {
      $0.workload.id != guest.workload.id || $0.workload == guest.workload
    }
    return "workload \(guest.workload.id)" + (isAlone ? "" : " of \(guest.id)")
  }
}

extension HostProfile {
  /// - Parameter originals: By approach, the id under which its numbers are drawn.
  fileprivate mutating func visit(
    _ walk: inout QuantityWalk<some QuantityVisitor>, _ originals: [String: String]
  ) {
    walk(&processors.cores, "cores", "host/cores", whole: true)
    walk(&processors.speed, "speed relative to the reference", "host/speed")
    walk(&processors.cacheBytes, "cache of a core", "host/cache")
    walk(&processors.cacheWays, "ways of that cache", "host/cache-ways", whole: true)
    walk(&memory.bytes, "memory", "host/memory")
    walk(&memory.swapBytes, "swap space", "host/swap")
    walk(&memory.baseBytes, "memory of the host's own software", "host/base-memory")
    walk(&memory.lowMemoryBytes, "low memory", "host/low-memory")
    walk(&disk.capacityBytes, "disk space for images", "host/disk/capacity")
    walk(&disk.channels, "disk channels", "host/disk/channels", whole: true)
    walk(&disk.positioningTime, "disk positioning time", "host/disk/positioning")
    walk(
      &disk.positioningVariation, "variation of the positioning time", "host/disk/variation")
    walk(&disk.transferRate, "disk transfer rate", "host/disk/rate")
    walk(&network.rate, "link rate", "host/network/rate")
    walk(&network.segmentBytes, "bytes of a full packet", "host/network/segment", whole: true)
    walk(
      &network.overheadBytes, "bytes of headers and framing of a packet", "host/network/overhead",
      whole: true)
    walk(&kernel.tickRate, "timer ticks", "host/tick-rate")
    walk(&kernel.processCeiling, "process ceiling", "host/process-ceiling", whole: true)
    for parameter in SchedulingPolicy.Parameter.allCases {
      let name = parameter.rawValue
      walk(&kernel.parameters[parameter], "kernel scheduler: \(name)", "host/kernel/\(name)")
    }
    kernel.memory.visit(&walk, "host/kernel/memory/")
    for index in primitives.indices {
      let primitive = primitives[index]
      let service = primitive.service.map { " of \($0.title)" } ?? ""
      let under = primitive.approach.map { " under \($0)" } ?? ""
      let original = primitive.approach.map { originals[$0] ?? $0 } ?? ""
      walk(
        &primitives[index].price, "price: \(primitive.mechanism.title)\(service)\(under)",
        "primitive/\(primitive.mechanism.rawValue)/\(primitive.service?.rawValue ?? "")/\(original)"
      )
    }
  }
}

extension MemoryAssumptions {
  fileprivate mutating func visit(
    _ walk: inout QuantityWalk<some QuantityVisitor>, _ prefix: String
  ) {
    walk(&cacheFloor, "least share of the page cache", prefix + "cache-floor")
    walk(&swapCluster, "pages of one swap request", prefix + "swap-cluster", whole: true)
    walk(&rewrittenShare, "swapped pages written to again", prefix + "rewritten-share")
    walk(&guestSwap, "swap space of a guest kernel", prefix + "guest-swap")
    walk(&dirtyExpiry, "age of written pages that go to the disk", prefix + "dirty-expiry")
    walk(&flusherPeriod, "time between two looks of the flusher", prefix + "flusher-period")
    walk(&dirtyBackground, "dirty share of memory that is flushed", prefix + "dirty-background")
    walk(&dirtyLimit, "dirty share of memory at which writers wait", prefix + "dirty-limit")
    walk(&flushedPages, "pages of one visit of the flusher", prefix + "flushed-pages", whole: true)
    walk(&guestKernelBytes, "memory of a guest kernel of its date", prefix + "guest-kernel")
    walk(
      &allocatedPerTouched, "pages allocated per page touched", prefix + "allocated-per-touched")
    walk(&socketBytes, "kernel memory of a socket", prefix + "socket")
    walk(&socketBufferBytes, "socket buffer in each direction", prefix + "socket-buffer")
    walk(&filesPerProcess, "open files of a process", prefix + "files-per-process", whole: true)
    walk(
      &directoryCacheBytesPerFile, "directory cache of an open file",
      prefix + "directory-cache-per-file")
  }
}

/// Tells lines of one name apart by their number, so that each has a draw of its own.
struct RepeatedNames {
  private var seen: [String: Int] = [:]

  mutating func numbered(_ name: String) -> String {
    let count = seen[name, default: 0]
    seen[name] = count + 1
    return count == 0 ? name : "\(name)/\(count)"
  }
}
