import ScenarioFormat
import Testing
import Virtualization

@Suite("Runs that say nothing, never end or cannot find a mean")
struct RunCheckTests {
  private func findings(_ changes: [String]) -> [Finding] {
    do {
      return try Fixtures.library().scenario(at: "work/ask.yaml", overrides: changes).warnings
    } catch {
      return error.findings
    }
  }

  @Test func aRunThatMeasuresNothingIsRefused() throws {
    let found = findings(["run.duration=1 ms", "guests.web.count=1"])
    let finding = try #require(found.first { $0.severity == .error })
    #expect(
      finding.description.hasPrefix("--set:1:14: `run.duration` of 1 ms measures about 0.01 "))
    #expect(
      finding.message.contains("requests of `web` in a replication, so most would measure none"))
  }

  @Test func aRunInWhichSomeReplicationMeasuresNothingIsRefused() throws {
    // 10 requests in a replication on average: one in 22,000 has none, and there are a thousand.
    func errors(_ more: String...) -> [String] {
      findings(["guests.web.count=1", "run.replications.maximum=1000"] + more)
        .filter { $0.severity == .error }.map(\.message)
    }
    let found = errors("run.duration=1 s")
    #expect(found.count == 1, "\(found)")
    #expect(found.first?.contains("some of up to 1000 replications would measure none") == true)
    #expect(found.first?.contains("lengthen it to 2 s") == true, "\(found)")
    #expect(errors("run.duration=2 s") == [])
    // Users that ask again when they have their answer do not come at random.
    let users = "guests.web.workload.arrival={process: closed, users: 1, think-time: 90 ms}"
    #expect(errors("run.duration=1 s", users) == [])
  }

  @Test func aShortRunIsWarnedOf() {
    let found = findings(["run.duration=1 s", "guests.web.count=2"])
    #expect(found.map(\.severity) == [.warning, .warning])
    #expect(found.map(\.code) == [.shortRun, .shortRun])
    #expect(
      found.contains {
        $0.message.hasPrefix("`run.duration` is 1 s, less than 10 times the 200 ms")
          && $0.message.hasSuffix("`silence: [short-run]` accepts that")
      })
    #expect(found.contains { $0.message.contains("percentile 95 takes 40 or more") })
    #expect(findings(["run.duration=1 s", "silence=[short-run, ignored-limit]"]) == [])
    #expect(findings(["run.duration=60 s", "objective.response=200 ms"]) == [])
  }

  @Test(arguments: [
    (["run.warm-up=10000000 s"], "shorten `run.warm-up`"),
    (["guests.web.workload.arrival.rate=1000000000 /s"], "shorten `run.duration`"),
    (
      [
        "guests.web.workload.background={period: 1 ms, user-computation: 1 us}",
        "run.duration=1e6 s",
      ],
      "rounds of periodic work"
    ),
  ])
  func aRunWithoutEndIsRefused(changes: [String], words: String) {
    let found = findings(changes).filter { $0.severity == .error }
    #expect(found.count == 1, "\(found)")
    #expect(found.first?.message.contains(words) == true, "\(found)")
  }

  @Test func aRunThatIsALittleTooLongIsSaidToBeSoWhereItWasMade() {
    let found = findings([
      "guests.web.count=1000000", "guests.web.workload.arrival.rate=1 /s", "run.warm-up=40 s",
    ]).filter { $0.severity == .error }
    #expect(
      found.first?.description.hasPrefix("--set:1:18: with `web` there are 101666667 requests ")
        == true,
      "\(found)")
    #expect(found.first?.message.contains("at most 100000000 can be simulated") == true)
  }

  @Test(arguments: [
    ("{law: pareto, mean: 1 ms, shape: 1.001}", Finding.Severity.error),
    ("{law: lognormal, mean: 1 ms, variation: 1000000}", .error),
    ("{law: pareto, mean: 1 ms, shape: 1.2}", .warning),
    ("{law: pareto, mean: 1 ms, shape: 2.5}", nil), ("{law: exponential, mean: 1 ms}", nil),
    ("{law: gamma, mean: 1 ms, variation: 3}", nil), ("{law: constant, value: 1 ms}", nil),
  ])
  func aLawWhoseMeanIsNotFoundIsSaid(law: String, severity: Finding.Severity?) {
    let found = findings(["guests.web.workload.user-computation=" + law])
    #expect(found.map(\.severity) == (severity.map { [$0] } ?? []), "\(found)")
    guard let severity else { return }
    #expect(found.first?.place.file == "--set")
    #expect(
      found.first?.message.hasPrefix("the law of `user-computation` of `web` has ") == true)
    if severity == .warning { #expect(found.first?.code == .heavyTail) }
  }

  @Test func guestsThatAskForNothingAreRefused() {
    let found = findings([
      "guests.web.workload.user-computation=0 s", "guests.web.workload.operations=[]",
    ]).filter { $0.severity == .error }
    #expect(
      found.map(\.message) == [
        "a request of `web` asks for nothing; give its workload `operations` or a "
          + "`user-computation` above 0"
      ])
  }

  @Test(arguments: [
    (["tenancy=2"], "--set:1:1: `tenancy` is the version of the file's format; it stays"),
    (
      ["run.seed=99999999999999999999"],
      "--set:1:10: `seed` is 99999999999999999999; it must lie between 0 and 9223372036854775807"
    ),
    (
      ["guests.web.count=1e9"],
      "--set:1:18: `count` is 1e9; it must lie between 1 and 1000000"
    ),
    (
      ["run.seed=1", "run.duration=60 s", "run.seed=2"],
      "--set:3:1: `run.seed` is changed twice, by --set number 1 already; leave one of them out"
    ),
    (
      [
        "guests.web.workload.user-computation={law: empirical, quantiles: [[0, 5 ms], [1, 1 ms]]}"
      ],
      "the quantile `[1, 1 ms]` follows `[0, 5 ms]`; put them in order, with probabilities that "
        + "rise"
    ),
  ])
  func saysWhatWasWritten(changes: [String], words: String) {
    let found = findings(changes).filter { $0.severity == .error }
    #expect(found.count == 1, "\(found)")
    #expect(found.first?.description.contains(words) == true, "\(found)")
  }

  @Test func aKeyWithoutValueIsNamedAsOne() {
    for (old, new, words) in [
      ("count: 20", "count:", "`count` has no value; write a whole number"),
      ("memory: 128 MiB", "memory:", "`memory` has no value; write a size, such as `128 MiB`"),
    ] {
      var files = Fixtures.files
      files["work/ask.yaml"]?.replace(old, with: new)
      let found = Fixtures.findings(Fixtures.library(files))
      #expect(found.contains { $0.contains(words) }, "\(found)")
    }
  }
}
