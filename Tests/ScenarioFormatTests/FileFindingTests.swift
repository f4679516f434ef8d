import ScenarioFormat
import Testing

@Suite("What is found in a file as a whole")
struct FileFindingTests {
  @Test(arguments: [
    ("year: 2006", "year:\t2006", nil as String?), ("    count: 20", "\tcount: 20", "9:1"),
    ("    count: 20", "    \tcount: 20", "9:5"),
  ])
  func explainsTabs(old: String, new: String, place: String?) {
    let found = Fixtures.findings(Fixtures.library(replacing: old, by: new))
    let all = place.map {
      [
        "work/ask.yaml:\($0): a tab stands here, and YAML is indented with blanks only; put blanks "
          + "in its place"
      ]
    }
    #expect(found == all ?? [])
  }

  @Test(arguments: [
    ("a/My File.yaml", "a/my-file.yaml"), ("foo.txt", "foo.yaml"), ("x.y.yml", "x-y.yaml"),
    ("/t/-a_b-.YAML", "/t/a-b.yaml"), (".yaml", "scenario.yaml"), ("dir/", "dir/scenario.yaml"),
    ("\u{E9}t\u{E9}.yaml", "t.yaml"),
    (String(repeating: "x", count: 70), String(repeating: "x", count: 64) + ".yaml"),
  ])
  func filesThatAreNotNamedAsScenarios(path: String, better: String) {
    #expect(ScenarioFileName.correction(of: path) == better)
    #expect(ScenarioFileName.correction(of: better) == nil)
    let text = Fixtures.files["work/ask.yaml"] ?? ""
    let library = Fixtures.library([path: text, "hosts/small.yaml": Fixtures.host])
    let error = #expect(throws: ScenarioFormatError.self) { try library.scenario(at: path) }
    #expect(error?.description.contains("rename the file, as to `") == true)
  }

  @Test(arguments: ["a", "a/b.yaml", "a/b.yml", "b.scenario.yaml", "7-x.yaml"])
  func filesThatAreNamedAsScenarios(path: String) {
    #expect(ScenarioFileName.correction(of: path) == nil)
  }

  @Test func saysWhereTheTextIsNotYAML() {
    let library = Fixtures.library(replacing: "year: 2006", by: "year: [2006")
    #expect(
      Fixtures.findings(library) == [
        "work/ask.yaml:4:5: the list that opens with `[` in line 3 is not closed before this; "
          + "write `]` at its end, or `,` between its entries"
      ])
  }

  @Test func refusesAliasesBeforeTheyGrow() {
    var bomb = "tenancy: 1\na0: &a0 [x, x]\n"
    for level in 1...40 { bomb += "a\(level): &a\(level) {? *a\(level - 1) : *a\(level - 1)}\n" }
    let library = Fixtures.library(["work/ask.yaml": bomb])
    #expect(
      Fixtures.findings(library) == [
        "work/ask.yaml:3:12: aliases (`*a0`) are not read; write the text out"
      ])
  }

  @Test func findsAllInAllFilesAtOnce() {
    let library = Fixtures.library([
      "work/ask.yaml": Fixtures.scenario.replacing("count: 20", with: "count: 0")
        .replacing("year: 2006", with: "yaer: 2006"),
      "profiles/hosts/small.yaml": Fixtures.host.replacing("2 GiB", with: "2 GB/s"),
      "profiles/workloads/pages.yaml": Fixtures.workload.replacing("10 /s", with: "10 s")
        .replacing("base: 8\n", with: "base: 8\n  base: 9\n"),
    ])
    #expect(
      Fixtures.findings(library) == [
        "work/ask.yaml:3:1: unknown key `yaer` in `ask`; did you mean `year`?",
        "work/ask.yaml:9:12: `count` is 0; it must lie between 1 and 1000000",
        "profiles/hosts/small.yaml:9:10: `bytes`: `GB/s` is the unit of a rate of bytes, but this "
          + "is a size; write for example `128 MiB`",
        "profiles/hosts/small.yaml:10:9: `swap`: `GB/s` is the unit of a rate of bytes, but this "
          + "is a size; write for example `128 MiB`",
        "profiles/workloads/pages.yaml:6:35: `rate`: `s` is the unit of a time, but this is a "
          + "rate; write for example `10 /s`",
        "profiles/workloads/pages.yaml:15:3: the key `base` stands twice in one mapping (first in "
          + "line 14); remove one",
      ])
  }

  @Test func saysWhenANumberHasNoPedigree() {
    let library = Fixtures.library(
      in: "profiles/hosts/small.yaml", replacing: "status: published\nsource: invented\n", by: "")
    let found = Fixtures.findings(library)
    #expect(
      found.first
        == "profiles/hosts/small.yaml:5:21: `cores` has no status; say `status: measured`, "
        + "`published` or `assumed` here or in a mapping around it")
    #expect(
      found.dropFirst().first
        == "profiles/hosts/small.yaml:5:21: `cores` has no source; say `source:` here or in a "
        + "mapping around it")
  }

  @Test func missingScenarioIsAFinding() {
    #expect(throws: ScenarioFormatError.self) {
      try Fixtures.library().scenario(at: "work/none.yaml")
    }
    #expect(
      Fixtures.findings(Library(folders: [], store: .memory([:]))) == [
        "work/ask.yaml:1:1: there is no such file"
      ])
    #expect(
      Fixtures.findings(Fixtures.library(["work/ask.yaml": ""])) == [
        "work/ask.yaml:1:1: the file is empty; `tenancy new` writes a scenario to begin with"
      ])
  }
}
