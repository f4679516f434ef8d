/// Runs independent pieces of work on a bounded number of threads and gives results in the order
/// of the inputs, so that nothing depends on how many threads there are.
package struct RunPool: Sendable {
  /// Pieces of work at once.
  package let jobs: Int

  /// A pool of `jobs` workers, at least one.
  package init(jobs: Int) { self.jobs = max(1, jobs) }

  /// Applies a function to every item.
  ///
  /// Cancellation is the function's business: every item is still given to it.
  ///
  /// - Throws: The first error that an item's function throws.
  package func map<Item: Sendable, Result: Sendable>(
    _ items: [Item], _ body: @escaping @Sendable (Item) async throws -> Result
  ) async throws -> [Result] {
    try await withThrowingTaskGroup(of: (Int, Result).self) { group in
      var results: [Result?] = Array(repeating: nil, count: items.count)
      var next = 0
      while next < min(jobs, items.count) {
        let index = next
        group.addTask { (index, try await body(items[index])) }
        next += 1
      }
      while let (index, result) = try await group.next() {
        results[index] = result
        if next < items.count {
          let index = next
          group.addTask { (index, try await body(items[index])) }
          next += 1
        }
      }
      return results.compactMap { $0 }
    }
  }
}
