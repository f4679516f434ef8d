package import Virtualization

/// The path of an operation hop by hop, with price, status and source.
package enum PathExplanation {
  /// The paths of some operations under one approach on one host.
  ///
  /// Attributes are those of `OperationPrice.example(of:)`, and the text says which. An operation
  /// without a path or a price says what is missing.
  ///
  /// - Throws: `ModelError` where none of the operations has a path and all prices.
  package static func render(
    _ pricing: PathPricing, operations: [Operation]
  ) throws(ModelError) -> String {
    var lines = [
      "\(pricing.approach.id): \(pricing.approach.title)",
      "prices of \(pricing.host.id): \(pricing.host.title)",
    ]
    var missing: [ModelError] = []
    for operation in operations {
      lines.append("")
      do throws(ModelError) {
        lines.append(contentsOf: try explain(operation, pricing))
      } catch {
        missing.append(error)
        lines.append("\(operation.rawValue): not priced")
        lines.append(
          contentsOf: SafeText.wrapped(
            SafeText.printable(error.message), width: 96
          ).map { "    " + $0 })
      }
    }
    if let first = missing.first, missing.count == operations.count { throw first }
    for note in pricing.approach.notes {
      lines.append("")
      lines.append(contentsOf: SafeText.wrapped("Simplified: " + note, width: 100))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func explain(
    _ operation: Operation, _ pricing: PathPricing
  ) throws(ModelError) -> [String] {
    let example = OperationPrice.example(of: operation)
    let hops = try pricing.hops(of: operation, with: example.attributes)
    let here = hops.filter { !$0.hop.place.isElsewhere }
    let total = here.reduce(0) { $0 + $1.seconds + $1.slowdownSeconds }
    let elsewhere = hops.filter(\.hop.place.isElsewhere).reduce(0) {
      $0 + $1.seconds + $1.slowdownSeconds
    }
    var title = "\(operation.rawValue): \(NumberText.duration(total))"
    if elsewhere > 0 {
      title += " of the guest's processor, \(NumberText.duration(elsewhere)) elsewhere"
    }
    if let detail = example.detail { title += " (\(detail))" }
    var lines = [title]
    var table = TextTable(columns: [
      .init("hop", .left), .init("where", .left), .init("count"), .init("each"), .init("sum"),
      .init("status", .left),
    ])
    for hop in hops {
      table.rows.append(row(hop))
    }
    lines.append(contentsOf: table.lines(width: 100).map { "  " + $0 })
    for hop in hops {
      lines.append(contentsOf: sources(of: hop).map { "    " + $0 })
    }
    return lines
  }

  private static func row(_ hop: PricedHop) -> [String] {
    var name = hop.hop.mechanism.rawValue
    if let service = hop.primitive.service { name += " of \(service.rawValue)" }
    if hop.hop.isShared { name += " (shared under load)" }
    let place =
      hop.hop.phase == .call
      ? hop.hop.place.rawValue : "\(hop.hop.place.rawValue), \(hop.hop.phase.rawValue)"
    let price = hop.primitive.price
    return [
      name, place, NumberText.significant(hop.count),
      NumberText.duration(price.value),
      NumberText.duration(hop.seconds + hop.slowdownSeconds),
      price.status.rawValue,
    ]
  }

  private static func sources(of hop: PricedHop) -> [String] {
    var lines = SafeText.wrapped(
      "\(hop.hop.mechanism.rawValue), price: \(hop.primitive.price.source)", width: 94, indent: "  "
    )
    lines += SafeText.wrapped(
      "\(hop.hop.mechanism.rawValue), count (\(hop.hop.status.rawValue)): \(hop.hop.source)",
      width: 94, indent: "  ")
    return lines
  }
}
