/// The largest population at which a predicate holds, 0 when it already fails at 1.
///
/// The predicate has to be monotone (true up to some population, false above), as a response-time
/// goal in a closed network is; then doubling brackets the answer and bisection finds it in about
/// 2 log2(answer) calls. A predicate that is not monotone gives *a* population where it turns from
/// true to false.
/// - Parameters:
///   - limit: the largest population to try; the answer when the predicate still holds there.
///   - predicate: whether a population is acceptable; what it throws is passed on.
public func largestPopulation<Failure: Error>(
  atMost limit: Int, where predicate: (Int) throws(Failure) -> Bool
) throws(Failure) -> Int {
  guard limit > 0 else { return 0 }
  var accepted = 0
  var refused: Int?
  var candidate = 1
  while refused == nil {
    if try predicate(candidate) {
      accepted = candidate
      if candidate == limit { return limit }
      candidate = candidate > limit / 2 ? limit : candidate * 2
    } else {
      refused = candidate
    }
  }
  guard var upper = refused else { return accepted }
  while upper - accepted > 1 {
    let middle = accepted + (upper - accepted) / 2
    if try predicate(middle) { accepted = middle } else { upper = middle }
  }
  return accepted
}
