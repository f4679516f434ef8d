import ScenarioFormat
import Testing

@Suite("Text that is not YAML")
struct SyntaxFindingTests {
  @Test(
    "The program says in its own words what to do, where it is to be done",
    arguments: [
      Spoiled(
        "question: How", "question: \"How",
        "2:11: the quote that opens here is not closed on its line; close it"),
      Spoiled(
        "question: How", "question: 'How",
        "2:11: the quote that opens here is not closed on its line; close it"),
      Spoiled(
        "question: How many small web sites fit on one server?\nyear: 2006\nhost: small",
        "question: \"How many?\nyear: 2006\nhost: \"small\"",
        "2:11: the quote that opens here is not closed on its line; close it; it ends only in line "
          + "4, where the text goes on"),
      Spoiled(
        "year: 2006", "year: 2006: 7",
        "3:11: a second `: ` where one value belongs; put text that holds `: ` in quotes, or begin "
          + "the next key on a line of its own, indented as the keys beside it"),
      Spoiled(
        "year: 2006", "year 2006",
        "3:1: a key without `:` behind it; write `key: value`, or put text of several lines in "
          + "quotes"
      ),
      Spoiled(
        "[native, shared, split]", "[native, shared, {]",
        "5:31: a value belongs here; write one, or remove the sign before it"),
      Spoiled(
        "{percentile: 95,", "{percentile: 95",
        "13:36: the mapping that opens with `{` in line 13 is not closed before this; write `}` at "
          + "its end, or `,` between its keys"),
      Spoiled(
        "year: 2006", "year: @2006",
        "3:7: a word cannot begin with this character; put the text in quotes"),
      Spoiled(
        "year: 2006", "year: 'a'b",
        "3:10: this is no key of the mapping that begins in line 1; indent it as what it belongs "
          + "to, write `,` between keys, or put text that holds quotes in other quotes"),
      Spoiled(
        "year: 2006", "year: \"\\q\"",
        "3:8: behind `\\` in double quotes stands what is no escape; write `\\\\` for the sign "
          + "itself, or use single quotes"),
      Spoiled(
        "year: 2006", "year: &",
        "3:8: anchors and aliases (`&`, `*`) are not read; put the text in quotes"),
      Spoiled("year: 2006", "year: *y", "3:7: aliases (`*y`) are not read; write the text out"),
      Spoiled(
        "silence: [ignored-limit]", "silence: [*old-one, x]",
        "15:11: aliases (`*old-one`) are not read; write the text out"),
      Spoiled(
        "question: How", "question: *nope How",
        "2:11: aliases (`*nope`) are not read; write the text out"),
      Spoiled(
        "year: 2006", "<<: *base\nyear: 2006",
        "3:5: aliases (`*base`) are not read; write the text out"),
      Spoiled(
        "silence: [ignored-limit]", "silence: [\"a {\", {a: [1], # [",
        "16:1: the mapping that opens with `{` in line 15 is not closed before this; write `}` at "
          + "its end, or `,` between its keys"),
      Spoiled(
        "silence: [ignored-limit]", "---\ntenancy: 1",
        "15:1: a second document begins here (`---`); keep one in a file"),
      Spoiled(
        "tenancy: 1", "%FOO 1\ntenancy: 1", "1:5: lines that begin with `%` are not read; remove it"
      ),
    ])
  func isExplained(spoiled: Spoiled) {
    let library = Fixtures.library(in: spoiled.file, replacing: spoiled.old, by: spoiled.new)
    #expect(Fixtures.findings(library) == spoiled.found)
  }

  @Test func deepNestingHasTheWordsOfTheLimit() {
    for depth in [40, 2_000] {
      let deep = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
      let found = Fixtures.findings(
        Fixtures.library(replacing: "year: 2006", by: "year: " + deep))
      #expect(found.contains { $0.contains("more than 32 levels deep; no file needs that") })
      #expect(!found.contains { $0.contains("yaml_") })
    }
  }

  @Test(
    "Tags are refused, also those that change nothing",
    arguments: [
      Spoiled("year: 2006", "year: !!str 2006", "3:7: tags (`!!str`) are not read; leave it out"),
      Spoiled(
        "year: 2006", "year: !!str \"2006\"", "3:7: tags (`!!str`) are not read; leave it out"),
      Spoiled("year: 2006", "!!str year: 2006", "3:1: tags (`!!str`) are not read; leave it out"),
      Spoiled(
        "[native, shared, split]", "!!seq [native, shared, !<x> split]",
        "5:13: tags (`!!seq`) are not read; leave it out",
        "5:36: tags (`!<x>`) are not read; leave it out"),
      Spoiled(
        "objective: {", "objective: !!map {", "13:12: tags (`!!map`) are not read; leave it out"),
      Spoiled("year: 2006", "year: ! 2006", "3:7: tags (`!`) are not read; leave it out"),
    ])
  func tagsAreRefused(spoiled: Spoiled) {
    let library = Fixtures.library(in: spoiled.file, replacing: spoiled.old, by: spoiled.new)
    #expect(Fixtures.findings(library) == spoiled.found)
  }

  @Test("What is too long is not missing, too")
  func tooLongIsOneFinding() {
    let long = String(repeating: "x", count: 5_000)
    #expect(
      Fixtures.findings(Fixtures.library(replacing: "question: How", by: "question: How" + long))
        == [
          "work/ask.yaml:2:11: text of more than 4000 characters; shorten it"
        ])
    let many =
      "silence: [" + Array(repeating: "ignored-limit", count: 10_001).joined(separator: ",")
    let found = Fixtures.findings(
      Fixtures.library(replacing: "silence: [ignored-limit", by: many))
    #expect(found.first == "work/ask.yaml:15:10: a list of more than 10000 entries; shorten it")
  }
}
