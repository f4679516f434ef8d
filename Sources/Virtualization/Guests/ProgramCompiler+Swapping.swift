/// Trips to swap, each for one cluster of pages.
///
/// A kernel that swaps by itself, a guest's own or the one of all guests, reads and writes its swap
/// space as it does files: on the approach's path to the disk. Every page that comes in is a fault
/// of its own, since what one visit brings in is mapped page by page. A host beneath a guest's
/// kernel knows nothing of that path: it pays native's for the disk, and for each page what the
/// approach needs to bring a fault on guest memory to the host (`host-fault`).
extension ProgramCompiler {
  /// - Throws: `ModelError` when a path or a price is missing that is needed.
  func compileSwapping(
    _ need: SwapNeed, into program: inout RequestProgram
  ) throws(ModelError) -> SwapTrips {
    var trips = SwapTrips()
    trips.first = Int32(program.stages.count)
    // Parts the trips from the stages before them, whose end is not the beginning of a trip.
    appendDevice(.swapEnd, DeviceBytes(), to: &program)
    do throws(ModelError) {
      (trips.ownWrite, trips.ownRead) = try appendTrips(
        of: need.cluster, fault: .fileFault, to: &program, appendTrip)
    } catch {
      if need.own { throw error }
    }
    do throws(ModelError) {
      (trips.hostWrite, trips.hostRead) = try appendTrips(
        of: need.cluster, fault: .hostFault, to: &program, appendHostTrip)
    } catch {
      if need.host { throw error }
    }
    trips.end = Int32(program.stages.count)
    return trips
  }

  /// Appends the trip out of memory and the one back into it.
  ///
  /// - Parameters:
  ///   - cluster: Pages a trip.
  ///   - fault: What each page that comes back costs.
  private func appendTrips(
    of cluster: Double, fault: Operation, to program: inout RequestProgram,
    _ append: (OperationCount, MechanismVector, inout RequestProgram) throws(ModelError) -> Int32
  ) throws(ModelError) -> (write: Int32, read: Int32) {
    let bytes = cluster * Double(MemoryLedger.pageBytes)
    let faults = try pricing.cost(of: fault, with: Attributes()).scaled(by: cluster)
    return (
      try append(.oneTransfer(.diskWrite, bytes: bytes), MechanismVector(), &program),
      try append(.oneTransfer(.diskRead, bytes: bytes), faults, &program)
    )
  }

  /// What a system call costs beside the kernel's service: a fault and reclaim reach the disk
  /// without one, and the path of a read has one.
  func entry(_ pricing: PathPricing) throws(ModelError) -> MechanismVector {
    var entry = try pricing.cost(of: .systemCall, with: Attributes())
    entry[.kernelWork] = 0
    entry[.kernelSlowdown] = 0
    return entry
  }

  private func appendTrip(
    _ entry: OperationCount, _ faults: MechanismVector, to program: inout RequestProgram
  ) throws(ModelError) -> Int32 {
    let entries = [entry]
    let entering = try self.entry(pricing)
    let first = Int32(program.stages.count)
    try appendPhase(.guest, entries, [.call], without: entering, to: &program)
    try appendPhase(.backend, entries, [.backend], to: &program)
    appendDevice(.swapDisk, DeviceBytes(fixed: entry.attributes[.bytes]), to: &program)
    try appendPhase(.backend, entries, [.backendCompletion], to: &program)
    try appendPhase(.guest, entries, [.completion], besides: faults, to: &program)
    appendDevice(.swapEnd, DeviceBytes(), to: &program)
    return first
  }

  /// The host's own work, on the time of the guest that waits for it; it tells nobody in the guest.
  private func appendHostTrip(
    _ entry: OperationCount, _ faults: MechanismVector, to program: inout RequestProgram
  ) throws(ModelError) -> Int32 {
    let below = PathPricing(host: pricing.host, approach: pricing.native, native: pricing.native)
    let first = Int32(program.stages.count)
    var call = try below.cost(of: entry.operation, with: entry.attributes, in: [.call])
      .excess(over: try self.entry(below))
    call.add(faults)
    append(Stage(kind: .guest), Work(fixed: call), to: &program)
    appendDevice(.hostSwapDisk, DeviceBytes(fixed: entry.attributes[.bytes]), to: &program)
    let completion = try below.cost(of: entry.operation, with: entry.attributes, in: [.completion])
    append(Stage(kind: .guest), Work(fixed: completion), to: &program)
    appendDevice(.swapEnd, DeviceBytes(), to: &program)
    return first
  }
}

extension OperationCount {
  /// One transfer of some bytes; its numbers are derived, not stated by anyone.
  fileprivate static func oneTransfer(_ operation: Operation, bytes: Double) -> OperationCount {
    OperationCount(
      operation,
      count: Quantity(
        1, .count, status: .assumed, source: "one visit to swap for a cluster of pages"),
      attributes: Attributes([.bytes: bytes]))
  }
}
