import DiscreteEvents
import Testing

@Suite("Pool")
struct PoolTests {
  /// An element that can be neither copied nor forgotten.
  struct Owner: ~Copyable {
    let counter: Counter
    var value: Int

    deinit { counter.value += 1 }
  }

  final class Counter {
    var value = 0
  }

  @Test("Slots given back are used again, last first")
  func reuse() {
    var pool = Pool<Int>()
    let indices = (0..<5).map { pool.insert($0) }
    #expect(indices.map(\.rawValue) == [0, 1, 2, 3, 4])
    #expect(pool.remove(indices[1]) == 1)
    #expect(pool.remove(indices[3]) == 3)
    #expect(pool.count == 3)
    #expect(pool.insert(30) == indices[3])
    #expect(pool.insert(10) == indices[1])
    #expect(pool.insert(50).rawValue == 5)
    #expect(pool[indices[3]] == 30)
    #expect(pool.peakCount == 6)
  }

  @Test("Elements change in place and are visited in order of slots")
  func inPlace() {
    var pool = Pool<[Int]>(reserving: 1)
    let indices = (0..<100).map { pool.insert([$0]) }
    for index in indices where index.rawValue % 3 == 0 { pool.remove(index) }
    pool[indices[4]].append(44)
    #expect(pool[indices[4]] == [4, 44])
    pool.forEach { index, element in element.append(Int(index.rawValue)) }
    #expect(pool[indices[5]] == [5, 5])

    var visited: [Int32] = []
    var next = pool.firstIndex
    while let index = next {
      visited.append(index.rawValue)
      next = pool.index(after: index)
    }
    #expect(visited == (0..<100).filter { $0 % 3 != 0 })
  }

  @Test("Membership")
  func membership() {
    var pool = Pool<Int>()
    let index = pool.insert(1)
    #expect(pool.contains(index) == true)
    pool.remove(index)
    #expect(pool.contains(index) == false)
    #expect(pool.contains(.none) == false)
    #expect(pool.contains(Pool<Int>.Index(rawValue: 99)) == false)
    #expect(pool.isEmpty == true)
    #expect(pool.firstIndex == nil)
    #expect(Pool<Int>.Index.none.isNone)
  }

  @Test("Noncopyable elements are destroyed exactly once")
  func ownership() {
    let counter = Counter()
    do {
      var pool = Pool<Owner>(reserving: 2)
      let first = pool.insert(Owner(counter: counter, value: 1))
      for value in 2...9 { _ = pool.insert(Owner(counter: counter, value: value)) }
      #expect(counter.value == 0)
      pool[first].value += 10
      let owner = pool.remove(first)
      #expect(owner.value == 11)
      #expect(counter.value == 0)
      _ = consume owner
      #expect(counter.value == 1)
    }
    #expect(counter.value == 9)
  }

  @Test("Random insertions and removals agree with a dictionary")
  func agreement() {
    var random = SplitMix64(seed: 9)
    var pool = Pool<UInt64>()
    var expected: [Pool<UInt64>.Index: UInt64] = [:]
    for _ in 0..<50_000 {
      let word = random.next()
      if word % 100 < 50 || expected.isEmpty {
        let index = pool.insert(word)
        #expect(expected.updateValue(word, forKey: index) == nil)
      } else {
        let index = Pool<UInt64>.Index(rawValue: Int32(word % UInt64(pool.peakCount)))
        #expect(pool.contains(index) == (expected[index] != nil))
        if let value = expected.removeValue(forKey: index) {
          #expect(pool[index] == value)
          #expect(pool.remove(index) == value)
        }
      }
    }
    #expect(pool.count == expected.count)
  }

  #if os(Linux) || os(macOS)
    @Test("An index out of bounds and a double removal trap")
    func traps() async {
      await #expect(processExitsWith: .failure) {
        var pool = Pool<Int>()
        _ = pool.insert(1)
        pool[Pool<Int>.Index(rawValue: 1)] = 2
      }
      await #expect(processExitsWith: .failure) {
        var pool = Pool<Int>()
        _ = pool.insert(1)
        pool[.none] = 2
      }
      await #expect(processExitsWith: .failure) {
        var pool = Pool<Int>()
        let index = pool.insert(1)
        pool.remove(index)
        pool.remove(index)
      }
    }
  #endif
}
