import Reporting
import Testing

@Suite struct ProgressLineTests {
  private static func line(width: Int, done: Int = 3, of total: Int = 12, left: Double = 8.2)
    -> String
  {
    ProgressLine.text(done: done, of: total, latest: "openvz", secondsLeft: left, width: width)
  }

  @Test(arguments: [
    (80, "[######..................] 3/12 openvz, about 9 s left"),
    (40, "3/12 openvz, about 9 s left"), (25, "3/12, about 9 s left"), (20, "3/12"), (4, "3/1"),
    (1, ""), (0, ""),
  ])
  func fits(width: Int, text: String) { #expect(Self.line(width: width) == text) }

  @Test(arguments: 0...100) func neverFillsTheLastColumn(width: Int) {
    #expect(Self.line(width: width).count <= max(0, width - 1))
  }

  @Test func saysNothingOfATimeThatIsNotKnown() {
    #expect(Self.line(width: 30, done: 0, left: .infinity) == "0/12 openvz")
    #expect(Self.line(width: 80, done: 0, of: 0, left: .nan).hasSuffix("] 0/0 openvz"))
  }
}
