import Statistics

/// By how much the measured responses of a guest are above a limit in the mean, and how sure that
/// is.
///
/// Responses that wait behind each other are alike, so that their own variance tells too little of
/// how far their mean may be off. The window is therefore taken in equal parts, whose sums are
/// nearly independent where requests forget each other sooner than a part lasts: batch means, of
/// which 10 to 30 are usual (Schmeiser, Operations Research 30(3), 1982).
struct MeanExcess: BitwiseCopyable {
  /// Parts of the window.
  static var parts: Int { 20 }

  /// The sum of response minus limit in the present part, in seconds, and of all parts before it
  /// the sum of these sums and of their squares.
  private var present = 0.0
  private var sum = 0.0
  private var squares = 0.0
  /// When the present part ends, in nanoseconds of the window.
  private var end: Int64 = 0

  /// Adds a response that is so many seconds above the limit.
  ///
  /// - Parameters:
  ///   - excess: Less than nothing where it is below.
  ///   - time: When the request came, in nanoseconds of the window; one that came in an earlier
  ///     part
  ///     counts in the present one.
  ///   - part: The length of a part, in nanoseconds; at least 1.
  mutating func add(_ excess: Double, at time: Int64, part: Int64) {
    if time >= end {
      sum += present
      squares += present * present
      present = 0
      end = (time / part + 1) * part
    }
    present += excess
  }

  /// Whether the 95 % interval (Student's t) of the mean excess lies above zero.
  var isAboveZero: Bool {
    let count = Double(Self.parts)
    let total = sum + present
    guard total > 0 else { return false }
    let variance = max(0, squares + present * present - total * total / count) / (count - 1)
    let law = ReferenceDistribution.studentT(degreesOfFreedom: count - 1)
    guard let t = try? law.quantile(0.975) else { return true }
    return total / count > t * (variance / count).squareRoot()
  }
}
