import Foundation
package import ScenarioFormat
package import Virtualization

/// What the model computes for published measurements, beside what was measured.
///
/// Every value is priced by the same paths and prices as the simulation; nothing is fitted here.
/// Two baselines say what the paths are worth: taking every system for native, and one factor for
/// every class of rows, fitted to its priced rows.
package struct CheckTable: Sendable, Hashable {
  /// What a measured value is to the model.
  package enum Role: String, CaseIterable, Sendable, Hashable {
    /// Prices were derived from it.
    case priced
    /// Nothing was derived from it.
    case predicted
    /// The native service that it needs was looked up in this native value, which it therefore
    /// does not test, and which nothing else predicts.
    case input
  }

  /// One measurement of one system.
  package struct Entry: Sendable, Hashable {
    package var row: String
    package var system: String
    package var role: Role
    /// Whether its published value was not in view when anything was chosen after it.
    package var isBlind: Bool
    /// Seconds as measured.
    package var published: Double
    /// Seconds as computed.
    package var predicted: Double
    /// Seconds by the first baseline: the measured native value.
    package var asNative: Double
    /// Seconds by the second: the measured native value times the mean factor of its class's priced
    /// rows; nil where the class has none.
    package var byClassFactor: Double?

    /// The relative error of the prediction; positive where it is too long.
    package var error: Double { predicted / published - 1 }
  }

  /// A native value that is predicted from other rows.
  package struct Composed: Sendable, Hashable {
    package var row: String
    package var made: CheckFile.Composition
  }

  package var title: String
  package var source: String
  /// The names of the measured systems, native first.
  package var systems: [String]
  /// Row by row, in each by system.
  package var entries: [Entry]
  /// Native values that are predicted from other rows, with how.
  package var compositions: [Composed]
  /// What priced each system, for those whose file states it.
  package var calibrations: [Calibration]

  /// Computes a table from its parts.
  ///
  /// - Parameters:
  ///   - host: The machine that the file names.
  ///   - approaches: Those that the file names, native among them.
  /// - Throws: `ModelError` where a path or a price is missing.
  package init(
    _ file: CheckFile, host: HostProfile, approaches: [ApproachProfile]
  ) throws(ModelError) {
    title = file.title
    source = file.source
    systems = file.systems.map(\.name)
    entries = []
    let pricings = try Self.pricings(file, host: host, approaches: approaches)
    let factors = Self.classFactors(of: file)
    for row in file.rows {
      for (index, pricing) in pricings.enumerated() {
        let isComposed = index == 0 && row.composition != nil
        let isInput = index == 0 && row.isNativeInput && !isComposed
        entries.append(
          Entry(
            row: row.name, system: systems[index],
            role: isInput ? .input : row.isPriced ? .priced : .predicted,
            isBlind: row.inView == .none || (row.inView == .native && index > 0),
            published: row.published[index],
            predicted: isComposed
              ? try Self.composedSeconds(row, file.rows, pricing) : try Self.seconds(row, pricing),
            asNative: row.published[0],
            byClassFactor: factors[index][row.group].map { $0 * row.published[0] }))
      }
    }
    compositions = file.rows.compactMap { row in
      row.composition.map { Composed(row: row.name, made: $0) }
    }
    calibrations = []
    for index in systems.indices where !file.systems[index].prices.isEmpty {
      calibrations.append(try Calibration(of: index, in: file, pricings[index]))
    }
  }

  /// Reads a check file and the profiles that it names, and computes its table.
  ///
  /// - Throws: `ScenarioFormatError` or `ModelError`.
  package static func load(_ id: String, from library: Library) throws -> CheckTable {
    let file = try library.check(id)
    let approaches = try file.systems.map { try library.approach($0.approach) }
    return try CheckTable(file, host: try library.host(file.host), approaches: approaches)
  }

  /// The absolute relative errors of one system's entries in a role, ascending; only of blind ones
  /// where asked.
  package func absoluteErrors(
    of system: String, _ role: Role = .predicted, isBlind: Bool = false
  ) -> [Double] {
    entries.filter { $0.system == system && $0.role == role && ($0.isBlind || !isBlind) }
      .map { abs($0.error) }.sorted()
  }

  /// The absolute relative errors of all systems but native in a role, ascending; only of blind
  /// ones where asked.
  package func virtualizedErrors(_ role: Role = .predicted, isBlind: Bool = false) -> [Double] {
    virtualized(role, isBlind).map { abs($0.error) }.sorted()
  }

  /// The errors of the baseline that takes every system for native.
  package func nativeBaselineErrors(isBlind: Bool = false) -> [Double] {
    virtualized(.predicted, isBlind).map { abs($0.asNative / $0.published - 1) }.sorted()
  }

  /// The errors of the baseline with one factor per class of rows.
  package func classBaselineErrors(isBlind: Bool = false) -> [Double] {
    virtualized(.predicted, isBlind).compactMap { entry in
      entry.byClassFactor.map { abs($0 / entry.published - 1) }
    }.sorted()
  }

  /// A quantile of ascending values by linear interpolation; nil where there are none.
  package static func quantile(_ share: Double, of ascending: [Double]) -> Double? {
    guard let last = ascending.last else { return nil }
    let position = min(max(share, 0), 1) * Double(ascending.count - 1)
    let index = Int(position)
    guard index + 1 < ascending.count else { return last }
    return ascending[index] + (position - Double(index)) * (ascending[index + 1] - ascending[index])
  }

  private func virtualized(_ role: Role, _ isBlind: Bool) -> [Entry] {
    entries.filter {
      $0.system != systems.first && $0.role == role && ($0.isBlind || !isBlind)
    }
  }
}

extension CheckTable {
  private static func pricings(
    _ file: CheckFile, host: HostProfile, approaches: [ApproachProfile]
  ) throws(ModelError) -> [PathPricing] {
    var pricings: [PathPricing] = []
    for system in file.systems {
      guard let native = approaches.first(where: { $0.id == file.systems[0].approach }),
        let approach = approaches.first(where: { $0.id == system.approach })
      else {
        throw ModelError(
          .missingPath,
          "the check \(file.id) needs the approach \(system.approach); add its profile")
      }
      pricings.append(PathPricing(host: host, approach: approach, native: native))
    }
    return pricings
  }

  /// The time of a row on the processor of the guest.
  static func seconds(
    _ row: CheckFile.Row, _ pricing: PathPricing
  ) throws(ModelError) -> Double {
    let host = pricing.host
    var seconds =
      row.userSeconds * pricing.approach.userSlowdown.value / host.processors.speed.value
    for step in row.steps {
      let hops = try pricing.hops(of: step.operation, with: step.attributes)
      for hop in hops where !hop.hop.place.isElsewhere {
        seconds += step.count * (hop.seconds + hop.slowdownSeconds)
      }
    }
    guard let refill = row.refill else { return seconds }
    guard
      let price = host.price(of: .cacheRefill, service: nil, under: pricing.approach.id)?.price
    else {
      throw ModelError(
        .missingPrice,
        "host \(host.id) has no price for cache-refill, which \(row.name) needs; add a primitive "
          + "to the host profile")
    }
    let cache = host.processors.cache
    let others = refill.workingSetBytes * max(refill.tasks - 1, 0)
    return seconds + price.value * cache.refillBytes(of: refill.workingSetBytes, after: others)
  }

  /// The native time of a row as the sum of others that its file makes it of.
  private static func composedSeconds(
    _ row: CheckFile.Row, _ rows: [CheckFile.Row], _ native: PathPricing
  ) throws(ModelError) -> Double {
    var seconds = 0.0
    for term in row.composition?.terms ?? [] {
      guard let part = rows.first(where: { $0.name == term.row }) else { continue }
      seconds += term.factor * (try self.seconds(part, native))
    }
    return seconds
  }

  /// By system, the geometric mean of measured over native of the priced rows of each class.
  private static func classFactors(of file: CheckFile) -> [[String: Double]] {
    file.systems.indices.map { index in
      var logarithms: [String: [Double]] = [:]
      for row in file.rows where row.isPriced {
        logarithms[row.group, default: []].append(
          log(row.published[index] / row.published[0]))
      }
      return logarithms.mapValues { exp($0.reduce(0, +) / Double($0.count)) }
    }
  }
}
