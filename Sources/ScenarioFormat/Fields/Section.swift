package import Virtualization

/// One mapping of a file kind: its keys, and what each may hold.
///
/// Readers look their keys up here, and the reference in the documentation is printed from here, so
/// the three cannot disagree.
package struct Section: Sendable {
  package var title: String
  /// What the mapping describes, in one sentence.
  package var note: String
  package var fields: [Field]

  init(_ title: String, _ note: String, _ fields: [Field]) {
    self.title = title
    self.note = note
    self.fields = fields
  }

  func field(_ key: String) -> Field? { fields.first { $0.key == key } }
}

/// One key of a mapping.
package struct Field: Sendable {
  package enum Form: Sendable {
    /// A number with status, source and range.
    case quantity(Unit, ClosedRange<Double>)
    /// A quantity that counts things, so that only its ends may be fractions.
    case whole(ClosedRange<Double>)
    /// A number that is a decision.
    case amount(Unit, ClosedRange<Double>)
    case integer(ClosedRange<Int>)
    case text
    case flag
    case choice([String])
    case distribution(Unit)
    /// A mapping or list that another section describes, in words.
    case nested(String)
  }
  package enum Presence: Sendable {
    case required
    /// With the default, in words.
    case optional(String)
  }
  package var key: String
  package var form: Form
  package var presence: Presence
  package var note: String

  init(_ key: String, _ form: Form, _ note: String, _ presence: Presence = .required) {
    self.key = key
    self.form = form
    self.presence = presence
    self.note = note
  }
}

extension Section {
  static let ids = "a name of lower-case letters, digits and hyphens"
  static let huge = 0.0...1e15
  static let share = 0.0...1.0
  static let price = 0.0...60.0
}
