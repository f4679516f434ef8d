/// A fitted linear model y = X c, with what is needed to judge it.
public struct LinearFit: Hashable, Sendable {
  /// The coefficients, one per column of the design.
  public let coefficients: [Double]
  /// The covariance matrix of the coefficients, by row.
  ///
  /// With weights (1 / variance of each observation) it is (X' W X)^-1, taken at face value;
  /// without weights it is (X' X)^-1 times the residual variance.
  public let covariance: [[Double]]
  /// The weighted sum of squared residuals.
  public let chiSquared: Double
  /// Observations minus coefficients.
  public let degreesOfFreedom: Int
  /// The largest over the smallest singular value of the weighted design; large means that the
  /// observations hardly tell the coefficients apart.
  public let conditionNumber: Double

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
  return try problem.fit()
}
