/// Where a hop runs, and so whose processor time it takes.
public enum Place: String, CaseIterable, Sendable, Hashable {
  case guestUser = "guest-user"
  case guestKernel = "guest-kernel"
  case hypervisor = "hypervisor"
  case hostKernel = "host-kernel"
  case hostProcess = "host-process"
  /// A driver domain: a guest of its own that owns the devices.
  case driverDomain = "driver-domain"
  /// A thread of the host that serves one guest's device (vhost, monitor, ubd).
  case ioThread = "io-thread"

  /// Whether work here is done by an entity of its own rather than on the guest's processor time.
  public var isElsewhere: Bool { self == .driverDomain || self == .ioThread }
}

/// The part of an operation to which a hop belongs.
public enum Phase: String, CaseIterable, Sendable, Hashable {
  /// On the guest's processor time; for input and output: going down, before the device.
  case call
  /// On the entity that serves the device, before the device.
  case backend
  /// On the entity that serves the device, after the device.
  case backendCompletion = "backend-completion"
  /// On the guest's processor time, coming back.
  case completion
}

/// How often a hop happens in one occurrence of an operation: linear in its attributes.
public struct LinearCount: Sendable, Hashable {
  /// The part that does not depend on attributes.
  public var constant: Double
  /// The part per unit of each attribute.
  public var slope: Attributes

  /// A count of `constant` plus `slope` times the attributes.
  public init(_ constant: Double, _ slope: Attributes = Attributes()) {
    self.constant = constant
    self.slope = slope
  }

  /// The count for one occurrence with the given attributes.
  public func value(at attributes: Attributes) -> Double {
    Attribute.allCases.reduce(constant) { $0 + slope[$1] * attributes[$1] }
  }
}

/// One step of a path: a mechanism, where it runs, and how often.
public struct Hop: Sendable, Hashable {
  /// What is done.
  public var mechanism: Mechanism
  /// For `kernelWork`: the operation whose native service is meant; nil for the path's own.
  public var service: Operation?
  /// Where it is done.
  public var place: Place
  /// In which part of the operation.
  public var phase: Phase
  /// How often, per occurrence of the operation.
  public var count: LinearCount
  /// Factors between which the count plausibly lies, as (low, high) multiples of it.
  public var countRange: ClosedRange<Double>
  /// Whether occurrences that arrive while the served entity is already at work share the hop.
  public var isShared: Bool
  /// How far the count can be trusted.
  public var status: Status
  /// Where the count comes from.
  public var source: String

  /// A hop of a path.
  public init(
    _ mechanism: Mechanism, service: Operation? = nil, at place: Place, in phase: Phase = .call,
    count: LinearCount = LinearCount(1), countRange: ClosedRange<Double> = 1...1,
    isShared: Bool = false, status: Status, source: String
  ) {
    self.mechanism = mechanism
    self.service = service
    self.place = place
    self.phase = phase
    self.count = count
    self.countRange = countRange
    self.isShared = isShared
    self.status = status
    self.source = source
  }
}

/// The ordered hops that one operation takes under one approach.
public struct Path: Sendable, Hashable {
  /// The operation.
  public var operation: Operation
  /// Its hops in order.
  public var hops: [Hop]

  /// A path of an operation.
  public init(_ operation: Operation, hops: [Hop]) {
    self.operation = operation
    self.hops = hops
  }
}

/// The price of one mechanism on one host.
public struct Primitive: Sendable, Hashable {
  /// What is priced.
  public var mechanism: Mechanism
  /// For `kernelWork`: the operation whose service is priced.
  public var service: Operation?
  /// The approach whose own software is priced; nil for the machine, shared by all approaches.
  public var approach: String?
  /// Seconds per occurrence, or per byte for mechanisms counted in bytes.
  public var price: Quantity

  /// A price.
  public init(
    _ mechanism: Mechanism, service: Operation? = nil, approach: String? = nil, price: Quantity
  ) {
    self.mechanism = mechanism
    self.service = service
    self.approach = approach
    self.price = price
  }
}
