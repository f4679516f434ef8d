import Experiments
import Virtualization

/// How many guests fit under one approach; an approach that was not answered has no numbers.
package struct DensityRecord: Codable, Sendable, Equatable {
  package var approach: String
  package var status: String
  package var guests: Int?
  package var low: Int?
  package var high: Int?
  package var noiseLow: Int?
  package var noiseHigh: Int?
  /// Whether `high` is where the search stops, so that it reads "or more".
  package var isOpen: Bool?
  package var confidence: Double?
  /// The share of noise in the interval; left out where it has no width.
  package var noiseShare: Double?
  /// Draws that told nothing and are left out of the interval.
  package var lostDraws: Int?
  package var binding: String?
  package var next: String?
  package var nextHeadroom: Double?
  package var failure: String
  package var curve: [DensityPointRecord]
  package var analyticGuests: Int?
  /// Why the analytic model has no number.
  package var analyticAbsence: String?
  package var trust: TrustRecord?
  /// The share of the workload's own demand in what uncertain numbers do.
  package var demandShare: Double?
  package var lastGuestsGain: EstimateRecord?

  init(_ density: ApproachDensity) {
    approach = density.approach
    status = density.outcome.status
    failure = density.failure
    curve = density.curve.map(DensityPointRecord.init)
    let isWithoutEnd = density.outcome.isOpen
    guard !isWithoutEnd || density.guests > 0 else { return }
    guests = density.guests
    noiseLow = density.noiseLow
    noiseHigh = density.noiseHigh
    if !isWithoutEnd {
      low = density.low
      high = density.high
      noiseShare = density.noiseShare?.finite
      lostDraws = density.lostDraws
    }
    isOpen = density.isOpen
    confidence = density.confidence
    binding = density.binding
    next = density.next
    nextHeadroom = density.nextHeadroom?.finite
    analyticGuests = density.twinGuests
    analyticAbsence = density.twinAbsence
    trust = TrustRecord(density.trust)
    demandShare = density.demandShare?.finite
    lastGuestsGain = density.lastGain.map(EstimateRecord.init)
  }
}

/// What was seen at one number of guests.
package struct DensityPointRecord: Codable, Sendable, Equatable {
  package var guests: Int
  package var percentileSeconds: EstimateRecord?
  package var refusedShare: Double?
  package var guestsAbove: Double?
  package var isStable: Bool
  package var holds: Bool
  package var utilizations: [NamedNumber]
  package var memoryBytes: [NamedNumber]?

  init(_ point: DensityPoint) {
    guests = point.guests
    percentileSeconds = point.percentile.map(EstimateRecord.init)
    refusedShare = point.refusedShare.finite
    guestsAbove = point.guestsAbove.finite
    isStable = point.isStable
    holds = point.holds
    utilizations = point.utilizations.map {
      NamedNumber(name: $0.resource, value: $0.share.finite)
    }
    memoryBytes = MemoryMap.present(point.memory)?.records
  }
}
