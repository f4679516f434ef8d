import ScenarioFormat
import Testing

/// One change that spoils a sound set of files, and all that must be said of it.
struct Spoiled: CustomTestStringConvertible, Sendable {
  var file = "work/ask.yaml"
  var old: String
  var new: String
  var found: [String]

  var testDescription: String { "\(old) -> \(new)" }

  init(_ old: String, _ new: String, _ found: String...) {
    self.old = old
    self.new = new
    self.found = found.map { "work/ask.yaml:" + $0 }
  }

  init(in file: String, _ old: String, _ new: String, _ found: String...) {
    self.file = "profiles/" + file
    self.old = old
    self.new = new
    self.found = found.map { $0.hasPrefix("work/") ? $0 : "profiles/" + file + ":" + $0 }
  }
}

@Suite("What is found in files, and where")
struct FindingTests {
  static let scenarios: [Spoiled] = [
    Spoiled(
      "    memory: 128", "    memroy: 128",
      "11:5: unknown key `memroy` in `guests`; did you mean `memory`?"),
    Spoiled(
      "    memory: 128 MiB\n", "",
      "7:5: the key `memory` is missing (size of a virtual machine, or limit of a control group)"),
    Spoiled(
      "year: 2006", "year: 2006\nyear: 2007",
      "4:1: the key `year` stands twice in one mapping (first in line 3); remove one"),
    Spoiled("count: 20", "count: [20]", "9:12: `count` is a list; it must be a whole number"),
    Spoiled("count: 20", "count: 2.5", "9:12: `count` is `2.5`; it must be a whole number"),
    Spoiled("count: 20", "count: -1", "9:12: `count` is -1; it must lie between 1 and 1000000"),
    Spoiled(
      "count: 20", "count: 010",
      "9:12: `count`: `010` begins with 0 and may be meant in base 8; write `10`"),
    Spoiled(
      "count: 20", "count: 1_000",
      "9:12: `count`: `1_000` has a separator between digits; write the digits alone"),
    Spoiled(
      "200 ms", "200", "13:39: `response`: a time needs its unit; write for example `200 ms`"),
    Spoiled(
      "200 ms", "200 MiB",
      "13:39: `response`: `MiB` is the unit of a size, but this is a time; write for example "
        + "`200 ms`"),
    Spoiled(
      "200 ms", "200 mss",
      "13:39: `response`: the unit `mss` is not known for a time; did you mean `ms`?"),
    Spoiled(
      "percentile: 95", "percentile: 95 %",
      "13:25: `percentile`: `%` is a unit too many; this is a plain number, such as `20`"),
    Spoiled(
      "percentile: 95", "percentile: 101",
      "13:25: `percentile` is 101; it must lie between 0.001 and 99.9999"),
    Spoiled(
      "errors: 0.1 %", "throughput: 5 /s",
      "13:47: unknown key `throughput` in `objective`; there is no such metric; an objective "
        + "judges `statistic`, `percentile`, `response`, `errors`, `guests`"),
    Spoiled(
      "errors: 0.1 %", "errors: -1 %", "13:55: `errors` is -1 %; it cannot be negative"),
    Spoiled("host: small", "host: smal", "4:7: there is no host `smal`; did you mean `small`?"),
    Spoiled(
      "host: small", "host: ./other.yaml", "4:7: there is no file `work/other.yaml`"),
    Spoiled(
      "host: small", "host: ../profiles/workloads/pages.yaml",
      "4:7: there is no file `work/../profiles/workloads/pages.yaml`"),
    Spoiled(
      "host: small", "host: [small]",
      "4:7: a list stands where one host belongs: an id, a path or a mapping"),
    Spoiled(
      "native, shared, split", "native, shraed",
      "5:22: there is no approach `shraed`; did you mean `shared`?"),
    Spoiled(
      "native, shared, split", "native, native",
      "5:22: the approach `native` is listed twice; remove one, or give one of them an `id` of "
        + "its own"),
    Spoiled(
      "workload: pages", "workload: pagse",
      "8:15: there is no workload `pagse`; did you mean `pages`?"),
    Spoiled(
      "vps.basic", "vps.basics",
      "12:19: `beancounters` is `vps.basics`; did you mean `vps.basic`?"),
    Spoiled(
      "minimum: 3, maximum: 9", "minimum: 9, maximum: 3", "14:68: `maximum` is less than `minimum`"
    ),
    Spoiled("year: 2006", "year: &y 2006", "3:7: anchors (`&name`) are not read; leave it out"),
    Spoiled(
      "year: 2006", "year: !!int 2006",
      "3:7: tags (`!!int`) are not read; leave it out"),
    Spoiled(
      "tenancy: 1", "tenancy: 2",
      "1:10: the format version is `2`, but this program reads version 1"),
    Spoiled(
      "tenancy: 1\n", "",
      "1:1: the file must begin with `tenancy: 1`, the version of its format"),
    Spoiled(
      "[ignored-limit]", "[noise]",
      "15:11: `noise` is not a warning; known: `anachronism`, `beyond-host`, `ignored-limit`, "
        + "`short-run`, `heavy-tail`"),
    Spoiled(
      "silence: [ignored-limit]", "",
      "10:16: warning: `native` ignores the `cpu-limit` of `web`: its scheduler (`o1`) has no "
        + "limit on processor time; `silence: [ignored-limit]` accepts that",
      "10:16: warning: `split` ignores the `cpu-limit` of `web`: its scheduler (`o1`) has no "
        + "limit on processor time; `silence: [ignored-limit]` accepts that"),
    Spoiled(
      "    memory: 128 MiB\n    beancounters: vps.basic",
      "    memory: 128 MiB\n    processors: 64",
      "12:17: warning: `web` has 64 processors, but the host `small` has 2, and a guest uses no "
        + "more at once; `silence: [beyond-host]` accepts that"),
    Spoiled(
      "memory: 128 MiB", "memory: 64 GiB",
      "11:13: warning: `web` has a memory of 64 GiB, but the host `small` has 2 GiB; `native`, "
        + "`shared`, `split`: not used there, since guests share one pool; "
        + "`silence: [beyond-host]` accepts that"),
    Spoiled(
      "approaches: [native, shared, split]", "approaches: native",
      "5:13: `approaches` is `native`; it must be a list, such as `[native]`"),
    Spoiled(
      "approaches: [native, shared, split]", "approaches: []",
      "5:13: `approaches` is empty; name at least one, such as `[native, openvz]`"),
    Spoiled(
      "percentile: 95", "percentile: x",
      "13:25: `percentile`: `x` is not a number; this is a plain number, such as `20`"),
    Spoiled(
      "128 MiB", "plenty",
      "11:13: `memory`: `plenty` is not a number; this is a size, such as `128 MiB`"),
    Spoiled(
      "year: 2006", "year: 2004",
      "4:7: warning: the host `small` is of 2005, later than 2004; `silence: [anachronism]` "
        + "accepts that",
      "5:22: warning: `shared` did not exist in 2004, only from 2005 on; "
        + "`silence: [anachronism]` accepts that"),
    Spoiled(
      "year: 2006", "year: 2020",
      "5:30: warning: `split`, as its profile describes it, was in use only until 2012; "
        + "`silence: [anachronism]` accepts that"),
  ]

  static let profiles: [Spoiled] = [
    Spoiled(
      in: "hosts/small.yaml", "    trap: 0.45", "    trpa: 0.45",
      "23:5: `trpa` is not a mechanism that has a price; did you mean `trap`?"),
    Spoiled(
      in: "hosts/small.yaml", "      file-read: 1.2", "      file-raed: 1.2",
      "27:7: `file-raed` is not an operation; did you mean `file-read`?"),
    Spoiled(
      in: "hosts/small.yaml", "range: 30 %, ", "",
      "11:9: `base` is assumed and needs a range; add `range: 20 %`, or `low` and `high`"),
    Spoiled(
      in: "hosts/small.yaml", "range: 30 %, status: assumed, source: a guess", "status: gessed",
      "11:33: `status` is `gessed`; known: `measured`, `published`, `assumed`"),
    Spoiled(
      in: "hosts/small.yaml", "range: 30 %", "range: 300 %",
      "11:32: `range` is `300 %`; write a share of at most 100 %, such as `20 %`, or two factors "
        + "around 1, such as `[0.5, 2]`",
      "11:9: `base` is assumed and needs a range; add `range: 20 %`, or `low` and `high`"),
    Spoiled(
      in: "hosts/small.yaml", "low: 0.2 us, high: 0.5 us", "low: 0.4 us, high: 0.5 us",
      "34:30: `hypercall` does not lie between its `low` and its `high`"),
    Spoiled(
      in: "hosts/small.yaml", "low: 0.2 us, high: 0.5 us", "low: 0.2 us",
      "34:22: `hypercall` has only one end of its range; give both `low` and `high`, or `range`"),
    Spoiled(
      in: "hosts/small.yaml", "value: 64 MiB", "value: 2 GiB",
      "11:9: `base` is all of the host's memory or more; nothing is left for guests"),
    Spoiled(
      in: "hosts/small.yaml", "cores: 2", "cores: 2.5",
      "7:21: `cores` is `2.5`; it must be a whole number"),
    Spoiled(
      in: "hosts/small.yaml", "channels: 1", "channels: {value: 1.5}",
      "15:21: `channels` is `1.5`; it must be a whole number"),
    Spoiled(
      in: "workloads/pages.yaml", "process: poisson, rate: 10 /s",
      "process: closed, users: 0.5e1, think-time: 1 s"),
    Spoiled(
      in: "workloads/pages.yaml", "process: poisson, rate: 10 /s",
      "process: closed, users: 1.5, think-time: 1 s",
      "6:35: `users` is `1.5`; it must be a whole number"),
    Spoiled(
      in: "approaches/split.yaml", "guest-processors: 1", "guest-processors: 1.5",
      "11:21: `guest-processors` is `1.5`; it must be a whole number"),
    Spoiled(
      in: "hosts/small.yaml", "kind: host", "kind: approach",
      "2:7: the file is of the kind `approach`, but `host` is needed here"),
    Spoiled(
      in: "hosts/small.yaml", "parameters: {slice: 100 ms}", "parameters: {latency: 6 ms}",
      "20:88: the key `slice` is missing (longest time that an entity runs before the scheduler "
        + "chooses again)",
      "20:98: `latency` is not a constant of the scheduler `o1`; leave it out"),
    Spoiled(
      in: "hosts/small.yaml", "parameters: {slice: 100 ms}, ", "",
      "20:9: the key `parameters` is missing (constants of the scheduler `o1`: `slice`)"),
    Spoiled(
      in: "hosts/small.yaml", "swap-cluster: 8, ", "swap-clutser: 8, ",
      "20:132: unknown key `swap-clutser` in `memory`; did you mean `swap-cluster`?"),
    Spoiled(
      in: "hosts/small.yaml", "word-bits: 32", "word-bits: 16",
      "20:72: `word-bits` is `16`; known: `32`, `64`"),
    Spoiled(
      in: "hosts/small.yaml", "    interrupt: 2 us\n", "",
      "work/ask.yaml:5:14: `native` needs the price `interrupt` for `disk-read`, and the host "
        + "`small` has none; add it under `primitives`",
      "work/ask.yaml:5:22: `shared` needs the price `interrupt` for `disk-read`, and the host "
        + "`small` has none; add it under `primitives`",
      "work/ask.yaml:5:30: `split` needs the price `interrupt` for `disk-read`, and the host "
        + "`small` has none; add it under `primitives`"),
    Spoiled(
      in: "approaches/shared.yaml", "do: accounting", "do: acounting",
      "14:12: `do` is `acounting`; did you mean `accounting`?"),
    Spoiled(
      in: "approaches/shared.yaml", ", range: [0.5, 1.5]", "",
      "14:7: the count of `accounting` is assumed and needs a range; add `range: 20 %` or "
        + "`range: [0.8, 1.2]`"),
    Spoiled(
      in: "approaches/shared.yaml", "without: [trap]", "without: [hypercall]",
      "13:31: the native path of `file-read` has no `hypercall` to leave out"),
    Spoiled(
      in: "approaches/shared.yaml", "  file-read:", "  file-reed:",
      "12:3: `file-reed` is not an operation; did you mean `file-read`?"),
    Spoiled(
      in: "approaches/shared.yaml", "start-time-fair-queueing", "start-time-fair-queuing",
      "9:14: `algorithm` is `start-time-fair-queuing`; did you mean `start-time-fair-queueing`?"),
    Spoiled(
      in: "approaches/shared.yaml", "notes: [", "guest-kernel: {idle-ticks: false}\nnotes: [",
      "16:15: `guest-kernel` goes with `kernel-per-guest: true` only"),
    Spoiled(
      in: "approaches/split.yaml", "device-service: driver-domain",
      "device-service: in-kernel\n  backend-working-set: 1 KiB",
      "13:24: `backend-working-set` goes with `device-service: driver-domain` or "
        + "`thread-per-guest` only"),
    Spoiled(
      in: "approaches/split.yaml", "at: hypervisor", "at: hyperviser",
      "17:27: `at` is `hyperviser`; did you mean `hypervisor`?"),
    Spoiled(
      in: "approaches/split.yaml", "bytes: 1/4096", "byte: 1/4096",
      "18:82: unknown key `byte` in `count`; did you mean `bytes`?"),
    Spoiled(
      in: "approaches/split.yaml", "bytes: 1/4096", "bytes: 1/0",
      "18:89: `bytes`: `1/0` divides by 0"),
    Spoiled(
      in: "approaches/split.yaml", "like: native", "like: split",
      "3:7: `split` is a copy of itself, or of too many others"),
    Spoiled(
      in: "approaches/split.yaml", "  driver-domain-processors: 1\n", "",
      "10:3: the key `driver-domain-processors` is missing (a driver domain runs on processors of "
        + "its own)"),
    Spoiled(
      in: "workloads/pages.yaml", "process: poisson, rate: 10 /s", "process: closed, rate: 10 /s",
      "6:34: `rate` does not go with `process: closed`, which takes `users`, `think-time`",
      "6:10: the key `users` is missing (a closed arrival needs it)",
      "6:10: the key `think-time` is missing (a closed arrival needs it)"),
    Spoiled(
      in: "workloads/pages.yaml", "rate: 10 /s}", "rate: 10 /s, in-bursts: 70 %}",
      "6:53: `in-bursts` does not go with `process: poisson`, which takes `rate`"),
    Spoiled(
      in: "workloads/pages.yaml", "mean: 1.5 ms, variation: 1", "mean: 1.5 ms",
      "7:19: the key `variation` is missing (the law needs it)"),
    Spoiled(
      in: "workloads/pages.yaml", "mean: 1.5 ms", "mean: {value: 1.5 ms, low: 2 ms, high: 3 ms}",
      "7:46: `mean` does not lie between its `low` and its `high`"),
    Spoiled(
      in: "workloads/pages.yaml", "mean: 1.5 ms", "mean: {value: 1.5 ms, low: -1 ms, high: 3 ms}",
      "7:59: `low` is -1 ms; it cannot be negative"),
    Spoiled(
      in: "workloads/pages.yaml", "mean: 1.5 ms", "mean: {value: -1.5 ms, range: 20 %}",
      "7:46: `mean` is -1.5 ms; it cannot be negative"),
    Spoiled(
      in: "workloads/pages.yaml", "law: gamma, mean: 1.5 ms, variation: 1",
      "law: constant, value: {value: 0 s, low: 0 s, high: 3 ms}",
      "7:42: `value` of `user-computation` is 0 and has a range; a draw multiplies, so give a "
        + "value above 0"),
    Spoiled(
      in: "workloads/pages.yaml", "mean: 1.5 ms", "mean: {value: 1.5 ms, low: 1 ms}",
      "7:38: `mean` has only one end of its range; give both `low` and `high`, or `range`"),
    Spoiled(
      in: "workloads/pages.yaml", "mean: 1.5 ms", "mean: {value: 1.5 ms, status: assumed}",
      "7:38: `mean` is assumed and needs a range; add `range: 20 %`, or `low` and `high`"),
    Spoiled(
      in: "workloads/pages.yaml", "mean: 1.5 ms", "mean: {low: 1 ms, high: 3 ms}",
      "7:38: the key `value` is missing (the number with its unit)"),
    Spoiled(
      in: "workloads/pages.yaml", "mean: 1.5 ms",
      "mean: {value: 1.5 ms, range: 20 %, common-to: x, common-low: 0.5, common-high: 2}",
      "7:38: `mean` of a distribution has a range of its own only; remove `common-to`"),
    Spoiled(
      in: "workloads/pages.yaml", "mean: 1.5 ms", "mean: 1.5 ms, range: [2, 3]",
      "7:53: `range` is a list; write a share of at most 100 %, such as `20 %`, or two factors "
        + "around 1, such as `[0.5, 2]`"),
    Spoiled(
      in: "workloads/pages.yaml", "mean: 1.5 ms", "mean: 1.5 ms, low: 1 ms, high: 2 ms",
      "7:51: `low` and `high` are the ends of `law: uniform`; write what the mean of `law: gamma` "
        + "may be as `range: 20 %` beside it"),
    Spoiled(
      in: "workloads/pages.yaml", "law: gamma", "law: gama",
      "7:25: `law` is `gama`; did you mean `gamma`?"),
    Spoiled(
      in: "workloads/pages.yaml", "{do: file-read, count: 2", "{do: user-computation, count: 2",
      "10:10: `user-computation` is not an operation of the list; give its time by the key "
        + "`user-computation` of the workload"),
    Spoiled(
      in: "workloads/pages.yaml", "active-share: 30 %", "active-share: 0.3",
      "18:17: `active-share`: a share needs its unit; write for example `5 %`"),
  ]

  @Test(arguments: scenarios + profiles)
  func saysWhatAndWhere(_ spoiled: Spoiled) {
    #expect(Fixtures.files[spoiled.file]?.contains(spoiled.old) == true)
    let library = Fixtures.library(in: spoiled.file, replacing: spoiled.old, by: spoiled.new)
    #expect(Set(Fixtures.findings(library)) == Set(spoiled.found))
  }

  @Test func anachronismsCanBeSilenced() {
    let text = Fixtures.scenario.replacing("year: 2006", with: "year: 2004")
      .replacing("[ignored-limit]", with: "[anachronism, ignored-limit]")
    #expect(Fixtures.findings(Fixtures.library(["work/ask.yaml": text])).isEmpty)
  }

  @Test(arguments: [("reservation", true), ("touch-on-demand", false), ("control-group", false)])
  func memoryBeyondTheHostIsAnErrorWhereItIsReserved(kind: String, isError: Bool) {
    let split = Fixtures.split.replacing(
      "topology:", with: "memory: {kind: \(kind)}\ntopology:")
    let text = Fixtures.scenario.replacing("128 MiB", with: "64 GiB")
    let found = Fixtures.findings(
      Fixtures.library(["work/ask.yaml": text, "profiles/approaches/split.yaml": split]))
    let own = found.filter { $0.contains("`split`") }
    #expect(found.count == 2 && own.count == 1)
    #expect(own.allSatisfy { $0.contains("64 GiB") && $0.contains("2 GiB") })
    #expect(own.allSatisfy { $0.contains("warning:") != isError })
  }

  /// On a host of two cores a guest of two processors has what it asks for.
  @Test(arguments: [(4, 2, true), (4, 3, true), (2, 2, false), (4, 4, false), (4, 1, false)])
  func processorsThatASharedKernelIgnores(cores: Int, processors: Int, isIgnored: Bool) {
    let text = Fixtures.scenario.replacing("silence: [ignored-limit]", with: "")
      .replacing("cpu-limit: 50 %", with: "processors: \(processors)")
    let host = Fixtures.host.replacing("cores: 2", with: "cores: \(cores)")
    func found(_ text: String) -> [String] {
      Fixtures.findings(
        Fixtures.library(["work/ask.yaml": text, "profiles/hosts/small.yaml": host])
      ).filter { $0.contains("one kernel") }
    }
    let expected =
      "work/ask.yaml:10:17: warning: `native`, `shared` ignore the `processors` of `web`: guests "
      + "on one kernel may use each of the \(cores) cores; `silence: [ignored-limit]` accepts that"
    #expect(found(text) == (isIgnored ? [expected] : []))
    #expect(found(text + "\nsilence: [ignored-limit]\n") == [])
    let one = text.replacing("[native, shared, split]", with: "[split, shared]")
    #expect(found(one).allSatisfy { $0.contains(": `shared` ignores the `processors`") })
    #expect(found(one).count == (isIgnored ? 1 : 0))
  }

  @Test func weightsAndProcessorsThatAnApproachIgnores() {
    let text = Fixtures.scenario.replacing("silence: [ignored-limit]", with: "")
      .replacing("cpu-limit: 50 %", with: "weight: 2\n    processors: 2")
    let found = Fixtures.findings(Fixtures.library(["work/ask.yaml": text]))
    let place = "work/ask.yaml:"
    let shares = "ignores the `weight` of `web`: its scheduler (`o1`) has no shares"
    let most = "ignores the `processors` of `web`: it gives a guest 1 at most"
    let silence = "; `silence: [ignored-limit]` accepts that"
    let expected: [String] = [
      place + "10:13: warning: `native` " + shares + silence,
      place + "10:13: warning: `split` " + shares + silence,
      place + "11:17: warning: `split` " + most + silence,
    ]
    #expect(found == expected)
  }

  @Test func parametersThatASchedulerDoesNotHave() {
    let text = Fixtures.scenario.replacing("silence: [ignored-limit]", with: "")
      .replacing("    cpu-limit: 50 %\n", with: "")
    let loud = Fixtures.library(["work/ask.yaml": text])
    #expect(Fixtures.findings(loud) == [])
    let set = "approaches.split.scheduling.parameters"
    #expect(
      Fixtures.findings(loud, overrides: ["\(set).slice=4 ms", "\(set).warp=1 ms"]) == [
        "--set:2:45: warning: `split` ignores the parameter `warp`: its scheduler (`o1`) has only "
          + "`slice`; `silence: [ignored-limit]` accepts that"
      ])
    #expect(Fixtures.findings(Fixtures.library(), overrides: ["\(set).warp=1 ms"]) == [])
    #expect(
      Fixtures.findings(
        loud, overrides: ["approaches.shared.scheduling.algorithm=processor-sharing"]
      ) == [
        "profiles/approaches/shared.yaml:10:23: warning: `shared` ignores the parameter `slice`: "
          + "its scheduler (`processor-sharing`) has none; `silence: [ignored-limit]` accepts that",
        "profiles/approaches/shared.yaml:10:46: warning: `shared` ignores the parameter "
          + "`default-weight`: its scheduler (`processor-sharing`) has none; "
          + "`silence: [ignored-limit]` accepts that",
      ])
  }
}
