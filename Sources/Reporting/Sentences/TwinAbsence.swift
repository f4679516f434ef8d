/// Why the analytic model says nothing of some approaches.
enum TwinAbsence {
  /// One sentence for each reason, with the approaches that it holds for, unless it is all of them.
  ///
  /// - Parameter what: what is missing: "number", "response".
  static func sentences(_ reasons: [(approach: String, reason: String?)], no what: String)
    -> [String]
  {
    var grouped: [(reason: String, approaches: [String])] = []
    for (approach, reason) in reasons {
      guard let reason else { continue }
      if let known = grouped.firstIndex(where: { $0.reason == reason }) {
        grouped[known].approaches.append(approach)
      } else {
        grouped.append((reason, [approach]))
      }
    }
    return grouped.map { group in
      let names =
        group.approaches.count == reasons.count
        ? "" : " for " + group.approaches.joined(separator: ", ")
      return "The analytic model has no \(what)\(names): \(group.reason)."
    }
  }
}
