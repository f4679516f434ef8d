import Experiments
import Foundation
import Reporting
import Testing

@Suite struct FileTests {
  /// A reader of RFC 4180, for tests only.
  static func parse(_ text: String) -> [[String]] {
    var rows: [[String]] = []
    var row: [String] = []
    var field = ""
    var isQuoted = false
    var scalars = Array(text.unicodeScalars)[...]
    while let scalar = scalars.popFirst() {
      if isQuoted {
        if scalar != "\"" {
          field.unicodeScalars.append(scalar)
        } else if scalars.first == "\"" {
          field.unicodeScalars.append(scalar)
          scalars.removeFirst()
        } else {
          isQuoted = false
        }
      } else if scalar == "\"" {
        isQuoted = true
      } else if scalar == "," {
        row.append(field)
        field = ""
      } else if scalar == "\r", scalars.first == "\n" {
        scalars.removeFirst()
        rows.append(row + [field])
        row = []
        field = ""
      } else {
        field.unicodeScalars.append(scalar)
      }
    }
    return rows
  }

  @Test func csvReadsBackWithEveryNumber() throws {
    let study = try Fixture.study()
    let rows = Self.parse(TidyResults.csv(Fixture.report(study)))
    #expect(rows.first == TidyResults.header)
    #expect(rows.allSatisfy { $0.count == TidyResults.header.count })
    let guests = try #require(
      rows.first { $0[2] == "openvz" && $0[4] == "density" && $0[7] == "guests" })
    #expect(Array(guests[9...12]) == ["212", "201", "219", "0.95"])
    let mean = try #require(
      rows.first { $0[2] == "xen-pv" && $0[3] == "web" && $0[7] == "response-mean" })
    let approach = try #require(study.overhead?.approaches.first { $0.approach == "xen-pv" })
    #expect(Double(mean[9]) == approach.classes[0].meanResponse.value)
    #expect(rows.contains { $0[2] == "vmware-workstation" && $0[14] == "impossible" })
  }

  @Test(arguments: [
    ("=cmd()", "'=cmd()"), ("+1", "'+1"), ("-1", "'-1"), ("@a", "'@a"), ("\tx", "'\tx"),
    (" =1", "' =1"), ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""), ("web", "web"),
    ("\"=1", "\"'\"\"=1\""), ("two\nlines", "\"two\nlines\""), ("q\"\u{301}", "\"q\"\"\u{301}\""),
  ])
  func csvQuotesAndGuardsTexts(text: String, field: String) {
    #expect(CSVText.field(text).unicodeScalars.elementsEqual(field.unicodeScalars))
  }

  @Test func csvKeepsNegativeNumbersAsNumbers() {
    var text = CSVText(header: ["a", "b", "c"])
    text.append([.number(-0.1), .number(.infinity)])
    #expect(text.text == "a,b,c\r\n-0.1,,\r\n")
  }

  @Test func jsonReadsBackAsTheSameDocument() throws {
    let document = ResultDocument(Fixture.report(try Fixture.study()))
    let data = try document.encoded()
    #expect(try JSONDecoder().decode(ResultDocument.self, from: data) == document)
    #expect(try document.encoded() == data)
  }

  @Test func jsonSchemaIsWhatItWas() throws {
    let data = try ResultDocument(Fixture.report(try Fixture.study())).encoded()
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(object["schema"] as? Int == 1)
    var paths: Set<String> = []
    Self.collect(object, at: "", into: &paths)
    try Golden.expect(
      paths.sorted().joined(separator: "\n") + "\n", matches: "results-schema.txt")
  }

  private static func collect(_ value: Any, at path: String, into paths: inout Set<String>) {
    if let object = value as? [String: Any] {
      for (key, child) in object { collect(child, at: path + "/" + key, into: &paths) }
    } else if let list = value as? [Any] {
      for child in list { collect(child, at: path + "[]", into: &paths) }
    } else {
      paths.insert(path)
    }
  }

  @Test func numbersThatAreNotFiniteAreLeftOut() throws {
    var study = try Fixture.study()
    study.density?.approaches[1].nextHeadroom = .infinity
    study.overhead?.approaches[1].classes[0].meanResponse.high = .infinity
    study.overhead?.approaches[1].classes[0].residual = .nan
    let report = Fixture.report(study)
    let document = ResultDocument(report)
    #expect(document.overhead?[1].classes[0].meanResponse.high == nil)
    _ = try document.encoded()
    #expect(!TidyResults.csv(report).contains("inf"))
    _ = TextReport.render(study)
    for chart in ChartSet(study).all { _ = try chart.specification.encoded(pretty: true) }
  }

  /// Run twice by `make test`, with and without random hashing: the same bytes both times.
  @Test func goldenDigests() throws {
    let report = Fixture.report(try Fixture.study())
    let charts = ChartSet(report.study)
    let document = try ResultDocument(report).encoded()
    var lines = [
      "results.csv \(Golden.digest(TidyResults.csv(report)))",
      "results.json \(Golden.digest(String(decoding: document, as: UTF8.self)))",
    ]
    let page = try PageReport.render(report, charts: charts, drawing: nil, advice: "advice")
    lines.append("report.html \(Golden.digest(page))")
    for chart in charts.all {
      let specification = try chart.specification.encoded(pretty: true)
      lines.append("\(chart.id) \(Golden.digest(specification + chart.data.csv))")
    }
    try Golden.expect(lines.joined(separator: "\n") + "\n", matches: "digests.txt")
  }
}
