/// A fixed number of trivial values in memory of their own: indexed like an array, never copied,
/// never counted, so that it can stand in an event loop's state.
///
/// The memory begins with a cache line, so that an element whose size is a multiple of 64 bytes is
/// read from no more lines than it fills.
///
/// Types of elements are not private: of a private one Swift 6.3 without optimization makes a
/// module that its own verifier refuses.
package struct Table<Element: BitwiseCopyable>: ~Copyable {
  private let base: UnsafeMutablePointer<Element>
  /// The number of elements.
  package let count: Int

  /// A table in which every element has the same value.
  package init(repeating value: Element, count: Int) {
    self.count = Swift.max(count, 0)
    base = Self.allocate(self.count)
    base.initialize(repeating: value, count: self.count)
  }

  /// A table with the elements of an array.
  package init(_ elements: [Element]) {
    base = Self.allocate(elements.count)
    for (index, element) in elements.enumerated() {
      (base + index).initialize(to: element)
    }
    count = elements.count
  }

  private static func allocate(_ count: Int) -> UnsafeMutablePointer<Element> {
    let capacity = Swift.max(count, 1)
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: capacity * MemoryLayout<Element>.stride,
      alignment: Swift.max(64, MemoryLayout<Element>.alignment))
    return memory.bindMemory(to: Element.self, capacity: capacity)
  }

  deinit { base.deallocate() }

  /// The element at a position; a position outside of the table traps, as an array's does.
  package subscript(index: Int) -> Element {
    @inline(__always) unsafeAddress { UnsafePointer(base + checked(index)) }
    @inline(__always) unsafeMutableAddress { base + checked(index) }
  }

  /// The element at a position, as entities, cores and requests are numbered.
  package subscript(index: Int32) -> Element {
    @inline(__always) unsafeAddress { UnsafePointer(base + checked(Int(index))) }
    @inline(__always) unsafeMutableAddress { base + checked(Int(index)) }
  }

  @inline(__always)
  private func checked(_ index: Int) -> Int {
    precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "index out of bounds")
    return index
  }

  /// The elements in order, as an array.
  package var elements: [Element] { Array(UnsafeBufferPointer(start: base, count: count)) }
}
