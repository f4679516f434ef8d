import Experiments
import Virtualization

/// An estimate in a file; numbers that are not finite are left out.
package struct EstimateRecord: Codable, Sendable, Equatable {
  package var value: Double?
  package var low: Double?
  package var high: Double?
  package var confidence: Double
  package var noiseShare: Double?
  package var replications: Int
  package var draws: Int

  init(_ estimate: Estimate) {
    value = estimate.value.finite
    low = estimate.low.finite
    high = estimate.high.finite
    confidence = estimate.confidence
    noiseShare = estimate.noiseShare.finite
    replications = estimate.replications
    draws = estimate.draws
  }
}

extension Double {
  /// The number, or nil where it is infinite or not a number, for which JSON has no word.
  var finite: Double? { isFinite ? self : nil }
}

/// An amount with a name: a busy share, bytes of memory, seconds of a mechanism.
package struct NamedNumber: Codable, Sendable, Equatable {
  package var name: String
  package var value: Double?
}

/// Where trust comes from.
package struct TrustRecord: Codable, Sendable, Equatable {
  package var measured: Double?
  package var published: Double?
  package var assumed: Double?

  init(_ trust: TrustShares) {
    measured = trust.measured.finite
    published = trust.published.finite
    assumed = trust.assumed.finite
  }
}

/// The seconds of one mechanism in an itemization.
package struct ItemRecord: Codable, Sendable, Equatable {
  package var mechanism: String
  package var seconds: EstimateRecord

  init(_ item: ItemEstimate) {
    mechanism = item.mechanism.rawValue
    seconds = EstimateRecord(item.estimate)
  }
}

/// A percentile of the response time.
package struct PercentileRecord: Codable, Sendable, Equatable {
  package var percentile: Double
  package var seconds: EstimateRecord

  init(_ percentile: PercentileEstimate) {
    self.percentile = percentile.percentile
    seconds = EstimateRecord(percentile.estimate)
  }
}
