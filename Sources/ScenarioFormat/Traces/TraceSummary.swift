internal import Virtualization

/// What a series amounts to: how complete it is, how large, how bursty.
package struct TraceSummary: Sendable, Hashable {
  package struct Gap: Sendable, Hashable {
    /// Seconds since the epoch of the last sample before the gap; nil before the first sample.
    package var after: Double?
    /// Samples that are missing.
    package var missing: Int

    package init(after: Double?, missing: Int) {
      self.after = after
      self.missing = missing
    }
  }

  /// How demand comes: half of it in bursts, as a Markov-modulated process of two states has it.
  package struct Burstiness: Sendable, Hashable {
    /// Mean rate in the busiest intervals that together hold half of the demand, over the mean.
    package var peakToMean: Double
    /// Mean length of a run of such intervals, in seconds.
    package var burst: Double
  }

  package var metric: TraceMetric
  /// The usual distance between the trace's samples, in seconds: the smallest that is frequent, so
  /// that samples that are missing here and there do not pass for a longer one.
  package var interval: Double
  package var samples: Int
  package var gaps: [Gap]
  /// Samples over those that the time of the trace has room for.
  package var coverage: Double
  package var mean: Double
  package var standardDeviation: Double
  /// Values at `TraceSummary.probabilities`.
  package var quantiles: [Double]
  package var burstiness: Burstiness?

  package static let probabilities = [0, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1]

  /// One to five by coverage: 99 %, 95 %, 80 % and 50 % are the steps.
  package var stars: Int {
    switch coverage {
    case 0.99...: 5
    case 0.95...: 4
    case 0.8...: 3
    case 0.5...: 2
    default: 1
    }
  }

  /// Summarizes a series by itself; nil where it has fewer than two samples.
  package init?(_ series: TraceSeries) { self.init(series, in: TraceCourse(series)) }

  /// Summarizes a series of a trace; nil where it has fewer than two samples.
  ///
  /// - Parameter course: The time of the whole trace, in which the series may begin late, end early
  ///   or have but a few samples.
  package init?(_ series: TraceSeries, in course: TraceCourse?) {
    let times = series.times
    let values = series.values
    guard values.count >= 2, values.count == times.count, let first = times.first,
      let last = times.last, let course
    else { return nil }
    let steps = zip(times.dropFirst(), times).map { $0 - $1 }
    let interval = course.interval
    metric = series.metric
    self.interval = interval
    samples = values.count
    gaps = []
    var room = 1.0
    let missingBefore = ((first - course.first) / interval).rounded()
    if missingBefore >= 1 {
      room += missingBefore
      gaps.append(Gap(after: nil, missing: Int(clamping: missingBefore)))
    }
    for (index, step) in steps.enumerated() {
      let count = max(1, (step / interval).rounded())
      room += count
      if count > 1 { gaps.append(Gap(after: times[index], missing: Int(clamping: count) - 1)) }
    }
    let missingAfter = ((course.last - last) / interval).rounded()
    if missingAfter >= 1 {
      room += missingAfter
      gaps.append(Gap(after: last, missing: Int(clamping: missingAfter)))
    }
    coverage = Double(values.count) / room
    let total = values.reduce(0, +)
    let average = total / Double(values.count)
    mean = average
    standardDeviation =
      (values.reduce(0) { $0 + ($1 - average) * ($1 - average) } / Double(values.count - 1))
      .squareRoot()
    let sorted = values.sorted()
    quantiles = Self.probabilities.map { Self.quantile($0, of: sorted) }
    burstiness = Self.burstiness(values, sorted: sorted, total: total, interval: interval)
  }

  /// The smallest distance that a fifth of all steps have, clocks' jitter aside.
  fileprivate static func usual(_ sorted: [Double]) -> Double {
    let enough = max(Double(sorted.count) / 5, Double(min(2, sorted.count)))
    var end = 0
    for start in sorted.indices {
      while end < sorted.count, sorted[end] <= sorted[start] * 1.25 { end += 1 }
      if Double(end - start) >= enough { return sorted[(start + end) / 2] }
    }
    return sorted[(sorted.count - 1) / 2]
  }

  /// Linear between order statistics (type 7 of Hyndman and Fan, The American Statistician 50,
  /// 1996).
  static func quantile(_ probability: Double, of sorted: [Double]) -> Double {
    let position = probability * Double(sorted.count - 1)
    let below = Int(position.rounded(.down))
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + (position - Double(below)) * (sorted[above] - sorted[below])
  }

  private static func burstiness(
    _ values: [Double], sorted: [Double], total: Double, interval: Double
  ) -> Burstiness? {
    guard total > 0 else { return nil }
    var held = 0.0
    var count = 0
    var threshold = 0.0
    for value in sorted.reversed() where held < total / 2 {
      held += value
      count += 1
      threshold = value
    }
    let peakToMean = (held / Double(count)) / (total / Double(values.count))
    var runs = 0
    var inBurst = 0
    var before = false
    for value in values {
      let isBurst = value >= threshold
      if isBurst {
        inBurst += 1
        if !before { runs += 1 }
      }
      before = isBurst
    }
    return Burstiness(
      peakToMean: peakToMean, burst: interval * Double(inBurst) / Double(max(1, runs)))
  }
}

/// When a trace begins and ends, and how often it takes a sample.
///
/// That of the series with the most samples, so that neither a series that is left out for the most
/// part nor the damaged time of one passes for the trace's own.
package struct TraceCourse: Sendable, Hashable {
  /// Seconds since the epoch of the first sample, as `last`.
  package var first: Double
  package var last: Double
  /// Seconds between samples.
  package var interval: Double

  init?(_ series: TraceSeries) {
    guard let first = series.times.first, let last = series.times.last, series.times.count >= 2
    else { return nil }
    interval = TraceSummary.usual(
      zip(series.times.dropFirst(), series.times).map { $0 - $1 }.sorted())
    self.first = first
    self.last = last
    guard interval > 0 else { return nil }
  }
}

extension TraceSummary.Gap {
  /// "before the first", "after second 12".
  func place(in course: TraceCourse) -> String {
    guard let after else { return "before the first" }
    return "after second " + PlainNumber.count(after - course.first, digits: 12)
  }
}

extension Trace {
  /// Nil where no series has two samples.
  package var course: TraceCourse? {
    var longest: TraceSeries?
    for one in series where one.times.count > longest?.times.count ?? 0 { longest = one }
    return longest.flatMap(TraceCourse.init)
  }

  /// What a series of this trace amounts to over its time; nil where it has fewer than two samples.
  package func summary(of series: TraceSeries) -> TraceSummary? {
    TraceSummary(series, in: course)
  }
}

extension TraceSeries {
  /// The values at whole steps of `interval` from the first sample to the last.
  ///
  /// A step takes the mean of the samples that end in it; a step without any is nil, never guessed.
  package func resampled(every interval: Double, atMost limit: Int = 1_000_000) -> [Double?] {
    guard let first = times.first, let last = times.last, interval > 0,
      (last - first) / interval < Double(limit)
    else { return [] }
    var sums = [Double](repeating: 0, count: Int(((last - first) / interval).rounded()) + 1)
    var counts = [Int](repeating: 0, count: sums.count)
    for (time, value) in zip(times, values) {
      let step = min(sums.count - 1, Int(((time - first) / interval).rounded()))
      sums[step] += value
      counts[step] += 1
    }
    return zip(sums, counts).map { $1 == 0 ? nil : $0 / Double($1) }
  }
}
