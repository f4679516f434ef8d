import ScenarioFormat
import Testing
import Virtualization

@Suite("Options of guests' memory, disks and buckets")
struct MemoryOptionTests {
  private static let machine =
    Fixtures.split + "\n" + """
      memory:
        kind: touch-on-demand
        page-cache: double
        touched-share: {value: 90 %, low: 60 %, high: 100 %, status: assumed}
        admission:
          rule: swap-some
          kept-for-host: 96 MiB
          swap-some: 50 %
          swap-most: 75 %
      storage: {direct-io: true}
      """

  @Test func areRead() throws {
    let scenario = try Fixtures.library(["profiles/approaches/split.yaml": Self.machine])
      .scenario(
        at: "work/ask.yaml",
        overrides: [
          "guests.web.direct-io=false", "approaches.shared.scheduling.algorithm=token-bucket",
          "approaches.shared.scheduling.mode=idle-time",
          "approaches.split.memory.admission.rule=swap-most",
        ]
      ).scenario
    let (shared, split) = (scenario.approaches[1], scenario.approaches[2])
    #expect(shared.scheduling.mode == .idleTime)
    #expect(shared.memory.admission == nil && shared.memory.touchedShare == nil)
    #expect(split.memory.touchedShare?.value == 0.9)
    #expect(split.memory.admission?.rule == .swapMost)
    #expect(split.memory.admission?.countedBytes(memoryBytes: 64, besideBytes: 3) == 19)
    #expect(split.storage.directIO && !shared.storage.directIO)
    #expect(scenario.guests[0].limits.directIO == false)
  }

  @Test(arguments: [
    (
      "approaches.shared.scheduling.mode=soft",
      "`mode` goes with `algorithm: token-bucket` only, and this is `start-time-fair-queueing`"
    ),
    (
      "approaches.shared.memory.touched-share=50%",
      "`touched-share` belongs to the kind `touch-on-demand`, and this is `pool`"
    ),
    ("approaches.split.memory.admission.rule=all", "`rule` is `all`"),
    (
      "approaches.shared.storage.direct-io=true",
      "`direct-io` belongs to `page-cache: double`, and this is `shared`"
    ),
    ("approaches.shared.memory.admission={rule: fit-all}", "the key `kept-for-host` is missing"),
  ])
  func arePlacedWhereTheyMean(override: String, expected: String) {
    let found = Fixtures.findings(
      Fixtures.library(["profiles/approaches/split.yaml": Self.machine]), overrides: [override])
    #expect(found.contains { $0.contains(expected) }, "\(found)")
  }

  @Test func warnWhereTheyMeanNothing() {
    let text = Fixtures.scenario.replacing("silence: [ignored-limit]", with: "")
      .replacing("cpu-limit: 50 %", with: "direct-io: true")
    let found = Fixtures.findings(
      Fixtures.library([
        "work/ask.yaml": text, "profiles/approaches/split.yaml": Self.machine,
      ]))
    #expect(found.count == 2)
    for (index, name) in ["native", "shared"].enumerated() where index < found.count {
      #expect(
        found[index].contains(
          "`\(name)` ignores the `direct-io` of `web`: its guests have no image file"))
    }
  }

  @Test(arguments: [("hard", 2005, false), ("idle-time", 2005, true), ("idle-time", 2006, false)])
  func modesHaveTheirYear(mode: String, year: Int, warns: Bool) {
    let overrides = [
      "year=\(year)", "approaches.shared.scheduling.algorithm=token-bucket",
      "approaches.shared.scheduling.mode=\(mode)",
    ]
    let expected =
      "--set:3:35: warning: `mode: idle-time` of `shared` did not exist in 2005, only from 2006 "
      + "on; `silence: [anachronism]` accepts that"
    #expect(
      Fixtures.findings(Fixtures.library(), overrides: overrides) == (warns ? [expected] : []))
    let silent = Fixtures.scenario.replacing("[ignored-limit]", with: "[anachronism]")
      .replacing("cpu-limit: 50 %", with: "weight: 1")
    #expect(
      Fixtures.findings(Fixtures.library(["work/ask.yaml": silent]), overrides: overrides) == [])
  }

  @Test(arguments: [
    ("hard", "weight: 3", true), ("idle-time", "weight: 3", false),
    ("soft", "cpu-limit: 50 %", true), ("idle-time", "cpu-limit: 50 %", false),
  ])
  func bucketsKnowWhatTheirModeGives(mode: String, limit: String, warns: Bool) {
    let text = Fixtures.scenario.replacing("silence: [ignored-limit]", with: "")
      .replacing("cpu-limit: 50 %", with: limit)
    let found = Fixtures.findings(
      Fixtures.library(["work/ask.yaml": text]),
      overrides: [
        "approaches.shared.scheduling.algorithm=token-bucket",
        "approaches.shared.scheduling.mode=\(mode)",
      ])
    #expect(found.contains { $0.contains("`shared` ignores") } == warns, "\(found)")
  }

  @Test func aGuestThatReservedMemoryCannotHoldIsAnError() {
    let text = Fixtures.scenario.replacing("memory: 128 MiB", with: "memory: 64 GiB")
    let found = Fixtures.findings(
      Fixtures.library([
        "work/ask.yaml": text, "profiles/approaches/split.yaml": Self.machine,
      ]))
    #expect(found.contains { $0.contains("`split` must set") && !$0.contains("warning:") })
  }
}
