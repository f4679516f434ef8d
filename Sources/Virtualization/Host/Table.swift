/// A fixed number of trivial values in memory of their own: indexed like an array, never copied,
/// never counted, so that it can stand in an event loop's state.
package struct Table<Element: BitwiseCopyable>: ~Copyable {
  private let base: UnsafeMutablePointer<Element>
  /// The number of elements.
  package let count: Int

  /// A table in which every element has the same value.
  package init(repeating value: Element, count: Int) {
    base = .allocate(capacity: Swift.max(count, 1))
    base.initialize(repeating: value, count: count)
    self.count = count
  }

  /// A table with the elements of an array.
  package init(_ elements: [Element]) {
    base = .allocate(capacity: Swift.max(elements.count, 1))
    for (index, element) in elements.enumerated() {
      (base + index).initialize(to: element)
    }
    count = elements.count
  }

  deinit { base.deallocate() }

  /// The element at a position; a position outside of the table traps, as an array's does.
  package subscript(index: Int) -> Element {
    @inline(__always) unsafeAddress {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
      return UnsafePointer(base + index)
    }
    @inline(__always) unsafeMutableAddress {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
      return base + index
    }
  }

  /// The elements in order, as an array.
  package var elements: [Element] { Array(UnsafeBufferPointer(start: base, count: count)) }
}
