/// Owned room for a fixed number of trivial values: an array without reference counts or growth.
///
/// Every access is checked against the bounds and traps outside of them.
struct FixedArray<Element: BitwiseCopyable>: ~Copyable {
  private let base: UnsafeMutablePointer<Element>
  let count: Int

  init(repeating value: Element, count: Int) {
    self.count = max(count, 0)
    base = .allocate(capacity: max(count, 1))
    base.initialize(repeating: value, count: self.count)
  }

  deinit { base.deallocate() }

  subscript(index: Int) -> Element {
    unsafeAddress { UnsafePointer(base + checked(index)) }
    unsafeMutableAddress { base + checked(index) }
  }

  subscript(index: Int32) -> Element {
    unsafeAddress { UnsafePointer(base + checked(Int(index))) }
    unsafeMutableAddress { base + checked(Int(index)) }
  }

  private func checked(_ index: Int) -> Int {
    precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "index out of bounds")
    return index
  }
}
