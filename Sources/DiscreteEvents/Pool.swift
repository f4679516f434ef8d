/// A growing set of numbered slots for the things a model holds: requests, tasks, guests.
///
/// Elements are used in place through the subscript, without copies and without reference counts;
/// a slot given back is the next to be handed out. Memory is allocated only when more elements
/// live at once than ever before. Every access is checked against the bounds, so a wrong index
/// traps as it does with an array; whether the slot holds an element is checked only by
/// ``remove(_:)`` and ``contains(_:)``, so do not keep the index of a removed element.
@frozen
public struct Pool<Element: ~Copyable>: ~Copyable {
  /// The number of a slot: small, trivial, and of use only to the pool that gave it.
  @frozen
  public struct Index: Comparable, Hashable, Sendable, BitwiseCopyable {
    /// The slot, counted from zero; ``none`` is negative.
    public var rawValue: Int32

    /// Makes an index from a slot's number.
    @inlinable
    public init(rawValue: Int32) {
      self.rawValue = rawValue
    }

    /// The index of no element; using it with a subscript traps.
    @inlinable
    public static var none: Index { Index(rawValue: -1) }

    /// Whether this is ``none``.
    @inlinable
    public var isNone: Bool { rawValue < 0 }

    /// Orders indices by their slots.
    @inlinable
    public static func < (left: Index, right: Index) -> Bool {
      left.rawValue < right.rawValue
    }
  }

  @usableFromInline
  var elements: UnsafeMutablePointer<Element>

  /// For a free slot the next free one, and `-1` at the end of the list; `inUse` otherwise.
  @usableFromInline
  var links: UnsafeMutablePointer<Int32>

  @usableFromInline
  var firstFree: Int32

  @usableFromInline
  var capacity: Int

  /// Slots that were ever used.
  @usableFromInline
  var slotsUsed: Int

  /// How many elements the pool holds.
  @usableFromInline
  var live: Int

  @usableFromInline
  var peak: Int

  /// Makes an empty pool.
  ///
  /// - Parameter reserving: How many elements to hold memory for from the start.
  @inlinable
  public init(reserving: Int = 0) {
    capacity = Swift.max(reserving, 4)
    elements = .allocate(capacity: capacity)
    links = .allocate(capacity: capacity)
    firstFree = -1
    slotsUsed = 0
    live = 0
    peak = 0
  }

  @inlinable
  deinit {
    if !_isPOD(Element.self) {
      for slot in 0..<slotsUsed where links[slot] == Self.inUse {
        (elements + slot).deinitialize(count: 1)
      }
    }
    elements.deallocate()
    links.deallocate()
  }

  @inlinable
  static var inUse: Int32 { -2 }

  /// How many elements the pool holds.
  @inlinable
  public var count: Int { live }

  /// Whether the pool holds nothing.
  @inlinable
  public var isEmpty: Bool { live == 0 }

  /// The largest number of elements held at once.
  @inlinable
  public var peakCount: Int { peak }

  /// Puts an element into a slot and returns the slot's index.
  @inlinable
  @inline(__always)
  public mutating func insert(_ element: consuming Element) -> Index {
    let slot: Int
    if firstFree >= 0 {
      slot = Int(firstFree)
      firstFree = links[slot]
    } else {
      if slotsUsed == capacity { grow() }
      slot = slotsUsed
      slotsUsed &+= 1
    }
    links[slot] = Self.inUse
    (elements + slot).initialize(to: element)
    live &+= 1
    if live > peak { peak = live }
    return Index(rawValue: Int32(truncatingIfNeeded: slot))
  }

  /// Takes an element out and frees its slot; traps when the slot holds none.
  @inlinable
  @discardableResult
  public mutating func remove(_ index: Index) -> Element {
    let slot = checked(index)
    precondition(links[slot] == Self.inUse, "removed twice, or never inserted")
    links[slot] = firstFree
    firstFree = index.rawValue
    live &-= 1
    return (elements + slot).move()
  }

  /// Whether a slot holds an element.
  @inlinable
  public func contains(_ index: Index) -> Bool {
    let slot = Int(index.rawValue)
    return slot >= 0 && slot < slotsUsed && links[slot] == Self.inUse
  }

  /// The element in a slot, in place; traps when the index is out of bounds.
  @inlinable
  public subscript(index: Index) -> Element {
    unsafeAddress { UnsafePointer(elements + checked(index)) }
    unsafeMutableAddress { elements + checked(index) }
  }

  /// The first index that holds an element, in order of slots, or `nil`.
  @inlinable
  public var firstIndex: Index? { liveIndex(from: 0) }

  /// The next index after one that holds an element, or `nil`.
  ///
  /// To visit all: `var next = pool.firstIndex; while let index = next { ...; next =
  /// pool.index(after: index) }`. Elements may be removed and inserted on the way.
  @inlinable
  public func index(after index: Index) -> Index? {
    liveIndex(from: Int(index.rawValue) + 1)
  }

  /// Calls a function with the index and, in place, the value of every element, in order of slots.
  @inlinable
  public mutating func forEach<Failure: Error>(
    _ body: (Index, inout Element) throws(Failure) -> Void
  ) throws(Failure) {
    for slot in 0..<slotsUsed where links[slot] == Self.inUse {
      try body(Index(rawValue: Int32(truncatingIfNeeded: slot)), &elements[slot])
    }
  }

  @inlinable
  func liveIndex(from start: Int) -> Index? {
    var slot = Swift.max(start, 0)
    while slot < slotsUsed {
      if links[slot] == Self.inUse { return Index(rawValue: Int32(truncatingIfNeeded: slot)) }
      slot &+= 1
    }
    return nil
  }

  @inlinable
  func checked(_ index: Index) -> Int {
    let slot = Int(index.rawValue)
    // One unsigned comparison also catches `none` and other negative indices.
    precondition(UInt(bitPattern: slot) < UInt(bitPattern: slotsUsed), "no such slot")
    return slot
  }

  @usableFromInline
  mutating func grow() {
    let newCapacity = capacity * 2
    let newElements = UnsafeMutablePointer<Element>.allocate(capacity: newCapacity)
    let newLinks = UnsafeMutablePointer<Int32>.allocate(capacity: newCapacity)
    // Only called with every slot in use.
    newElements.moveInitialize(from: elements, count: slotsUsed)
    newLinks.update(from: links, count: slotsUsed)
    elements.deallocate()
    links.deallocate()
    elements = newElements
    links = newLinks
    capacity = newCapacity
  }
}
