import Experiments
import Foundation
import Reporting
import Statistics
import Testing
import Virtualization

/// What reports say where a short word would say something false.
@Suite struct HonestWordsTests {
  static func interrupted(_ names: [String]) throws -> Study {
    var study = try Fixture.study()
    for index in study.density?.approaches.indices ?? 0..<0
    where names.contains(study.density?.approaches[index].approach ?? "") {
      study.density?.approaches[index].outcome = .interrupted
      study.density?.approaches[index].guests = 0
      study.density?.approaches[index].binding = "nothing"
      study.density?.approaches[index].curve = []
    }
    return study
  }

  static func page(_ study: Study) throws -> String {
    try PageReport.render(
      Fixture.report(study), charts: ChartSet(study), drawing: nil, advice: "advice")
  }

  @Test func anInterruptedRunIsNotAnAnswer() throws {
    let study = try Self.interrupted(Fixture.approaches)
    let page = try Self.page(study)
    #expect(
      page.contains("<strong>Who fits most: </strong>not answered: the run was interrupted."))
    #expect(!page.contains("No approach holds"))
    let text = TextReport.render(study)
    #expect(text.hasPrefix("native: not answered: the run was interrupted\n"))
  }

  @Test func anApproachThatWasNotFinishedSaysSo() throws {
    var study = try Fixture.study()
    let index = try #require(study.density?.approaches.firstIndex { $0.approach == "openvz" })
    study.density?.approaches[index].outcome = .notFinished
    study.density?.approaches[index].failure = "time stands still"
    study.density?.approaches[index].guests = 0
    study.overhead?.approaches[1].outcome = .notFinished
    study.overhead?.approaches[1].explanation = "time stands still"
    #expect(!study.isInterrupted)
    let text = TextReport.render(study, style: TextStyle(width: 300))
    #expect(text.contains("openvz: not finished because time stands still\n"))
    #expect(text.contains("openvz: not finished: time stands still\n"))
    let report = Fixture.report(study)
    let record = try #require(ResultDocument(report).density?.first { $0.approach == "openvz" })
    #expect(record.status == "not-finished" && record.guests == nil && record.trust == nil)
    #expect(
      try Self.page(study).contains("Not finished, because a run took too many events: openvz."))
  }

  @Test func whatWasNotAnsweredHasNoNumbersInFiles() throws {
    let report = Fixture.report(try Self.interrupted(["openvz"]))
    let record = try #require(
      ResultDocument(report).density?.first { $0.approach == "openvz" })
    #expect(record.guests == nil && record.low == nil && record.high == nil)
    #expect(record.binding == nil && record.trust == nil)
    let json = String(decoding: try JSONEncoder().encode(record), as: UTF8.self)
    #expect(!json.contains("\"guests\"") && !json.contains("\"low\""))
    let rows = TidyResults.csv(report).split(separator: "\r\n").filter {
      $0.contains(",openvz,all,density,") && !$0.contains("guests-beyond:")
    }
    #expect(
      rows == ["made-up,0123456789abcdef,openvz,all,density,,all,guests,guest,,,,,,interrupted,"])
    let lines = ShortAnswer.lines(
      DensitySentences(
        answer: try #require(report.study.density), scenario: report.study.scenario))
    #expect(lines[0].text.hasSuffix("Not answered, because the run was interrupted: openvz."))
  }

  @Test("A number whose draws were broken off is in the files, with its interval by noise alone")
  func whatWasFoundBeforeAnInterruptIsKept() throws {
    var study = try Fixture.study()
    let index = try #require(study.density?.approaches.firstIndex { $0.approach == "openvz" })
    study.density?.approaches[index].outcome = .interrupted
    let answer = try #require(study.density?.approaches[index])
    let report = Fixture.report(study)
    let record = try #require(
      ResultDocument(report).density?.first { $0.approach == "openvz" })
    #expect(record.status == "interrupted" && record.guests == answer.guests)
    #expect(record.noiseLow == answer.noiseLow && record.noiseHigh == answer.noiseHigh)
    #expect(record.low == nil && record.high == nil)
    let rows = TidyResults.csv(report).split(separator: "\r\n").filter {
      $0.contains(",openvz,all,density,")
    }
    #expect(rows.contains { $0.contains(",guests,guest,,,,,,interrupted,") })
    #expect(
      rows.contains {
        $0.contains(
          ",guests-by-noise-alone,guest,\(answer.guests),\(answer.noiseLow),"
            + "\(answer.noiseHigh),")
      })
  }

  @Test func tellsWhatIsUncertainAndWhereTheAnalyticModelIsSilent() throws {
    var study = try Fixture.study()
    func text(_ study: Study) -> String {
      TextReport.render(study, style: TextStyle(width: 2_000))
    }
    #expect(!text(study).contains("due to prices"))
    #expect(!text(study).contains("the workload's own demand makes"))
    study.density?.approaches[0].demandShare = 0.93
    study.density?.approaches[1].demandShare = 0.5
    #expect(
      text(study).contains(
        "the workload's own demand makes 50 % (openvz) to 93 % (native) of what uncertain numbers"))
    study.scenario.guests[0].workload.arrival = .closed(
      users: Quantity(1, .count, status: .assumed, source: "made up"),
      thinkTime: try .exponential(mean: 1))
    for index in 0..<(study.density?.approaches.count ?? 0) {
      study.density?.approaches[index].twinGuests = nil
    }
    #expect(text(study).contains("The analytic model has no number: of closed arrivals"))
    let chart = try #require(ChartSet(study).guestsThatFit)
    #expect(chart.caption.contains("no number: of closed arrivals"))
    #expect(!chart.caption.contains("diamond"))
  }

  @Test func tellsHowFarTheProgramsOwnComputationIsKnown() throws {
    var study = try Fixture.study()
    let exact = try Self.page(study)
    #expect(exact.contains("made-up-web computes 1.00 ms at the reference speed"))
    #expect(exact.contains("(assumed, taken as exact)"))
    study.scenario.guests[0].workload.scales.userComputation = Quantity(
      1, .count, low: 0.5, high: 3, status: .published, source: "made up as well")
    let drawn = try Self.page(study)
    #expect(drawn.contains("(published, 500 us to 3.00 ms)"))
    #expect(drawn.contains("mean user computation of a request, at the reference speed"))
    #expect(drawn.contains("500 us to 3.00 ms</td>") && drawn.contains("made up as well"))
  }

  @Test(arguments: [
    ([0.9, 0.2, 0.5, 0.9], "20 % (openvz) to 90 % (xen-pv and native) of"),
    ([0.2, 0.2, 0.2, 0.204, 0.7], "20 % (4 approaches) to 70 % (uml-tt) of"),
    ([0.5, 0.502], "50 % (openvz and native) of"),
    ([0.4], "40 % (native) of"),
  ])
  func namesTheEndsOfARangeOfShares(shares: [Double], words: String) throws {
    var answer = try #require(try Fixture.study().density)
    for index in answer.approaches.indices { answer.approaches[index].demandShare = nil }
    let order = ["native", "openvz", "linux-vserver", "xen-pv", "uml-tt"]
    for (name, share) in zip(order, shares) {
      let index = try #require(answer.approaches.firstIndex { $0.approach == name })
      answer.approaches[index].demandShare = share
    }
    let text = DensitySentences(answer: answer, scenario: try Fixture.scenario()).demandText
    #expect(text?.contains("the workload's own demand makes " + words) == true)
    #expect(text?.hasSuffix("prices the rest.") == true)
  }

  @Test func tellsReplicationsAndOpenEndsInTheTable() throws {
    var study = try Fixture.study()
    let told = ReplicationFigures(
      throughput: 79.5, meanResponse: 0.0125, processorPerRequest: 0.0015, refusedShare: 0,
      percentiles: [0.009, .nan])
    study.overhead?.approaches[0].classes[0].replications = [told, told]
    study.density?.approaches[0].isOpen = true
    let rows = TidyResults.csv(Fixture.report(study)).split(separator: "\r\n")
    let columns = TidyResults.header
    let replication = try #require(columns.firstIndex(of: "replication"))
    let single = rows.dropFirst().filter {
      $0.split(separator: ",", omittingEmptySubsequences: false)[replication] == "2"
    }
    #expect(single.count == 6)
    #expect(single[0].contains(",2,throughput,1/s,79.5,,,,,answered,"))
    #expect(single.contains { $0.contains(",2,response-p50,s,0.009,") })
    #expect(single.contains { $0.contains(",2,response-p95,s,,") })
    let open = rows.filter { $0.contains(",interval-open,boolean,") }
    #expect(open.count { $0.contains("boolean,1,") } == 1 && open.count > 1)
  }

  @Test func statesTheWholeObjectiveAndWhichConditionFailed() throws {
    let study = try Fixture.study()
    let full = "p95 <= 200 ms, at most 5 % of guests above it, at most 0.1 % refused"
    #expect(study.scenario.objective.fullText == full)
    #expect(
      try Self.page(study).contains("at p95 &lt;= 200 ms, at most 5\u{A0}% of guests above it"))
    let chart = try #require(ChartSet(study).densityCurve)
    #expect(chart.caption.contains(full))
    #expect(chart.summary.contains("at 228 p95 is 244 ms and 20 % of guests are above"))
    let point = try #require(study.density?.approaches[0].curve.first { !$0.holds })
    #expect(FailedCondition.all(of: point, study.scenario.objective) == [.response, .guests])
  }

  @Test(arguments: [
    (0.024, 1, "another of its requests, its background jobs"),
    (0.9, 1, "own 1 virtual processor or"),
    (0.9, nil, "one of the host's 4 cores"),
  ])
  func namesWhoHoldsTheProcessor(share: Double, allowed: Double?, words: String) throws {
    let scenario = try Fixture.scenario()
    var approach = scenario.approaches[1]
    approach.topology.guestProcessors = allowed.map { Fixture.quantity($0, .count) }
    let context = MechanismContext(
      approach, scenario.guests[0], scenario.host,
      [ResourceUtilization(resource: "processors", share: share)])
    #expect(context.note(.processorContention).contains(words))
  }

  @Test func namesWhereTheDevicesWorkIsDone() throws {
    let scenario = try Fixture.scenario()
    let context = MechanismContext(
      scenario.approaches[1], scenario.guests[0], scenario.host, [])
    #expect(context.note(.backendWork, at: [.driverDomain]).hasPrefix("the driver domain does"))
    #expect(context.note(.backendWork, at: [.ioThread]).hasPrefix("a thread of the host"))
    #expect(context.note(.backendWork, at: [.hostKernel]).hasPrefix("the host does the device"))
  }

  @Test func anEndWhereTheSearchStoppedIsOpen() throws {
    var study = try Fixture.study()
    study.scenario.controls.maximumGuests = 220
    let text = TextReport.render(study, style: TextStyle(width: 300))
    #expect(text.contains("linux-vserver: 219 guests [207, open]"))
    let chart = try #require(ChartSet(study).guestsThatFit)
    #expect(chart.caption.hasSuffix("without isolation."))
    #expect(chart.caption.contains("Open: the search stops at 220 guests."))
  }

  @Test func saysWhenThereWasNothingToCompareWith() throws {
    var study = try Fixture.study()
    study.density?.approaches.removeAll { $0.approach != "xen-pv" }
    #expect(
      try Self.page(study).contains(
        "<strong>How many fit: </strong>57 guests [54, 59] (95\u{A0}%) of xen-pv, the only approach"
      ))
  }

  @Test func explainsAPrecisionThatWasNotReached() throws {
    let text = TextReport.render(try Fixture.study(), style: TextStyle(width: 500))
    let line = text.split(separator: "\n").first { $0.hasPrefix("uml-tt: 22 guests") }
    #expect(line?.contains("p95 at 22 guests is known to +-14 %, not to 5 %, because") == true)
    #expect(line?.hasSuffix("to [22, 22] by noise alone") == true)
  }

  @Test(arguments: [(0.15, true), (0.2, true), (0.21, false)])
  func saysOnlyOfASafeFigureThatCapacityAloneSetsTheNumber(high: Double, isSafe: Bool) throws {
    let study = try Fixture.study()
    let density = try #require(study.density)
    var approach = try #require(density.approaches.first { $0.approach == "uml-tt" })
    approach.curve.removeAll { $0.guests > approach.guests }
    let index = try #require(approach.curve.firstIndex { $0.guests == approach.guests })
    approach.curve[index].percentile = Estimate(
      value: 0.1, low: 0.05, high: high, confidence: 0.95, noiseShare: 1, replications: 5, draws: 0)
    let sentences = DensitySentences(answer: density, scenario: study.scenario)
    let text = sentences.precisionText(approach)
    #expect(text.contains("capacity alone sets") == isSafe, "\(text)")
    #expect(text.contains("p95 at 22 guests is known to +-"))
  }

  @Test func comparesAllHopsAndNamesTheGuestsPart() throws {
    let study = try Fixture.study()
    var report = Fixture.report(study)
    report.prices = [
      OperationPrice(operation: .packetSend, approach: "native", seconds: 4e-6),
      OperationPrice(
        operation: .packetSend, approach: "xen-pv", seconds: 1e-5, guestSeconds: 3e-6),
    ]
    let page = try PageReport.render(
      report, charts: ChartSet(study), drawing: nil, advice: "advice")
    #expect(page.contains("10.0 (2.50\u{A0}x); guest\u{A0}3.00"))
  }

  @Test func drawsWhatWasSwappedOut() throws {
    var study = try Fixture.study()
    let full = try #require(ChartSet(study).memoryMap)
    #expect(!full.caption.contains("swapped out"))
    for index in study.density?.approaches[0].curve.indices ?? 0..<0 {
      study.density?.approaches[0].curve[index].memory.swapBytes = 1e9
    }
    let chart = try #require(ChartSet(study).memoryMap)
    #expect(chart.caption.contains("I swapped out"))
    #expect(chart.data.rows.contains { $0[2] == .text("swapped out") && $0[3] == .number(1e9) })
  }
}
