extension Distribution {
  /// A law given by quantiles, linear between them.
  ///
  /// A draw is one uniform number, one look into a guide table and on average about one step in the
  /// quantile table (Chen and Asau, "On Generating Random Variates from an Empirical Distribution",
  /// AIIE Transactions 6(2), 1974).
  @frozen
  public struct Empirical: Hashable, Sendable {
    /// A value and the probability of staying at or below it.
    @frozen
    public struct Quantile: Hashable, Sendable, BitwiseCopyable {
      /// The probability of a number at or below ``value``.
      public var probability: Double
      /// The value.
      public var value: Double

      /// Makes a quantile.
      public init(probability: Double, value: Double) {
        self.probability = probability
        self.value = value
      }
    }

    /// The table, from probability 0 to probability 1.
    public let quantiles: [Quantile]
    /// For each of `guide.count` equal cells of (0, 1), the first segment that can hold its
    /// numbers.
    @usableFromInline let guide: [Int32]

    /// Makes the law from quantiles in ascending order, the first at probability 0, the last at 1.
    ///
    /// Probabilities ascend strictly; values may repeat, which gives that value a mass of its own.
    public init(quantiles: [Quantile]) throws(StatisticsError) {
      let place = "Distribution.empirical"
      guard quantiles.count >= 2, quantiles.count <= 1 << 24 else {
        throw StatisticsError(
          .tooFewObservations, "\(quantiles.count) quantiles; give 2 to 16777216", at: place)
      }
      guard quantiles[0].probability == 0, quantiles[quantiles.count - 1].probability == 1 else {
        throw StatisticsError(
          .invalidParameter,
          "The table runs from probability \(quantiles[0].probability) to "
            + "\(quantiles[quantiles.count - 1].probability); begin at 0 (the smallest value) and "
            + "end at 1 (the largest)", at: place)
      }
      for (index, quantile) in quantiles.enumerated() {
        try requireNonNegative(quantile.value, "The value of quantile \(index)", at: place)
        guard index > 0 else { continue }
        let before = quantiles[index - 1]
        guard before.probability < quantile.probability, before.value <= quantile.value else {
          throw StatisticsError(
            .invalidParameter,
            "Quantile \(index) (\(quantile.probability), \(quantile.value)) does not ascend from "
              + "(\(before.probability), \(before.value))", at: place)
        }
      }
      self.quantiles = quantiles
      let cells = quantiles.count
      var guide: [Int32] = []
      guide.reserveCapacity(cells)
      var segment = 0
      for cell in 0..<cells {
        let lowest = Double(cell) / Double(cells)
        while quantiles[segment + 1].probability < lowest { segment += 1 }
        guide.append(Int32(segment))
      }
      self.guide = guide
    }

    /// Makes the law of observed values, kept as at most `tableSize` quantiles.
    ///
    /// Quantiles are those of Hyndman and Fan's type 7, so smallest and largest value are kept.
    public init(samples: [Double], tableSize: Int = 256) throws(StatisticsError) {
      let place = "Distribution.empirical(samples:)"
      guard samples.count >= 2, tableSize >= 2 else {
        throw StatisticsError(
          .tooFewObservations,
          "\(samples.count) samples in a table of \(tableSize); give at least 2 of both", at: place)
      }
      for (index, sample) in samples.enumerated() {
        try requireNonNegative(sample, "Sample \(index)", at: place)
      }
      let sorted = samples.sorted()
      let count = Swift.min(tableSize, sorted.count)
      var table: [Quantile] = []
      table.reserveCapacity(count)
      for index in 0..<count {
        let probability = Double(index) / Double(count - 1)
        table.append(
          Quantile(probability: probability, value: sampleQuantile(sorted, probability)))
      }
      try self.init(quantiles: table)
    }

    /// One random number.
    @inlinable
    public func draw(_ stream: inout RandomStream) -> Double {
      let u = stream.uniform()
      // u is below 1, but its product with a large count may round up to the count.
      let cell = Swift.min(Int(u * Double(guide.count)), guide.count - 1)
      var segment = Int(guide[cell])
      while quantiles[segment + 1].probability < u { segment += 1 }
      let low = quantiles[segment]
      let high = quantiles[segment + 1]
      let part = (u - low.probability) / (high.probability - low.probability)
      return low.value + part * (high.value - low.value)
    }

    /// The mean of the interpolated law.
    public var mean: Double {
      segments { low, high in 0.5 * (low + high) }
    }

    /// The variance of the interpolated law.
    public var variance: Double {
      let center = mean
      return segments { low, high in
        let a = low - center
        let b = high - center
        return (a * a + a * b + b * b) / 3
      }
    }

    func scaled(by factor: Double) throws(StatisticsError) -> Empirical {
      try Empirical(
        quantiles: quantiles.map {
          Quantile(probability: $0.probability, value: $0.value * factor)
        })
    }

    private func segments(_ value: (Double, Double) -> Double) -> Double {
      var sum = 0.0
      for index in 1..<quantiles.count {
        let low = quantiles[index - 1]
        let high = quantiles[index]
        sum += (high.probability - low.probability) * value(low.value, high.value)
      }
      return sum
    }
  }
}

/// The quantile of ascending values by linear interpolation (Hyndman and Fan 1996, type 7).
func sampleQuantile(_ sorted: [Double], _ probability: Double) -> Double {
  let position = probability * Double(sorted.count - 1)
  let index = Swift.min(Int(position), sorted.count - 1)
  let next = Swift.min(index + 1, sorted.count - 1)
  let part = position - Double(index)
  return sorted[index] + part * (sorted[next] - sorted[index])
}
