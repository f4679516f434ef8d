import ScenarioFormat
import Testing

@Suite("Keys of distributions")
struct DistributionKeyTests {
  private static let plain = "{law: gamma, mean: 1.5 ms, variation: 1}"

  private func findings(_ law: String) -> [String] {
    Fixtures.findings(
      Fixtures.library(in: "profiles/workloads/pages.yaml", replacing: Self.plain, by: law))
  }

  @Test(
    "A key that the law does not take is refused where it stands",
    arguments: [
      (
        "{law: constant, value: 1 ms, shape: -3}", 48,
        "`shape` does not go with `law: constant`, which takes `value`; it goes with `gamma`, "
          + "`pareto`, `bounded-pareto`"
      ),
      (
        "{law: empirical, quantiles: [[0, 1 ms], [1, 3 ms]], mean: 1000 s}", 71,
        "`mean` does not go with `law: empirical`, which takes `quantiles`; it goes with "
          + "`exponential`, `erlang`, `hyperexponential`, `gamma`, `lognormal`, `pareto`"
      ),
      (
        "{law: exponential, mean: 1 ms, variation: 2}", 50,
        "`variation` does not go with `law: exponential`, which takes `mean`; it goes with "
          + "`hyperexponential`, `gamma`, `lognormal`"
      ),
      (
        "{law: gamma, shape: 2, scale: 1 ms, mean: 5 ms}", 55,
        "`mean` does not go with the other keys: `law: gamma` takes `mean`, `variation` or "
          + "`shape`, `scale`, not both"
      ),
      (
        "{law: pareto, shape: 3, minimum: 1 ms, mean: 9 ms}", 58,
        "`mean` does not go with the other keys: `law: pareto` takes `mean`, `shape` or `minimum`, "
          + "`shape`, not both"
      ),
      (
        "{law: uniform, low: 1 ms, high: 2 ms, stages: 4}", 57,
        "`stages` does not go with `law: uniform`, which takes `low`, `high`; it goes with `erlang`"
      ),
    ])
  func strayKeysAreRefused(law: String, column: Int, message: String) {
    #expect(findings(law) == ["profiles/workloads/pages.yaml:7:\(column): " + message])
  }

  @Test func allStrayKeysAreFoundAtOnce() {
    let found = findings(
      "{law: gamma, mean: 1 ms, variation: 1, stages: 4, minimum: 3 ms, value: 7 ms, high: 2 ms}")
    #expect(found.count == 4)
    for key in ["`stages`", "`minimum`", "`value`", "`low` and `high`"] {
      #expect(found.contains { $0.contains(key) }, "\(key) of \(found)")
    }
  }

  @Test(arguments: [
    "{law: hyperexponential, probability: 0.1, first-mean: 1 ms, second-mean: 9 ms}",
    "{law: hyperexponential, mean: 1 ms, variation: 2, range: 20 %}",
    "{law: pareto, minimum: 1 ms, shape: 3}", "{law: pareto, mean: 1 ms, shape: 3}",
    "{law: bounded-pareto, minimum: 1 ms, maximum: 9 ms, shape: 3}",
    "{law: erlang, mean: 1 ms, stages: 4}", "{law: gamma, shape: 2, scale: 1 ms}",
  ])
  func keysOfTheLawAreTaken(law: String) { #expect(findings(law).isEmpty) }

  @Test(
    "Changes from the command line are held to the same",
    arguments: [
      ("response.shape=-1", "--set:1:30: `shape` does not go with `law: lognormal`"),
      ("response.scale=1000TB", "--set:1:30: `scale` does not go with `law: lognormal`"),
    ])
  func changesAreHeldToTheSame(change: String, found: String) {
    let all = Fixtures.findings(Fixtures.library(), overrides: ["guests.web.workload." + change])
    #expect(all.count == 1 && all[0].hasPrefix(found), "\(all)")
  }
}
