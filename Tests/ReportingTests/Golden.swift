import Foundation
import Testing
import Virtualization

/// Texts kept beside the tests; `TENANCY_GOLDEN=write` stores what was computed instead.
enum Golden {
  static func expect(
    _ text: String, matches name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Golden/\(name)")
    if ProcessInfo.processInfo.environment["TENANCY_GOLDEN"] == "write" {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      // Only what the file really holds may count as kept, so it is compared as ever.
      try Data(text.utf8).write(to: file)
    }
    let stored = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    let computed = text.split(separator: "\n", omittingEmptySubsequences: false)
    let kept = stored.split(separator: "\n", omittingEmptySubsequences: false)
    let first = zip(computed, kept).first { $0 != $1 }
    #expect(
      text == stored, "first difference: \(String(describing: first))",
      sourceLocation: sourceLocation)
  }

  /// Keeps a large text as one line.
  static func digest(_ text: String) -> String { ContentHash.digits(of: text) }
}
