/// The counter-based generator Philox4x64: a keyed permutation of 256-bit counters.
///
/// Used here as the strong hash from the name of a stream to its starting state. Source: Salmon,
/// Moraes, Dror and Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011; the constants are
/// those of the paper, and the tests hold it to the known answers published with it.
@frozen
@usableFromInline
package struct Philox4x64: BitwiseCopyable, Sendable, Hashable {
  @usableFromInline package var word0: UInt64
  @usableFromInline package var word1: UInt64
  @usableFromInline package var word2: UInt64
  @usableFromInline package var word3: UInt64

  /// Encrypts a counter of four words under a key of two.
  ///
  /// Ten rounds are the paper's recommendation; seven are the fewest that passed its tests.
  @inlinable
  @inline(__always)
  package init(
    counter: (UInt64, UInt64, UInt64, UInt64), key: (UInt64, UInt64), rounds: Int = 10
  ) {
    var (c0, c1, c2, c3) = counter
    var (k0, k1) = key
    for _ in 0..<rounds {
      let product0 = c0.multipliedFullWidth(by: 0xD2E7_470E_E14C_6C93)
      let product1 = c2.multipliedFullWidth(by: 0xCA5A_8263_9512_1157)
      c0 = product1.high ^ c1 ^ k0
      c1 = product1.low
      c2 = product0.high ^ c3 ^ k1
      c3 = product0.low
      k0 &+= 0x9E37_79B9_7F4A_7C15
      k1 &+= 0xBB67_AE85_84CA_A73B
    }
    word0 = c0
    word1 = c1
    word2 = c2
    word3 = c3
  }
}
