/// The least and the greatest of some shares as text, with whose they are.
struct ShareRange {
  /// One end, as it is written.
  struct End: Equatable {
    var text: String
    var names: [String]

    /// "(openvz and xen-pv)"; more than three are counted, because nobody reads a list.
    var owners: String {
      "(\(names.count > 3 ? "\(names.count) approaches" : ShortAnswer.joined(names)))"
    }
  }

  let low: End
  let high: End

  /// Nil without shares; those that are written alike are alike.
  init?(_ shares: [(name: String, share: Double)]) {
    guard let least = shares.min(by: { $0.share < $1.share }),
      let greatest = shares.max(by: { $0.share < $1.share })
    else { return nil }
    func end(_ share: Double) -> End {
      let text = NumberText.percent(share)
      return End(
        text: text, names: shares.filter { NumberText.percent($0.share) == text }.map(\.name))
    }
    low = end(least.share)
    high = end(greatest.share)
  }

  /// Whether all are written alike.
  var isOne: Bool { low.text == high.text }
}
