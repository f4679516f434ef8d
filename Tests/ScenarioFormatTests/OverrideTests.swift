import ScenarioFormat
import Testing
import Virtualization

@Suite("Changes from the command line")
struct OverrideTests {
  @Test func reachEveryFile() throws {
    let loaded = try Fixtures.library().scenario(
      at: "work/ask.yaml",
      overrides: [
        "guests.web.count=50", "host.memory.bytes=16GiB", "objective.response=500ms",
        "approaches.shared.scheduling.parameters.slice=4ms",
        "guests.web.workload.arrival.rate=20/s",
        "run.precision=2%", "guests.web.workload.background.period={value: 5 s, range: 10 %}",
      ])
    let scenario = loaded.scenario
    #expect(scenario.guests[0].count == 50)
    #expect(
      scenario.host.memory.bytes
        == Quantity(
          17_179_869_184, .bytes, status: .assumed, source: "--set host.memory.bytes=16GiB"))
    #expect(scenario.host.id == "small")
    #expect(scenario.objective.responseSeconds == 0.5)
    #expect(scenario.approaches[1].scheduling.parameters[.slice]?.value == 0.004)
    #expect(scenario.approaches.map(\.id) == ["native", "shared", "split"])
    let workload = scenario.guests[0].workload
    guard case .poisson(let rate) = workload.arrival else {
      Issue.record("the arrival process has changed")
      return
    }
    #expect(rate.value == 20)
    #expect(workload.background?.period.high == 5.5)
    #expect(scenario.controls.precision == 0.02)
    #expect(
      loaded.contentHash != (try Fixtures.library().scenario(at: "work/ask.yaml").contentHash))
  }

  @Test func replaceLists() throws {
    let scenario = try Fixtures.library().scenario(
      at: "work/ask.yaml", overrides: ["approaches=[native, split]"]
    ).scenario
    #expect(scenario.approaches.map(\.id) == ["native", "split"])
  }

  @Test(arguments: [
    (
      "host.memroy.bytes=1 GiB",
      "--set:1:6: unknown key `memroy` in `small`; did you mean `memory`?"
    ),
    ("guests.wbe.count=5", "--set:1:8: `guests` has no `wbe`; did you mean `web`?"),
    ("gusts.web.count=5", "--set:1:1: unknown key `gusts` in `ask`; did you mean `guests`?"),
    ("year.x=1", "--set:1:6: `year` is `2006` and has no keys such as `x`"),
    (
      "objective.response=500",
      "--set:1:20: `response`: a time needs its unit; write for example `200 ms`"
    ),
    (
      "guests.web.count",
      "--set:1:1: `guests.web.count` is not of the form `path=value`, such as "
        + "`guests.web.count=50`"
    ),
    ("guests..count=1", "--set:1:8: the path `guests..count` has an empty part, or too many"),
    ("host=", "--set:1:6: `host=` has no value after `=`"),
    ("host=lage", "--set:1:6: there is no host `lage`; known: `small`"),
    (
      "guests.web.memory=[1",
      "--set:1:19: this is not YAML: did not find expected ',' or ']' while parsing a flow sequence"
    ),
  ])
  func sayWhatIsWrong(change: String, found: String) {
    #expect(Fixtures.findings(Fixtures.library(), overrides: [change]) == [found])
  }

  @Test func areNumberedByTheirOrder() {
    let found = Fixtures.findings(
      Fixtures.library(), overrides: ["run.seed=3", "run.sed=4", "run.duration=5"])
    #expect(
      found == [
        "--set:2:5: unknown key `sed` in `run`; did you mean `seed`?",
        "--set:3:14: `duration`: a time needs its unit; write for example `200 ms`",
      ])
  }
}
