import CGSL

/// A checked least-squares problem whose rows are already multiplied by the root of their weight.
struct LeastSquaresProblem {
  private let columns: Int
  private let rows: [[Double]]
  private let right: [Double]
  private let isWeighted: Bool
  private let place: String

  init(
    design: [[Double]], observations: [Double], weights: [Double]?, at place: String
  ) throws(StatisticsError) {
    guard let columns = design.first?.count, columns > 0 else {
      throw StatisticsError(
        .tooFewObservations, "The design is empty; give one row per observation", at: place)
    }
    guard design.allSatisfy({ $0.count == columns }), observations.count == design.count,
      weights.map({ $0.count == design.count }) ?? true
    else {
      throw StatisticsError(
        .invalidParameter,
        "Rows of the design, observations and weights differ in length; give one observation and "
          + "one weight per row, and rows of equal length", at: place)
    }
    // Without weights the scatter has to be estimated too.
    let needed = weights == nil ? columns + 1 : columns
    guard design.count >= needed else {
      throw StatisticsError(
        .tooFewObservations,
        "\(design.count) observations for \(columns) coefficients; give at least \(needed)",
        at: place)
    }
    let numbers = design.joined().allSatisfy(\.isFinite) && observations.allSatisfy(\.isFinite)
    guard numbers, weights?.allSatisfy({ $0.isFinite && $0 > 0 }) ?? true else {
      throw StatisticsError(
        .notFinite,
        "The design, an observation or a weight is not finite, or a weight not positive",
        at: place)
    }
    let roots = weights?.map { $0.squareRoot() } ?? [Double](repeating: 1, count: design.count)
    rows = zip(design, roots).map { row, root in row.map { $0 * root } }
    right = zip(observations, roots).map { $0 * $1 }
    isWeighted = weights != nil
    self.columns = columns
    self.place = place
  }

  /// The coefficients of all columns.
  func fit() throws(StatisticsError) -> LinearFit {
    let design = try GSLMatrix(rows.count, columns, at: place)
    let observed = try GSLVector(rows.count, at: place)
    let solution = try GSLVector(columns, at: place)
    let spread = try GSLMatrix(columns, columns, at: place)
    let workspace = try FitWorkspace(rows.count, columns, at: place)
    for (i, row) in rows.enumerated() {
      for (j, value) in row.enumerated() { gsl_matrix_set(design.handle, i, j, value) }
      gsl_vector_set(observed.handle, i, right[i])
    }
    try GSL.check(gsl_multifit_linear_svd(design.handle, workspace.handle), at: place)
    let reciprocal = gsl_multifit_linear_rcond(workspace.handle)
    guard reciprocal > 1e-14 else {
      throw StatisticsError(
        .singular,
        "The observations do not tell the coefficients apart (reciprocal condition \(reciprocal)); "
          + "add observations that differ, or drop a column", at: place)
    }
    var chiSquared = 0.0
    if isWeighted {
      // The weights are in the rows already; weights of one tell GSL not to scale the covariance by
      // the residual variance.
      let ones = try GSLVector(rows.count, at: place)
      gsl_vector_set_all(ones.handle, 1)
      try GSL.check(
        gsl_multifit_wlinear(
          design.handle, ones.handle, observed.handle, solution.handle, spread.handle, &chiSquared,
          workspace.handle), at: place)
    } else {
      try GSL.check(
        gsl_multifit_linear(
          design.handle, observed.handle, solution.handle, spread.handle, &chiSquared,
          workspace.handle), at: place)
    }
    var coefficients: [Double] = []
    var covariance: [[Double]] = []
    for i in 0..<columns {
      coefficients.append(try GSL.finite(gsl_vector_get(solution.handle, i), at: place))
      var row: [Double] = []
      for j in 0..<columns {
        row.append(try GSL.finite(gsl_matrix_get(spread.handle, i, j), at: place))
      }
      covariance.append(row)
    }
    return LinearFit(
      coefficients: coefficients, covariance: covariance, chiSquared: chiSquared,
      degreesOfFreedom: rows.count - columns, conditionNumber: 1 / reciprocal)
  }
}

/// Owns a GSL matrix.
private struct GSLMatrix: ~Copyable {
  let handle: UnsafeMutablePointer<gsl_matrix>

  init(_ rows: Int, _ columns: Int, at place: String) throws(StatisticsError) {
    GSL.prepare()
    handle = try GSL.allocated(gsl_matrix_calloc(rows, columns), at: place)
  }

  deinit { gsl_matrix_free(handle) }
}

/// Owns a GSL vector.
private struct GSLVector: ~Copyable {
  let handle: UnsafeMutablePointer<gsl_vector>

  init(_ count: Int, at place: String) throws(StatisticsError) {
    GSL.prepare()
    handle = try GSL.allocated(gsl_vector_calloc(count), at: place)
  }

  deinit { gsl_vector_free(handle) }
}

/// Owns the workspace of a GSL linear fit.
private struct FitWorkspace: ~Copyable {
  let handle: UnsafeMutablePointer<gsl_multifit_linear_workspace>

  init(_ rows: Int, _ columns: Int, at place: String) throws(StatisticsError) {
    GSL.prepare()
    handle = try GSL.allocated(gsl_multifit_linear_alloc(rows, columns), at: place)
  }

  deinit { gsl_multifit_linear_free(handle) }
}
