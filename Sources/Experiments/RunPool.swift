import DequeModule

/// Runs independent pieces of work, so many at once, and gives results in the order of the inputs, so
/// that nothing depends on how many there are at once.
///
/// Work comes on two levels: an approach waits for its own runs before it decides on further ones, and
/// the runs of all approaches share the places of one pool.
package struct RunPool: Sendable {
  /// Runs at once.
  package let jobs: Int
  private let places: Places

  /// A pool with places for `jobs` runs, at least one.
  package init(jobs: Int) {
    self.jobs = max(1, jobs)
    places = Places(self.jobs)
  }

  /// Runs every item, each in a place of its own; those after one that failed need not begin.
  ///
  /// Do not ask for further runs inside one: it would wait for places while it holds one. Cancellation
  /// is the function's business: every item is still given to it.
  ///
  /// - Throws: Of the items whose function throws, the error of the first in their order, however
  ///   many run at once.
  package func map<Item: Sendable, Result: Sendable>(
    _ items: [Item], _ run: @escaping @Sendable (Item) async throws -> Result
  ) async throws -> [Result] {
    let failure = FirstFailure()
    let results = try await together(Array(items.enumerated())) { index, item -> Result? in
      await places.take()
      var result: Result?
      if await failure.isAfter(index) {
        do { result = try await run(item) } catch { await failure.note(error, of: index) }
      }
      await places.giveBack()
      return result
    }
    if let error = await failure.error { throw error }
    return results.compactMap { $0 }
  }

  /// Handles every item at the same time, without a place: what takes processor time is asked of
  /// ``map(_:_:)`` inside.
  package func together<Item: Sendable, Result: Sendable>(
    _ items: [Item], _ body: @escaping @Sendable (Item) async throws -> Result
  ) async throws -> [Result] {
    try await withThrowingTaskGroup(of: (Int, Result).self) { group in
      for (index, item) in items.enumerated() {
        group.addTask { (index, try await body(item)) }
      }
      var results: [Result?] = Array(repeating: nil, count: items.count)
      while let (index, result) = try await group.next() { results[index] = result }
      return results.compactMap { $0 }
    }
  }

  /// The error of the first item that failed, by the order of the items and not of time.
  private actor FirstFailure {
    private var index = Int.max
    private(set) var error: (any Error)?

    func isAfter(_ index: Int) -> Bool { self.index > index }

    func note(_ error: any Error, of index: Int) {
      guard isAfter(index) else { return }
      self.index = index
      self.error = error
    }
  }

  /// Places that are taken and given back, first come, first served.
  private actor Places {
    private var free: Int
    private var waiting: Deque<CheckedContinuation<Void, Never>> = []

    init(_ count: Int) { free = count }

    func take() async {
      guard free == 0 else {
        free -= 1
        return
      }
      await withCheckedContinuation { waiting.append($0) }
    }

    func giveBack() {
      if let next = waiting.popFirst() { next.resume() } else { free += 1 }
    }
  }
}
