import ScenarioFormat
import Testing
import Virtualization

@Suite("Numbers with units")
struct MeasureTests {
  @Test(arguments: [
    ("200 ms", Unit.seconds, 0.2), ("0.45 us", .seconds, 0.45e-6), ("10 min", .seconds, 600),
    ("1.5h", .seconds, 5_400), ("3 \u{B5}s", .seconds, 3e-6), ("1e3 ns", .seconds, 1e-6),
    ("8 GiB", .bytes, 8_589_934_592), ("512MiB", .bytes, 536_870_912), ("10 kB", .bytes, 10_000),
    ("0 B", .bytes, 0), ("100 Mbit/s", .bytesPerSecond, 12_500_000),
    ("70 MB/s", .bytesPerSecond, 70_000_000), ("0.5 ns/byte", .secondsPerByte, 0.5e-9),
    ("1 ms/MB", .secondsPerByte, 1e-9), ("1 us/KiB", .secondsPerByte, 1e-6 / 1_024),
    ("2.4 GHz", .hertz, 2.4e9), ("10 /s", .hertz, 10), ("30 /min", .hertz, 0.5),
    ("5 %", .share, 0.05), ("0.1%", .share, 0.001), ("20", .count, 20), ("-1.5", .count, -1.5),
  ])
  func read(text: String, unit: Unit, value: Double) {
    #expect(Measure.read(text, unit) == .success(value))
  }

  @Test(arguments: [
    "010", "00", "0x10", "1_000", "1,5", ".5", "5.", "", "-", "1e", "1e99999", "inf", "nan",
    "1e400",
    "1 2", "\u{663}",
  ])
  func refuse(text: String) {
    if case .success(let value) = Measure.read(text, .count) {
      Issue.record("\(text) was read as \(value)")
    }
  }

  @Test(arguments: [
    (0.2, Unit.seconds, "200 ms"), (0.45e-6, .seconds, "450 ns"), (600, .seconds, "600 s"),
    (8_589_934_592, .bytes, "8 GiB"), (10_000, .bytes, "10 kB"), (1_448, .bytes, "1448 B"),
    (125e6, .bytesPerSecond, "125 MB/s"), (0.05, .share, "5 %"), (0.001, .share, "0.1 %"),
    (100, .hertz, "100 /s"), (0.5e-9, .secondsPerByte, "0.5 ns/byte"), (0, .seconds, "0 s"),
  ])
  func write(value: Double, unit: Unit, text: String) {
    #expect(Measure.write(value, unit) == text)
  }

  @Test(arguments: Unit.allCases)
  func whatIsWrittenReadsBackExactly(unit: Unit) {
    var random = Mixer(seed: 11)
    for _ in 0..<2_000 {
      let value = random.measure(1e-12...1e12)
      #expect(Measure.read(Measure.write(value, unit), unit) == .success(value))
    }
  }

  @Test(arguments: [
    ("memroy", "memory"), ("respnse", "response"), ("beancounter", "beancounters"),
    ("HOST", "host"),
  ])
  func nearestName(written: String, meant: String) {
    let names = ["host", "memory", "response", "beancounters", "guests"]
    #expect(ScenarioFormat.nearestName(to: written, among: names) == meant)
    #expect(ScenarioFormat.nearestName(to: "qwertz", among: names) == nil)
    #expect(ScenarioFormat.nearestName(to: "m", among: ["B", "s"]) == nil)
  }

  @Test(arguments: [
    ("128 M", Unit.bytes, "did you mean `MB` or `MiB`?"), ("1 g", .bytes, "`GB` or `GiB`?"),
    ("128 mb", .bytes, "did you mean `MB`?"), ("128 mib", .bytes, "did you mean `MiB`?"),
    ("4 KB", .bytes, "did you mean `kB`?"), ("5 MS", .seconds, "did you mean `ms`?"),
    ("5 m", .seconds, "did you mean `ms` or `min`?"), ("2 ghz", .hertz, "did you mean `GHz`?"),
    ("70 mb/s", .bytesPerSecond, "did you mean `MB/s`?"),
    ("128 Q", .bytes, "known: `B`, `byte`"), ("5 fortnights", .seconds, "known: `s`, `ms`"),
  ])
  func nearestUnit(text: String, unit: Unit, advice: String) {
    guard case .failure(let refusal) = Measure.read(text, unit) else {
      Issue.record("\(text) was read")
      return
    }
    #expect(refusal.message.contains(advice), "\(refusal.message)")
  }
}

/// Numbers for property tests, the same in every run (SplitMix64, Steele, Lea and Flood 2014).
struct Mixer: RandomNumberGenerator {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }

  mutating func flip() -> Bool { Bool.random(using: &self) }

  mutating func pick<Value>(_ values: [Value]) -> Value { values[below(values.count)] }

  /// A number in bounds: round, or with all its digits, or at an end.
  mutating func measure(_ bounds: ClosedRange<Double>) -> Double {
    switch below(8) {
    case 0: bounds.lowerBound
    case 1: bounds.upperBound
    case 2: min(bounds.upperBound, max(bounds.lowerBound, Double(below(1_000)).rounded()))
    case 3, 4:
      min(
        bounds.upperBound,
        max(bounds.lowerBound, bounds.upperBound / Double(1 << Int64(below(60)))))
    default: Double.random(in: bounds, using: &self)
    }
  }
}
