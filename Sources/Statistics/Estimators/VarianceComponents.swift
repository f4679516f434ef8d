/// How much of an answer's uncertainty comes from uncertain parameters and how much from chance.
///
/// Simulate at several draws of the parameters with several replications each. The analysis of
/// variance (method of moments) splits the scatter; ``interval`` is for the system whose parameters
/// are one further, unknown draw, so its parameter part does not shrink with more draws. Source:
/// Searle, Casella and McCulloch, "Variance Components", 1992, sections 3.5 and 4.3; degrees of
/// freedom after Satterthwaite, Biometrics Bulletin 2(6), 1946.
public struct VarianceComponents: Hashable, Sendable {
  /// The variance between parameter draws.
  public let parameter: Double
  /// The variance between replications that all draws share; 0 in a nested design.
  public let replication: Double
  /// The variance of what is left: of single runs in a nested design.
  public let residual: Double
  /// The mean over everything with its combined interval.
  public let interval: Interval
  /// The share of the interval's variance that parameters bring, 0 to 1.
  public let parameterShare: Double
  /// The share of the interval's variance that chance brings: 1 minus ``parameterShare``.
  public var replicationShare: Double { 1 - parameterShare }

  /// Splits runs of a nested design: each draw has replications of its own.
  ///
  /// - Parameter runs: One row per parameter draw, at least two rows of equal length, at least two.
  public static func nested(
    _ runs: [[Double]], confidence: Double = 0.95
  ) throws(StatisticsError) -> VarianceComponents {
    let table = try Table(runs, at: "VarianceComponents.nested")
    let within = table.withinRows / (table.draws * (table.replications - 1))
    let between = table.betweenRows / (table.draws - 1)
    // The prediction variance (1 + 1/a) sP + sE / (a r), written in mean squares.
    return try VarianceComponents(
      parameter: Swift.max(0, (between - within) / table.replications),
      replication: 0, residual: within, table: table,
      terms: [
        Term((1 + 1 / table.draws) / table.replications, between, table.draws - 1),
        Term(-1 / table.replications, within, table.draws * (table.replications - 1)),
      ], confidence: confidence)
  }

  /// Splits runs of a crossed design: replication j uses the same random numbers in every draw.
  ///
  /// - Parameter runs: One row per parameter draw, one column per replication, at least two of both.
  public static func crossed(
    _ runs: [[Double]], confidence: Double = 0.95
  ) throws(StatisticsError) -> VarianceComponents {
    let table = try Table(runs, at: "VarianceComponents.crossed")
    let freedom = (table.draws - 1) * (table.replications - 1)
    let rest = Swift.max(0, table.withinRows - table.betweenColumns) / freedom
    let rows = table.betweenRows / (table.draws - 1)
    let columns = table.betweenColumns / (table.replications - 1)
    // (1 + 1/a) sP + sR / r + sE / (a r), written in mean squares.
    return try VarianceComponents(
      parameter: Swift.max(0, (rows - rest) / table.replications),
      replication: Swift.max(0, (columns - rest) / table.draws), residual: rest, table: table,
      terms: [
        Term((1 + 1 / table.draws) / table.replications, rows, table.draws - 1),
        Term(1 / (table.draws * table.replications), columns, table.replications - 1),
        Term(-(1 + 1 / table.draws) / table.replications, rest, freedom),
      ], confidence: confidence)
  }

  private init(
    parameter: Double, replication: Double, residual: Double, table: Table, terms: [Term],
    confidence: Double
  ) throws(StatisticsError) {
    try requireProbability(confidence, "The confidence", at: "VarianceComponents")
    self.parameter = parameter
    self.replication = replication
    self.residual = residual
    let chance =
      replication / table.replications + residual / (table.draws * table.replications)
    let parameters = parameter * (1 + 1 / table.draws)
    let variance = parameters + chance
    parameterShare = variance == 0 ? 0 : parameters / variance
    // Where a component was cut at 0 the combination may be nearly 0 or below: its degrees of freedom
    // then mean nothing, and those of the draws are the cautious choice.
    let combined = terms.reduce(0) { $0 + $1.factor * $1.meanSquare }
    let spread = terms.reduce(0) { sum, term in
      let part = term.factor * term.meanSquare
      return sum + part * part / term.degreesOfFreedom
    }
    let freedom =
      combined > 0 && spread > 0
      ? Swift.max(1, Swift.min(combined * combined / spread, 1e6)) : table.draws - 1
    let t = try studentFactor(confidence, degreesOfFreedom: freedom)
    interval = Interval(
      estimate: table.mean, halfWidth: t * variance.squareRoot(), confidence: confidence)
  }
}

/// One mean square of a linear combination.
private struct Term {
  let factor: Double
  let meanSquare: Double
  let degreesOfFreedom: Double

  init(_ factor: Double, _ meanSquare: Double, _ degreesOfFreedom: Double) {
    self.factor = factor
    self.meanSquare = meanSquare
    self.degreesOfFreedom = degreesOfFreedom
  }
}

/// The sums of squares of a full table of runs.
private struct Table {
  let draws: Double
  let replications: Double
  let mean: Double
  let betweenRows: Double
  let betweenColumns: Double
  let withinRows: Double

  init(_ runs: [[Double]], at place: String) throws(StatisticsError) {
    guard runs.count >= 2, let width = runs.first?.count, width >= 2,
      runs.allSatisfy({ $0.count == width })
    else {
      throw StatisticsError(
        .tooFewObservations,
        "Give at least 2 parameter draws with the same number of replications, at least 2",
        at: place
      )
    }
    guard runs.joined().allSatisfy(\.isFinite) else {
      throw StatisticsError(.notFinite, "A run's value is not finite", at: place)
    }
    draws = Double(runs.count)
    replications = Double(width)
    let rowMeans = runs.map { RunningMoments($0).mean }
    let columnMeans = (0..<width).map { column in
      RunningMoments(runs.lazy.map { $0[column] }).mean
    }
    let rows = RunningMoments(rowMeans)
    mean = rows.mean
    betweenRows = rows.variance * (draws - 1) * replications
    betweenColumns = RunningMoments(columnMeans).variance * (replications - 1) * draws
    var within = 0.0
    for row in runs { within += RunningMoments(row).variance * (replications - 1) }
    withinRows = within
  }
}
