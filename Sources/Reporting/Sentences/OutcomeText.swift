package import Experiments

extension Outcome {
  /// The name in the status column of files.
  package var status: String {
    switch self {
    case .answered: "answered"
    case .precisionNotReached: "precision-not-reached"
    case .notWarmedUp: "not-warmed-up"
    case .unstable: "unstable"
    case .nothingServed: "nothing-served"
    case .impossible: "impossible"
    case .interrupted: "interrupted"
    case .notFinished: "not-finished"
    }
  }

  /// The same in words, for people; what is no such name stands for itself.
  package static func words(for status: String) -> String {
    switch allCases.first(where: { $0.status == status }) {
    case .answered, .interrupted, nil: status
    case .precisionNotReached: "answered less precisely than asked for"
    case .notWarmedUp: "not warmed up"
    case .unstable: "a load that never settles"
    case .nothingServed: "no request served"
    case .impossible: "an objective that cannot be held"
    case .notFinished: "not finished"
    }
  }

  /// Whether the numbers that came with it mean something.
  package var hasAnswer: Bool {
    self == .answered || self == .precisionNotReached || self == .notWarmedUp
  }

  /// What people are told, nil where there is nothing to tell.
  package var remark: String? {
    switch self {
    case .answered: nil
    case .precisionNotReached: "the precision asked for was not reached"
    case .notWarmedUp:
      "not warmed up, the number of waiting requests still drifts: lengthen run.warm-up"
    case .unstable: "the load never settles"
    case .nothingServed: "no request is served"
    case .impossible: "the objective cannot be held"
    case .interrupted: "not answered: the run was interrupted"
    case .notFinished: "not finished"
    }
  }
}

extension TrustShares {
  /// "62 % measured, 30 % published, 8 % assumed".
  package var text: String {
    "\(NumberText.percent(measured)) measured, \(NumberText.percent(published)) published, "
      + "\(NumberText.percent(assumed)) assumed"
  }
}
