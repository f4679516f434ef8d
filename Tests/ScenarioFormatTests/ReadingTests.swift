import ScenarioFormat
import Statistics
import Testing
import Virtualization

@Suite("A scenario and what it draws in")
struct ReadingTests {
  @Test func readsEveryKindOfFile() throws {
    let loaded = try Fixtures.library().scenario(at: "work/ask.yaml")
    let scenario = loaded.scenario
    #expect(loaded.warnings.isEmpty)
    #expect(scenario.id == "ask")
    #expect(scenario.approaches.map(\.id) == ["native", "shared", "split"])
    #expect(scenario.host.memory.bytes.value == 2_147_483_648)
    #expect(scenario.host.memory.lowMemoryBytes == nil)
    #expect(scenario.host.network.rate.value == 125_000_000)
    #expect(scenario.guests[0].limits.processorLimit == 0.5)
    #expect(scenario.guests[0].limits.beancounters == .vpsBasic)
    #expect(scenario.objective.responseSeconds == 0.2)
    #expect(scenario.objective.errorShare == 0.001)
    #expect(scenario.controls.seed == 7)
    #expect(scenario.controls.maximumReplications == 9)
    #expect(
      try scenario.guests[0].workload.userComputation
        == .gamma(mean: 1.5e-3, coefficientOfVariation: 1))
  }

  @Test(arguments: ["pages.workload.yaml", "pages.yaml", "pages.workload.yml"])
  func aFileNameMaySayItsKind(name: String) throws {
    let library = Fixtures.library([
      "work/ask.yaml": Fixtures.scenario.replacing("pages", with: "samples/\(name)"),
      "work/samples/\(name)": Fixtures.workload,
    ])
    let scenario = try library.scenario(at: "work/ask.yaml").scenario
    #expect(scenario.guests[0].workload.id == "pages")
  }

  @Test(arguments: [("", 0.5), (", in-bursts: 70 %", 0.7)])
  func burstsHaveHalfOfTheRequestsUnlessTheySayOtherwise(key: String, share: Double) throws {
    let library = Fixtures.library(
      in: "profiles/workloads/pages.yaml", replacing: "{process: poisson, rate: 10 /s}",
      by: "{process: bursty, rate: 10 /s, peak-to-mean: 3, burst: 10 s\(key)}")
    let arrival = try library.workload("pages").arrival
    guard case .bursty(_, let peak, _, let inBursts) = arrival else {
      Issue.record("\(arrival) is not bursty")
      return
    }
    #expect(peak.value == 3 && inBursts.value == share)
  }

  @Test func fillsDefaultsIn() throws {
    let run = "run: {duration: 60 s, seed: 7, replications: {minimum: 3, maximum: 9}}"
    let library = Fixtures.library(replacing: run, by: "")
    let controls = try library.scenario(at: "work/ask.yaml").scenario.controls
    #expect(
      controls
        == RunControls(
          seconds: 300, warmupSeconds: 30, seed: 1, confidence: 0.95, precision: 0.05,
          minimumReplications: 5, maximumReplications: 40, parameterDraws: 20,
          maximumGuests: 10_000))
  }

  @Test func inheritsStatusSourceAndRange() throws {
    let host = try Fixtures.library().host("small")
    #expect(
      host.memory.baseBytes
        == Quantity(
          67_108_864, .bytes, low: 67_108_864 * 0.7, high: 67_108_864 * 1.3, status: .assumed,
          source: "a guess"))
    #expect(host.processors.cores == Quantity(2, .count, status: .published, source: "invented"))
    #expect(
      host.price(of: .accounting, service: nil, under: "shared")?.price
        == Quantity(80e-9, .seconds, low: 40e-9, high: 160e-9, status: .assumed, source: "invented")
    )
    #expect(
      host.price(of: .kernelWork, service: .fileRead, under: "shared")?.price.value == 1.2e-6)
  }

  @Test func readsWhatSetsGuestKernelsApart() throws {
    let plain = try Fixtures.library().approach("split")
    #expect(plain.guestKernel == GuestKernel())
    #expect(plain.topology.backendWorkingSetBytes == nil)
    let library = Fixtures.library(
      in: "profiles/approaches/split.yaml", replacing: "paths:",
      by:
        "  backend-working-set: 64 KiB\n"
        + "guest-kernel: {tick-rate: 100 /s, idle-ticks: false}\npaths:"
    )
    let approach = try library.approach("split")
    #expect(approach.topology.backendWorkingSetBytes?.value == 65_536)
    #expect(approach.guestKernel.tickRate?.value == 100)
    #expect(approach.guestKernel.ticksWhenIdle == false)
  }

  @Test func readsTheWaysOfACache() throws {
    #expect(try Fixtures.library().host("small").processors.cache.ways == 8)
    let library = Fixtures.library(
      in: "profiles/hosts/small.yaml", replacing: "cache: 512 KiB", by: "cache: 512 KiB, ways: 16")
    #expect(try library.host("small").processors.cache.ways == 16)
  }

  @Test func splicesNativeHops() throws {
    let library = Fixtures.library()
    let shared = try library.approach("shared")
    let read = try #require(shared.paths.first { $0.operation == .fileRead })
    #expect(read.hops.map(\.mechanism) == [.kernelWork, .dataCopy, .accounting, .trap])
    #expect(read.hops[2].countRange == 0.5...1.5)
    #expect(read.hops[2].status == .assumed)
    #expect(read.hops[0].source == "invented")
    #expect(read.hops[3].source == "also invented")
    let split = try library.approach("split")
    let disk = try #require(split.paths.first { $0.operation == .diskRead })
    #expect(disk.hops.map(\.phase) == [.call, .call, .backend, .completion])
    #expect(disk.hops[2].count == LinearCount(1, Attributes([.bytes: 1.0 / 4_096])))
    // What the copy does not change stays.
    #expect(split.paths.contains { $0.operation == .fileRead && $0.hops.count == 3 })
  }

  @Test func scalesThePricesOfAnotherHost() throws {
    let own = Fixtures.host
      .replacing("0.45 us", with: "0.1 us")
      .replacing("    interrupt: 2 us\n", with: "")
    let faster =
      own + """

        scaled-from:
          host: small
          time-factor: {value: 0.5, low: 0.25, high: 1, status: assumed, source: clock rates}
        """
    let host = try Fixtures.library(["profiles/hosts/fast.yaml": faster]).host("fast")
    let speed = CommonFactor(name: "fast/time-factor", low: 0.5, high: 2)
    #expect(host.price(of: .trap, service: nil, under: "native")?.price.value == 0.1e-6)
    #expect(
      host.price(of: .interrupt, service: nil, under: "native")?.price
        == Quantity(
          1e-6, .seconds, low: 0.5e-6, high: 2e-6, status: .assumed,
          source: "invented; scaled from small by 0.5: clock rates", common: speed))
    #expect(host.price(of: .trap, service: nil, under: "native")?.price.common == nil)
  }

  // What belongs to a kernel of a date, not to the speed of a machine, is taken over unchanged; the
  // constants only where the scheduler is the same.
  @Test func takesTheKernelOfAnotherHost() throws {
    let bare = Fixtures.host.replacing(/, parameters: .*}}/, with: "}")
    #expect(bare != Fixtures.host)
    let scaled = bare + "\nscaled-from: {host: small, time-factor: 0.5}\n"
    let library = Fixtures.library([
      "profiles/hosts/fast.yaml": scaled,
      "profiles/hosts/fair.yaml": scaled.replacing("scheduler: o1", with: "scheduler: cfs"),
    ])
    let (small, fast) = (try library.host("small"), try library.host("fast"))
    #expect(small.kernel.parameters.keys.map(\.self) == [.slice])
    #expect(small.kernel.parameters[.slice]?.value == 0.1)
    #expect(small.kernel.memory.socketBufferBytes.value == 2_560)
    #expect(fast.kernel == small.kernel)
    let error = #expect(throws: ScenarioFormatError.self) { try library.host("fair") }
    #expect(
      error?.description.contains("`latency`, `minimum-granularity`, `wakeup-granularity`") == true)
  }

  @Test func changesAProfileInPlace() throws {
    let library = Fixtures.library(
      replacing: "host: small", by: "host: {like: small, memory: {bytes: 4 GiB}}")
    let host = try library.scenario(at: "work/ask.yaml").scenario.host
    #expect(host.id == "small")
    #expect(
      host.memory.bytes
        == Quantity(4_294_967_296, .bytes, status: .assumed, source: "scenario ask"))
    #expect(host.memory.swapBytes.source == "invented")
  }

  @Test func aVariantOfAnApproachPaysThePricesOfItsModel() throws {
    let library = Fixtures.library(
      replacing: "[native, shared, split]",
      by: "[shared, {like: shared, id: shared-fine, scheduling: {parameters: {slice: 4 ms}}}]")
    let scenario = try library.scenario(at: "work/ask.yaml").scenario
    #expect(scenario.approaches.map(\.id) == ["shared", "shared-fine"])
    #expect(scenario.approaches.map(\.drawnAs) == ["shared", "shared"])
    #expect(scenario.approaches[1].scheduling.parameters[.slice]?.value == 0.004)
    #expect(scenario.approaches[1].scheduling.parameters[.defaultWeight]?.value == 1_000)
    #expect(
      scenario.host.price(of: .accounting, service: nil, under: "shared-fine")?.price.value
        == 80e-9)
    // A draw moves both alike, or the difference between them would be chance.
    let drawn = scenario.drawn(3)
    let prices = drawn.approaches.map {
      drawn.host.price(of: .accounting, service: nil, under: $0.id)?.price.value
    }
    #expect(prices[0] == prices[1] && prices[0] != 80e-9)
    #expect(drawn.approaches[0].paths == drawn.approaches[1].paths)
    #expect(drawn.approaches[0].paths != scenario.approaches[0].paths)
  }

  @Test("What an approach is a copy of may depend on the host's word size", arguments: [32, 64])
  func copiesByWordSize(bits: Int) throws {
    let library = Fixtures.library([
      "profiles/approaches/either.yaml": """
      tenancy: 1
      kind: approach
      like: {32: shared, 64: split}
      title: By word size
      """,
      "profiles/hosts/small.yaml": Fixtures.host.replacing(
        "word-bits: 32", with: "word-bits: \(bits)"),
    ])
    let (host, approach) = try library.priced(approach: "either", on: "small")
    #expect(approach.id == "either" && approach.title == "By word size")
    #expect(approach.drawnAs == (bits == 32 ? "shared" : "split"))
    let mechanism: Mechanism = bits == 32 ? .accounting : .hypercall
    #expect(host.price(of: mechanism, service: nil, under: "either") != nil)
    // The library alone, without a host, shows the first.
    #expect(try library.approach("either").drawnAs == "shared")
  }

  @Test(arguments: [
    ("like: [shared]", "`like` is a list; it must be the id or path of another approach"),
    ("like: {16: shared}", "or `{32: ID, 64: ID}` by the word size of the host"),
    ("like: {32: [shared]}", "by the word size of the host"),
    ("like: {64: split}", "`like` names nothing for a host of 32 bits; add `32: ID`"),
  ])
  func refusesWhatNamesNoOriginal(like: String, message: String) {
    let library = Fixtures.library([
      "profiles/approaches/either.yaml": "tenancy: 1\nkind: approach\n\(like)\ntitle: None\n"
    ])
    let error = #expect(throws: ScenarioFormatError.self) {
      try library.priced(approach: "either", on: "small")
    }
    #expect(error?.findings.count == 1)
    #expect(error?.findings.first.map { "\($0)".contains(message) } == true)
    #expect(error?.findings.first?.place.line == 3)
  }

  @Test func profilesBesideTheScenarioComeFirst() throws {
    let library = Fixtures.library([
      "work/hosts/small.yaml": Fixtures.host.replacing("cores: 2", with: "cores: 8")
    ])
    #expect(
      try library.scenario(at: "work/ask.yaml").scenario.host.processors.cores.value == 8)
  }
}
