/// The name that was probably meant, or nil when none is near.
///
/// Near means at most a third of the letters changed, but not all, counting an exchange of two
/// neighbors as one change, and no change of case as one; among equally near names the first one
/// wins.
package func nearestName(to text: String, among names: [String]) -> String? {
  let written = Array(text.lowercased().unicodeScalars.prefix(64))
  var best: (name: String, distance: Int)?
  for name in names {
    let candidate = Array(name.lowercased().unicodeScalars)
    let longer = max(written.count, candidate.count)
    let distance = editDistance(written, candidate)
    if distance <= max(1, longer / 3), distance < longer, distance < (best?.distance ?? .max) {
      best = (name, distance)
    }
  }
  return best?.name
}

/// Changes, insertions, deletions and exchanges of neighbors that turn one text into another
/// (optimal string alignment, after Damerau 1964).
func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
  guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
  var beforeLast = [Int](repeating: 0, count: b.count + 1)
  var last = Array(0...b.count)
  for i in 1...a.count {
    var row = [i]
    row.reserveCapacity(b.count + 1)
    for j in 1...b.count {
      let change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
      var distance = min(change, last[j] + 1, row[j - 1] + 1)
      if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
        distance = min(distance, beforeLast[j - 2] + 1)
      }
      row.append(distance)
    }
    beforeLast = last
    last = row
  }
  return last[b.count]
}

/// The end of a message about an unknown name: the nearest known one, or what there is.
func advice(for text: String, among names: [String]) -> String {
  if let name = nearestName(to: text, among: names) { return "did you mean `\(name)`?" }
  if names.isEmpty { return "there are none" }
  let shown = names.prefix(40).map { "`\($0)`" }.joined(separator: ", ")
  return "known: " + shown + (names.count > 40 ? ", ..." : "")
}
