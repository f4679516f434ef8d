import Experiments
import Foundation
import Reporting
import Testing
import Virtualization

/// Answers whose numbers are right and whose words would leave a wrong impression.
@Suite struct WrongImpressionTests {
  private static func text(_ study: Study) -> String {
    TextReport.render(study, style: TextStyle(width: 4_000))
  }

  private static func refusing() throws -> Study {
    var study = try Fixture.study()
    let index = try #require(
      study.overhead?.approaches.firstIndex { $0.approach == "uml-skas3" })
    study.overhead?.approaches[index].classes[0].refusedShare = Fixture.estimate(0.33)
    return study
  }

  @Test func saysFirstThatRequestsAreRefused() throws {
    let study = try Self.refusing()
    let words = "uml-skas3 does not hold the objective: 33 % of requests are refused; 2.93 ms ["
    let line = try #require(Self.text(study).split(separator: "\n").first { $0.hasPrefix(words) })
    #expect(line.contains("of processor time a request that was served, "))
    #expect(line.contains("; mean response of those served 11.7 ms ["))
    let page = try HonestWordsTests.page(study)
    let words22 = words.replacing(" %", with: "\u{A0}%")
    #expect(page.contains("<li>" + words22))
    #expect(
      page.contains(
        "What it costs: </strong>The objective, p95 &lt;= 200 ms, at most 5\u{A0}% of guests above "
          + "it, at most 0.1\u{A0}% refused, does not hold under uml-skas3 (33\u{A0}% of requests "
          + "are refused); times are those of the requests that were served. Processor time of"))
    #expect(Self.text(study).contains("uml-skas3 !  "))
    #expect(Self.text(study).contains("; without holding the objective: uml-skas3\n"))
    let record = try #require(
      ResultDocument(Fixture.report(study)).overhead?.first { $0.approach == "uml-skas3" })
    #expect(record.classes[0].holdsObjective == false)
    #expect(!Self.text(try Fixture.study()).contains("does not hold the objective"))
  }

  @Test(arguments: [
    (0.3, 0.0, "uml-tt does not hold the objective: p95 is 300 ms; "),
    (0.2003, 0.0, "uml-tt does not hold the objective: p95 is 200.3 ms; "),
    (0.1, 0.0503, "uml-tt does not hold the objective: 5.03 % of guests are above; "),
    (0.2, 0.05, "uml-tt: "),
  ])
  func saysFirstWhichConditionFails(response: Double, above: Double, words: String) throws {
    var study = try Fixture.study()
    let index = try #require(study.overhead?.approaches.firstIndex { $0.approach == "uml-tt" })
    study.overhead?.approaches[index].classes[0].percentiles[1].estimate = Fixture.estimate(
      response)
    study.overhead?.approaches[index].classes[0].guestsAbove = above
    let lines = Self.text(study).split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix(words) && $0.contains("of processor time a request") })
  }

  @Test func givesTimesThatAreFarApartAUnitEach() throws {
    var study = try Fixture.study()
    study.overhead?.approaches[1].classes[0].meanResponse = Fixture.estimate(4.127756)
    let text = Self.text(study)
    #expect(text.contains("mean response 4.13 s [3.96, 4.29]"))
    #expect(!text.contains("412775") && !text.contains("412776"))
    #expect(text.contains("goes, in milliseconds"))
  }

  @Test(arguments: [(0.999, true), (1.001, false)])
  func saysWhyAnOrderIsDecidedBesideAnIntervalThatHoldsOne(low: Double, isNeeded: Bool) throws {
    var study = try Fixture.study()
    var ratio = Fixture.estimate(1.06)
    (ratio.low, ratio.high) = (low, 1.12)
    study.overhead?.approaches[1].classes[0].againstNative?.processorRatio = ratio
    let why = "times native (that it is not 1 is decided by paired differences); "
    #expect(Self.text(study).contains(why) == isNeeded)
    let page = try HonestWordsTests.page(study)
    #expect(page.contains(why) == isNeeded)
    #expect(page.contains("may be 1 by its interval and is yet decided") == isNeeded)
    study.overhead?.approaches[1].classes[0].againstNative?.processorDiffers = false
    #expect(!Self.text(study).contains("decided by paired"))
  }

  @Test func callsMostlyOnlyWhatIsMoreThanHalf() throws {
    let chart = try #require(ChartSet(try Fixture.study()).overhead.first)
    #expect(chart.summary.contains("native 1.54 ms, mostly program"))
    #expect(chart.summary.contains("uml-skas3 2.93 ms, the largest part "))
    for part in chart.summary.split(separator: ";") where part.contains("largest part") {
      #expect(part.contains(" %)"))
    }
  }

  @Test func doesNotWriteALimitForWhatIsBeyondIt() throws {
    var study = try Fixture.study()
    let index = try #require(study.density?.approaches.firstIndex { $0.approach == "openvz" })
    let point = try #require(study.density?.approaches[index].curve.firstIndex { !$0.holds })
    study.density?.approaches[index].curve[point].percentile = Fixture.estimate(0.2003)
    study.density?.approaches[index].curve[point].guestsAbove = 0.05004
    let chart = try #require(ChartSet(study).densityCurve)
    #expect(chart.summary.contains("p95 is 200.3 ms and 5.004 % of guests are above"))
  }

  @Test func speaksOfMemoryAtTheNumberThatFits() throws {
    let chart = try #require(ChartSet(try Fixture.study()).memoryMap)
    #expect(chart.summary.contains("shared at 212 guests"))
    #expect(chart.caption.contains("up to the most that the search tried, beyond those that fit."))
  }

  @Test func speaksOfEitherOnlyAfterTheDisk() throws {
    var study = try Fixture.study()
    func certainty() throws -> String {
      ShortAnswer.lines(
        DensitySentences(answer: try #require(study.density), scenario: study.scenario)
      ).last?.text ?? ""
    }
    #expect(try certainty().contains("memory binds, which no such price stands for: that rests on"))
    study.density?.approaches[1].binding = "disk"
    #expect(try certainty().contains("memory binds, which no such price stands for either: that"))
  }

  @Test func tellsGrowthOnlyWhereThereIsSome() throws {
    var study = try Fixture.study()
    #expect(
      try #require(ChartSet(study).densityCurve).summary.hasPrefix(
        "p95 grows with the number of guests. "))
    for index in study.density?.approaches.indices ?? 0..<0 where index != 1 {
      study.density?.approaches[index].curve.removeAll { !$0.isStable }
      for point in study.density?.approaches[index].curve.indices ?? 0..<0 {
        study.density?.approaches[index].curve[point].percentile = Fixture.estimate(0.02)
      }
    }
    #expect(
      try #require(ChartSet(study).densityCurve).summary.hasPrefix(
        "p95 grows with the number of guests under openvz, and hardly under the others. "))
    study.density?.approaches.remove(at: 1)
    study.scenario.controls.maximumGuests = 219
    let summary = try #require(ChartSet(study).densityCurve).summary
    #expect(summary.hasPrefix("p95 hardly depends on the number of guests simulated. "))
    #expect(summary.contains("linux-vserver up to 219 guests, where the search stopped"))
  }

  @Test func leavesNoHeadingOverNothingOnPaper() throws {
    let page = try HonestWordsTests.page(try Fixture.study())
    #expect(
      page.contains("<p class=\"paper\">The page on the screen lists them; on paper there is"))
    #expect(page.contains("<details class=\"counts\"><summary>host made-up-host: "))
    #expect(page.contains(".paper, details.counts { display: block; }"))
  }

  @Test(arguments: [40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50])
  func breaksNoLineBetweenANumberAndItsPercent(width: Int) throws {
    let lines = SafeText.wrapped(
      "busy 2.9 % under uml-skas0, 100 % (native) to 14 %, of 62 % measured % apart", width: width)
    #expect(lines.allSatisfy { $0.count <= width && !$0.hasPrefix("%") || $0.hasPrefix("% apart") })
    #expect(lines.joined(separator: " ").contains("2.9 % under uml-skas0, 100 % (native) to 14 %,"))
    #expect(!(try HonestWordsTests.page(try Fixture.study())).contains("5 % precision"))
  }

  @Test func tellsTheShareOfNoiseThatTheEstimateHas() throws {
    var study = try Fixture.study()
    study.density?.approaches[0].noiseShare = 0.123
    let page = try HonestWordsTests.page(study)
    #expect(
      page.contains(
        "<td class=\"number\">12\u{A0}%</td><td class=\"number\">88\u{A0}%</td>"))
    // openvz has none, as where all searches stopped at one number.
    #expect(
      page.contains("<td class=\"number\">-</td><td class=\"number\">-</td>"))
    #expect(ResultDocument(Fixture.report(study)).density?[0].noiseShare == 0.123)
    let first = TidyResults.csv(Fixture.report(study)).split(separator: "\r\n").first {
      $0.contains(",density,231,all,guests,guest,")
    }
    #expect(first?.hasSuffix(",0.123") == true)
  }

  @Test func saysThatDrawsAreLeftOut() throws {
    var study = try Fixture.study()
    study.density?.approaches[1].lostDraws = 3
    #expect(Self.text(study).contains("with 3 of 16 draws of the uncertain numbers a run took"))
  }

  @Test func namesTheFigureThatIsNotPrecise() throws {
    var study = try Fixture.study()
    study.overhead?.approaches[1].outcome = .precisionNotReached
    study.overhead?.approaches[1].classes[0].imprecise = [
      ImpreciseFigure(name: "throughput", relativeHalfWidth: 0.33)
    ]
    let words =
      "the precision asked for was not reached: by noise alone, throughput is known to +-33 %, not "
      + "to 5 %\n"
    #expect(Self.text(study).contains(words))
  }
}
