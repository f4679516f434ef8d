package import Virtualization

/// Published measurements, and how the model computes each of them: what prices it and what checks
/// it.
package struct CheckFile: Sendable, Hashable {
  /// A column: a measured system and the approach that models it.
  package struct System: Sendable, Hashable {
    package var name: String
    /// The id of the approach.
    package var approach: String
    /// What its calibration solved for; empty where that is not stated.
    package var prices: [FittedPrice] = []
  }

  /// A price that a calibration solved for.
  package struct FittedPrice: Sendable, Hashable {
    package enum Subject: Sendable, Hashable {
      /// The price of a mechanism, for kernel work that of an operation.
      case primitive(Mechanism, service: Operation?)
      /// The approach's factor of kernel work.
      case kernelSlowdown
    }

    /// As the file names it.
    package var name: String
    package var subject: Subject
    /// The row that gave it.
    package var row: String

    package init(name: String, subject: Subject, row: String) {
      self.name = name
      self.subject = subject
      self.row = row
    }
  }

  /// One operation of a row, with how often it happens.
  package struct Step: Sendable, Hashable {
    package var operation: Operation
    package var count: Double
    package var attributes: Attributes
  }

  /// Tasks that take turns on one core, each with a working set.
  package struct Refill: Sendable, Hashable {
    package var tasks: Double
    package var workingSetBytes: Double
  }

  /// A native time as a sum of the times of other rows.
  package struct Composition: Sendable, Hashable {
    package struct Term: Sendable, Hashable {
      /// A priced row.
      package var row: String
      /// How often its native time is contained; negative where it is taken off.
      package var factor: Double
      /// The factor as the file writes it.
      package var text: String
    }

    package var terms: [Term]
    /// Why the row should be made of these.
    package var reason: String
  }

  /// Of which systems a row's published values were in view when something was chosen after them.
  package enum View: Sendable, Hashable {
    case none
    /// The native value alone.
    case native
    case all
  }

  package struct Row: Sendable, Hashable {
    package var name: String
    /// The class of rows whose mean factor is the baseline of comparison.
    package var group: String
    /// Whether prices of the host were derived from it; otherwise it is predicted.
    package var isPriced: Bool
    /// Whether the native service time of the row was looked up in its native value.
    package var isNativeInput: Bool
    /// How the native value is predicted from other rows where its service time was looked up; what
    /// was looked up then counts for the other systems alone.
    package var composition: Composition?
    /// Whose published values were in view: those of a predicted row are then no blind predictions.
    package var inView: View
    /// Seconds, in the order of the file's systems.
    package var published: [Double]
    /// User computation, in seconds at the reference speed.
    package var userSeconds: Double
    package var steps: [Step]
    package var refill: Refill?
  }

  package var id: String
  package var title: String
  /// The id of the host on which all was measured.
  package var host: String
  package var source: String
  /// The columns, native first.
  package var systems: [System]
  package var rows: [Row]
}

extension Library {
  /// Reads a check file by its id or path.
  ///
  /// - Throws: ``ScenarioFormatError`` with everything that was found in it.
  package func check(_ id: String) throws(ScenarioFormatError) -> CheckFile {
    let findings = Findings()
    let resolver = Resolver(library: self, findings: findings)
    let reference = Tree(
      content: .scalar(id, isPlain: true), place: Place(file: "argument"), pedigree: .none)
    let file = resolver.definition(of: .check, reference, in: "").map { definition in
      CheckReader(findings: findings).read(definition.tree, id: definition.id)
    }
    guard let file, !findings.hasErrors else { throw ScenarioFormatError(findings.sorted) }
    return file
  }
}
