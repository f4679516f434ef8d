/// A step of a request's way through a host.
package struct Stage: BitwiseCopyable, Sendable {
  package enum Kind: UInt8, BitwiseCopyable, Sendable {
    /// Work on the guest's own processor time.
    case guest
    /// Work of the driver domain or of the thread that serves the guest's devices.
    case backend
    case disk
    case linkIn
    case linkOut
    /// Back by `span` stages, until those have been taken `repeats` times.
    case again
    /// The disk, for pages of swap that a kernel of the guest's or the one of all guests manages,
    /// or for those of a host beneath the guest.
    case swapDisk, hostSwapDisk
    /// The end of a trip to swap: back to where it began.
    case swapEnd
    /// Bytes written to files become dirty, or the writer waits until they may.
    case dirty
  }
  /// When the stages of a trip to the disk are taken at all.
  package enum Condition: UInt8, BitwiseCopyable, Sendable {
    case always
    /// With the probability `probability`.
    case chance
    /// With the probability `probability` times that of a miss in the guest's page cache.
    case miss
  }
  package var kind: Kind
  package var condition: Condition = .always
  package var probability = 1.0
  /// Stages to leave out, this one included, when the condition does not hold; for `again`, stages
  /// to go back.
  package var span: Int32 = 1
  package var repeats: Int32 = 1
  /// Seconds of processor time, or bytes of a device.
  package var fixed = 0.0
  /// The same per byte of the response.
  package var perResponseByte = 0.0
  /// The same per packet of the response.
  package var perResponsePacket = 0.0
  /// Seconds that are left out while the entity that does this stage is at work already.
  package var shared = 0.0
  /// Seconds that are left out while the entity that this stage notifies is at work already:
  /// whoever serves the devices for a guest's stage, the guest for a stage of theirs.
  package var sent = 0.0
  /// The share of the request's user computation done here.
  package var userShare = 0.0
}

/// Where the trips to swap begin among the stages of a program; -1 for one that cannot occur.
package struct SwapTrips: BitwiseCopyable, Sendable {
  /// Each for one cluster of pages.
  package var ownWrite: Int32 = -1
  package var ownRead: Int32 = -1
  package var hostWrite: Int32 = -1
  package var hostRead: Int32 = -1
  /// The first stage and the one behind the last.
  package var first: Int32 = 0
  package var end: Int32 = 0

  /// The stages of all of them.
  var all: Range<Int> { Int(first)..<Int(end) }

  /// The stages of one trip; empty where there is none.
  func stages(of start: Int32, in all: [Stage]) -> Range<Int> {
    guard start >= 0 else { return 0..<0 }
    let first = Int(start)
    let end = all[first...].firstIndex { $0.kind == .swapEnd } ?? all.count
    return first..<end
  }

  /// The same trips where a class's stages begin further on.
  func moved(by stages: Int) -> SwapTrips {
    func move(_ start: Int32) -> Int32 { start < 0 ? start : start + Int32(stages) }
    return SwapTrips(
      ownWrite: move(ownWrite), ownRead: move(ownRead), hostWrite: move(hostWrite),
      hostRead: move(hostRead), first: move(first), end: move(end))
  }
}

/// What a program needs to know of swap.
package struct SwapNeed: Sendable {
  /// Whether the guest's own kernel, or the one of all guests, and a host beneath it may swap, so
  /// that prices of it must not be missing.
  var own: Bool
  var host: Bool
  /// Pages of one visit to the disk.
  var cluster: Double

  /// No need of swap, with the pages of one visit.
  package static func cluster(_ pages: Double) -> SwapNeed {
    SwapNeed(own: false, host: false, cluster: pages)
  }

  /// No swap.
  package static var none: SwapNeed { .cluster(1) }
}

/// What a request of one class does under one approach, with the costs that go with it.
package struct RequestProgram: Sendable {
  /// The stages in order: those of a request, then those of a round of periodic work.
  package var stages: [Stage] = []
  /// How many of them are a request's, and those before a round's end.
  package var requestStages = 0
  package var roundEnd = 0
  /// Stages of a request before its worker begins: where it goes to swap.
  package var receivingStages = 0
  /// Trips to swap of a request, and of what a guest touches beside requests; behind all other
  /// stages.
  package var requestSwapping = SwapTrips()
  package var touching = SwapTrips()
  /// One visit of the flusher to the disk, whose bytes are those of a response; behind all others.
  package var flushing = 0..<0
  /// For each stage: the itemization of `fixed`, `perResponseByte`, `perResponsePacket`, `shared`
  /// and `sent`, in seconds.
  package var fixedItems: [MechanismVector] = []
  package var perByteItems: [MechanismVector] = []
  package var perPacketItems: [MechanismVector] = []
  package var sharedItems: [MechanismVector] = []
  package var sentItems: [MechanismVector] = []
  /// Cost of waking an idle guest.
  package var wakeupItems = MechanismVector()
  /// Cost of the ticks of all kernels below the guest in one second of its work.
  package var tickItemsPerSecond = MechanismVector()
  /// Cost of one tick of an idle guest's own kernel, and those ticks per second.
  package var idleTickItems = MechanismVector()
  package var idleTickRate = 0.0
  /// Direct cost of switching between two tasks of the guest, and to the guest from another.
  package var taskSwitchItems = MechanismVector()
  package var guestSwitchItems = MechanismVector()
  /// Whether there is periodic work beside ticks.
  package var hasRounds = false
  /// Seconds between rounds, and user computation of one, in seconds at the reference speed.
  package var backgroundPeriod = 1.0
  package var backgroundUserSeconds = 0.0
  /// Seconds of user computation on this host per second at the reference speed.
  package var userScale = 1.0
  /// The part of `userScale` that is slower than native.
  package var userSlowdownShare = 0.0

  /// Compiles a workload for an approach on a host.
  ///
  /// The work of all operations but those of devices is spread evenly over the pieces between trips
  /// to the disk. A response's packets are its bytes over the payload of a full packet, rounded up
  /// request by request. Completion work for sent packets is done before they leave. A round of
  /// periodic work is compiled in the same way, as a request whose response is empty. A guest that
  /// is woken by what it is told pays for being told and for waking up, and once for what both
  /// contain.
  ///
  /// - Throws: `ModelError` when a path or a price is missing.
  package init(
    _ workload: Workload, under pricing: PathPricing, swapping: SwapNeed = .none
  ) throws(ModelError) {
    let compiler = try ProgramCompiler(workload: workload, pricing: pricing)
    try compiler.compile(into: &self)
    roundEnd = stages.count
    requestSwapping = try compiler.compileSwapping(swapping, into: &self)
    touching = try compiler.compileSwapping(swapping, into: &self)
    try compiler.compileFlushing(into: &self)
  }
}
