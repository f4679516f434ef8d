package import ScenarioFormat
import Statistics
import Virtualization

extension CheckTable {
  /// How many prices a system's calibration solved for, and what from.
  package struct Calibration: Sendable, Hashable {
    package var system: String
    /// What was solved for, with the row that gave it.
    package var prices: [CheckFile.FittedPrice]
    /// How many rows priced the system, those that no price needed and that check them included.
    package var rows: Int
    /// The rows whose service time was looked up: neither calibration nor test of this system.
    package var lookedUp: [String]
    /// The largest over the smallest singular value of the relative sensitivities of those rows to
    /// those prices; nil where a row takes no time or the rows do not tell the prices apart.
    package var conditionNumber: Double?

    /// Whether the prices are fewer than half of the rows; otherwise they are a lookup table.
    package var isFit: Bool { prices.count * 2 < rows }

    init(of index: Int, in file: CheckFile, _ pricing: PathPricing) throws(ModelError) {
      let system = file.systems[index]
      let isNative = index == 0
      let rows = file.rows.filter { $0.isPriced && !(isNative && $0.isNativeInput) }
      self.system = system.name
      self.rows = rows.count
      prices = system.prices
      lookedUp =
        isNative
        ? file.rows.filter { $0.isNativeInput && $0.composition == nil }.map(\.name) : []
      // Rows are sums of prices times counts, so that any step gives the derivative.
      let step = 0.5
      let raised = try system.prices.map { price throws(ModelError) in
        try pricing.raising(price, by: 1 + step)
      }
      let design = try rows.map { row throws(ModelError) in
        let seconds = try CheckTable.seconds(row, pricing)
        return try raised.map { other throws(ModelError) in
          try (CheckTable.seconds(row, other) / seconds - 1) / step
        }
      }
      // Relative errors have one weight for all rows; the observations do not matter here.
      conditionNumber = try? fitLinear(
        design: design, observations: design.map { _ in 0 }, weights: design.map { _ in 1 }
      ).conditionNumber
    }
  }
}

extension PathPricing {
  /// The same with one price multiplied.
  fileprivate func raising(
    _ price: CheckFile.FittedPrice, by factor: Double
  ) throws(ModelError) -> PathPricing {
    var host = host
    var approach = approach
    switch price.subject {
    case .kernelSlowdown: approach.kernelSlowdown.value *= factor
    case .primitive(let mechanism, let service):
      let used = host.price(of: mechanism, service: service, under: approach.id)
      guard let position = host.primitives.firstIndex(where: { $0 == used }) else {
        throw ModelError(
          .missingPrice,
          "host \(host.id) has no price for \(price.name), which the check says was fitted; add a "
            + "primitive to the host profile")
      }
      host.primitives[position].price.value *= factor
    }
    return PathPricing(host: host, approach: approach, native: native)
  }
}
