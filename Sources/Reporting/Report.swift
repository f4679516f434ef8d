package import Experiments
package import Virtualization

/// All that a report is made of: a study, and what belongs to it but not in it.
///
/// Everything here must be the same for the same seed, whatever the threads: every file but the
/// manifest is made from it alone.
package struct Report: Sendable {
  package var study: Study
  /// A digest of the resolved scenario, as hexadecimal text.
  package var scenarioHash: String
  /// The resolved scenario as a file, all defaults written out.
  package var scenarioText: String
  package var programVersion: String
  /// The command that answers the same again, without what does not change the answer (threads,
  /// folders).
  package var command: String
  /// What each operation costs under each approach; empty where nobody asked.
  package var prices: [OperationPrice]

  package init(
    study: Study, scenarioHash: String, scenarioText: String, programVersion: String,
    command: String, prices: [OperationPrice]
  ) {
    self.study = study
    self.scenarioHash = scenarioHash
    self.scenarioText = scenarioText
    self.programVersion = programVersion
    self.command = command
    self.prices = prices
  }
}

/// What one occurrence of an operation costs under one approach, if the host prices it.
package struct OperationPrice: Sendable, Equatable {
  package var operation: Operation
  /// The approach's id.
  package var approach: String
  /// Processor seconds of one occurrence, wherever they are spent; nil where a price is missing.
  package var seconds: Double?
  /// The part of them on the guest's own processor time; the rest is a driver domain's or a
  /// thread's.
  package var guestSeconds: Double?
  /// For whom the attributes are, such as "fork of 200 pages"; nil where there are none.
  package var detail: String?

  package init(
    operation: Operation, approach: String, seconds: Double?, guestSeconds: Double? = nil,
    detail: String? = nil
  ) {
    self.operation = operation
    self.approach = approach
    self.seconds = seconds
    self.guestSeconds = guestSeconds ?? seconds
    self.detail = detail
  }
}

extension Report {
  /// The id of the native approach.
  var nativeID: String { study.scenario.native.id }
}
