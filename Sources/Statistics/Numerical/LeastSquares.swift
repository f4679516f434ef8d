/// A fitted linear model y = X c, with what is needed to judge it.
public struct LinearFit: Hashable, Sendable {
  /// The coefficients, one per column of the design.
  public let coefficients: [Double]
  /// The covariance matrix of the coefficients, by row.
  ///
  /// With weights (1 / variance of each observation) it is (X' W X)^-1, taken at face value; without
  /// weights it is (X' X)^-1 times the residual variance. A coefficient held at its bound has zeros.
  public let covariance: [[Double]]
  /// The weighted sum of squared residuals.
  public let chiSquared: Double
  /// Observations minus free coefficients.
  public let degreesOfFreedom: Int
  /// The largest over the smallest singular value of the weighted design; large means that the
  /// observations hardly tell the coefficients apart.
  public let conditionNumber: Double
  /// The coefficients held at 0 by the non-negativity, ascending.
  public let heldAtZero: [Int]

  /// The standard error of one coefficient.
  public func standardError(_ index: Int) -> Double { covariance[index][index].squareRoot() }
}

/// Fits y = X c by least squares, weighted if weights are given.
///
/// - Parameters:
///   - design: One row per observation, one number per coefficient.
///   - observations: One number per row.
///   - weights: 1 over the variance of each observation, all positive; nil for equal, unknown ones.
/// - Throws: ``StatisticsError`` for shapes that do not match, too few rows, or a singular design.
public func fitLinear(
  design: [[Double]], observations: [Double], weights: [Double]? = nil
) throws(StatisticsError) -> LinearFit {
  let problem = try LeastSquaresProblem(
    design: design, observations: observations, weights: weights, at: "fitLinear")
  return try problem.fit(columns: Array(0..<problem.columns), heldAtZero: [])
}

/// Fits y = X c by least squares with every coefficient zero or positive.
///
/// The active-set method of Lawson and Hanson, "Solving Least Squares Problems", 1974, chapter 23;
/// its inner fits are GSL's. The covariance is that of the free coefficients given the held ones, so
/// it understates the uncertainty of a coefficient near its bound.
public func fitNonNegative(
  design: [[Double]], observations: [Double], weights: [Double]? = nil
) throws(StatisticsError) -> LinearFit {
  let place = "fitNonNegative"
  let problem = try LeastSquaresProblem(
    design: design, observations: observations, weights: weights, at: place)
  var free: [Int] = []
  var current = [Double](repeating: 0, count: problem.columns)
  let scale = problem.gradient(at: current).lazy.map(\.magnitude).max() ?? 0
  for _ in 0..<(30 * problem.columns + 30) {
    let gradient = problem.gradient(at: current)
    let held = (0..<problem.columns).filter { !free.contains($0) }
    guard let entering = held.max(by: { gradient[$0] < gradient[$1] }),
      gradient[entering] > 1e-11 * scale
    else {
      return try problem.fit(columns: free, heldAtZero: held)
    }
    free = (free + [entering]).sorted()
    while true {
      let trial = try problem.solve(columns: free)
      if free.allSatisfy({ trial[$0] > 0 }) {
        current = trial
        break
      }
      // Go from the feasible point towards the trial until the first coefficient reaches zero.
      var step = 1.0
      for index in free where trial[index] <= 0 {
        step = Swift.min(step, current[index] / (current[index] - trial[index]))
      }
      for index in free { current[index] += step * (trial[index] - current[index]) }
      let least = free.filter { trial[$0] <= 0 }.min { current[$0] < current[$1] }
      free.removeAll { index in trial[index] <= 0 && (index == least || current[index] <= 0) }
      for index in 0..<problem.columns where !free.contains(index) { current[index] = 0 }
      if free.isEmpty { break }
    }
  }
  throw StatisticsError(
    .noConvergence, "The active set did not settle; drop columns that are nearly equal", at: place)
}
