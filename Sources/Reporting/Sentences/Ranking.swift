package import Experiments

/// An order of approaches that says where paired differences do not decide it.
package struct Ranking: Sendable, Equatable {
  /// From first to last by their values.
  package var names: [String]
  private var undecidedIndices: [[Bool]]

  /// Ranks `names`, first to last; what no pair decides is not decided.
  package init(_ names: [String], pairs: [PairDifference]) {
    self.names = names
    undecidedIndices = names.map { first in
      names.map { second in
        !(pairs.first { $0.isPair(first, second) }?.isDecided ?? false)
      }
    }
  }

  /// The pairs of which it is not decided who is ahead.
  package var undecided: [(String, String)] {
    var pairs: [(String, String)] = []
    for first in names.indices {
      for second in names.indices.dropFirst(first + 1) where undecidedIndices[first][second] {
        pairs.append((names[first], names[second]))
      }
    }
    return pairs
  }

  /// The approaches that may be first: the leader and all that are not decidedly behind it.
  package var leaders: [String] {
    names.indices.filter { $0 == 0 || undecidedIndices[0][$0] }.map { names[$0] }
  }

  /// The names in groups: all of a group are ahead of all of the next, within it nothing is said.
  package var groups: [[String]] {
    var groups: [[String]] = []
    for index in names.indices {
      let isCut = names[..<index].indices.allSatisfy { before in
        names[index...].indices.allSatisfy { !undecidedIndices[before][$0] }
      }
      if index == 0 || isCut { groups.append([]) }
      groups[groups.count - 1].append(names[index])
    }
    return groups
  }

  /// "a ~ b ~ c; not decided: a and b, b and c; but decided: a > c"; nil with fewer than two.
  package var text: String? { text(sign: ">") }

  /// The same with another sign between those that are decided, "<" for costs.
  package func text(sign: String) -> String? {
    guard names.count > 1 else { return nil }
    var result = groups.map { $0.joined(separator: " ~ ") }.joined(separator: " \(sign) ")
    if let undecidedText { result += "; not decided: " + undecidedText }
    if !decidedWithinGroups.isEmpty {
      result += "; but decided: "
      result += decidedWithinGroups.map { "\($0.0) \(sign) \($0.1)" }.joined(separator: ", ")
    }
    return result
  }

  /// The pairs that are decided although something between them is not: first ahead of second.
  package var decidedWithinGroups: [(String, String)] {
    let undecided = undecided
    var pairs: [(String, String)] = []
    for group in groups {
      for (position, first) in group.enumerated() {
        for second in group.dropFirst(position + 1)
        where !undecided.contains(where: { $0 == (first, second) }) {
          pairs.append((first, second))
        }
      }
    }
    return pairs
  }

  /// "b and c, b and d", or in short where nothing is decided; nil where all is.
  package var undecidedText: String? {
    let pairs = undecided
    guard !pairs.isEmpty else { return nil }
    if pairs.count > 1, pairs.count == names.count * (names.count - 1) / 2 {
      return "any pair of them"
    }
    return pairs.map { "\($0.0) and \($0.1)" }.joined(separator: ", ")
  }
}
