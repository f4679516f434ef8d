/// A hop with what it costs in one occurrence of an operation.
public struct PricedHop: Sendable, Hashable {
  /// The hop as the profile states it.
  public var hop: Hop
  /// The primitive that prices it.
  public var primitive: Primitive
  /// How often it happens in this occurrence.
  public var count: Double
  /// Seconds of processor time in this occurrence, without any slowdown of kernel code.
  public var seconds: Double
  /// Seconds added because kernel code itself runs slower under the approach.
  public var slowdownSeconds: Double
}

/// The prices of operations under one approach on one host.
public struct PathPricing: Sendable {
  /// The machine whose prices apply.
  public let host: HostProfile
  /// The approach whose paths apply.
  public let approach: ApproachProfile
  /// The approach that gives the path of every operation that `approach` does not change.
  public let native: ApproachProfile

  /// Prices of an approach on a host.
  public init(host: HostProfile, approach: ApproachProfile, native: ApproachProfile) {
    self.host = host
    self.approach = approach
    self.native = native
  }

  /// The path that an operation takes: the approach's own, else native's.
  ///
  /// An approach that changes `timer-tick` and says nothing of `idle-tick` means both. Where
  /// guests' images are opened for direct input and output, the device reads and writes their
  /// memory: whoever serves it copies nothing.
  ///
  /// - Throws: `ModelError.missingPath` when neither has one.
  public func path(of operation: Operation) throws(ModelError) -> Path {
    let names = operation == .idleTick ? [.idleTick, .timerTick] : [operation]
    for profile in [approach, native] {
      for name in names {
        guard var path = profile.paths.first(where: { $0.operation == name }) else { continue }
        if approach.memory.pageCache == .double, approach.storage.directIO,
          path.operation == .diskRead || path.operation == .diskWrite
        {
          path.hops.removeAll {
            $0.mechanism == .dataCopy && ($0.phase == .backend || $0.phase == .backendCompletion)
          }
        }
        return path
      }
    }
    throw ModelError(
      .missingPath,
      "neither \(approach.id) nor \(native.id) has a path for \(operation.rawValue); "
        + "add it to an approach profile")
  }

  /// The prices for guests that are given direct input and output, or the host's cache; nil for as
  /// the approach has it.
  package func with(directIO: Bool?) -> PathPricing {
    guard let directIO else { return self }
    var approach = self.approach
    approach.storage.directIO = directIO
    return PathPricing(host: host, approach: approach, native: native)
  }

  /// The hops of one occurrence, priced.
  ///
  /// - Throws: `ModelError.missingPrice` when the host has no price for a hop's mechanism.
  public func hops(of operation: Operation, with attributes: Attributes) throws(ModelError)
    -> [PricedHop]
  {
    var priced: [PricedHop] = []
    let path = try path(of: operation)
    for hop in path.hops {
      let service = hop.mechanism == .kernelWork ? hop.service ?? path.operation : hop.service
      guard let primitive = host.price(of: hop.mechanism, service: service, under: approach.id)
      else {
        let what = service.map { "\(hop.mechanism.rawValue) of \($0.rawValue)" }
        throw ModelError(
          .missingPrice,
          "host \(host.id) has no price for \(what ?? hop.mechanism.rawValue), which "
            + "\(approach.id) needs for \(operation.rawValue); add a primitive to the host profile")
      }
      let count = hop.count.value(at: attributes)
      let seconds = count * primitive.price.value
      let isGuestKernelCode = hop.mechanism == .kernelWork && hop.place == .guestKernel
      let slowdown = isGuestKernelCode ? seconds * (approach.kernelSlowdown.value - 1) : 0
      priced.append(
        PricedHop(
          hop: hop, primitive: primitive, count: count, seconds: seconds, slowdownSeconds: slowdown)
      )
    }
    return priced
  }

  /// The processor seconds of one occurrence on the guest's own time, itemized.
  package func cost(
    of operation: Operation, with attributes: Attributes,
    in phases: Set<Phase> = [.call, .completion]
  ) throws(ModelError) -> MechanismVector {
    var vector = MechanismVector()
    for hop in try hops(of: operation, with: attributes)
    where phases.contains(hop.hop.phase) && !hop.hop.place.isElsewhere {
      vector[hop.hop.mechanism] += hop.seconds
      vector[.kernelSlowdown] += hop.slowdownSeconds
    }
    return vector
  }
}
