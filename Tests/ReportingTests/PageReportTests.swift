import Experiments
import Foundation
import Reporting
import Testing
import Virtualization

@Suite struct PageReportTests {
  static func page(guestClass: String = "web", title: String = "A title") throws -> String {
    let study = try Fixture.study(guestClass: guestClass, title: title)
    return try PageReport.render(
      Fixture.report(study), charts: ChartSet(study), drawing: nil, advice: "advice")
  }

  @Test func everyTagIsClosedInOrder() throws {
    var open: [Substring] = []
    let page = try Self.page()
    for match in page.matches(of: /<(\/?)([a-z][a-z0-9]*)[^>]*>/) {
      if match.2 == "meta" { continue }
      if match.1.isEmpty {
        open.append(match.2)
      } else {
        #expect(open.popLast() == match.2)
      }
    }
    #expect(open.isEmpty)
  }

  @Test func numbersOfWideTablesMayWrapAndThoseOfNarrowOnesMayNot() throws {
    let page = try Self.page()
    let start = try #require(page.range(of: "<section id=\"operations\""))
    let operations = page[start.lowerBound...]
    let table = try #require(operations.firstMatch(of: /<table[^>]*>/))
    #expect(table.0 == "<table class=\"wide\">", "one column for each of eight approaches")
    #expect(operations.contains("\u{A0}x)"), "a ratio stays in one piece")
    #expect(page.contains("table.wide td.number { white-space: normal; }"))
    #expect(page.contains("<table>"))
  }

  @Test func escapesHostileNames() throws {
    let page = try Self.page(
      guestClass: "<img src=x onerror=alert(1)>", title: "</title><script>alert('\"&\")</script>")
    #expect(!page.contains("<script"))
    #expect(!page.contains("<img"))
    #expect(page.contains("&lt;/title&gt;&lt;script&gt;alert(&#39;&quot;&amp;&quot;)"))
  }

  /// The text report and findings put names between back-quotes, which mean nothing on a page.
  @Test func setsQuotedNamesAsCode() throws {
    var study = try Fixture.study(title: "Does `fit-all` < 1 hold")
    study.warnings = ["`<b>` ignores `weight`", "one ` alone"]
    study.density?.approaches[1].failure = "turn off `fit-all`"
    study.density?.approaches[1].outcome = .impossible
    study.scenario.approaches[0].notes = ["With `direct-io` & without"]
    let page = try PageReport.render(
      Fixture.report(study), charts: ChartSet(study), drawing: nil, advice: "advice")
    #expect(page.contains("<title>Tenancy: Does fit-all &lt; 1 hold</title>"))
    #expect(page.contains("<h1>Does <code>fit-all</code> &lt; 1 hold</h1>"))
    #expect(
      page.contains("<li><code>&lt;b&gt;</code> ignores <code>weight</code></li><li>one ` alone"))
    #expect(page.contains("because turn off <code>fit-all</code></li>"))
    #expect(page.contains("With <code>direct-io</code> &amp; without"))
    #expect(page.count { $0 == "`" } == 1)
  }

  @Test func loadsNothingFromOutside() throws {
    let page = try Self.page()
    #expect(page.contains("default-src 'none'"))
    #expect(!page.contains("http://") && !page.contains("https://"))
    #expect(!page.contains("src=") && !page.contains("@import") && !page.contains("<link"))
  }

  @Test func answersTheReadersQuestions() throws {
    let page = try Self.page()
    #expect(page.contains("<strong>Who fits most: </strong>linux-vserver, with 219 guests"))
    #expect(page.contains("Whether it fits more than openvz is not decided"))
    #expect(page.contains("<strong>What binds: </strong>Memory for linux-vserver, openvz and xen"))
    #expect(page.contains("<strong>How sure: </strong>"))
    #expect(page.contains("host made-up-host: 2 measured"))
  }

  @Test func chartsComeWithTheirDataInWords() throws {
    let charts = ChartSet(try Fixture.study()).all
    #expect(
      charts.map(\.id) == [
        "guests-that-fit", "density-curve", "overhead-processor-1", "overhead-response-1",
        "memory-map",
      ])
    for chart in charts {
      #expect(chart.summary.hasSuffix("."))
      #expect(!chart.data.rows.isEmpty)
      #expect(chart.data.rows.allSatisfy { $0.count == chart.data.columns.count })
    }
  }
}
