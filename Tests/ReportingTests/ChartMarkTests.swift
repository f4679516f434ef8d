import Foundation
import Reporting
import Testing

@Suite struct ChartMarkTests {
  private struct Specification: Decodable {
    struct Layer: Decodable { var mark: Mark }
    struct Mark: Decodable {
      var type: String
      var shape: String?
      var size: Double?
      var filled: Bool?
      var strokeWidth: Double?
    }
    var layer: [Layer]
  }

  /// A mark's size is the area of the square around it: its root is a circle's diameter, and a
  /// diamond's diagonal.
  @Test func theAnalyticModelsDiamondStandsAroundTheDot() throws {
    let chart = try #require(ChartSet(try Fixture.study()).guestsThatFit)
    let text = try chart.specification.encoded(pretty: false)
    let marks = try JSONDecoder().decode(Specification.self, from: Data(text.utf8)).layer
      .map(\.mark).filter { $0.type == "point" }
    let dot = try #require(marks.first { $0.shape == nil }?.size)
    let diamond = try #require(marks.first { $0.shape == "diamond" })
    #expect(diamond.filled == false)
    let diagonal = try #require(diamond.size).squareRoot()
    let line = try #require(diamond.strokeWidth)
    #expect(diagonal / 2.0.squareRoot() - line > dot.squareRoot() + 1)
    // A row of the chart is 28 high.
    #expect(diagonal < 28)
  }
}
