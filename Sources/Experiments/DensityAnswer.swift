package import Virtualization

/// How many guests fit under each approach.
package struct DensityAnswer: Sendable {
  package var approaches: [ApproachDensity]
  /// By how many guests one approach fits more than another, for all pairs that answered.
  package var pairs: [PairDifference]

  package init(approaches: [ApproachDensity], pairs: [PairDifference]) {
    self.approaches = approaches
    self.pairs = pairs
  }
}

/// How many guests fit under one approach.
package struct ApproachDensity: Sendable {
  package var approach: String
  package var title: String
  package var outcome: Outcome
  /// The largest number of guests that hold the objective.
  package var guests: Int
  /// The interval of numbers not rejected, noise and parameters combined, and by noise alone.
  package var low: Int
  package var high: Int
  package var noiseLow: Int
  package var noiseHigh: Int
  /// Whether the interval's upper end is where the search stops, so that it reads "or more".
  package var isOpen: Bool
  package var confidence: Double
  /// The resource that binds, in words, such as "memory".
  package var binding: String
  /// The resource that would bind next and how many more guests, relative, it has room for.
  package var next: String?
  package var nextHeadroom: Double?
  /// Why one guest more fails.
  package var failure: String
  /// What was seen at each number of guests tried, in ascending order.
  package var curve: [DensityPoint]
  /// The analytic model's number of guests.
  package var twinGuests: Int?
  /// Why the analytic model has no number; nil where it has one, or was not asked.
  package var twinAbsence: String?
  package var trust: TrustShares
  /// The share of the workload's own demand in what uncertain numbers do to the number of guests,
  /// as the analytic model has it; nil where that model is elsewhere or has no number.
  package var demandShare: Double?
  /// The share of the interval's variance due to replication noise; nil where the interval has no
  /// width, or there is none.
  package var noiseShare: Double?
  /// Draws of the uncertain numbers that told nothing and are left out of the interval.
  package var lostDraws: Int
  /// By how much the last quarter of the guests makes the throughput of all grow, per guest added,
  /// relative to what a guest has: 1 where guests do not disturb each other, 0 where they add
  /// nothing.
  package var lastGain: Estimate?

  package init(
    approach: String, title: String, outcome: Outcome, guests: Int, low: Int, high: Int,
    noiseLow: Int, noiseHigh: Int, confidence: Double, binding: String, next: String?,
    nextHeadroom: Double?, failure: String, curve: [DensityPoint], twinGuests: Int?,
    trust: TrustShares
  ) {
    self.approach = approach
    self.title = title
    self.outcome = outcome
    self.guests = guests
    self.low = low
    self.high = high
    self.noiseLow = noiseLow
    self.noiseHigh = noiseHigh
    self.confidence = confidence
    self.binding = binding
    self.next = next
    self.nextHeadroom = nextHeadroom
    self.failure = failure
    self.curve = curve
    self.twinGuests = twinGuests
    self.trust = trust
    lastGain = nil
    isOpen = false
    demandShare = nil
    lostDraws = 0
  }

  /// Whether the last quarter of the guests adds nothing: less than a hundredth of what they have.
  package var lastGuestsAddNothing: Bool { (lastGain?.high ?? 1) < 0.01 }
}

/// What was seen at one number of guests.
package struct DensityPoint: Sendable {
  package var guests: Int
  /// The percentile of the objective, in seconds; nil where no run settled.
  package var percentile: Estimate?
  package var refusedShare: Double
  /// Share of guests whose own judged figure is above the objective beyond chance.
  package var guestsAbove: Double
  /// Whether more than half of the replications settled.
  package var isStable: Bool
  package var holds: Bool
  package var utilizations: [ResourceUtilization]
  /// Empty where so many guests do not fit.
  package var memory: MemoryMap

  package init(
    guests: Int, percentile: Estimate?, refusedShare: Double, guestsAbove: Double,
    isStable: Bool, holds: Bool, utilizations: [ResourceUtilization], memory: MemoryMap
  ) {
    self.guests = guests
    self.percentile = percentile
    self.refusedShare = refusedShare
    self.guestsAbove = guestsAbove
    self.isStable = isStable
    self.holds = holds
    self.utilizations = utilizations
    self.memory = memory
  }
}
