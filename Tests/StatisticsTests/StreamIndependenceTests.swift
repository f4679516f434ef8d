import Numerics
import Statistics
import Testing

/// Streams whose names differ little must not resemble each other.
@Suite
struct StreamIndependenceTests {
  enum Field: CaseIterable, Sendable { case seed, role, guest, index, replication, seedHighBits }

  static func key(_ field: Field, _ step: Int) -> StreamKey {
    var key = StreamKey(
      seed: 12345, role: StreamRole(rawValue: 1), guest: 0, index: 0, replication: 0)
    switch field {
    case .seed: key.seed = UInt64(step)
    case .role: key.role = StreamRole(rawValue: UInt32(step))
    case .guest: key.guest = UInt32(step)
    case .index: key.index = UInt64(step)
    case .replication: key.replication = UInt32(step)
    case .seedHighBits: key.seed = UInt64(step) << 40
    }
    return key
  }

  /// A fixed seed and about 25 tests: below one in 10,000 is a defect, not bad luck.
  static let threshold = 1e-4

  @Test(arguments: Field.allCases)
  func firstNumbersOfNeighborsAreUniform(_ field: Field) throws {
    var counts = [Int](repeating: 0, count: 256)
    var lowCounts = counts
    let n = 200_000
    for step in 0..<n {
      var stream = RandomStream(StreamIndependenceTests.key(field, step))
      let bits = stream.next()
      counts[Int(bits >> 56)] += 1
      lowCounts[Int(bits & 255)] += 1
    }
    let expected = [Double](repeating: Double(n) / 256, count: 256)
    #expect(try chiSquaredPValue(counts, expected: expected) > StreamIndependenceTests.threshold)
    #expect(try chiSquaredPValue(lowCounts, expected: expected) > StreamIndependenceTests.threshold)
  }

  @Test(arguments: Field.allCases)
  func neighborsAreIndependentPairs(_ field: Field) throws {
    var counts = [Int](repeating: 0, count: 1024)
    let n = 200_000
    var firsts: [Double] = []
    for step in 0...n {
      var stream = RandomStream(StreamIndependenceTests.key(field, step))
      firsts.append(stream.uniform())
    }
    for step in 0..<n {
      counts[Int(firsts[step] * 32) * 32 + Int(firsts[step + 1] * 32)] += 1
    }
    let expected = [Double](repeating: Double(n) / 1024, count: 1024)
    #expect(try chiSquaredPValue(counts, expected: expected) > StreamIndependenceTests.threshold)
    let r = correlation(Array(firsts.dropLast()), Array(firsts.dropFirst()))
    #expect(r.magnitude * Double(n).squareRoot() < 4)
  }

  @Test
  func neighborsStayIndependentFurtherOn() {
    var one = RandomStream(StreamIndependenceTests.key(.guest, 7))
    var two = RandomStream(StreamIndependenceTests.key(.guest, 8))
    let n = 200_000
    let first = (0..<n).map { _ in one.normal() }
    let second = (0..<n).map { _ in two.normal() }
    for lag in 0..<4 {
      let r = correlation(Array(first.dropLast(lag)), Array(second.dropFirst(lag)))
      #expect(r.magnitude * Double(n - lag).squareRoot() < 4)
    }
  }

  @Test
  func everyFieldOfTheKeyMatters() {
    let base = StreamIndependenceTests.key(.index, 0)
    let starts = Field.allCases.map { field in
      var stream = RandomStream(StreamIndependenceTests.key(field, 3))
      return stream.next()
    }
    var original = RandomStream(base)
    let all = starts + [original.next()]
    #expect(Set(all).count == all.count)
  }

  @Test
  func aStreamIsAFunctionOfItsKeyAlone() {
    let key = StreamIndependenceTests.key(.guest, 5)
    var undisturbed = RandomStream(key)
    var other = RandomStream(StreamIndependenceTests.key(.guest, 6))
    _ = (0..<1000).map { _ in other.next() }
    var later = RandomStream(key)
    #expect((0..<100).map { _ in undisturbed.next() } == (0..<100).map { _ in later.next() })
  }
}
