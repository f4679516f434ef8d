import ScenarioFormat
import Testing
import Virtualization

@Suite struct CheckReaderTests {
  private let good = """
    tenancy: 1
    kind: check
    title: A table
    host: machine
    source: a study
    systems:
      - {name: Linux, approach: native}
      - {name: Xen, approach: xen-pv, prices: {hypercall: call, kernel-work.select: call}}
    rows:
      - row: call
        class: calls
        role: priced
        published: {Linux: 0.5 us, Xen: 600 ns}
        operations:
          - {do: system-call}
      - row: switch
        class: switches
        role: predicted
        native: input
        native-from: {reason: two calls, rows: {call: 5/2, other: -1/4}}
        published: {Linux: 1 us, Xen: 2 us}
        user-computation: 3 us
        operations:
          - {do: context-switch, count: 2, pages: 4}
        refill: {tasks: 8, working-set: 16 KiB}
      - row: other
        class: calls
        role: priced
        published: {Linux: 1 us, Xen: 2 us}
        operations:
          - {do: select}
    """

  private func read(_ text: String) throws -> CheckFile {
    try Library(folders: ["p"], store: .memory(["p/checks/table.yaml": text])).check("table")
  }

  @Test func readsATable() throws {
    let file = try read(good)
    #expect(file.id == "table")
    #expect(file.host == "machine")
    #expect(file.systems.map(\.approach) == ["native", "xen-pv"])
    #expect(file.systems[0].prices.isEmpty)
    #expect(file.systems[1].prices.map(\.row) == ["call", "call"])
    #expect(
      file.systems[1].prices.map(\.subject) == [
        .primitive(.hypercall, service: nil), .primitive(.kernelWork, service: .select),
      ])
    #expect(file.rows.map(\.isPriced) == [true, false, true])
    #expect(file.rows[0].composition == nil)
    let made = try #require(file.rows[1].composition)
    #expect(made.reason == "two calls")
    #expect(made.terms.map(\.row) == ["call", "other"])
    #expect(made.terms.map(\.factor) == [2.5, -0.25])
    #expect(file.rows[0].published == [0.5e-6, 0.6e-6])
    #expect(!file.rows[0].isNativeInput)
    #expect(file.rows[1].isNativeInput)
    #expect(file.rows[1].userSeconds == 3e-6)
    #expect(file.rows[1].steps[0].operation == .contextSwitch)
    #expect(file.rows[1].steps[0].count == 2)
    #expect(file.rows[1].steps[0].attributes[.pages] == 4)
    #expect(file.rows[0].refill == nil)
    #expect(file.rows[1].refill?.tasks == 8)
    #expect(file.rows[1].refill?.workingSetBytes == 16_384)
  }

  @Test(arguments: [
    ("Xen: 600 ns}", "Xne: 600 ns}", "`Xne` is not one of the systems"),
    ("Linux: 0.5 us, Xen: 600 ns", "Linux: 0.5 us", "the value of `Xen` is missing"),
    ("Xen: 600 ns", "Xen: 600", "unit"),
    ("Xen: 600 ns", "Xen: 0 ns", "must lie between"),
    ("role: priced", "role: fitted", "`role`"),
    ("native: input", "native: guess", "`native`"),
    ("    native: input\n", "", "goes with `role: predicted` and `native: input`"),
    ("role: predicted", "role: priced", "goes with `role: predicted` and `native: input`"),
    ("call: 5/2", "switch: 5/2", "`switch`, which is not a priced row"),
    ("call: 5/2", "cal: 5/2", "did you mean `call`?"),
    ("call: 5/2", "call: 5 us", "it must be a number or a fraction"),
    ("call: 5/2", "call: 0", "it must be a number or a fraction"),
    ("call: 5/2", "call: 1/4", "comes to no time"),
    ("reason: two calls, ", "", "the key `reason` is missing"),
    ("reason: two calls", "because: two calls", "unknown key `because`"),
    ("hypercall: call", "hypercal: call", "did you mean `hypercall`?"),
    ("kernel-work.select", "kernel-work", "`kernel-work` is not a price"),
    ("hypercall: call", "hypercall: switch", "which is not a row that prices `Xen`"),
    ("hypercall: call", "hypercall: [call]", "it must be the name of a row"),
    ("{do: system-call}", "{do: sistem-call}", "did you mean `system-call`?"),
    ("{do: system-call}", "{do: system-call, bytes: 4}", "needs its unit"),
    ("approach: native", "approach: openvz", "must have `approach: native`"),
    ("- row: switch", "- row: call", "`call`"),
    ("name: Xen,", "name: Linux,", "`Linux`"),
    ("tasks: 8", "task: 8", "unknown key `task`"),
    ("host: machine\n", "", "the key `host` is missing"),
    ("kind: check", "kind: workload", "the file is of the kind `workload`"),
  ])
  func refuses(_ part: String, _ other: String, _ message: String) throws {
    let text = good.replacing(part, with: other)
    #expect(text != good)
    do {
      _ = try read(text)
      Issue.record("read without findings")
    } catch let error as ScenarioFormatError {
      #expect(error.description.contains(message))
      #expect(error.description.contains(".yaml:"))
    }
  }

  @Test func namesAMissingFile() {
    #expect(throws: ScenarioFormatError.self) {
      try Library(folders: ["p"], store: .memory([:])).check("table")
    }
  }
}
