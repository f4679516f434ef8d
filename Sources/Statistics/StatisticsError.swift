/// What went wrong in a statistical or numerical routine, and what to do about it.
///
/// Errors of this module are values: nothing here aborts the process on a user's number. Switch on
/// ``code``, show ``description``.
public struct StatisticsError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kind of failure; open, so that later versions may add codes.
  public struct Code: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The stable name of the code.
    public let rawValue: String

    /// Makes a code from its stable name.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The stable name of the code.
    public var description: String { rawValue }

    /// A parameter lies outside its domain.
    public static let invalidParameter = Code(rawValue: "invalid-parameter")
    /// There are too few observations for what was asked.
    public static let tooFewObservations = Code(rawValue: "too-few-observations")
    /// A value that must be finite is not.
    public static let notFinite = Code(rawValue: "not-finite")
    /// An iteration did not settle within its limit.
    public static let noConvergence = Code(rawValue: "no-convergence")
    /// A system of equations does not determine its unknowns.
    public static let singular = Code(rawValue: "singular")
    /// The numerical library reported a failure of its own.
    public static let library = Code(rawValue: "library")
  }

  /// The kind of failure.
  public let code: Code
  /// What happened and what to do, as a sentence.
  public let message: String
  /// The routine or parameter concerned, for example `Distribution.gamma(mean:)`.
  public let place: String

  /// Makes an error.
  public init(_ code: Code, _ message: String, at place: String) {
    self.code = code
    self.message = message
    self.place = place
  }

  /// Place, message and code in one line.
  public var description: String { "\(place): \(message) [\(code)]" }
}

/// Throws unless `value` is finite and greater than zero.
func requirePositive(_ value: Double, _ name: String, at place: String) throws(StatisticsError) {
  guard value.isFinite, value > 0 else {
    throw StatisticsError(
      .invalidParameter, "\(name) is \(value); give a finite number greater than 0", at: place)
  }
}

/// Throws unless `value` is finite and zero or greater.
func requireNonNegative(_ value: Double, _ name: String, at place: String) throws(StatisticsError) {
  guard value.isFinite, value >= 0 else {
    throw StatisticsError(
      .invalidParameter, "\(name) is \(value); give a finite number of 0 or more", at: place)
  }
}

/// Throws unless `value` lies strictly between 0 and 1.
func requireProbability(_ value: Double, _ name: String, at place: String) throws(StatisticsError) {
  guard value > 0, value < 1 else {
    throw StatisticsError(
      .invalidParameter, "\(name) is \(value); give a number between 0 and 1, both excluded",
      at: place)
  }
}
