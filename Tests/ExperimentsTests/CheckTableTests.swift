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
  @Test(arguments: [("Xen", 0.08), ("VMW", 0.13), ("UML", 0.07), ("L-UP", 0.09)])
  func predictedRowsStayClose(_ system: String, _ limit: Double) throws {
    let errors = try table().absoluteErrors(of: system)
    #expect(errors.count == (system == "L-UP" ? 8 : 12))
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
  @Test(arguments: [
    ("null call", "L-UP"), ("open/close", "L-UP"), ("fork proc", "L-UP"), ("exec proc", "L-UP"),
    ("2p/0K", "L-UP"), ("16p/64K", "L-UP"), ("0K create", "L-UP"), ("prot fault", "L-UP"),
    ("page fault", "L-UP"), ("2p/0K", "Xen"), ("prot fault", "Xen"), ("page fault", "Xen"),
    ("fork proc", "Xen"), ("null call", "VMW"), ("open/close", "VMW"), ("prot fault", "VMW"),
    ("page fault", "VMW"), ("2p/0K", "VMW"), ("null call", "UML"), ("open/close", "UML"),
    ("page fault", "UML"), ("2p/0K", "UML"), ("fork proc", "UML"), ("exec proc", "UML"),
  ])
  func pricesReproduceTheRowsTheyCameFrom(_ row: String, _ system: String) throws {
    let entry = try #require(
      try table().entries.first { $0.row == row && $0.system == system })
    #expect(entry.role == .priced)
    #expect(abs(entry.error) < 0.005)
  }

  @Test func halfOfTheRowsIsPredictedAndPricesAreFewer() throws {
    let file = try Self.library.check("barham2003-lmbench")
    #expect(file.rows.count == 24)
    #expect(file.rows.count { $0.isPriced } == 12)
    let host = try Self.library.host(file.host)
    for system in file.systems.dropFirst() {
      let approach = try Self.library.approach(system.approach)
      let used = Set(
        try file.rows.flatMap(\.steps).flatMap { step in
          try PathPricing(
            host: host, approach: approach, native: try Self.library.approach("native")
          ).hops(of: step.operation, with: step.attributes).map(\.hop.mechanism)
        })
      let own = host.primitives.filter { $0.approach == approach.id && used.contains($0.mechanism) }
      #expect(own.count < 12)
    }
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
