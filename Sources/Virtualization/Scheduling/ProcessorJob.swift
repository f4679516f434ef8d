import DiscreteEvents

/// A burst inside a time-sliced processor: what is left of it and where its time went.
///
/// All times in nanoseconds.
struct ProcessorJob: BitwiseCopyable {
  var task: Int32
  var entity: Int32
  var work: Int64
  var remaining: Int64
  /// Start of the present wait, and what the entity's held clock showed then.
  var readySince: Int64
  var heldAtReady: Int64
  var contention: Int64 = 0
  var throttled: Int64 = 0
  var switching: Int64 = 0
  var refill: Int64 = 0
  /// Priority class or virtual run time, as the discipline orders by.
  var key: Int64 = 0
  /// Place among equal keys.
  var order: Int64 = 0
  /// Work until the entity's own scheduler looks again.
  var sliceLeft: Int64 = .max
  /// The next one in a list, or the next sibling in a heap.
  var next: Int32 = -1
  /// The first child in a heap.
  var child: Int32 = -1
  /// How many bursts the entity had been given when this one was paused, modulo 2^32.
  var arrivalsAtPause: UInt32 = 0
  var priority: UInt8
  var hasUsedSlice = false

  @inline(__always)
  init(_ burst: Burst, readySince: Int64, heldAtReady: Int64) {
    task = burst.task
    entity = burst.entity
    work = max(burst.work.nanoseconds, 0)
    remaining = work
    priority = burst.priority
    self.readySince = readySince
    self.heldAtReady = heldAtReady
  }
}
