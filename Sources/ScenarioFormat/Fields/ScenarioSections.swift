import Virtualization

extension Section {
  static let scenario = Section(
    "scenario", "A question about one host and one mix of guests.",
    [
      Field("question", .text, "The question in one sentence."),
      Field(
        "year", .integer(1960...2100), "The year in which it plays; approaches are judged by it."),
      Field("host", .nested("id, path or mapping"), "The machine; see *host*."),
      Field(
        "approaches", .nested("list of ids, paths or mappings"),
        "What to compare; see *approach*."),
      Field(
        "native", .nested("mapping"), "The native approach; see *approach*.",
        .optional("`native`")),
      Field("guests", .nested("list"), "The classes of guests; see *guests*."),
      Field("objective", .nested("mapping"), "What guests are owed; see *objective*."),
      Field("run", .nested("mapping"), "How it is run; see *run*.", .optional("all defaults")),
      Field(
        "silence", .nested("list"),
        "Warnings not to show: "
          + Finding.Code.silenceable.map { "`\($0.rawValue)`" }.joined(separator: ", ") + ".",
        .optional("none")),
    ])

  static let guests = Section(
    "guests", "Guests that are alike.",
    [
      Field("name", .text, "The name used in reports."),
      Field("workload", .nested("id, path or mapping"), "What they do; see *workload*."),
      Field(
        "count", .integer(1...1_000_000),
        "Guests of this class; their share in the mix for density.", .optional("1")),
      Field(
        "weight", .amount(.count, 1e-6...1e6), "Share of the processors relative to other guests.",
        .optional("1")),
      Field(
        "cpu-limit", .amount(.share, 0.0001...4_096),
        "Processor time per elapsed time at most; 100 % is one core. Under openvz and "
          + "linux-vserver in steps of 1/1024 of a core; a warning says where that makes it "
          + "another limit.",
        .optional("no limit")),
      Field(
        "memory", .amount(.bytes, 1_048_576...1e15),
        "Size of a virtual machine, or limit of a control group."),
      Field(
        "processors", .integer(1...4_096),
        "Virtual processors of a guest with a kernel of its own; under one kernel for all guests, "
          + "each uses every core.", .optional("1")),
      Field(
        "beancounters", .choice(BeancounterPreset.allCases.map(\.rawValue)),
        "The preset of user beancounters.", .optional("`unlimited`")),
      Field(
        "direct-io", .flag,
        "Whether the guest's image file is opened with O_DIRECT, past the host's cache.",
        .optional("the approach's")),
    ])

  static let objective = Section(
    "objective", "The service-level objective that a density answer must hold.",
    [
      Field(
        "statistic", .choice(Objective.Statistic.allCases.map(\.rawValue)),
        "The figure of response time that is judged.", .optional("`percentile`")),
      Field(
        "percentile", .amount(.count, 0.001...99.9999), "Of response time, that is judged.",
        .optional("95")),
      Field("response", .amount(.seconds, 1e-9...1e6), "The time that it may not exceed."),
      Field(
        "errors", .amount(.share, share), "Requests that may be refused or fail.",
        .optional("0.1 %")),
      Field(
        "guests", .amount(.share, share), "Guests that may individually be above the time.",
        .optional("5 %")),
    ])

  static let run = Section(
    "run", "How a scenario is run.",
    [
      Field(
        "duration", .amount(.seconds, 1e-3...1e7), "Simulated and measured.", .optional("300 s")),
      Field(
        "warm-up", .amount(.seconds, 0...1e7), "Simulated before measuring begins.",
        .optional("30 s")),
      Field("seed", .integer(0...Int.max), "Of the random streams.", .optional("1")),
      Field(
        "confidence", .amount(.share, 0.5...0.9999), "Of every interval.", .optional("95 %")),
      Field(
        "precision", .amount(.share, 0.0001...1),
        "The relative half-width at which replications stop.", .optional("5 %")),
      Field("replications", .nested("mapping"), "See *replications*.", .optional("5 to 40")),
      Field(
        "parameter-draws", .integer(0...10_000), "Draws of uncertain prices.", .optional("20")),
      Field(
        "maximum-guests", .integer(1...1_000_000), "The most that a density search tries.",
        .optional("10000")),
    ])

  static let replications = Section(
    "replications", "How many independent runs.",
    [
      Field("minimum", .integer(2...10_000), "Runs at least.", .optional("5")),
      Field("maximum", .integer(2...10_000), "Runs at most.", .optional("40")),
    ])

  /// All sections, by file kind, in the order of the reference.
  package static let reference: [(kind: String, sections: [Section])] = [
    ("Scenario", [scenario, guests, objective, run, replications]),
    (
      "Host profile",
      [
        host, processors, hostMemory, disk, network, kernel, kernelParameters, kernelMemory,
        scaledFrom,
      ]
    ),
    (
      "Approach profile",
      [
        approach, topology, guestKernel, scheduling, parameters, approachMemory, admission, storage,
        hop, count,
      ]
    ),
    (
      "Workload", [workload, arrival, operation, files, processes, background]
    ),
    ("Everywhere", [quantity, distribution]),
  ]
}
