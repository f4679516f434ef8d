import Experiments
package import Foundation
import Virtualization

/// A study as `results.json`: what other programs, and `tenancy compare`, read back.
///
/// The schema's version goes up when a key changes its meaning or goes away; new keys leave it.
package struct ResultDocument: Codable, Sendable, Equatable {
  /// The version that this program writes and reads.
  package static let currentSchema = 1

  package var schema: Int
  package var scenario: ScenarioRecord
  package var overhead: [OverheadRecord]?
  package var overheadGuests: [Int]?
  package var overheadPairs: [ClassPairsRecord]?
  package var density: [DensityRecord]?
  package var densityPairs: [PairRecord]?
  package var warnings: [String]

  package init(_ report: Report) {
    let study = report.study
    schema = Self.currentSchema
    scenario = ScenarioRecord(report)
    overhead = study.overhead?.approaches.map {
      OverheadRecord($0, study.scenario.objective)
    }
    overheadGuests = study.overhead?.counts
    overheadPairs = study.overhead?.pairs.map(ClassPairsRecord.init)
    density = study.density?.approaches.map(DensityRecord.init)
    densityPairs = study.density?.pairs.map(PairRecord.init)
    warnings = study.warnings
  }

  /// The document as a file: keys in alphabetical order, numbers that read back as the same ones.
  package func encoded() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    var data = try encoder.encode(self)
    data.append(UInt8(ascii: "\n"))
    return data
  }
}

/// Which question a result answers.
package struct ScenarioRecord: Codable, Sendable, Equatable {
  package var id: String
  package var title: String
  package var year: Int
  package var host: String
  package var hash: String
  package var program: String
  package var command: String
  package var seed: UInt64
  package var confidence: Double
  package var precision: Double
  /// What the objective judges: "percentile" or "mean".
  package var statistic: String
  package var percentile: Double
  package var responseSeconds: Double
  /// The shares that the objective allows: of guests above it, of requests refused.
  package var guestShare: Double?
  package var errorShare: Double?
  package var native: String

  init(_ report: Report) {
    let scenario = report.study.scenario
    id = scenario.id
    title = scenario.title
    year = scenario.year
    host = scenario.host.id
    hash = report.scenarioHash
    program = report.programVersion
    command = report.command
    seed = scenario.controls.seed
    confidence = scenario.controls.confidence
    precision = scenario.controls.precision
    statistic = scenario.objective.statistic.rawValue
    percentile = scenario.objective.percentile
    responseSeconds = scenario.objective.responseSeconds
    guestShare = scenario.objective.guestShare
    errorShare = scenario.objective.errorShare
    native = scenario.native.id
  }
}

/// What one approach costs.
package struct OverheadRecord: Codable, Sendable, Equatable {
  package var approach: String
  package var status: String
  package var explanation: String?
  package var classes: [ClassRecord]
  package var utilizations: [NamedNumber]
  package var memoryBytes: [NamedNumber]?
  package var trust: TrustRecord?

  init(_ overhead: ApproachOverhead, _ objective: Objective) {
    approach = overhead.approach
    status = overhead.outcome.status
    explanation = overhead.explanation
    classes = overhead.classes.map { ClassRecord($0, objective) }
    utilizations = overhead.utilizations.map {
      NamedNumber(name: $0.resource, value: $0.share.finite)
    }
    memoryBytes = MemoryMap.present(overhead.memory)?.records
    trust = overhead.outcome.isOpen ? nil : TrustRecord(overhead.trust)
  }
}

/// What one approach costs one class of guests.
package struct ClassRecord: Codable, Sendable, Equatable {
  package var id: String
  package var guests: Int
  package var throughput: EstimateRecord
  package var meanResponse: EstimateRecord
  package var percentiles: [PercentileRecord]
  package var processorPerRequest: EstimateRecord
  package var refusedShare: EstimateRecord
  /// The share of guests whose own judged figure is above the objective.
  package var guestsAbove: Double?
  package var holdsObjective: Bool?
  package var responseBeyondNative: EstimateRecord?
  package var processorBeyondNative: EstimateRecord?
  /// Processor time per request over native's.
  package var processorTimesNative: EstimateRecord?
  package var responseDiffersFromNative: Bool?
  package var processorDiffersFromNative: Bool?
  package var responseItems: [ItemRecord]
  package var processorItems: [ItemRecord]
  package var residual: Double?
  package var analyticMethod: String?
  /// Why the analytic model says nothing.
  package var analyticAbsence: String?
  package var analyticMeanResponse: Double?
  package var analyticPercentile: Double?

  init(_ guests: ClassOverhead, _ objective: Objective) {
    id = guests.id
    self.guests = guests.guests
    throughput = EstimateRecord(guests.throughput)
    meanResponse = EstimateRecord(guests.meanResponse)
    percentiles = guests.percentiles.map(PercentileRecord.init)
    processorPerRequest = EstimateRecord(guests.processorPerRequest)
    refusedShare = EstimateRecord(guests.refusedShare)
    guestsAbove = guests.guestsAbove.finite
    if guests.guests > 0 {
      holdsObjective = FailedCondition.all(of: JudgedFigures(guests, objective), objective).isEmpty
    }
    responseBeyondNative = guests.againstNative.map { EstimateRecord($0.response) }
    processorBeyondNative = guests.againstNative.map { EstimateRecord($0.processor) }
    processorTimesNative = guests.againstNative?.processorRatio.map { EstimateRecord($0) }
    responseDiffersFromNative = guests.againstNative?.responseDiffers
    processorDiffersFromNative = guests.againstNative?.processorDiffers
    responseItems = guests.responseItems.map(ItemRecord.init)
    processorItems = guests.processorItems.map(ItemRecord.init)
    residual = guests.residual.finite
    analyticMethod = guests.twin?.method
    analyticAbsence = guests.twinAbsence
    analyticMeanResponse = guests.twin?.meanResponse?.finite
    analyticPercentile = guests.twin?.percentileResponse?.finite
  }
}
