import DiscreteEvents

/// Requests that wait for one thing, in the order in which they came, threaded through `next`; a
/// request is in one queue at a time.
struct RequestQueue: BitwiseCopyable {
  private var head: Int32 = -1
  private var tail: Int32 = -1

  var isEmpty: Bool { head < 0 }

  mutating func append(_ id: Int32, _ requests: inout Pool<Request>) {
    requests[.init(rawValue: id)].next = -1
    if tail >= 0 {
      requests[.init(rawValue: tail)].next = id
    } else {
      head = id
    }
    tail = id
  }

  /// Takes out the first; there must be one.
  mutating func removeFirst(_ requests: inout Pool<Request>) -> Int32 {
    let first = head
    head = requests[.init(rawValue: first)].next
    if head < 0 { tail = -1 }
    requests[.init(rawValue: first)].next = -1
    return first
  }
}
