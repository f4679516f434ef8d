import Experiments
import Foundation
import Reporting
import Testing
import Virtualization

@Suite struct ResultComparisonTests {
  static func document(guests: Int? = nil, id: String = "made-up") throws -> ResultDocument {
    var study = try Fixture.study()
    study.scenario.id = id
    if let guests {
      study.density?.approaches[1].guests = guests
      study.density?.approaches[1].low = guests - 5
      study.density?.approaches[1].high = guests + 5
    }
    return ResultDocument(Fixture.report(study))
  }

  @Test func findsNothingBetweenEqualResults() throws {
    let document = try Self.document()
    let comparison = try ResultComparison(document, document, place: "test")
    #expect(!comparison.rows.isEmpty)
    #expect(comparison.rows.allSatisfy { !$0.isDecided && $0.difference.value == 0 })
    #expect(comparison.rows.allSatisfy { $0.verdict == "equal" && $0.difference.high == 0 })
    #expect(comparison.isIdentical)
    #expect(comparison.text().hasPrefix("Both results are identical: the same scenario"))
    #expect(comparison.text().split(separator: "\n").count == 1)
    #expect(comparison.notices.isEmpty)
  }

  @Test func decidesWhereIntervalsAreApart() throws {
    let comparison = try ResultComparison(
      try Self.document(), try Self.document(guests: 250), place: "test")
    let row = try #require(
      comparison.rows.first { $0.approach == "openvz" && $0.metric == "guests" })
    #expect(row.verdict == "higher")
    #expect(row.difference.value == 38)
    // By hand: sqrt(5^2 + 7^2) below, sqrt(5^2 + 11^2) above.
    #expect(abs(row.difference.low - (38 - 74.0.squareRoot())) < 1e-12)
    #expect(abs(row.difference.high - (38 + 146.0.squareRoot())) < 1e-12)
    #expect(comparison.text().contains("+38"))
    for line in comparison.text().split(separator: "\n") { #expect(line.count <= 100) }
    #expect(comparison.csv.contains("openvz,all,guests,guest,212,201,219,250,245,255,38,"))
  }

  @Test func callsEqualWhatIsAndSaysWhatIsMissing() throws {
    var one = try Self.document()
    one.density?[0].status = "interrupted"
    one.density?[0].guests = nil
    let both = try ResultComparison(one, one, place: "test")
    #expect(
      both.text(style: TextStyle(width: 300)).hasSuffix(
        "numbers.\nnote: guests that fit, interrupted in both: native\n"))
    let comparison = try ResultComparison(one, try Self.document(), place: "test")
    let text = comparison.text(style: TextStyle(width: 300))
    #expect(text.hasPrefix("All "), "\(text)")
    #expect(text.contains("note: native, guests that fit: interrupted, then answered"))
    #expect(!text.contains("not decided"))
    let changed = try ResultComparison(
      try Self.document(), try Self.document(guests: 250), place: "test"
    ).text(style: TextStyle(width: 300))
    #expect(changed.hasPrefix("1 of ") && changed.contains("numbers differ; "))
    #expect(changed.split(separator: "\n")[0].hasSuffix(" are equal."))
  }

  @Test func writesARowInOneUnit() throws {
    var (one, other) = (try Self.document(), try Self.document())
    func change(_ document: inout ResultDocument, to value: Double) {
      document.overhead?[0].classes[0].meanResponse.value = value
      document.overhead?[0].classes[0].meanResponse.low = value * 0.5
      document.overhead?[0].classes[0].meanResponse.high = value * 1.5
    }
    change(&one, to: 9.63e-4)
    change(&other, to: 9.58e-4)
    let text = try ResultComparison(one, other, place: "test").text(style: TextStyle(width: 300))
    let row = try #require(
      text.split(separator: "\n").first { $0.contains("response-mean") && $0.contains("963 us") })
    #expect(row.contains("963 us   958 us  -5.00 us [-684, 674]  not decided"), "\(row)")
  }

  @Test func leavesOutIntervalsOfTwoReplications() throws {
    var (one, other) = (try Self.document(), try Self.document())
    other.scenario.hash = "feed"
    func change(_ document: inout ResultDocument, to value: Double) {
      document.overhead?[0].classes[0].meanResponse.value = value
      document.overhead?[0].classes[0].meanResponse.low = value * 1e-6
      document.overhead?[0].classes[0].meanResponse.high = value * 1e6
      document.overhead?[0].classes[0].meanResponse.replications = 2
    }
    func row(_ one: ResultDocument, _ other: ResultDocument) throws -> String {
      let text = try ResultComparison(one, other, place: "test").text(style: TextStyle(width: 300))
      #expect(text.contains("note: intervals of fewer than 3 replications say next to nothing"))
      #expect(text.contains("--replications 5 or more"))
      return try #require(
        text.split(separator: "\n").first { $0.contains("response-mean") && $0.contains("ms") }
      ).split(separator: " ").joined(separator: " ")
    }
    change(&one, to: 1.95e-3)
    change(&other, to: 1.95e-3)
    #expect(try row(one, other).hasSuffix("response-mean 1.95 ms 1.95 ms 0 equal"))
    change(&other, to: 2.45e-3)
    #expect(try row(one, other).hasSuffix("1.95 ms 2.45 ms +0.500 ms not decided"))
    let text = try ResultComparison(try Self.document(), try Self.document(), place: "test").text()
    #expect(!text.contains("replications"))
  }

  @Test(arguments: Outcome.allCases)
  func saysOutcomesInWords(outcome: Outcome) throws {
    var other = try Self.document()
    other.scenario.hash = "feed"
    other.overhead?[0].status = outcome.status
    let notices = try ResultComparison(try Self.document(), other, place: "test").notices
    let found = notices.filter { $0.hasPrefix("native, overhead: ") }
    #expect(found.count == (outcome == .answered ? 0 : 1))
    #expect(
      found.allSatisfy { !$0.dropFirst("native, overhead: ".count).contains("-") }, "\(found)")
  }

  @Test func knowsNoDifferenceBeyondWhereASearchStopped() throws {
    var (one, other) = (try Self.document(), try Self.document(guests: 300))
    other.density?[1].high = 300
    other.density?[1].isOpen = true
    func row(_ first: ResultDocument, _ second: ResultDocument) throws -> (String, String) {
      let comparison = try ResultComparison(first, second, place: "test")
      let line = comparison.text(style: TextStyle(width: 300)).split(separator: "\n").first {
        $0.hasPrefix("openvz") && $0.contains("guests")
      }
      let found = comparison.rows.first { $0.approach == "openvz" && $0.metric == "guests" }
      let cells = (line ?? "").split(separator: " ").joined(separator: " ")
      return (cells, found?.verdict ?? "")
    }
    let more = try row(one, other)
    #expect(more.0.contains("212 300 or more +88 or more [79.4, open] higher"), "\(more.0)")
    let less = try row(other, one)
    #expect(less.0.contains("300 or more 212 -88 or less [open, -79.4] lower"), "\(less.0)")
    one = other
    other.scenario.hash = "feed"
    let both = try row(one, other)
    #expect(both.0.contains("300 or more 300 or more unknown not decided"), "\(both.0)")
  }

  @Test func comparesAChangedCopyAndSaysWhatDiffers() throws {
    var copy = try Self.document(guests: 250, id: "copy")
    copy.scenario.hash = "feed"
    copy.scenario.host = "larger"
    copy.scenario.seed = 99
    let comparison = try ResultComparison(try Self.document(), copy, place: "test")
    #expect(comparison.rows.contains { $0.approach == "openvz" && $0.verdict == "higher" })
    #expect(comparison.notices[0] == "the scenarios have different names: made-up and copy")
    #expect(comparison.notices[1].contains("hashes"))
    #expect(comparison.notices[1].contains("feed"))
    #expect(comparison.notices[1].contains("larger"))
    #expect(comparison.notices[1].contains("99"))
    let text = comparison.text(style: TextStyle(width: 4_000))
    #expect(text.contains("share no replications"))
    for line in comparison.text().split(separator: "\n") { #expect(line.count <= 100) }
  }

  @Test func doesNotSpeakOfReplicationsWhereTheScenarioIsOne() throws {
    let comparison = try ResultComparison(
      try Self.document(), try Self.document(guests: 250), place: "test")
    #expect(!comparison.isIdentical && comparison.isSameScenario)
    #expect(!comparison.text().contains("share no replications"))
  }

  @Test func refusesWhatHasNothingInCommon() throws {
    var other = try Self.document(id: "another")
    for index in other.density?.indices ?? 0..<0 { other.density?[index].approach += "-x" }
    for index in other.overhead?.indices ?? 0..<0 { other.overhead?[index].approach += "-x" }
    let error = #expect(throws: ReportError.self) {
      try ResultComparison(try Self.document(), other, place: "test")
    }
    #expect(error?.code == .nothingInCommon)
    #expect(error?.message.contains("made-up and another") == true)
    #expect(error?.message.contains("no approach has an answer") == true)
  }

  /// What is left of a result where the run was interrupted before anything was answered.
  private static func interrupted() throws -> ResultDocument {
    var document = try document()
    document.overhead = nil
    for index in document.density?.indices ?? 0..<0 {
      document.density?[index].status = "interrupted"
      document.density?[index].guests = nil
    }
    return document
  }

  @Test func refusesResultsWithoutNumbers() throws {
    let (full, empty) = (try Self.document(), try Self.interrupted())
    for (first, second, reason) in [
      (empty, empty, "neither answers anything"), (empty, full, "the first answers nothing"),
      (full, empty, "the second answers nothing"),
    ] {
      let error = #expect(throws: ReportError.self) {
        try ResultComparison(first, second, place: "test")
      }
      #expect(error?.code == .nothingInCommon)
      #expect(error?.message.contains(reason) == true)
      #expect(error?.message.contains("results of made-up") == true)
    }
  }

  @Test(arguments: [
    (["unstable"], "the load never settles under any approach"),
    (["impossible"], "no approach can hold the objective"),
    (["unstable", "impossible"], "the load never settles or the objective cannot be held"),
    (["interrupted", "unstable"], "as where a run was interrupted"),
  ])
  func saysWhyAResultHoldsNothing(statuses: [String], reason: String) throws {
    var empty = try Self.document()
    empty.density = nil
    for index in empty.overhead?.indices ?? 0..<0 {
      empty.overhead?[index].status = statuses[index % statuses.count]
      empty.overhead?[index].classes = []
    }
    let error = #expect(throws: ReportError.self) {
      try ResultComparison(try Self.document(), empty, place: "test")
    }
    #expect(error?.message.contains("the second answers nothing, ") == true)
    #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
    #expect(error?.message.contains("interrupted") == statuses.contains("interrupted"))
  }

  @Test func saysWhatTheResultsDoNotShare() throws {
    var other = try Self.document()
    other.scenario.hash = "feed"
    other.density?.removeLast()
    other.overhead?[2].status = "unstable"
    let comparison = try ResultComparison(try Self.document(), other, place: "test")
    #expect(comparison.notices.count == 3)
    #expect(comparison.notices.contains { $0.contains("resolved differently") })
    #expect(comparison.notices.contains { $0.contains("only in the first") })
    #expect(
      comparison.notices.contains { $0.hasSuffix("answered, then a load that never settles") })
  }

  @Test(arguments: [
    (#"{"schema": 2}"#, ReportError.Code.otherSchema), ("{}", .notAResult), ("", .notAResult),
    (#"{"schema": 1}"#, .notAResult), ("[[[[", .notAResult),
    (String(repeating: "[", count: 100_000), .notAResult),
  ])
  func refusesWhatIsNotAResultOfThisSchema(text: String, code: ReportError.Code) {
    let error = #expect(throws: ReportError.self) {
      try ResultComparison.decode(Data(text.utf8), place: "test")
    }
    #expect(error?.code == code)
  }

  /// A result after one change to its text, which must be possible.
  private static func changed(_ change: (inout ResultDocument) -> Void) throws -> Data {
    var document = try document()
    change(&document)
    return try document.encoded()
  }

  private struct Damage: CustomTestStringConvertible, Sendable {
    var field: String
    var message: String
    var change: @Sendable (inout ResultDocument) -> Void
    var testDescription: String { field + " " + message }
  }

  private static let damages = [
    Damage(field: "density[1].low", message: "is 700, above `high`, 100") {
      $0.density?[1].low = 700
      $0.density?[1].high = 100
    },
    Damage(field: "density[1].guests", message: "is 5000, outside of its interval") {
      $0.density?[1].guests = 5_000
    },
    Damage(field: "density[0].guests", message: "is negative") { $0.density?[0].guests = -5 },
    Damage(field: "density[1].confidence", message: "is 7, not between 0 and 1") {
      $0.density?[1].confidence = 7
    },
    Damage(field: "scenario.confidence", message: "is 1, not between 0 and 1") {
      $0.scenario.confidence = 1
    },
    Damage(field: "density[2].status", message: "is none of `answered`, ") {
      $0.density?[2].status = "great"
    },
    Damage(field: "overhead[0].status", message: "is none of `answered`, ") {
      $0.overhead?[0].status = ""
    },
    Damage(field: "density[1].approach", message: "is empty") { $0.density?[1].approach = "" },
    Damage(field: "overhead[2].approach", message: "stands there twice") {
      let name = $0.overhead?[1].approach ?? ""
      $0.overhead?[2].approach = name
    },
    Damage(field: "overhead[1].classes[0].guests", message: "is negative") {
      $0.overhead?[1].classes[0].guests = -1
    },
    Damage(field: "overhead[1].classes[0].id", message: "is empty") {
      $0.overhead?[1].classes[0].id = ""
    },
    Damage(field: "overhead[1].classes[0].meanResponse.value", message: "is 1000000, outside of") {
      $0.overhead?[1].classes[0].meanResponse.value = 1e6
    },
    Damage(field: "overhead[1].classes[0].throughput.confidence", message: "is -1, not between") {
      $0.overhead?[1].classes[0].throughput.confidence = -1
    },
    Damage(
      field: "overhead[1].classes[0].processorPerRequest.value", message: "is negative"
    ) {
      $0.overhead?[1].classes[0].processorPerRequest.value = -1
    },
    Damage(
      field: "overhead[1].classes[0].percentiles[0].seconds.low", message: "is 9, above `high`, 8"
    ) {
      $0.overhead?[1].classes[0].percentiles[0].seconds.low = 9
      $0.overhead?[1].classes[0].percentiles[0].seconds.high = 8
    },
  ]

  @Test(arguments: damages) private func refusesWhatContradictsItself(damage: Damage) throws {
    let data = try Self.changed(damage.change)
    let error = #expect(throws: ReportError.self) {
      try ResultComparison.decode(data, place: "a/results.json")
    }
    #expect(error?.code == .notAResult && error?.place == "a/results.json")
    #expect(
      error?.message.hasPrefix("`\(damage.field)` \(damage.message)") == true,
      "\(error?.message ?? "")")
  }

  @Test func takesWhatItWrote() throws {
    let document = try Self.document()
    #expect(try ResultComparison.decode(document.encoded(), place: "test") == document)
  }

  @Test(arguments: [
    ("\"confidence\" : 0.95", "\"confidence\" : \"high\"", "` is not a number"),
    ("\"seed\" : ", "\"sed\" : ", "`scenario.seed` is missing"),
    ("\"warnings\" : [", "\"warnings\" : {}, \"w\" : [", "`warnings` is not a list"),
  ])
  func namesTheFieldThatIsNotWhatItShouldBe(old: String, new: String, said: String) throws {
    let text = String(decoding: try Self.document().encoded(), as: UTF8.self)
    try #require(text.contains(old))
    let error = #expect(throws: ReportError.self) {
      try ResultComparison.decode(Data(text.replacing(old, with: new).utf8), place: "test")
    }
    #expect(error?.code == .notAResult)
    #expect(error?.message.contains(said) == true, "\(error?.message ?? "")")
  }

  @Test(arguments: ["/dev/zero", "/dev/null"])
  func readsRegularFilesOnly(path: String) {
    let error = #expect(throws: ReportError.self) { try ResultComparison.load(path) }
    #expect(error?.code == .cannotRead && error?.place == path)
  }

  @Test func saysWhichFileCannotBeRead() {
    let error = #expect(throws: ReportError.self) { try ResultComparison.load("/no/such/file") }
    #expect(error?.code == .cannotRead)
    #expect(error?.place == "/no/such/file")
  }
}
