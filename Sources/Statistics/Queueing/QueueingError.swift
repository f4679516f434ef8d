/// An input or a result that a queueing formula cannot answer for.
public struct QueueingError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kind of an error, open so that later versions can add kinds.
  public struct Code: RawRepresentable, Hashable, Sendable {
    /// The stable name of the kind.
    public let rawValue: String

    /// Wraps a stable name.
    public init(rawValue: String) {
      self.rawValue = rawValue
    }

    /// A number outside the domain of the formula.
    public static let invalidInput = Code(rawValue: "invalid-input")
    /// Work arrives at least as fast as it can be served, so no steady state exists.
    public static let unstable = Code(rawValue: "unstable")
    /// The exact method would need more work than allowed.
    public static let tooLarge = Code(rawValue: "too-large")
    /// An iteration did not settle within its limit.
    public static let notConverged = Code(rawValue: "not-converged")
  }

  /// The kind of the error.
  public let code: Code
  /// What is wrong and what to do about it.
  public let message: String
  /// The type and the input concerned, such as `MMcQueue.servers`.
  public let place: String

  /// Makes an error.
  public init(code: Code, message: String, place: String) {
    self.code = code
    self.message = message
    self.place = place
  }

  /// The place, the message and the code in one line.
  public var description: String { "\(place): \(message) [\(code.rawValue)]" }
}

extension QueueingError {
  /// Loops and tables are sized by server counts and capacities, so both have a ceiling.
  static let maximumCount = 1_000_000

  static func requireNonNegative(_ value: Double, _ place: String) throws(QueueingError) {
    guard value.isFinite, value >= 0 else {
      throw QueueingError(
        code: .invalidInput, message: "\(value) must be a finite number of at least 0",
        place: place)
    }
  }

  static func requirePositive(_ value: Double, _ place: String) throws(QueueingError) {
    guard value.isFinite, value > 0 else {
      throw QueueingError(
        code: .invalidInput, message: "\(value) must be a finite number above 0", place: place)
    }
  }

  static func requireCount(
    _ value: Int, atLeast minimum: Int, _ place: String
  ) throws(QueueingError) {
    guard value >= minimum, value <= maximumCount else {
      throw QueueingError(
        code: .invalidInput, message: "\(value) must be from \(minimum) to \(maximumCount)",
        place: place)
    }
  }

  static func requireProbability(_ value: Double, _ place: String) throws(QueueingError) {
    guard value > 0, value < 1 else {
      throw QueueingError(
        code: .invalidInput, message: "\(value) must be above 0 and below 1, as 0.95 for p95",
        place: place)
    }
  }

  static func requireStable(_ utilization: Double, _ place: String) throws(QueueingError) {
    guard utilization < 1 else {
      throw QueueingError(
        code: .unstable,
        message:
          "utilization \(utilization) must be below 1; lower the arrival rate or add servers",
        place: place)
    }
  }
}
