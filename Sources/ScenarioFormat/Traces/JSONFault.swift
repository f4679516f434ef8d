/// Why a JSON text could not be read as what it should be, without the decoder's own words.
package struct JSONFault: Sendable, Hashable {
  /// Where, such as `sysstat.hosts[0].statistics`; empty for the whole text.
  package var path: String
  /// What is wrong there, to follow the path: "is missing".
  package var message: String

  package init(_ error: DecodingError) {
    var steps: [any CodingKey] = []
    switch error {
    case .keyNotFound(let key, let context):
      steps = context.codingPath + [key]
      message = "is missing"
    case .valueNotFound(_, let context):
      steps = context.codingPath
      message = "is null"
    case .typeMismatch(let type, let context):
      steps = context.codingPath
      message = "is not \(Self.name(of: type))"
    case .dataCorrupted(let context):
      steps = context.codingPath
      message = steps.isEmpty ? "the text is not JSON from here on" : "is a number out of range"
    @unknown default: message = "the text is not what was expected"
    }
    path = steps.reduce(into: "") { path, step in
      if let index = step.intValue {
        path += "[\(index)]"
      } else {
        path += (path.isEmpty ? "" : ".") + step.stringValue
      }
    }
    if path.isEmpty, case .typeMismatch = error { message = "the text " + message }
  }

  private static func name(of type: any Any.Type) -> String {
    let name = "\(type)"
    if name.hasPrefix("Dictionary") || name.hasPrefix("KeyedDecodingContainer") {
      return "a mapping `{...}`"
    }
    if name.hasPrefix("Array") || name.hasPrefix("UnkeyedDecodingContainer") {
      return "a list `[...]`"
    }
    return switch name {
    case "String": "text"
    case "Bool": "`true` or `false`"
    default: "a number"
    }
  }
}
