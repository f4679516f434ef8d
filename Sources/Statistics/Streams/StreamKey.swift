/// What a stream of random numbers is for, such as arrivals or service demands.
///
/// Open: each model lists its own purposes as static members with fixed raw values. A raw value is
/// part of every result's identity, so never renumber one that has been released.
@frozen
public struct StreamRole: RawRepresentable, Hashable, Sendable, BitwiseCopyable {
  /// The number of the role.
  public let rawValue: UInt32

  /// Makes a role from its number.
  @inlinable
  public init(rawValue: UInt32) { self.rawValue = rawValue }
}

/// The full name of a random stream: equal names give equal numbers, different names independent
/// ones.
///
/// Every field goes unaltered into the input of a keyed permutation, so two different keys of one
/// seed can never start from the same state. Naming streams, rather than drawing them one after the
/// other, is what keeps one guest's numbers unchanged when another guest is added (common random
/// numbers).
@frozen
public struct StreamKey: Hashable, Sendable, BitwiseCopyable {
  /// The root seed of the study.
  public var seed: UInt64
  /// What the numbers are for.
  public var role: StreamRole
  /// Whose numbers they are.
  public var guest: UInt32
  /// The user or request they belong to.
  public var index: UInt64
  /// The replication they belong to.
  public var replication: UInt32

  /// Makes a key.
  @inlinable
  public init(
    seed: UInt64, role: StreamRole, guest: UInt32 = 0, index: UInt64 = 0, replication: UInt32 = 0
  ) {
    self.seed = seed
    self.role = role
    self.guest = guest
    self.index = index
    self.replication = replication
  }
}
