extension FixedWidthInteger {
  /// The whole number nearest to a real one within the range of the type; 0 for not-a-number.
  ///
  /// A fraction is cut off, as in `Int(_:)`; unlike there, nothing that a file can hold is a trap.
  package init(clamping value: Double) {
    if let exact = Self(exactly: value.rounded(.towardZero)) {
      self = exact
    } else {
      self = value.isNaN ? 0 : value < 0 ? .min : .max
    }
  }
}

extension Int {
  /// The same without a detour through the generic conversion, for the event loop.
  @inline(__always)
  package init(clamping value: Double) { self = Int(truncatingIfNeeded: Int64(clamping: value)) }
}

extension Int64 {
  /// The same without a detour through the generic conversion, for the event loop.
  @inline(__always)
  package init(clamping value: Double) {
    if _fastPath(value >= -0x1p63 && value < 0x1p63) {
      self = Int64(value)
    } else {
      self = value.isNaN ? 0 : value < 0 ? .min : .max
    }
  }

  /// The product of two numbers of which the first may be any, kept below half the range so that
  /// virtual times that differ by it still compare.
  @inline(__always)
  func timesWithinHalfRange(_ factor: Int64) -> Int64 {
    let (product, overflow) = multipliedReportingOverflow(by: factor)
    let limit: Int64 = 1 << 61
    if _fastPath(!overflow) { return Swift.min(Swift.max(product, -limit), limit) }
    return (self < 0) == (factor < 0) ? limit : -limit
  }
}
