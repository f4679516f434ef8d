import DiscreteEvents
import Testing

@Suite("Time and durations")
struct SimulationTimeTests {
  @Test(
    "Seconds become the nearest nanosecond",
    arguments: [
      (0.0, Int64(0)), (1.0, 1_000_000_000), (1e-9, 1), (0.4e-9, 0), (0.6e-9, 1),
      (-0.6e-9, -1), (0.1, 100_000_000), (86_400, 86_400_000_000_000),
      (3e6, 3_000_000_000_000_000), (9.2e9, 9_200_000_000_000_000_000),
    ])
  func rounding(seconds: Double, nanoseconds: Int64) {
    #expect(SimulationTime(seconds: seconds).nanoseconds == nanoseconds)
    #expect(SimulationDuration(seconds: seconds).nanoseconds == nanoseconds)
  }

  @Test(
    "Seconds beyond the range saturate",
    arguments: [
      (1e300, Int64.max), (-1e300, Int64.min), (Double.infinity, Int64.max),
      (-Double.infinity, Int64.min),
      (9.3e9, Int64.max), (Double.nan, Int64(0)),
    ])
  func saturation(seconds: Double, nanoseconds: Int64) {
    #expect(SimulationTime(seconds: seconds).nanoseconds == nanoseconds)
    #expect(SimulationDuration(seconds: seconds).nanoseconds == nanoseconds)
  }

  @Test("Every whole number of nanoseconds up to 2^51 survives the way through seconds")
  func roundTrip() {
    var random = SplitMix64(seed: 7)
    for _ in 0..<10_000 {
      let nanoseconds = Int64(random.next() >> 14)
      let time = SimulationTime(nanoseconds: nanoseconds)
      #expect(SimulationTime(seconds: time.seconds) == time)
    }
  }

  @Test("Instants and durations add up")
  func arithmetic() {
    let start = SimulationTime(nanoseconds: 5)
    let step = SimulationDuration(nanoseconds: 3)
    #expect((start + step).nanoseconds == 8)
    #expect((start - step).nanoseconds == 2)
    #expect((start - SimulationTime(nanoseconds: 9)).nanoseconds == -4)
    #expect((step + step - -step).nanoseconds == 9)
    #expect((step * 4).nanoseconds == 12)
    #expect((4 * step).nanoseconds == 12)
    #expect((step * 1.5).nanoseconds == 4)
    #expect((step / 2).nanoseconds == 1)
    #expect(step / SimulationDuration(nanoseconds: 2) == 1.5)
    #expect(start < start + step)
    #expect(SimulationDuration(seconds: 1.5).seconds == 1.5)
    #expect("\(SimulationTime(seconds: 1.5))" == "1.5 s")
  }

  @Test("Nothing overflows: the ends of the range hold")
  func saturatingArithmetic() {
    let nanosecond = SimulationDuration(nanoseconds: 1)
    let least = SimulationDuration(nanoseconds: .min)
    #expect(SimulationTime.max + nanosecond == .max)
    #expect(SimulationTime(nanoseconds: .min) - nanosecond == SimulationTime(nanoseconds: .min))
    #expect(SimulationTime.zero + .max + .max == .max)
    #expect(SimulationTime.max - SimulationTime(nanoseconds: -1) == .max)
    #expect(SimulationTime.zero - least == .max)
    #expect(-least == .max)
    #expect(SimulationDuration.max * 2 == .max)
    #expect(SimulationDuration.max * -2 == least)
    #expect(least * -1 == .max)
    #expect(SimulationDuration.max * 1e10 == .max)
    #expect(least / -1 == .max)
    #expect(nanosecond / 0 == .max)
    #expect(-nanosecond / 0 == least)
    #expect(SimulationDuration.zero / 0 == .zero)
  }
}

/// A small generator for tests (Steele, Lea and Flood 2014, SplitMix64).
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}
