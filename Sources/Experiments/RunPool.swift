import DequeModule

/// Runs independent pieces of work, so many at once, and gives results in the order of the inputs,
/// so that nothing depends on how many there are at once.
///
/// Work comes on two levels: an approach waits for its own runs before it decides on further ones,
/// and the runs of all approaches share the places of one pool.
package struct RunPool: Sendable {
  /// Runs at once.
  package let jobs: Int
  private let places: Places

  /// A pool with places for `jobs` runs, at least one.
  package init(jobs: Int) {
    self.jobs = max(1, jobs)
    places = Places(self.jobs)
  }

  /// Runs every item, each in a place of its own.
  ///
  /// Do not ask for further runs inside one: it would wait for places while it holds one.
  /// Cancellation is the function's business: every item is still given to it.
  ///
  /// - Throws: The error of the first item, in their order, that has one.
  package func map<Item: Sendable, Result: Sendable>(
    _ items: [Item], _ run: @escaping @Sendable (Item) async throws -> Result
  ) async throws -> [Result] {
    try await together(items) { item in
      await places.take()
      do {
        let result = try await run(item)
        await places.giveBack()
        return result
      } catch {
        await places.giveBack()
        throw error
      }
    }
  }

  /// Handles every item at the same time, without a place: what takes processor time is asked of
  /// ``map(_:_:)`` inside.
  ///
  /// - Throws: The error of the first item, in their order, that has one; the items after it are
  ///   cancelled. Which item fails earlier by the clock does not matter.
  package func together<Item: Sendable, Result: Sendable>(
    _ items: [Item], _ body: @escaping @Sendable (Item) async throws -> Result
  ) async throws -> [Result] {
    // A task of its own does not inherit that the work is cancelled already.
    let isCancelled = Task.isCancelled
    let tasks = items.map { item in
      Task {
        if isCancelled { withUnsafeCurrentTask { $0?.cancel() } }
        return try await body(item)
      }
    }
    return try await withTaskCancellationHandler {
      var results: [Result] = []
      for (index, task) in tasks.enumerated() {
        do {
          results.append(try await task.value)
        } catch {
          let rest = tasks[(index + 1)...]
          rest.forEach { $0.cancel() }
          for task in rest { _ = await task.result }
          throw error
        }
      }
      return results
    } onCancel: {
      tasks.forEach { $0.cancel() }
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
