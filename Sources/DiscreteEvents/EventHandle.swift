/// Names one pending event of one queue, for cancelling or rescheduling it.
///
/// A handle is the event's slot together with its sequence number. Slots are used again, sequence
/// numbers never, so a handle whose event was handled, cancelled or rescheduled is *stale*: it
/// names nothing and can do no harm to the event that now lives in the slot. A handle means nothing
/// to any queue but the one that made it.
@frozen
public struct EventHandle: Hashable, Sendable, BitwiseCopyable {
  /// Sequence number in the upper 40 bits, slot in the lower 24: the lower half of the heap's key.
  @usableFromInline
  var bits: UInt64

  @inlinable
  init(bits: UInt64) {
    self.bits = bits
  }

  /// The handle that never names an event; the value to store where no event is pending.
  @inlinable
  public static var none: EventHandle { EventHandle(bits: .max) }

  @inlinable
  var slot: Int { Int(truncatingIfNeeded: bits & EventQueueLimits.slotMask) }
}

/// Sizes of the fields of the heap's key, and marks in its index.
@usableFromInline
enum EventQueueLimits {
  /// Where the heap's root lies; see the layout in `EventQueue+Heap.swift`.
  @inlinable
  static var root: Int { 3 }

  /// How many keys fit the first-level cache of any processor of today, or nearly (64 KiB).
  @inlinable
  static var keysInNearestCache: Int { 4096 }

  /// Set in the index of a slot that is free.
  @inlinable
  static var freeMark: UInt32 { 1 << 31 }

  /// The end of the list of free slots.
  @inlinable
  static var noSlot: UInt32 { .max }

  @inlinable
  static var slotBits: UInt64 { 24 }

  @inlinable
  static var slotMask: UInt64 { (1 << slotBits) - 1 }

  /// What one more sequence number adds to the lower half of a key.
  @inlinable
  static var sequenceStep: UInt64 { 1 << slotBits }

  /// The last slot is left out, so that no handle equals ``EventHandle/none``.
  @inlinable
  static var maximumPending: Int { (1 << 24) - 1 }

  @inlinable
  static var maximumSequence: UInt64 { (1 << 40) - 1 }
}

/// Why an event queue could not take an event.
public struct EventQueueError: Error, Hashable, Sendable, BitwiseCopyable {
  /// The kind of limit that was met; open, so that later versions can add kinds.
  public struct Code: RawRepresentable, Hashable, Sendable, BitwiseCopyable {
    /// A small number that identifies the kind.
    public var rawValue: UInt8

    /// Makes a code from its number.
    public init(rawValue: UInt8) {
      self.rawValue = rawValue
    }

    /// As many events are pending as the queue may hold.
    public static let tooManyPending = Code(rawValue: 1)

    /// The queue has given out its last sequence number (2^40 schedulings).
    public static let sequenceExhausted = Code(rawValue: 2)
  }

  /// The kind of limit that was met.
  public var code: Code

  /// The limit itself: events pending, or schedulings since the queue was made.
  public var limit: Int

  /// Makes an error for a limit.
  public init(code: Code, limit: Int) {
    self.code = code
    self.limit = limit
  }
}

extension EventQueueError: CustomStringConvertible {
  /// What happened and what to do about it.
  public var description: String {
    switch code {
    case .tooManyPending:
      "event queue: \(limit) events are pending and no more fit; "
        + "look for arrivals that are never served, or simulate fewer guests or a lower rate"
    case .sequenceExhausted:
      "event queue: \(limit) schedulings have used up the sequence numbers; "
        + "split the run into shorter ones with a queue each"
    default:
      "event queue: limit \(limit) was met (code \(code.rawValue))"
    }
  }
}
