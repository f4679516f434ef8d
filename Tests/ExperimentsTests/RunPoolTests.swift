import Experiments
import Synchronization
import Testing

@Suite struct RunPoolTests {
  /// How many runs there are at once, and the most that there were.
  private final class Gauge: Sendable {
    private let state = Mutex((now: 0, most: 0))

    var most: Int { state.withLock { $0.most } }

    func enter() {
      state.withLock {
        $0.now += 1
        $0.most = max($0.most, $0.now)
      }
    }

    func leave() { state.withLock { $0.now -= 1 } }
  }

  @Test("Runs of all groups together are never more than asked for", arguments: [1, 2, 3])
  func nestedRunsShareThePlaces(jobs: Int) async throws {
    let pool = RunPool(jobs: jobs)
    let gauge = Gauge()
    let sums = try await pool.together(Array(0..<6)) { group in
      try await pool.map(Array(0..<20)) { item in
        gauge.enter()
        await Task.yield()
        gauge.leave()
        return group * 100 + item
      }
    }
    #expect(sums == (0..<6).map { group in (0..<20).map { group * 100 + $0 } })
    #expect(gauge.most <= jobs)
  }

  /// Each of two runs waits until the other has begun, which it never does one after the other.
  @Test(.timeLimit(.minutes(10)))
  func runsOfOneGroupGoSideBySide() async throws {
    let gauge = Gauge()
    _ = try await RunPool(jobs: 2).map([0, 1]) { _ in
      gauge.enter()
      while gauge.most < 2 { await Task.yield() }
      gauge.leave()
    }
    #expect(gauge.most == 2)
  }

  private struct Failure: Error, Equatable { var item = 0 }

  /// Item 3 fails only after item 6 has: which comes first in time may not matter.
  @Test(.timeLimit(.minutes(10)))
  func theErrorIsThatOfTheFirstItem() async throws {
    let gauge = Gauge()
    await #expect(throws: Failure(item: 3)) {
      try await RunPool(jobs: 8).map(Array(0..<8)) { item in
        if item == 6 {
          gauge.enter()
          throw Failure(item: item)
        }
        guard item == 3 else { return }
        while gauge.most < 1 { await Task.yield() }
        throw Failure(item: item)
      }
    }
  }

  @Test func anErrorGivesItsPlaceBack() async throws {
    let pool = RunPool(jobs: 1)
    await #expect(throws: Failure.self) {
      try await pool.map([1, 2, 3]) { item in if item == 1 { throw Failure() } }
    }
    #expect(try await pool.map([4, 5]) { $0 } == [4, 5])
    #expect(try await pool.map([Int]()) { $0 } == [])
  }

  private struct Numbered: Error, Equatable { var number: Int }

  @Test("Of several errors the first item's is thrown, whichever happens first")
  func theFirstItemsErrorIsThrown() async throws {
    let gauge = Gauge()
    await #expect(throws: Numbered(number: 1)) {
      try await RunPool(jobs: 3).together([0, 1, 2]) { item in
        if item == 1 {
          while gauge.most == 0 { await Task.yield() }
          // Long enough for the other's error to arrive.
          try await Task.sleep(for: .milliseconds(50))
        }
        if item == 2 { gauge.enter() }
        if item > 0 { throw Numbered(number: item) }
      }
    }
  }

  @Test("Items after the one that failed are cancelled", .timeLimit(.minutes(10)))
  func laterItemsAreCancelled() async throws {
    await #expect(throws: Failure.self) {
      try await RunPool(jobs: 2).together([0, 1]) { item in
        if item == 0 { throw Failure() }
        while !Task.isCancelled { await Task.yield() }
      }
    }
  }
}
