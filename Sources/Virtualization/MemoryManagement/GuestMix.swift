/// How many guests of each class a total is made of, in proportion to the classes' counts.
package enum GuestMix {
  /// The class of each guest: the class that is furthest behind its share comes next.
  ///
  /// Guest k has the same class whatever the total, so adding one guest changes nobody else
  /// (the divisor sequence of Webster and Sainte-Laguë). Ties go to the class whose name sorts
  /// first, so that the order in which classes are written down changes no answer.
  package static func assignment(classes: [GuestClass], total: Int) -> [Int] {
    var counts = classes.map { _ in 0 }
    var assignment: [Int] = []
    assignment.reserveCapacity(max(0, total))
    let order = order(of: classes)
    for _ in 0..<max(0, total) {
      guard let next = nextClass(classes, order, counts) else { break }
      counts[next] += 1
      assignment.append(next)
    }
    return assignment
  }

  /// Guests of each class among a total, the same as counted in ``assignment(classes:total:)``.
  ///
  /// Each of T guests has a quotient c / (2 k + 1), c being the count of its class and k its number
  /// there; the mix holds the T largest. Those far above the T-th, by more than all classes'
  /// rounding together, are counted without being looked at one by one, so that time does not grow
  /// with T.
  package static func counts(classes: [GuestClass], total: Int) -> [Int] {
    let total = max(0, total)
    let weights = classes.map { max(0, $0.count) }
    let sum = weights.reduce(0.0) { $0 + Double($1) }
    guard total > 0, sum > 0 else { return classes.map { _ in 0 } }
    let margin = Double(weights.count { $0 > 0 }) / 2 + 1
    func number(_ weight: Int, _ scaled: Double) -> Int {
      Int(max(0, (Double(weight) * scaled / sum + 0.5).rounded(.down)))
    }
    var counts = weights.map { number($0, Double(total) - margin) }
    var rest: [(quotient: Double, rank: Int, index: Int)] = []
    for (rank, index) in order(of: classes).enumerated() where weights[index] > 0 {
      let last = number(weights[index], Double(total) + margin)
      for guest in counts[index]..<max(counts[index], last) {
        rest.append((Double(weights[index]) / (2 * Double(guest) + 1), rank, index))
      }
    }
    rest.sort { $0.quotient != $1.quotient ? $0.quotient > $1.quotient : $0.rank < $1.rank }
    for guest in rest.prefix(total - counts.reduce(0, +)) { counts[guest.index] += 1 }
    return counts
  }

  /// The order in which classes come where nothing else decides: by name.
  private static func order(of classes: [GuestClass]) -> [Int] {
    classes.indices.sorted { (classes[$0].id, $0) < (classes[$1].id, $1) }
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
