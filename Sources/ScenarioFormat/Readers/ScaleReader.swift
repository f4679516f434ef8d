import Virtualization

/// Reads what is said of the mean of a distribution: its range as factors, its status and its
/// source.
///
/// A range stands with the number that sets the mean, beside the law, or in a mapping around it.
/// Nobody has to give one: what is stated without a range is not drawn.
struct ScaleReader {
  /// The numbers that set the mean of a law alone, so that they can carry its range.
  static let keys = ["value", "mean", "scale", "minimum"]

  let findings: Findings
  let unit: Unit

  func read(_ tree: Tree, label: String) -> Quantity {
    guard tree.isMapping else { return factor(tree.pedigree) }
    let law = tree["law"]?.text
    let key = Self.keys.first { tree[$0] != nil && !(law == "bounded-pareto" && $0 == "minimum") }
    guard let key, let number = tree[key] else { return factor(tree.innerPedigree) }
    guard number.isMapping else { return factor(number.pedigree) }
    let before = findings.errorCount
    let stated = QuantityReader(findings: findings).read(
      number, unit, Section.huge, label: key)
    guard let stated, findings.errorCount == before else { return DistributionScales.exact }
    guard stated.common == nil else {
      findings.error(
        .value, "`\(key)` of a distribution has a range of its own only; remove `common-to`",
        at: number.place)
      return DistributionScales.exact
    }
    guard stated.value > 0 || stated.low == stated.high else {
      findings.error(
        .value,
        "`\(key)` of `\(label)` is 0 and has a range; a draw multiplies, so give a value above 0",
        at: number.place)
      return DistributionScales.exact
    }
    guard stated.value > 0 else {
      return Quantity(1, .count, status: stated.status, source: stated.source)
    }
    return Quantity(
      1, .count, low: stated.low / stated.value, high: stated.high / stated.value,
      status: stated.status, source: stated.source)
  }

  private func factor(_ pedigree: Pedigree) -> Quantity {
    let exact = DistributionScales.exact
    return Quantity(
      1, .count, low: pedigree.range?.lowerBound, high: pedigree.range?.upperBound,
      status: pedigree.status ?? exact.status, source: pedigree.source ?? exact.source)
  }
}
