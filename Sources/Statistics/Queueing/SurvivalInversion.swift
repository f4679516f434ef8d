/// The smallest t, to the last bit, at which a non-increasing survival function is at most `tail`.
func timeAtWhich(
  survivalFallsTo tail: Double, startingAt guess: Double, place: String,
  _ survival: (Double) -> Double
) throws(QueueingError) -> Double {
  var low = 0.0
  var high = guess
  while survival(high) > tail {
    low = high
    high *= 2
    guard high.isFinite else { throw unsettled(place) }
  }
  // Halving reaches neighboring doubles long before this; the limit only bounds denormals.
  for _ in 0..<1100 {
    let middle = low + (high - low) / 2
    if middle <= low || middle >= high { break }
    let value = survival(middle)
    guard !value.isNaN else { throw unsettled(place) }
    if value > tail { low = middle } else { high = middle }
  }
  return high
}

private func unsettled(_ place: String) -> QueueingError {
  QueueingError(
    code: .notConverged, message: "no percentile found; check the scale of rates and times",
    place: place)
}
