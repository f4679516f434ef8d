import Experiments
import Foundation
import ScenarioFormat
import Testing
import Virtualization

/// Holds the shipped prices to the published rows that they were not derived from.
@Suite struct CheckTableTests {
  private static let profiles = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Sources/Virtualization/Profiles").path(percentEncoded: false)
  private static let library = Library(folders: [profiles])

  private func table() throws -> CheckTable {
    try CheckTable.load("barham2003-lmbench", from: Self.library)
  }

  // Pinned just above what the model reached when the prices were derived: a change of paths or
  // prices that predicts worse has to say so here.
  @Test(arguments: [("Xen", 0.08), ("VMW", 0.13), ("UML", 0.07), ("L-UP", 0.14)])
  func predictedRowsStayClose(_ system: String, _ limit: Double) throws {
    let errors = try table().absoluteErrors(of: system)
    #expect(errors.count == 12)
    let median = try #require(CheckTable.quantile(0.5, of: errors))
    #expect(median < limit)
  }

  @Test func pathsPredictBetterThanFactors() throws {
    let table = try table()
    let errors = table.virtualizedErrors()
    #expect(errors.count == 36)
    let median = try #require(CheckTable.quantile(0.5, of: errors))
    let ninth = try #require(CheckTable.quantile(0.9, of: errors))
    #expect(median < 0.09)
    #expect(ninth < 0.29)
    for baseline in [table.nativeBaselineErrors(), table.classBaselineErrors()] {
      #expect(baseline.count == 36)
      let baselineMedian = try #require(CheckTable.quantile(0.5, of: baseline))
      let baselineNinth = try #require(CheckTable.quantile(0.9, of: baseline))
      #expect(median < baselineMedian / 3)
      #expect(ninth < baselineNinth / 3)
    }
  }

  // The arithmetic in the host profile's sources, checked: these rows gave the prices.
  @Test func pricesReproduceTheRowsTheyCameFrom() throws {
    let table = try table()
    #expect(table.calibrations.map(\.system) == table.systems)
    for calibration in table.calibrations {
      for price in calibration.prices {
        let entry = try #require(
          table.entries.first { $0.row == price.row && $0.system == calibration.system })
        #expect(entry.role == .priced)
        #expect(abs(entry.error) < 0.005, "\(calibration.system): \(price.name)")
      }
    }
  }

  // A row that is looked up says nothing about native, and so must not seem to.
  @Test func whatIsLookedUpIsNotScored() throws {
    let table = try table()
    let native = table.calibrations[0]
    #expect(
      native.lookedUp == [
        "slct TCP", "sig hndl", "fork proc", "exec proc", "0K create", "0K delete",
      ])
    for entry in table.entries where entry.system == native.system {
      #expect((entry.role == .input) == native.lookedUp.contains(entry.row))
      if entry.role == .input { #expect(abs(entry.error) < 0.005, "\(entry.row)") }
    }
    for other in table.calibrations.dropFirst() { #expect(other.lookedUp.isEmpty) }
  }

  // By hand from the native values of priced rows. None comes near its row: what the kernel does in
  // it beyond them, no priced row shows.
  private static let composed: [(row: String, micro: Double, published: Double)] = [
    ("sig inst", 0.45, 0.68),
    // 2 x 530 - 110
    ("sh proc", 950, 4_000),
    // 32.1 + 0.45 + 3 x (1.42 - 1.06) + (37.6 - 0.77) x 10 / 72
    ("10K create", 38.75, 66),
    // 6.08 + 3 x (1.42 - 1.06)
    ("10K delete", 7.16, 12.5),
  ]

  @Test(arguments: composed)
  func nativeIsMadeOfPricedRows(_ row: String, _ micro: Double, _ published: Double) throws {
    let table = try table()
    let entry = try #require(
      table.entries.first { $0.row == row && $0.system == table.systems[0] })
    #expect(entry.role == .predicted)
    #expect(abs(entry.predicted * 1e6 / micro - 1) < 0.005)
    #expect(abs(entry.published * 1e6 / published - 1) < 1e-9)
    // The others have the row's own work, and so more than the sum.
    for other in table.entries where other.row == row && other.system != entry.system {
      #expect(other.role == .predicted && other.predicted > entry.predicted)
    }
  }

  @Test func halfOfTheRowsIsPredictedAndPricesAreFewerThanHalfOfTheOthers() throws {
    let file = try Self.library.check("barham2003-lmbench")
    #expect(file.rows.count == 24)
    #expect(file.rows.count { $0.isPriced } == 12)
    let calibrations = try table().calibrations
    #expect(calibrations.map(\.rows) == [6, 12, 12, 12])
    #expect(calibrations.map(\.prices.count) == [6, 4, 5, 4])
    #expect(calibrations.map(\.isFit) == [false, true, true, true])
  }

  // Nothing that a system's priced rows hang on may be missing from its list: an approach's own
  // published price is a fitted one, or it is one of the host's native values.
  @Test func everyPublishedPriceOfAnApproachIsCounted() throws {
    let file = try Self.library.check("barham2003-lmbench")
    let host = try Self.library.host(file.host)
    let native = try Self.library.approach("native")
    for system in file.systems.dropFirst() {
      let pricing = PathPricing(
        host: host, approach: try Self.library.approach(system.approach), native: native)
      var uncounted: Set<String> = []
      for step in file.rows.flatMap(\.steps) {
        for hop in try pricing.hops(of: step.operation, with: step.attributes) {
          let primitive = hop.primitive
          guard primitive.approach == system.approach, primitive.price.status != .assumed,
            !system.prices.map(\.name).contains(primitive.mechanism.rawValue)
          else { continue }
          uncounted.insert(primitive.mechanism.rawValue)
        }
      }
      #expect(uncounted == (system.name == "UML" ? ["host-switch"] : []), "\(system.name)")
    }
  }

  // A row of one price each: sensitivities are the unit matrix. Two rows of one price alone: no
  // second price can be told from the first.
  @Test func conditionNumberByHand() throws {
    var file = try Self.library.check("barham2003-lmbench")
    let host = try Self.library.host(file.host)
    let native = [try Self.library.approach("native")]
    file.systems = [file.systems[0]]
    let all = file.rows
    file.rows = all.filter { ["null call", "prot fault"].contains($0.name) }
    file.systems[0].prices.removeAll { !["trap", "exception"].contains($0.name) }
    let unit = try CheckTable(file, host: host, approaches: native).calibrations[0]
    #expect(abs(try #require(unit.conditionNumber) - 1) < 1e-9)
    file.rows[1].steps = file.rows[0].steps
    let blind = try CheckTable(file, host: host, approaches: native).calibrations[0]
    #expect(blind.conditionNumber == nil)
    // sensitivities (1, 0) and (0.9 / 1.92, 1.02 / 1.92): the root of the ratio of eigenvalues
    file.rows = all.filter { ["null call", "open/close"].contains($0.name) }
    file.systems[0].prices = [
      CheckFile.FittedPrice(
        name: "trap", subject: .primitive(.trap, service: nil), row: "null call"),
      CheckFile.FittedPrice(
        name: "look-up", subject: .primitive(.kernelWork, service: .fileStat), row: "open/close"),
    ]
    let (a, b) = (0.9 / 1.92, 1.02 / 1.92)
    let trace = 1 + a * a + b * b
    let root = (trace * trace / 4 - b * b).squareRoot()
    let expected = ((trace / 2 + root) / (trace / 2 - root)).squareRoot()
    let skewed = try CheckTable(file, host: host, approaches: native).calibrations[0]
    #expect(abs(try #require(skewed.conditionNumber) - expected) < 1e-6)
  }

  @Test func pricesOfZeroTakeNoTime() throws {
    let file = try Self.library.check("barham2003-lmbench")
    var host = try Self.library.host(file.host)
    for index in host.primitives.indices { host.primitives[index].price.value = 0 }
    let approaches = try file.systems.map { try Self.library.approach($0.approach) }
    let table = try CheckTable(file, host: host, approaches: approaches)
    for entry in table.entries where entry.row != "exec proc" && entry.row != "sh proc" {
      #expect(entry.predicted == 0)
    }
  }

  @Test func aMissingPriceIsNamed() throws {
    let file = try Self.library.check("barham2003-lmbench")
    var host = try Self.library.host(file.host)
    host.primitives.removeAll { $0.mechanism == .shadowSync }
    let approaches = try file.systems.map { try Self.library.approach($0.approach) }
    #expect {
      try CheckTable(file, host: host, approaches: approaches)
    } throws: { error in
      (error as? ModelError)?.message.contains("shadow-sync") == true
    }
    #expect(throws: ModelError.self) {
      try CheckTable(file, host: host, approaches: Array(approaches.prefix(1)))
    }
  }

  @Test func quantilesByHand() {
    #expect(CheckTable.quantile(0.5, of: []) == nil)
    #expect(CheckTable.quantile(0.9, of: [4]) == 4)
    #expect(CheckTable.quantile(0.5, of: [1, 2, 4]) == 2)
    #expect(CheckTable.quantile(0.25, of: [1, 3, 4]) == 2)
    #expect(CheckTable.quantile(2, of: [1, 3]) == 3)
  }
}
