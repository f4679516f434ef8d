/// Why a file could not be read or written.
package struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What went wrong; open, so that a new cause breaks nobody's switch.
  package struct Code: RawRepresentable, Hashable, Sendable {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    /// What is named is no file's name.
    package static let notAName = Code(rawValue: "notAName")
    /// There is such a file already.
    package static let isThere = Code(rawValue: "isThere")
    package static let cannotWrite = Code(rawValue: "cannotWrite")
    package static let cannotRead = Code(rawValue: "cannotRead")
    /// The file is larger than asked for.
    package static let tooLarge = Code(rawValue: "tooLarge")
  }

  package let code: Code
  /// What is wrong, and what to do about it.
  package let message: String
  /// The file's path as it was given.
  package let place: String

  package init(_ code: Code, _ message: String, at place: String) {
    self.code = code
    self.message = message
    self.place = place
  }

  package var description: String { "\(place): \(message)" }
}
