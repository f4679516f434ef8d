/// A reproducible stream of random numbers, named by a ``StreamKey``.
///
/// The state is 32 bytes and making a stream costs one Philox block, so a stream per request is
/// affordable. Draw all random attributes of a request from its own stream at its intended arrival.
/// A stream is a value: a copy repeats the same numbers, so pass it `inout`.
///
/// The numbers come from xoshiro256++ 1.0 (Blackman and Vigna, "Scrambled Linear Pseudorandom
/// Number Generators", ACM TOMS 47(4), 2021), whose 256-bit starting state is the Philox4x64-10
/// image of the key. Different keys of one seed start from different states because Philox is a
/// permutation; that two of a billion streams overlap within 2^40 draws has a probability below
/// 2^-150.
@frozen
public struct RandomStream: RandomNumberGenerator, Hashable, Sendable, BitwiseCopyable {
  @usableFromInline var state0: UInt64
  @usableFromInline var state1: UInt64
  @usableFromInline var state2: UInt64
  @usableFromInline var state3: UInt64

  /// Opens the stream with the given name at its beginning.
  @inlinable
  public init(_ key: StreamKey) {
    let block = Philox4x64(
      counter: (
        key.index, UInt64(key.guest) | UInt64(key.replication) << 32, UInt64(key.role.rawValue), 0
      ),
      key: (key.seed, 0))
    self.init(state: (block.word0, block.word1, block.word2, block.word3))
  }

  /// Starts from a raw state; for tests against the published known answers.
  @inlinable
  package init(state: (UInt64, UInt64, UInt64, UInt64)) {
    (state0, state1, state2, state3) = state
    // xoshiro stays at zero forever; the permutation may yield this state for one key in 2^256.
    if state0 | state1 | state2 | state3 == 0 { state0 = 1 }
  }

  /// The next 64 random bits.
  @inlinable
  @inline(__always)
  public mutating func next() -> UInt64 {
    let sum = state0 &+ state3
    let result = (sum << 23 | sum >> 41) &+ state0
    let shifted = state1 << 17
    state2 ^= state0
    state3 ^= state1
    state1 ^= state2
    state0 ^= state3
    state2 ^= shifted
    state3 = state3 << 45 | state3 >> 19
    return result
  }
}

extension RandomStream {
  /// A uniform number in the open interval (0, 1), on a grid of 2^-52, mean exactly 1/2.
  ///
  /// Neither end occurs, so its logarithm and any inverse distribution function of it are finite.
  @inlinable
  @inline(__always)
  public mutating func uniform() -> Double {
    RandomStream.unitInterval(next())
  }

  /// A uniform integer in `0 ..< bound`, without bias; 0 when `bound` is 0 or 1.
  ///
  /// Source: Lemire, "Fast Random Integer Generation in an Interval", ACM TOMACS 29(1), 2019.
  @inlinable
  public mutating func uniformInteger(below bound: UInt64) -> UInt64 {
    guard bound > 1 else { return 0 }
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
    }
    return product.high
  }

  /// The upper 52 bits as a number in (0, 1); the lower 12 stay free for other decisions.
  @inlinable
  @inline(__always)
  static func unitInterval(_ bits: UInt64) -> Double {
    (Double(Int64(bitPattern: bits >> 12)) + 0.5) * 0x1p-52
  }
}
