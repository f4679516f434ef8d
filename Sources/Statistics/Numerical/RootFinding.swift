import CGSL

/// The zero of a continuous function between two ends of opposite sign, by Brent's method.
///
/// - Parameters:
///   - range: The bracket; `function` must change sign over it.
///   - relativeTolerance: The bracket's final width over the root.
///   - absoluteTolerance: The bracket's final width, which decides for a root at 0.
///   - maximumIterations: The most steps before it gives up.
///   - function: The function; a ``StatisticsError`` it throws stops the search and is passed on.
/// - Throws: ``StatisticsError``: no change of sign, a value that is not finite, or no convergence.
public func findRoot(
  in range: ClosedRange<Double>, relativeTolerance: Double = 1e-12, absoluteTolerance: Double = 0,
  maximumIterations: Int = 200,
  of function: (Double) throws(StatisticsError) -> Double
) throws(StatisticsError) -> Double {
  let place = "findRoot"
  GSL.prepare()
  guard range.lowerBound.isFinite, range.upperBound.isFinite else {
    throw StatisticsError(.invalidParameter, "The bracket \(range) is not finite", at: place)
  }
  let atLower = try function(range.lowerBound)
  let atUpper = try function(range.upperBound)
  if atLower == 0 { return range.lowerBound }
  if atUpper == 0 { return range.upperBound }
  guard (atLower < 0) != (atUpper < 0), !atLower.isNaN, !atUpper.isNaN else {
    throw StatisticsError(
      .invalidParameter,
      "The function is \(atLower) at \(range.lowerBound) and \(atUpper) at \(range.upperBound); "
        + "choose a bracket over which it changes sign", at: place)
  }
  let result = withoutActuallyEscaping(function) { function in
    Result { () throws(StatisticsError) in
      let box = FunctionBox(function)
      return try withExtendedLifetime(box) { () throws(StatisticsError) -> Double in
        try iterateBrent(
          box, range, relativeTolerance, absoluteTolerance, maximumIterations, place)
      }
    }
  }
  return try result.get()
}

private func iterateBrent(
  _ box: FunctionBox, _ range: ClosedRange<Double>, _ relative: Double, _ absolute: Double,
  _ maximumIterations: Int, _ place: String
) throws(StatisticsError) -> Double {
  var callback = gsl_function(
    function: { x, context in
      guard let context else { return .nan }
      return Unmanaged<FunctionBox>.fromOpaque(context).takeUnretainedValue().value(at: x)
    },
    params: Unmanaged.passUnretained(box).toOpaque())
  let solver = try BracketingSolver(at: place)
  return try withUnsafeMutablePointer(to: &callback) { callback throws(StatisticsError) in
    var status = gsl_root_fsolver_set(
      solver.handle, callback, range.lowerBound, range.upperBound)
    for _ in 0..<maximumIterations {
      if let failure = box.failure { throw failure }
      try GSL.check(status, at: place)
      status = gsl_root_fsolver_iterate(solver.handle)
      if let failure = box.failure { throw failure }
      try GSL.check(status, at: place)
      let lower = gsl_root_fsolver_x_lower(solver.handle)
      let upper = gsl_root_fsolver_x_upper(solver.handle)
      if gsl_root_test_interval(lower, upper, absolute, relative) == 0 {
        return gsl_root_fsolver_root(solver.handle)
      }
    }
    throw StatisticsError(
      .noConvergence,
      "No root within \(maximumIterations) steps; widen the tolerance or narrow the bracket",
      at: place)
  }
}

/// Carries a Swift closure through a C callback, and an error of it back without crossing C.
private final class FunctionBox {
  private let function: (Double) throws(StatisticsError) -> Double
  private(set) var failure: StatisticsError?

  init(_ function: @escaping (Double) throws(StatisticsError) -> Double) {
    self.function = function
  }

  func value(at x: Double) -> Double {
    do {
      return try function(x)
    } catch {
      failure = error
      // GSL stops with its own status at a value that is not finite.
      return .nan
    }
  }
}

/// Owns GSL's Brent solver.
private struct BracketingSolver: ~Copyable {
  let handle: UnsafeMutablePointer<gsl_root_fsolver>

  init(at place: String) throws(StatisticsError) {
    handle = try GSL.allocated(gsl_root_fsolver_alloc(cgsl_root_brent()), at: place)
  }

  deinit { gsl_root_fsolver_free(handle) }
}
