import CGSL

/// The one door to the GNU Scientific Library: its statuses become ``StatisticsError``.
///
/// GSL's default error handler aborts the process, so every owner and wrapper calls ``prepare()``
/// before its first GSL call; afterwards each status and each result is checked here.
package enum GSL {
  /// Replaced once per process; GSL keeps the handler, Swift keeps only that it was replaced.
  private static let handlerIsOff: Bool = {
    _ = gsl_set_error_handler_off()
    return true
  }()

  /// Turns GSL's aborting error handler off.
  static func prepare() { _ = handlerIsOff }

  /// Throws when a GSL routine reports a failure.
  static func check(_ status: Int32, at place: String) throws(StatisticsError) {
    guard status != 0 else { return }
    let text = gsl_strerror(status).map { String(cString: $0) } ?? "unknown failure"
    let code: StatisticsError.Code =
      switch status {
      case Int32(GSL_ESING): .singular
      case Int32(GSL_EMAXITER): .noConvergence
      case Int32(GSL_EBADFUNC): .notFinite
      case Int32(GSL_EDOM), Int32(GSL_EINVAL): .invalidParameter
      default: .library
      }
    throw StatisticsError(code, "GSL reports status \(status): \(text)", at: place)
  }

  /// Throws when a GSL function that has no status returns nan or infinity.
  static func finite(_ value: Double, at place: String) throws(StatisticsError) -> Double {
    guard value.isFinite else {
      throw StatisticsError(
        .notFinite, "GSL returned \(value); the arguments lie outside the function's domain",
        at: place)
    }
    return value
  }

  /// Throws when GSL could not allocate what an owner holds.
  static func allocated<Handle>(
    _ handle: UnsafeMutablePointer<Handle>?, at place: String
  ) throws(StatisticsError) -> UnsafeMutablePointer<Handle> {
    guard let handle else {
      throw StatisticsError(
        .library, "GSL could not allocate its workspace; free memory or make the problem smaller",
        at: place)
    }
    return handle
  }
}
