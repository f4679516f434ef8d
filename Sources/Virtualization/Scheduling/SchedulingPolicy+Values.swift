import DiscreteEvents

extension SchedulingPolicy {
  /// Share units of an entity for which none are stated; the kernel's for a process of nice level
  /// 0.
  var defaultWeight: Double {
    value(.defaultWeight, default: algorithm == .completelyFairGroups ? 1024 : 1)
  }

  /// A constant of the algorithm, or its published default.
  func value(_ parameter: Parameter, default published: Double) -> Double {
    parameters[parameter]?.value ?? published
  }

  /// A constant that is a time, in whole nanoseconds: at least one, and at most 100 s, whose
  /// products with weights, cores and entities are still in range.
  func nanoseconds(_ parameter: Parameter, default published: Double) -> Int64 {
    let time = SimulationDuration(seconds: value(parameter, default: published))
    return min(max(time.nanoseconds, 1), 100_000_000_000)
  }
}

extension SchedulingPolicy.Algorithm {
  /// The constants that have an effect; `host` must be resolved first.
  ///
  /// The order is that of `SchedulingPolicy.Parameter`.
  package var parameters: [SchedulingPolicy.Parameter] {
    switch self {
    case .startTimeFairQueueing: [.slice, .defaultWeight, .driverWeight]
    case .tokenBucket:
      [
        .slice, .defaultWeight, .fillRate, .fillInterval, .idleFillRate, .idleFillInterval,
        .bucketStart, .bucketMinimum, .bucketMaximum,
      ]
    case .borrowedVirtualTime: [.defaultWeight, .driverWeight, .contextSwitchAllowance, .warp]
    case .o1: [.slice]
    case .completelyFairGroups:
      [
        .defaultWeight, .driverWeight, .quotaPeriod, .latency, .minimumGranularity,
        .wakeupGranularity,
      ]
    case .host, .processorSharing, .firstComeFirstServed: []
    }
  }
}

extension SchedulingPolicy {
  /// Whether a guest's limit on processor time has an effect; `host` must be resolved first.
  package var honorsLimits: Bool {
    switch algorithm {
    case .startTimeFairQueueing, .completelyFairGroups: true
    case .tokenBucket: mode != .soft
    case .host, .borrowedVirtualTime, .o1, .processorSharing, .firstComeFirstServed: false
    }
  }

  /// Whether a guest's weight has an effect; `host` must be resolved first.
  package var honorsWeights: Bool {
    switch algorithm {
    case .startTimeFairQueueing, .borrowedVirtualTime, .completelyFairGroups: true
    case .tokenBucket: mode == .idleTime
    case .host, .o1, .processorSharing, .firstComeFirstServed: false
    }
  }
}

/// How fast virtual time passes for each entity: inversely to its weight, as whole numbers.
///
/// Whole numbers keep virtual times exact, so that scaling all times scales every decision. The
/// entity with the largest weight gets `unit`, so rounding changes no share by more than 1 part in
/// twice that. Weights that are not positive count as a millionth of the largest.
struct VirtualTimeRates: ~Copyable {
  /// Virtual times may lie 2^63 apart: with 4096 an entity may sleep for 26 days.
  static var usualUnit: Int64 { 4096 }

  let unit: Int64
  private var rates: Table<Int64>
  private let largest: Double

  init(_ entities: [ProcessorConfiguration.Entity], unit: Int64 = usualUnit) {
    self.unit = unit
    rates = Table(repeating: unit, count: entities.count)
    largest = entities.map(\.weight).filter { $0.isFinite && $0 > 0 }.max() ?? 1
    for (index, entity) in entities.enumerated() { rates[index] = rate(ofWeight: entity.weight) }
  }

  subscript(entity: Int32) -> Int64 { rates[entity] }

  /// Virtual time per time at a weight.
  func rate(ofWeight weight: Double) -> Int64 {
    let share = weight.isFinite && weight > 0 ? max(weight / largest, 1e-6) : 1e-6
    return Int64(clamping: (Double(unit) / share).rounded())
  }
}

/// Entities that a limit holds back, by the time at which it lets go of them.
struct HeldEntities: ~Copyable {
  private var byRelease: IndexedHeap
  private var released: Table<Int32>
  private var releasedCount = 0
  private var taken = 0

  init(entities: Int) {
    byRelease = IndexedHeap(members: entities)
    released = Table(repeating: 0, count: entities)
  }

  func contains(_ entity: Int32) -> Bool { byRelease.contains(entity) }

  /// The next time at which an entity is due.
  var nextTime: SimulationTime? {
    byRelease.isEmpty ? nil : SimulationTime(nanoseconds: byRelease.firstKey)
  }

  /// The entity that is due first; -1 when none is held.
  var first: Int32 { byRelease.first }

  mutating func hold(_ entity: Int32, until time: SimulationTime) {
    byRelease.update(entity, key: time.nanoseconds)
  }

  mutating func remove(_ entity: Int32) { byRelease.remove(entity) }

  /// Takes out an entity that is due.
  mutating func removeDue(at now: SimulationTime) -> Int32? {
    guard !byRelease.isEmpty, byRelease.firstKey <= now.nanoseconds else { return nil }
    let entity = byRelease.first
    byRelease.remove(entity)
    return entity
  }

  /// Remembers that an entity was let go of, for `nextReleased()`.
  mutating func noteReleased(_ entity: Int32) {
    released[releasedCount] = entity
    releasedCount += 1
  }

  mutating func nextReleased() -> Int32? {
    if taken < releasedCount {
      taken += 1
      return released[taken - 1]
    }
    taken = 0
    releasedCount = 0
    return nil
  }
}

/// Time that an entity ran, as an account in 1024ths of nanoseconds takes it: 13 days count in
/// full.
func charged(_ ran: SimulationDuration) -> Int64 { min(ran.nanoseconds, 1 << 50) * 1024 }

/// What an account may be overdrawn by at most: far more than a run lasts, and safe to add up.
var deepestOverdraft: Int64 { -1 << 61 }

/// Nanoseconds until an amount has flowed at a rate given in 1024ths, rounded up.
func nanoseconds(toFill amount: Int64, atRate rate: Int64) -> Int64 {
  rate > 0 ? (max(amount, 0) + rate - 1) / rate : .max
}
