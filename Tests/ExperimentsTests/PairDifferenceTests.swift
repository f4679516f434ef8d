import Experiments
import Statistics
import Testing

@Suite struct PairDifferenceTests {
  private let estimation = Estimation(confidence: 0.95)

  private func figure(_ name: String, _ sections: [Double], draws: [Double] = []) -> PairedFigure {
    PairedFigure(approach: name, value: nil, sections: sections, draws: draws)
  }

  /// What two approaches share cancels, so that a small difference is seen under large noise.
  @Test func commonNoiseCancels() throws {
    let common = [10.0, 14, 7, 12, 9, 13]
    let first = figure("a", common, draws: common.map { $0 * 1.5 })
    let second = figure(
      "b", zip(common, [0.9, 1.1, 1.0, 1.05, 0.95, 1.0]).map { $0 - $1 },
      draws: zip(common, [0.8, 1.2, 1.0, 1.1, 0.9, 1.0]).map { $0 * 1.5 - $1 })
    let pair = try #require(try PairedFigure.differences([[first, second]], estimation)[0].first)
    let alone = try estimation.mean(first.sections, draws: first.draws)
    #expect(pair.isDecided)
    #expect(abs(pair.difference.value - 1) < 1e-12)
    #expect(pair.difference.low > 0.5 && pair.difference.high < 1.5)
    #expect(alone.high - alone.low > 4)
    #expect(pair.isPair("b", "a") && !pair.isPair("a", "c"))
  }

  /// The same time summed in another order differs in its last digits, in every replication alike.
  @Test("Rounding is no difference", arguments: [1.0, -1], [1e-18, 4e-12])
  func rounding(sign: Double, noise: Double) throws {
    let first = figure(
      "a", [9.95e-3, 9.96e-3, 9.94e-3], draws: Array(repeating: 9.95e-3, count: 20))
    let second = figure(
      "b", first.sections.map { $0 + sign * noise }, draws: first.draws.map { $0 + sign * noise })
    let pair = try #require(try PairedFigure.differences([[first, second]], estimation)[0].first)
    #expect(!pair.isDecided)
    #expect(pair.noisePValue == 1 && pair.combinedPValue == 1)
    #expect(pair.difference.value == 0)
    #expect(pair.difference.low == 0 && pair.difference.high == 0)
  }

  @Test("A difference that is small but more than rounding stays one")
  func smallDifference() throws {
    let first = figure("a", [1, 2, 3])
    let second = figure("b", first.sections.map { $0 + 1e-7 })
    let pair = try #require(try PairedFigure.differences([[first, second]], estimation)[0].first)
    #expect(pair.isDecided)
    #expect(abs(pair.difference.value + 1e-7) < 1e-12)
  }

  @Test("With unlike numbers of replications a pair is judged by those that both have")
  func unlikeNumbersOfReplications() throws {
    let first = PairedFigure(approach: "a", value: 10, sections: [10, 9, 11], draws: [])
    let second = PairedFigure(approach: "b", value: 14, sections: [8, 7, 9, 20, 26], draws: [])
    let pair = try #require(try PairedFigure.differences([[first, second]], estimation)[0].first)
    #expect(pair.difference.value == 2)
    #expect(pair.difference.low == 2 && pair.difference.high == 2)
    let alike = PairedFigure(approach: "b", value: 9, sections: [8, 7, 9], draws: [])
    let other = try #require(try PairedFigure.differences([[first, alike]], estimation)[0].first)
    #expect(other.difference.value == 1)
  }

  @Test("What says nothing is left out, with the draws that repeat it")
  func figuresThatSayNothing() throws {
    let full = try estimation.pooled(10, sections: [10, 9, 11], draws: [12, 8, 12])
    let less = try estimation.pooled(
      10, sections: [10, .nan, 9, 11], draws: [12, 5, 8, 12, .nan, 40])
    #expect(less.replications == 3 && less.draws == 3)
    #expect(less == full)
  }

  @Test func uncertainParametersLeaveItOpen() throws {
    let first = figure("a", [2, 2.01, 1.99, 2], draws: [2.5, 1.2, 2.9, 1.0])
    let second = figure("b", [1.9, 1.91, 1.9, 1.89], draws: [1.9, 1.9, 1.9, 1.9])
    let noiseOnly = figure("a", first.sections)
    #expect(try !PairedFigure.differences([[first, second]], estimation)[0][0].isDecided)
    #expect(try PairedFigure.differences([[noiseOnly, second]], estimation)[0][0].isDecided)
  }

  @Test(arguments: [
    ([3.0, 3, 3], [2.0, 2, 2], true), ([3.0, 3, 3], [3.0, 3, 3], false), ([3.0], [2.0], false),
    ([], [], false),
  ])
  func certainAndEmptyDifferences(first: [Double], second: [Double], isDecided: Bool) throws {
    let pairs = try PairedFigure.differences(
      [[figure("a", first), figure("b", second)]], estimation)
    #expect(pairs[0][0].isDecided == isDecided)
  }

  /// Eight equal approaches: at most 5 % of families may hold a wrong decision.
  ///
  /// Of 400 families 20 are expected at the level; 34 would be seen by chance in less than 0.2 %.
  @Test func familiesKeepTheirLevel() throws {
    var stream = RandomStream(StreamKey(seed: 20_261_122, role: StreamRole(rawValue: 1)))
    var wrong = 0
    for _ in 0..<400 {
      let figures = (0..<8).map { index in
        figure("\(index)", (0..<6).map { _ in stream.normal() })
      }
      let pairs = try PairedFigure.differences([figures], estimation)[0]
      #expect(pairs.count == 28)
      if pairs.contains(where: { $0.isDecided }) { wrong += 1 }
    }
    #expect(wrong <= 34)
  }
}
