import Statistics
import Virtualization

extension MappingReader {
  /// A distribution, with what is said of its mean as a factor of 1.
  func distribution(_ key: String, scale: inout Quantity) -> Distribution? {
    guard let value = value(key), case .distribution(let unit)? = section.field(key)?.form else {
      return nil
    }
    let reader = DistributionReader(findings: findings, unit: unit)
    let law = reader.read(value, label: key)
    scale = ScaleReader(findings: findings, unit: unit).read(value, label: key)
    return law
  }
}

/// Reads distributions of times or sizes.
struct DistributionReader {
  let findings: Findings
  let unit: Unit

  func read(_ tree: Tree, label: String) -> Distribution? {
    guard tree.isMapping else {
      guard let value = number(tree, label) else { return nil }
      return make(at: tree.place) { () throws(StatisticsError) in try .deterministic(value: value) }
    }
    let map = MappingReader(tree, .distribution, findings, label: label)
    let law = map.choice("law")
    if let law { refuseStrays(of: law, in: map) }
    switch law {
    case "constant":
      let value = parameter(map, "value")
      return make(at: tree.place) { () throws(StatisticsError) in try .deterministic(value: value) }
    case "uniform":
      let (low, high) = (parameter(map, "low"), parameter(map, "high"))
      return make(at: tree.place) { () throws(StatisticsError) in
        try .uniform(lower: low, upper: high)
      }
    case "exponential":
      let mean = parameter(map, "mean")
      return make(at: tree.place) { () throws(StatisticsError) in try .exponential(mean: mean) }
    case "erlang":
      let (mean, stages) = (parameter(map, "mean"), factor(map, "stages"))
      guard stages == stages.rounded(), (1...10_000).contains(stages) else {
        findings.error(
          .value, "`stages` must be a whole number between 1 and 10000",
          at: map.tree["stages"]?.place ?? tree.place)
        return nil
      }
      return make(at: tree.place) { () throws(StatisticsError) in
        try .erlang(mean: mean, stages: Int(stages))
      }
    case "gamma" where map.has("scale"):
      let (shape, scale) = (factor(map, "shape"), parameter(map, "scale"))
      return make(at: tree.place) { () throws(StatisticsError) in
        .gamma(try Distribution.Gamma(shape: shape, scale: scale))
      }
    case "gamma":
      let (mean, variation) = (parameter(map, "mean"), factor(map, "variation"))
      return make(at: tree.place) { () throws(StatisticsError) in
        try .gamma(mean: mean, coefficientOfVariation: variation)
      }
    case "lognormal":
      let (mean, variation) = (parameter(map, "mean"), factor(map, "variation"))
      return make(at: tree.place) { () throws(StatisticsError) in
        try .lognormal(mean: mean, coefficientOfVariation: variation)
      }
    case "hyperexponential": return hyperexponential(map)
    case "pareto", "bounded-pareto": return pareto(map, isBounded: law == "bounded-pareto")
    case "empirical": return empirical(map)
    default: return nil
    }
  }

  /// Refuses keys that the law does not take, for they would change nothing.
  private func refuseStrays(of law: String, in map: MappingReader) {
    guard case .mapping(let entries) = map.tree.content, let forms = Section.lawKeys[law] else {
      return
    }
    // The last form is the one that a key of its own asks for.
    let form = forms.last { $0.contains { Section.formKeys.contains($0) && map.has($0) } }
    let keys = form ?? forms[0]
    let taken = forms.map { $0.map { "`\($0)`" }.joined(separator: ", ") }.joined(separator: " or ")
    if law != "uniform", let end = map.tree["low"] ?? map.tree["high"] {
      findings.error(
        .unknownKey,
        "`low` and `high` are the ends of `law: uniform`; write what the mean of `law: \(law)` may "
          + "be as `range: 20 %` beside it", at: end.place)
    }
    for entry in entries where !keys.contains(entry.key) {
      let takers = Section.laws.filter { Section.lawKeys[$0]?.joined().contains(entry.key) == true }
      guard !takers.isEmpty, !["low", "high"].contains(entry.key) else { continue }
      findings.error(
        .unknownKey,
        takers.contains(law)
          ? "`\(entry.key)` does not go with the other keys: `law: \(law)` takes \(taken), not both"
          : "`\(entry.key)` does not go with `law: \(law)`, which takes \(taken); it goes with "
            + takers.map { "`\($0)`" }.joined(separator: ", "), at: entry.keyPlace)
    }
  }

  private func hyperexponential(_ map: MappingReader) -> Distribution? {
    if map.has("probability") {
      let probability = factor(map, "probability")
      let (first, second) = (parameter(map, "first-mean"), parameter(map, "second-mean"))
      return make(at: map.tree.place) { () throws(StatisticsError) in
        .hyperexponential(
          try Distribution.Hyperexponential(
            probability: probability, firstMean: first, secondMean: second))
      }
    }
    let (mean, variation) = (parameter(map, "mean"), factor(map, "variation"))
    return make(at: map.tree.place) { () throws(StatisticsError) in
      try .hyperexponential(
        mean: mean, squaredCoefficientOfVariation: variation * variation)
    }
  }

  private func pareto(_ map: MappingReader, isBounded: Bool) -> Distribution? {
    let shape = factor(map, "shape")
    if isBounded {
      let (minimum, maximum) = (parameter(map, "minimum"), parameter(map, "maximum"))
      return make(at: map.tree.place) { () throws(StatisticsError) in
        try .boundedPareto(minimum: minimum, maximum: maximum, shape: shape)
      }
    }
    let name = map.has("minimum") ? "minimum" : "mean"
    let number = parameter(map, name)
    return make(at: map.tree.place) { () throws(StatisticsError) in
      name == "mean"
        ? try .pareto(mean: number, shape: shape) : try .pareto(minimum: number, shape: shape)
    }
  }

  private func empirical(_ map: MappingReader) -> Distribution? {
    guard let value = map.tree["quantiles"] else {
      map.missing("quantiles", "Pairs `[probability, value]` from probability 0 to 1.")
      return nil
    }
    var quantiles: [Distribution.Empirical.Quantile] = []
    var last = ""
    let before = findings.errorCount
    for pair in map.list("quantiles") {
      guard case .list(let ends) = pair.content, ends.count == 2 else {
        findings.error(
          .wrongType, "a quantile is \(pair.description); write `[probability, value]`",
          at: pair.place)
        continue
      }
      let reader = QuantityReader(findings: findings)
      let probability = reader.number(ends[0], .count, 0...1, label: "probability")
      guard let probability, let value = number(ends[1], "value") else { continue }
      let text = "`[\(printable(ends[0].text ?? "")), \(printable(ends[1].text ?? ""))]`"
      if let before = quantiles.last, probability <= before.probability || value < before.value {
        findings.error(
          .value,
          "the quantile \(text) follows \(last); put them in order, with probabilities that rise "
            + "and values that do not fall", at: pair.place)
      }
      last = text
      quantiles.append(.init(probability: probability, value: value))
    }
    guard findings.errorCount == before else { return nil }
    return make(at: value.place) { () throws(StatisticsError) in
      try .empirical(quantiles: quantiles)
    }
  }

  /// A parameter in the distribution's own unit.
  private func parameter(_ map: MappingReader, _ key: String) -> Double {
    guard let value = map.tree[key] else {
      map.missing(key, "The law needs it.")
      return 1
    }
    guard value.isMapping, ScaleReader.keys.contains(key) else { return number(value, key) ?? 1 }
    // In long form it brings its own range: `ScaleReader` reads it all and says what is wrong.
    let silent = DistributionReader(findings: Findings(), unit: unit)
    return value["value"].flatMap { silent.number($0, key) } ?? 1
  }

  /// A parameter without unit.
  private func factor(_ map: MappingReader, _ key: String) -> Double {
    guard let value = map.tree[key] else {
      map.missing(key, "The law needs it.")
      return 1
    }
    let reader = QuantityReader(findings: findings)
    return reader.number(value, .count, 0...1e9, label: key) ?? 1
  }

  private func number(_ tree: Tree, _ label: String) -> Double? {
    QuantityReader(findings: findings).number(tree, unit, 0...1e15, label: label)
  }

  private func make(
    at place: Place, _ body: () throws(StatisticsError) -> Distribution
  ) -> Distribution? {
    do {
      return try body()
    } catch {
      findings.error(.value, printable(error.message, limit: 200), at: place)
      return nil
    }
  }
}
