/// How many guests of each class a total is made of, in proportion to the classes' counts.
package enum GuestMix {
  /// The class of each guest: the class that is furthest behind its share comes next.
  ///
  /// Guest k has the same class whatever the total, so adding one guest changes nobody else
  /// (the divisor sequence of Webster and Sainte-Laguë). Ties go to the class whose name sorts first,
  /// so that the order in which classes are written down changes no answer.
  package static func assignment(classes: [GuestClass], total: Int) -> [Int] {
    var counts = classes.map { _ in 0 }
    var assignment: [Int] = []
    assignment.reserveCapacity(max(0, total))
    let order = classes.indices.sorted { (classes[$0].id, $0) < (classes[$1].id, $1) }
    for _ in 0..<max(0, total) {
      guard let next = nextClass(classes, order, counts) else { break }
      counts[next] += 1
      assignment.append(next)
    }
    return assignment
  }

  /// Guests of each class among a total.
  package static func counts(classes: [GuestClass], total: Int) -> [Int] {
    var counts = classes.map { _ in 0 }
    for index in assignment(classes: classes, total: total) { counts[index] += 1 }
    return counts
  }

  private static func nextClass(
    _ classes: [GuestClass], _ order: [Int], _ counts: [Int]
  ) -> Int? {
    var best: Int?
    var bestQuotient = 0.0
    for index in order where classes[index].count > 0 {
      let quotient = Double(classes[index].count) / (2 * Double(counts[index]) + 1)
      if quotient > bestQuotient {
        best = index
        bestQuotient = quotient
      }
    }
    return best
  }
}
