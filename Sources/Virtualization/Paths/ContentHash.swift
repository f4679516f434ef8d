/// A hash that is the same on every machine and in every process: FNV-1a of 64 bits (Fowler, Noll
/// and Vo; RFC 9923).
package struct ContentHash: Sendable {
  /// The hash of what was added so far.
  package private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  /// The hash of nothing.
  package init() {}

  /// Adds one byte.
  package mutating func add(_ byte: UInt8) {
    value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
  }

  /// Adds the bytes of a word, the least significant first.
  package mutating func add(_ word: UInt64) {
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      add(UInt8(truncatingIfNeeded: word >> shift))
    }
  }

  /// The hash of a text in UTF-8.
  package static func of(_ text: String) -> UInt64 {
    var hash = ContentHash()
    for byte in text.utf8 { hash.add(byte) }
    return hash.value
  }

  /// The hash of a text in UTF-8, in 16 hexadecimal digits.
  package static func digits(of text: String) -> String {
    let digits = String(of(text), radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
