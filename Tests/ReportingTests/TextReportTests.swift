import Experiments
import Foundation
import Reporting
import ScenarioFormat
import Testing
import Virtualization

@Suite struct TextReportTests {
  @Test func opensWithASentencePerApproachAndPutsTheMostGuestsFirst() throws {
    let text = TextReport.render(try Fixture.study(), style: TextStyle(width: 400))
    let lines = text.split(separator: "\n")
    #expect(
      lines.first
        == """
        linux-vserver: 219 guests [207, 227] (95 %) at p95 <= 200 ms; memory binds; next would be \
        processors, at 9 % more guests; guest 220 fails because memory for 1 more guest is not \
        there and swapping lifts p95 to 231 ms
        """)
    #expect(lines[7].hasPrefix("native: 231 guests"), "native is a bound and stands last")
    #expect(text.contains("vmware-workstation: no guest fits at p95 <= 200 ms because one guest"))
    #expect(text.contains("uml-tt: the precision asked for was not reached"))
  }

  @Test(arguments: [
    ([[3e-4, 4e-4], [5e-4, 9e-4]], [TimeUnit.microseconds, .microseconds]),
    ([[3e-4, 4e-4], [0.012, 0.02]], [.milliseconds, .milliseconds]),
    ([[2.5e-4, 9.98e-4], [1.2e-3]], [.milliseconds, .milliseconds]),
    ([[1.41e-9], [5.785810365]], [.nanoseconds, .seconds]),
    ([[2e-6], [0.4, 900]], [.microseconds, .seconds]),
    ([[3e-4, 4.127756], [1e-3]], [nil, .milliseconds]),
    ([[0], [0.4]], [.milliseconds, .milliseconds]), ([[], []], [.seconds, .seconds]),
  ])
  func figuresShareAUnitWhileBothCanBeReadInIt(times: [[Double]], units: [TimeUnit?]) {
    #expect(TimeUnit.beside(times) == units)
  }

  @Test func aTinyProcessorTimeDoesNotSpoilTheResponse() throws {
    var study = try Fixture.study()
    for index in study.overhead?.approaches.indices ?? 0..<0 {
      study.overhead?.approaches[index].classes[0].processorPerRequest = Fixture.estimate(1.4e-9)
      study.overhead?.approaches[index].classes[0].meanResponse = Fixture.estimate(5.7858)
    }
    let text = TextReport.render(study, style: TextStyle(width: 300))
    #expect(text.contains("native: 1.40 ns [1.34, 1.46] (95 %) of processor time a request"))
    #expect(text.contains("mean response 5.79 s [5.55, 6.02]"))
  }

  @Test(arguments: [60, 80, 100])
  func keepsToTheWidthAndToASCIIWithoutColor(width: Int) throws {
    let text = TextReport.render(try Fixture.study(), style: TextStyle(width: width))
    for line in text.split(separator: "\n") { #expect(line.count <= width, "\(line)") }
    #expect(text.unicodeScalars.allSatisfy { $0.isASCII && ($0 == "\n" || $0.value >= 32) })
  }

  @Test func colorsOnlyWhenAsked() throws {
    let study = try Fixture.study()
    #expect(TextReport.render(study, style: TextStyle(color: true)).contains("\u{1B}[1m"))
    #expect(!TextReport.render(study).contains("\u{1B}"))
  }

  @Test func doesNotPassEscapeSequencesOfAScenarioOn() throws {
    let text = TextReport.render(try Fixture.study(guestClass: "web\u{1B}[2J\u{202E}"))
    #expect(!text.unicodeScalars.contains("\u{1B}"))
    #expect(!text.unicodeScalars.contains("\u{202E}"))
  }

  @Test func namesTheMeanWhereTheObjectiveJudgesIt() throws {
    var study = try Fixture.study()
    study.scenario.objective.statistic = .mean
    #expect(
      TextReport.render(study).hasPrefix("linux-vserver: 219 guests [207, 227] (95 %) at mean"))
    let chart = try #require(ChartSet(study).densityCurve)
    #expect(chart.title == "mean of the response time against the number of guests")
  }

  @Test func callsTheEndOfTheSearchABound() throws {
    var study = try Fixture.study()
    study.scenario.controls.maximumGuests = 219
    let text = TextReport.render(study, style: TextStyle(width: 300))
    #expect(
      text.hasPrefix("linux-vserver: 219 or more guests [207, open] (95 %) at p95 <= 200 ms; the "))
    #expect(!text.contains("guest 220 fails"))
  }

  @Test func saysWhereADifferenceIsNotDecided() throws {
    var study = try Fixture.study()
    study.overhead?.approaches[1].classes[0].againstNative?.responseDiffers = false
    let text = TextReport.render(study, style: TextStyle(width: 300))
    let line = text.split(separator: "\n").first { $0.hasPrefix("openvz: 1.61 ms") }
    #expect(line?.hasSuffix("whether that differs from native's is not decided") == true)
  }

  @Test func goldenText() throws {
    try Golden.expect(TextReport.render(try Fixture.study()), matches: "report.txt")
  }

  @Test func ranksWhatPairsDecide() {
    let ranking = Ranking(
      ["a", "b", "c", "d"],
      pairs: [
        pair("a", "b", false), pair("c", "a", true), pair("a", "d", true), pair("b", "c", false),
        pair("d", "b", true), pair("c", "d", true),
      ])
    #expect(ranking.groups == [["a", "b", "c"], ["d"]])
    #expect(ranking.leaders == ["a", "b"])
    #expect(ranking.text == "a ~ b ~ c > d; not decided: a and b, b and c; but decided: a > c")
  }

  @Test func whatWasNotComparedIsNotDecided() {
    let ranking = Ranking(["a", "b"], pairs: [pair("a", "c", true)])
    #expect(ranking.text == "a ~ b; not decided: a and b")
    #expect(Ranking(["a"], pairs: []).text == nil)
  }

  private func pair(
    _ first: String, _ second: String, _ isDecided: Bool
  ) -> PairDifference {
    let difference = Estimate(
      value: 2, low: 1, high: 3, confidence: 0.95, noiseShare: 1, replications: 5, draws: 0)
    return PairDifference(
      first: first, second: second, difference: difference, noisePValue: 0, combinedPValue: 0,
      reversals: 0, isDecided: isDecided)
  }

  @Test(arguments: [
    (0.0123, "12.3 ms"), (0.999_96, "1.00 s"), (1.5e-7, "150 ns"), (0, "0 s"), (61.234, "61.2 s"),
    (-0.002, "-2.00 ms"), (0.000_999_96, "1.00 ms"),
  ])
  func writesTimesInTheUnitThatFits(seconds: Double, text: String) {
    #expect(NumberText.duration(seconds) == text)
  }

  @Test(arguments: [
    (0.0, "0 %"), (0.0004, "0.04 %"), (0.094, "9.4 %"), (0.62, "62 %"), (0.995, "99.5 %"),
    (1, "100 %"), (-0.03, "-3.0 %"),
  ])
  func writesShares(share: Double, text: String) {
    #expect(NumberText.percent(share) == text)
  }

  @Test func explainsTheLargestItemsBeyondNative() throws {
    let report = Fixture.report(try Fixture.study())
    let answer = try #require(report.study.overhead)
    let slow = try #require(answer.approaches.first { $0.approach == "uml-skas3" })
    let native = try #require(answer.approaches.first { $0.approach == "native" })
    let text = Because.paragraph(slow, slow.classes[0], native: native.classes[0], in: report)
      .joined(separator: " ")
    #expect(text.contains("44 % of what comes on top is ptrace stop (610 us)"))
    #expect(
      text.contains(
        "Counted along its paths: system call 80 a request x 4.00 us (published) = 320 us and "
          + "others."
      ))
    #expect(
      text.contains("tenancy explain uml-skas3 system-call --host made-up-host. "))
    #expect(
      text.contains(
        "By operation, most comes from system call (40 a request: 484 us, natively 12.0 us, for "
          + "ptrace stop, host switch)."))
  }

  @Test func namesWhatMakesAnOperationDearerEvenWhereNativeHasIt() throws {
    let scenario = try GoldenTests.load("hosting-2006").scenario
    let profile = try #require(scenario.approaches.first { $0.id == "vmware-workstation" })
    let switching = try #require(
      Because.operations(
        of: scenario.guests[0], under: profile, in: scenario, limit: 100
      ).first { $0.operation == .contextSwitch })
    #expect(switching.mechanisms.first == .addressSpaceSwitch)
    // Less than a twentieth of the difference.
    #expect(!switching.mechanisms.contains(.kernelSlowdown))
  }

  @Test func saysHowBusyTheProcessorsAreBesideWhatARequestCosts() throws {
    var study = try Fixture.study()
    for index in study.overhead?.approaches.indices ?? 0..<0 {
      study.overhead?.approaches[index].utilizations = [
        ResourceUtilization(resource: "processors", share: index == 0 ? 0.006 : 0.2)
      ]
    }
    let answer = try #require(study.overhead)
    let load = try #require(
      OverheadSentences(answer: answer, scenario: study.scenario).processorLoad)
    #expect(
      load.hasPrefix(
        "The host's processors are busy 0.60 % under \(answer.approaches[0].approach), 20 % under"))
    let text = TextReport.render(study, style: TextStyle(width: 5_000))
    #expect(text.contains(load))
  }

  @Test func promisesNoRoomThatSlowRequestsMayTake() throws {
    var study = try Fixture.study()
    func next() -> String {
      TextReport.render(study, style: TextStyle(width: 5_000)).split(separator: "\n")
        .first { $0.hasPrefix("linux-vserver: 219") }.map(String.init) ?? ""
    }
    #expect(!next().contains("unless requests slow down first"))
    let index = try #require(
      study.density?.approaches.firstIndex { $0.approach == "linux-vserver" })
    study.density?.approaches[index].curve.removeAll { $0.guests > 219 }
    #expect(next().contains("at 9 % more guests unless requests slow down first; guest 220"))
  }

  @Test func namesEveryMechanism() {
    let notes = Mechanism.allCases.map(\.note)
    #expect(Set(notes).count == notes.count)
    #expect(
      Set(Mechanism.allCases.map { MechanismFamily($0) }).count == MechanismFamily.allCases.count)
    for family in MechanismFamily.allCases { #expect(!family.explanation.isEmpty) }
  }
}
