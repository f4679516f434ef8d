/// A probability that may be smaller than the smallest double: `fraction` / 2^(512 `block`).
///
/// An idle pool of a thousand servers has a probability like e^-1000, yet the probabilities of its
/// busier states are built from it by multiplication.
struct WideProbability {
  private(set) var fraction: Double
  private(set) var block: Int

  private static let step = Double(sign: .plus, exponent: 512, significand: 1)

  static let zero = WideProbability(fraction: 0, block: 0)
  static let one = WideProbability(fraction: 1, block: 0)

  var value: Double {
    switch block {
    case 0: fraction
    case 1: fraction / Self.step
    default: 0
    }
  }

  mutating func add(_ other: WideProbability) {
    if fraction == 0 || block > other.block + 1 {
      self = other
    } else if block == other.block {
      fraction += other.fraction
    } else if block == other.block + 1 {
      fraction = other.fraction + fraction / Self.step
      block = other.block
    } else if block + 1 == other.block {
      fraction += other.fraction / Self.step
    }
  }

  func scaled(by factor: Double) -> WideProbability {
    var result = WideProbability(fraction: fraction * factor, block: block)
    guard result.fraction > 0 else { return .zero }
    if result.fraction < 1 / Self.step {
      result.fraction *= Self.step
      result.block += 1
    } else if result.fraction > 1, result.block > 0 {
      result.fraction /= Self.step
      result.block -= 1
    }
    return result
  }
}
