/// An order of approaches that says where the intervals do not decide it.
package struct Ranking: Sendable, Equatable {
  /// A name with the ends of its interval.
  package struct Entry: Sendable, Equatable {
    package var name: String
    package var low: Double
    package var high: Double

    package init(name: String, low: Double, high: Double) {
      self.name = name
      self.low = low
      self.high = high
    }
  }

  /// From first to last by their values.
  package var entries: [Entry]

  /// The one whose paired differences to others were tested, which say more than two intervals.
  package var reference: String?
  /// Those that differ from it.
  package var differing: [String]

  package init(entries: [Entry], reference: String? = nil, differing: [String] = []) {
    self.entries = entries
    self.reference = reference
    self.differing = differing
  }

  /// Whether the order of two entries is decided.
  private func isDecided(_ a: Entry, _ b: Entry) -> Bool {
    if a.name == reference { return differing.contains(b.name) }
    if b.name == reference { return differing.contains(a.name) }
    return a.low > b.high || a.high < b.low
  }

  /// The pairs whose intervals have points in common.
  package var undecided: [(String, String)] {
    var pairs: [(String, String)] = []
    for (index, first) in entries.enumerated() {
      for second in entries[(index + 1)...]
      where !isDecided(first, second) {
        pairs.append((first.name, second.name))
      }
    }
    return pairs
  }

  /// The approaches that may be first: the leader and all whose intervals overlap the leader's.
  package var leaders: [String] {
    guard let first = entries.first else { return [] }
    return entries.filter { $0 == first || !isDecided(first, $0) }.map(\.name)
  }

  /// The entries in groups: all of a group are ahead of all of the next, within it nothing is said.
  package var groups: [[String]] {
    var groups: [[String]] = []
    for index in entries.indices {
      let isCut = entries[..<index].allSatisfy { before in
        entries[index...].allSatisfy { after in
          isDecided(before, after)
        }
      }
      if index == 0 || isCut { groups.append([]) }
      groups[groups.count - 1].append(entries[index].name)
    }
    return groups
  }

  /// "a > b ~ c; not decided: b and c"; nil with fewer than two.
  package var text: String? {
    guard entries.count > 1 else { return nil }
    var result = groups.map { $0.joined(separator: " ~ ") }.joined(separator: " > ")
    let pairs = undecided
    if !pairs.isEmpty {
      result += "; not decided: "
      result += pairs.map { "\($0.0) and \($0.1)" }.joined(separator: ", ")
    }
    return result
  }
}
