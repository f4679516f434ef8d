import ScenarioFormat
import Testing
import Virtualization

@Suite("What names stand for")
struct ReferenceTests {
  private static func own(_ name: String, like: String) -> String {
    "tenancy: 1\nkind: approach\nlike: \(like)\ntitle: \(name) of my own\n"
  }

  @Test("An own approach may be a copy of one beside it, by its id")
  func copiesFindTheirNeighbors() throws {
    let library = Fixtures.library([
      "work/ask.yaml": Fixtures.scenario.replacing("shared, split", with: "first, shared"),
      "work/approaches/first.yaml": Self.own("first", like: "second"),
      "work/approaches/second.yaml": Self.own("second", like: "shared"),
      "work/approaches/shared.yaml": Self.own("shared", like: "shared"),
    ])
    let scenario = try library.scenario(at: "work/ask.yaml").scenario
    #expect(scenario.approaches.map(\.id) == ["native", "first", "shared"])
    #expect(
      scenario.approaches.dropFirst().map(\.title) == ["first of my own", "shared of my own"])
  }

  @Test func aCopyOfItselfAloneIsRefused() {
    let library = Fixtures.library([
      "work/ask.yaml": Fixtures.scenario.replacing("shared, split", with: "alone"),
      "work/approaches/alone.yaml": Self.own("alone", like: "alone"),
    ])
    #expect(
      Fixtures.findings(library) == [
        "work/approaches/alone.yaml:3:7: `alone` is a copy of itself, or of too many others"
      ])
  }

  @Test(
    "What others are compared with is said once, and can be that",
    arguments: [
      (
        ["native=split"],
        "--set:1:8: `native` is `split`, but `approaches` lists `native`, and the others are "
          + "compared with that; remove this key, or `native` there"
      ),
      (
        ["approaches=[shared]", "native=split"],
        "--set:2:8: `split` cannot be what the others are compared with, since its own paths refer "
          + "to native ones; name an approach that writes all its hops, such as `native`"
      ),
      (
        ["approaches=[shared]", "native=bogus"], "--set:2:8: there is no approach `bogus`; known: "
      ),
    ])
  func nativeIsOneApproach(changes: [String], found: String) {
    let all = Fixtures.findings(Fixtures.library(), overrides: changes)
    #expect(all.count == 1 && all[0].hasPrefix(found), "\(all)")
  }
}
