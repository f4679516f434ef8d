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
      "--set:1:19: the list that opens with `[` in line 1 is not closed before this; write `]` at "
        + "its end, or `,` between its entries"
    ),
    (
      "guests.web={",
      "--set:1:12: the mapping that opens with `{` in line 1 is not closed before this; write `}` "
        + "at its end, or `,` between its keys"
    ),
    (
      "silence=[",
      "--set:1:9: the list that opens with `[` in line 1 is not closed before this; write `]` at "
        + "its end, or `,` between its entries"
    ),
    ("guests.web.count=*a", "--set:1:18: aliases (`*a`) are not read; write the text out"),
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

  @Test(
    "Numbers that no kernel could run with, or no run could hold, are refused where they stand",
    arguments: [
      (
        ["approaches.shared.scheduling.parameters.slice=0 s"],
        "--set:1:47: `slice` is 0 s; it must lie between 1 us and 10 s"
      ),
      (
        ["approaches.shared.scheduling.parameters.quota-period=0 s"],
        "--set:1:54: `quota-period` is 0 s; it must lie between 1 us and 10 s"
      ),
      (
        ["approaches.shared.scheduling.parameters.fill-interval=1e-17"],
        "--set:1:55: `fill-interval` is 1e-17; it must lie between 1 and 1000000"
      ),
      (
        ["approaches.shared.scheduling.parameters.bucket-start=1e9"],
        "--set:1:54: `bucket-start` is 1e9; it must lie between 0 and 100000"
      ),
      (
        ["guests.web.workload.files.count=10000000000"],
        "--set:1:33: `count` is 10000000000; it must lie between 1 and 1000000000"
      ),
      (
        [
          "guests.web.workload.arrival={process: closed, users: 1000000, think-time: 1 s}",
          "guests.web.count=3000",
        ],
        "--set:2:18: with `web` there are 3000000000 users; at most 16777215 can be simulated, so "
          + "lower a `count` or `users`"
      ),
    ])
  func impossibleNumbers(changes: [String], found: String) throws {
    do throws(ScenarioFormatError) {
      _ = try Fixtures.library().scenario(at: "work/ask.yaml", overrides: changes)
      Issue.record("\(changes) should be refused")
    } catch {
      #expect(error.findings.map(\.description).contains { $0.contains(found) }, "\(error)")
    }
  }

  @Test(
    "What can only be a part of the host's memory is not more than all of it",
    arguments: [
      (
        ["host.memory.low-memory=100GiB"],
        "--set:2:24: `low-memory` is 100 GiB, more than the host's whole memory of 8 GiB: low "
          + "memory is the part of it that the kernel's own objects can use; give that much at most"
      ),
      (
        ["host.processors.cache=16GiB"],
        "--set:2:23: `cache` is 16 GiB, more than the host's whole memory of 8 GiB: a cache holds "
          + "copies of what is in memory; give that much at most"
      ),
      (["host.memory.low-memory=8GiB"], nil),
    ])
  func partsOfMemory(changes: [String], found: String?) throws {
    #expect(
      Fixtures.findings(Fixtures.library(), overrides: ["host.memory.bytes=8GiB"] + changes)
        == (found.map { [$0] } ?? []))
  }

  @Test func moreGuestsThanARunHolds() throws {
    let classes = ["a", "b"].map {
      "{name: \($0), workload: pages, count: 600000, memory: 128 MiB}"
    }
    do throws(ScenarioFormatError) {
      _ = try Fixtures.library().scenario(
        at: "work/ask.yaml", overrides: ["guests=[" + classes.joined(separator: ", ") + "]"])
      Issue.record("1200000 guests should be refused")
    } catch {
      #expect(error.findings.contains { $0.message.contains("with `b` there are 1200000 guests") })
    }
  }

  @Test func findingsNameTheOptionThatTheUserWrote() throws {
    do throws(ScenarioFormatError) {
      _ = try Fixtures.library().scenario(
        at: "work/ask.yaml", overrides: ["run.duration=9 s"],
        options: [OptionChange("--seed", "run.seed=18446744073709551615")])
      Issue.record("the seed should be refused")
    } catch {
      #expect(
        error.findings.map(\.description) == [
          "--seed:1:10: `seed` is 18446744073709551615; it must lie between 0 and "
            + "9223372036854775807"
        ])
    }
  }
}
