import Experiments

/// The difference between two approaches in one figure: the first's minus the second's.
package struct PairRecord: Codable, Sendable, Equatable {
  package var first: String
  package var second: String
  package var difference: EstimateRecord
  package var noisePValue: Double
  package var combinedPValue: Double
  package var reversals: Int
  package var isDecided: Bool

  init(_ pair: PairDifference) {
    first = pair.first
    second = pair.second
    difference = EstimateRecord(pair.difference)
    noisePValue = pair.noisePValue
    combinedPValue = pair.combinedPValue
    reversals = pair.reversals
    isDecided = pair.isDecided
  }
}

/// The differences in what approaches cost one class of guests, in seconds per request.
package struct ClassPairsRecord: Codable, Sendable, Equatable {
  package var id: String
  package var processor: [PairRecord]
  package var response: [PairRecord]

  init(_ pairs: ClassPairs) {
    id = pairs.id
    processor = pairs.processor.map(PairRecord.init)
    response = pairs.response.map(PairRecord.init)
  }
}
