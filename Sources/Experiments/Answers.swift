package import Virtualization

/// An estimate with its interval, and how much of its width each kind of uncertainty makes.
package struct Estimate: Sendable, Equatable {
  package var value: Double
  package var low: Double
  package var high: Double
  package var confidence: Double
  /// The share of the interval's variance due to replication noise, between 0 and 1.
  ///
  /// The rest is due to uncertain parameters.
  package var noiseShare: Double
  /// Replications and parameter draws that it rests on.
  package var replications: Int
  package var draws: Int

  package init(
    value: Double, low: Double, high: Double, confidence: Double, noiseShare: Double,
    replications: Int, draws: Int
  ) {
    self.value = value
    self.low = low
    self.high = high
    self.confidence = confidence
    self.noiseShare = noiseShare
    self.replications = replications
    self.draws = draws
  }

  /// Half of the interval's width over the value; infinite for a value of zero.
  package var relativeHalfWidth: Double { (high - low) / 2 / abs(value) }

  /// The same with the other sign.
  package var negated: Estimate {
    var result = self
    (result.value, result.low, result.high) = (-value, -high, -low)
    return result
  }
}

/// Everything that one run of a scenario answered.
package struct Study: Sendable {
  /// The scenario as it was run, all defaults resolved.
  package var scenario: Scenario
  package var overhead: OverheadAnswer?
  package var density: DensityAnswer?
  /// Statements about the run as a whole, such as an approach out of its time.
  package var warnings: [String]

  package init(
    scenario: Scenario, overhead: OverheadAnswer?, density: DensityAnswer?, warnings: [String]
  ) {
    self.scenario = scenario
    self.overhead = overhead
    self.density = density
    self.warnings = warnings
  }
}

extension Study {
  /// Whether a question has no answer for an approach because the run was broken off.
  package var isInterrupted: Bool {
    (overhead?.approaches ?? []).contains { $0.outcome == .interrupted }
      || (density?.approaches ?? []).contains { $0.outcome == .interrupted }
  }
}

/// What became of an approach in an experiment.
package enum Outcome: Sendable, Equatable, CaseIterable {
  /// It answered with the precision asked for.
  case answered
  /// It answered, but the precision asked for was not reached.
  case precisionNotReached
  /// It answered, but the number of requests in the system still drifted while it was measured.
  case notWarmedUp
  /// The load never settles: more comes than can be served.
  case unstable
  /// Every request of a class was refused, so that there is nothing to give times of.
  case nothingServed
  /// It cannot hold the objective, or not even one guest can be created.
  case impossible
  /// The run was broken off by the user before this was answered.
  case interrupted
  /// A run of it took more events than one may take.
  case notFinished

  /// Whether it was not answered, whatever the answer would have been.
  package var isOpen: Bool { self == .interrupted || self == .notFinished }
}

/// What each approach costs at the scenario's own number of guests.
package struct OverheadAnswer: Sendable {
  package var counts: [Int]
  package var approaches: [ApproachOverhead]
  /// For each class in the scenario's order, all pairs of the approaches that answered.
  package var pairs: [ClassPairs]
  /// What is doubtful of the answer as a whole.
  package var warnings: [String]

  package init(counts: [Int], approaches: [ApproachOverhead], pairs: [ClassPairs]) {
    self.counts = counts
    self.approaches = approaches
    self.pairs = pairs
    warnings = []
  }
}

/// What approaches cost one class of guests, pair by pair.
package struct ClassPairs: Sendable {
  package var id: String
  /// Processor seconds per request.
  package var processor: [PairDifference]
  /// Seconds of the mean response.
  package var response: [PairDifference]

  package init(id: String, processor: [PairDifference], response: [PairDifference]) {
    self.id = id
    self.processor = processor
    self.response = response
  }
}

/// What one approach costs.
package struct ApproachOverhead: Sendable {
  package var approach: String
  package var title: String
  package var outcome: Outcome
  /// Why, where the outcome is not an answer.
  package var explanation: String?
  package var classes: [ClassOverhead]
  /// Busy shares, between 0 and 1, by resource in a fixed order.
  package var utilizations: [ResourceUtilization]
  package var trust: TrustShares
  package var memory: MemoryMap?

  package init(
    approach: String, title: String, outcome: Outcome, explanation: String?,
    classes: [ClassOverhead], utilizations: [ResourceUtilization], trust: TrustShares,
    memory: MemoryMap?
  ) {
    self.approach = approach
    self.title = title
    self.outcome = outcome
    self.explanation = explanation
    self.classes = classes
    self.utilizations = utilizations
    self.trust = trust
    self.memory = memory
  }
}

/// What one approach costs one class of guests.
package struct ClassOverhead: Sendable {
  package var id: String
  package var guests: Int
  /// Requests per second of all guests of the class.
  package var throughput: Estimate
  /// Mean and percentiles of the response time, in seconds.
  package var meanResponse: Estimate
  package var percentiles: [PercentileEstimate]
  /// Processor seconds per request, wherever they are spent.
  package var processorPerRequest: Estimate
  /// Share of requests refused; times and processor time are those of the others.
  package var refusedShare: Estimate
  /// Share of the guests whose own judged figure is above the objective.
  package var guestsAbove: Double
  /// The figures that stopped the replications for want of precision.
  package var imprecise: [ImpreciseFigure]
  /// Against native with the same draws; nil for native itself or without native.
  package var againstNative: NativeComparison?
  /// Where a mean request's response time goes, in seconds, in the order of `Mechanism.allCases`;
  /// mechanisms that contribute nothing are left out.
  package var responseItems: [ItemEstimate]
  /// Where a mean request's processor time goes.
  package var processorItems: [ItemEstimate]
  /// The part of the mean response time that no item explains, relative to it.
  package var residual: Double
  /// The analytic model's answer for the same scenario.
  package var twin: TwinAnswer?
  /// Why the analytic model says nothing of it; nil where it does.
  package var twinAbsence: String?
  /// The figures of each replication, in their order.
  package var replications: [ReplicationFigures]

  package init(
    id: String, guests: Int, throughput: Estimate, meanResponse: Estimate,
    percentiles: [PercentileEstimate], processorPerRequest: Estimate, refusedShare: Estimate,
    againstNative: NativeComparison?, responseItems: [ItemEstimate],
    processorItems: [ItemEstimate], residual: Double, twin: TwinAnswer?
  ) {
    self.id = id
    self.guests = guests
    self.throughput = throughput
    self.meanResponse = meanResponse
    self.percentiles = percentiles
    self.processorPerRequest = processorPerRequest
    self.refusedShare = refusedShare
    self.againstNative = againstNative
    self.responseItems = responseItems
    self.processorItems = processorItems
    self.residual = residual
    self.twin = twin
    replications = []
    guestsAbove = 0
    imprecise = []
  }
}

/// A figure that is not known as precisely as was asked for.
package struct ImpreciseFigure: Sendable, Equatable {
  /// In words: "throughput", "mean response".
  package var name: String
  /// Half of its interval by the noise of replications alone, over the figure.
  package var relativeHalfWidth: Double

  package init(name: String, relativeHalfWidth: Double) {
    self.name = name
    self.relativeHalfWidth = relativeHalfWidth
  }
}

/// What one replication alone says of one class, under nominal parameters.
package struct ReplicationFigures: Sendable, Equatable {
  /// Requests per second of all guests of the class.
  package var throughput: Double
  /// Seconds.
  package var meanResponse: Double
  /// Processor seconds per request.
  package var processorPerRequest: Double
  /// Share of requests refused.
  package var refusedShare: Double
  /// Seconds, in the order of the percentiles of the class; NaN where there is none.
  package var percentiles: [Double]

  package init(
    throughput: Double, meanResponse: Double, processorPerRequest: Double, refusedShare: Double,
    percentiles: [Double]
  ) {
    self.throughput = throughput
    self.meanResponse = meanResponse
    self.processorPerRequest = processorPerRequest
    self.refusedShare = refusedShare
    self.percentiles = percentiles
  }
}

/// A percentile of the response time, in seconds.
package struct PercentileEstimate: Sendable {
  /// Between 0 and 100.
  package var percentile: Double
  package var estimate: Estimate

  package init(percentile: Double, estimate: Estimate) {
    self.percentile = percentile
    self.estimate = estimate
  }
}

/// One item of an itemization.
package struct ItemEstimate: Sendable {
  package var mechanism: Mechanism
  /// Seconds per request.
  package var estimate: Estimate

  package init(mechanism: Mechanism, estimate: Estimate) {
    self.mechanism = mechanism
    self.estimate = estimate
  }
}

/// Paired differences to native: the same requests, the same draws.
package struct NativeComparison: Sendable {
  /// Seconds by which the mean response is longer than native's.
  package var response: Estimate
  /// Processor seconds per request beyond native's.
  package var processor: Estimate
  /// Processor time per request over native's, from the same replications and draws; nil where
  /// native's is zero.
  package var processorRatio: Estimate?
  /// Whether each difference is decided, corrected for all pairs of approaches and classes.
  package var responseDiffers: Bool
  package var processorDiffers: Bool

  package init(
    response: Estimate, processor: Estimate, responseDiffers: Bool, processorDiffers: Bool
  ) {
    self.response = response
    self.processor = processor
    self.responseDiffers = responseDiffers
    self.processorDiffers = processorDiffers
  }
}

/// The busy share of a resource.
package struct ResourceUtilization: Sendable {
  /// A name from a fixed list: processors, driver domain, disk, link in, link out, memory, ...
  package var resource: String
  package var share: Double

  package init(resource: String, share: Double) {
    self.resource = resource
    self.share = share
  }
}

/// How much of an answer rests on which kind of number, by the processor time that they price.
package struct TrustShares: Sendable, Equatable {
  package var measured: Double
  package var published: Double
  package var assumed: Double

  package init(measured: Double, published: Double, assumed: Double) {
    self.measured = measured
    self.published = published
    self.assumed = assumed
  }
}

/// What the analytic model says of the same scenario.
package struct TwinAnswer: Sendable {
  /// Which approximation was used, for people.
  package var method: String
  /// Mean response in seconds; nil where the model is unstable.
  package var meanResponse: Double?
  /// The percentile of the objective, in seconds.
  package var percentileResponse: Double?

  package init(method: String, meanResponse: Double?, percentileResponse: Double?) {
    self.method = method
    self.meanResponse = meanResponse
    self.percentileResponse = percentileResponse
  }
}
