/// Something a model cannot be built from: a code for programs, a message for people.
public struct ModelError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Kinds of model errors; open, so that more can come.
  public struct Code: RawRepresentable, Sendable, Hashable {
    /// The stable name of the code.
    public let rawValue: String
    /// A code with a stable name.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// A hop's mechanism has no price on the host.
    public static let missingPrice = Code(rawValue: "missing-price")
    /// Neither an approach nor native has a path for an operation.
    public static let missingPath = Code(rawValue: "missing-path")
    /// So many guests do not fit on the host.
    public static let doesNotFit = Code(rawValue: "does-not-fit")
    /// No request came while a run was measured.
    public static let nothingMeasured = Code(rawValue: "nothing-measured")
    /// A run takes more events than it may, at once or in all.
    public static let tooManyEvents = Code(rawValue: "too-many-events")
    /// A number lies outside of what the model can take.
    public static let invalidValue = Code(rawValue: "invalid-value")
  }
  /// What kind of error it is.
  public var code: Code
  /// What is wrong, and what to do about it.
  public var message: String
  /// The id of the class of guests that it is about, where it is about one.
  public var guestClass: String?

  /// An error with a code and a message that says what to do.
  public init(_ code: Code, _ message: String, guestClass: String? = nil) {
    self.code = code
    self.message = message
    self.guestClass = guestClass
  }

  /// What memory management says of a plan: a number that is none, or guests that do not fit.
  package init(_ error: MemoryError) {
    self.init(error.code == .invalidValue ? .invalidValue : .doesNotFit, "\(error)")
  }

  /// The message.
  public var description: String { message }
}
