package import ScenarioFormat

/// Why a report could not be written, read or drawn.
package struct ReportError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What went wrong; open, so that a new cause breaks nobody's switch.
  package struct Code: RawRepresentable, Hashable, Sendable {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    package static let notOurFolder = Code(rawValue: "notOurFolder")
    package static let cannotWrite = Code(rawValue: "cannotWrite")
    /// Another run holds the folder.
    package static let inUse = Code(rawValue: "inUse")
    package static let cannotRead = Code(rawValue: "cannotRead")
    package static let notAResult = Code(rawValue: "notAResult")
    package static let otherSchema = Code(rawValue: "otherSchema")
    /// The folder holds the report of another scenario.
    package static let otherScenario = Code(rawValue: "otherScenario")
    /// Two results have no number in common.
    package static let nothingInCommon = Code(rawValue: "nothingInCommon")
    package static let rendererMissing = Code(rawValue: "rendererMissing")
    package static let rendererFailed = Code(rawValue: "rendererFailed")
  }

  package let code: Code
  /// What to do about it, in a sentence or two.
  package let message: String
  /// The path that was looked at.
  package let place: String

  package init(_ code: Code, _ message: String, place: String) {
    self.code = code
    self.message = message
    self.place = place
  }

  /// What kept a file of a report from being written.
  package init(_ error: FileError) {
    self.init(.cannotWrite, error.message, place: error.place)
  }

  package var description: String { "\(place): \(message)" }
}
