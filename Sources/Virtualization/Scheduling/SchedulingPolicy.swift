/// Who chooses among guests, and with which constants.
public struct SchedulingPolicy: Sendable, Hashable {
  /// The published algorithms, one file each in the folder Scheduling.
  public enum Algorithm: String, CaseIterable, Sendable, Hashable {
    /// The host kernel's own scheduler, by the host's date.
    case host = "host"
    case startTimeFairQueueing = "start-time-fair-queueing"
    case tokenBucket = "token-bucket"
    case borrowedVirtualTime = "borrowed-virtual-time"
    case o1 = "o1"
    case completelyFairGroups = "completely-fair-groups"
    /// Idealized equal sharing without a time slice: a limit for tests and teaching.
    case processorSharing = "processor-sharing"
    /// First come, first served, to completion: for tests and teaching.
    case firstComeFirstServed = "first-come-first-served"
  }
  /// The constants that algorithms have.
  public enum Parameter: String, CaseIterable, Sendable, Hashable {
    /// Longest time that an entity runs before the scheduler chooses again, in seconds.
    case slice = "slice"
    /// Share units of a guest for which none are configured.
    case defaultWeight = "default-weight"
    /// Share units of a driver domain.
    case driverWeight = "driver-weight"
    /// Tokens per interval, interval and bucket sizes of a token bucket, in ticks.
    case fillRate = "fill-rate"
    case fillInterval = "fill-interval"
    case idleFillRate = "idle-fill-rate"
    case idleFillInterval = "idle-fill-interval"
    case bucketStart = "bucket-start"
    case bucketMinimum = "bucket-minimum"
    case bucketMaximum = "bucket-maximum"
    /// Context-switch allowance of borrowed virtual time, in seconds.
    case contextSwitchAllowance = "context-switch-allowance"
    /// Virtual time that a driver domain may borrow on waking, in seconds.
    case warp = "warp"
    /// Period of a processor quota, in seconds.
    case quotaPeriod = "quota-period"
    /// Targeted latency and minimum granularity of completely fair scheduling, in seconds.
    case latency = "latency"
    case minimumGranularity = "minimum-granularity"
    case wakeupGranularity = "wakeup-granularity"
  }
  /// What a bucket means to a guest (`token-bucket`); without a limit on processor time it has none
  /// but in the mode `soft`.
  public enum BucketMode: String, CaseIterable, Sendable, Hashable {
    /// The level of its bucket, which the limit fills, only raises or lowers the guest's priority.
    case soft
    /// The guest is held back at no tokens until its bucket has the minimum.
    case hard
    /// As `hard`, but time in which a core would be idle fills the buckets of those held back, in
    /// proportion to their weights.
    case idleTime = "idle-time"

    /// The first year of the mode; nil for those that are as old as the approach.
    ///
    /// Source: `VXSM_IDLE_TIME` of kernel/vserver/sched.c, in development releases 2.1 of 2006.
    package var firstYear: Int? {
      switch self {
      case .soft, .hard: nil
      case .idleTime: 2006
      }
    }
  }
  /// The algorithm among guests.
  public var algorithm: Algorithm
  /// What an empty bucket means; nil for `hard`, and for algorithms without buckets.
  public var mode: BucketMode?
  /// The constants; the algorithm's published default where none is given.
  public var parameters: [Parameter: Quantity]

  /// A scheduling policy from all its parts; units as each part says.
  public init(
    algorithm: Algorithm, mode: BucketMode? = nil, parameters: [Parameter: Quantity]
  ) {
    self.algorithm = algorithm
    self.mode = mode
    self.parameters = parameters
  }
}
