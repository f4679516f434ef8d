import Virtualization

extension Section {
  static let workload = Section(
    "workload", "What the guests of one class do.",
    [
      Field("title", .text, "One line for people."),
      Field("source", .text, "Where the figures come from; every number inherits it."),
      Field("arrival", .nested("mapping"), "How requests come to one guest; see *arrival*."),
      Field(
        "operations", .nested("list"), "The operation mix of one request; see *operation*."),
      Field(
        "user-computation", .distribution(.seconds),
        "Of one request, at the reference processor's speed."),
      Field("response", .distribution(.bytes), "Size of one request's response."),
      Field(
        "files", .nested("mapping"), "The file set that reads go to; see *files*.",
        .optional("all reads hit the cache")),
      Field("processes", .nested("mapping"), "See *processes*."),
      Field(
        "working-set", .quantity(.bytes, 0...1e12),
        "What a guest touches again and again on a core."
      ),
      Field(
        "background", .nested("mapping"), "Periodic work without requests; see *background*.",
        .optional("none")),
      Field("workers", .whole(1...1e6), "Requests worked on at once; more wait."),
      Field("backlog", .whole(0...1e9), "Requests that may wait; more are refused."),
    ])

  static let arrival = Section(
    "arrival",
    "How requests come: `poisson` (rate), `bursty` (rate, peak-to-mean, burst, in-bursts) or "
      + "`closed` (users, think-time).",
    [
      Field("process", .choice(["poisson", "bursty", "closed"]), "The arrival process."),
      Field(
        "rate", .quantity(.hertz, 1e-9...1e9), "Mean requests per second and guest.",
        .optional("required by poisson and bursty")),
      Field(
        "peak-to-mean", .quantity(.count, 1...10_000), "Rate in a burst over the mean rate.",
        .optional("required by bursty")),
      Field(
        "burst", .quantity(.seconds, 1e-6...1e6), "Mean length of a burst.",
        .optional("required by bursty")),
      Field(
        "in-bursts", .quantity(.share, 0.001...1), "With `bursty`: share of requests in bursts.",
        .optional("50 %")),
      Field(
        "users", .whole(1...1e6), "Users of one guest.", .optional("required by closed")),
      Field(
        "think-time", .distribution(.seconds), "From an answer to the next request.",
        .optional("required by closed")),
    ])

  static let operation = Section(
    "operation", "How often an operation happens in one request, and with which attributes.",
    [
      Field(
        "do", .choice(Operation.allCases.filter { $0 != .userComputation }.map(\.rawValue)),
        "The operation."),
      Field("count", .quantity(.count, 0...1e9), "Mean occurrences per request."),
      Field(
        "pages", .amount(.count, 0...1e9), "Pages of the address space concerned.", .optional("0")),
      Field("table-pages", .amount(.count, 0...1e9), "Page-table pages of it.", .optional("0")),
      Field("ranges", .amount(.count, 0...1e9), "Contiguous ranges of it.", .optional("0")),
      Field("bytes", .amount(.bytes, 0...1e15), "Bytes moved.", .optional("0 B")),
      Field("names", .amount(.count, 0...1e9), "Path names looked up.", .optional("0")),
      Field("packets", .amount(.count, 0...1e9), "Network packets.", .optional("0")),
      Field(
        "moves-response", .flag,
        "Whether one occurrence moves the response: bytes are then drawn per request.",
        .optional("false")),
    ])

  static let files = Section(
    "files", "A set of files with skewed popularity.",
    [
      Field("count", .quantity(.count, 1...FileCatalog.mostFiles), "Files."),
      Field("mean-size", .quantity(.bytes, 1...1e15), "Of a file."),
      Field("zipf-exponent", .quantity(.count, 0...5), "Of the law by which files are asked for."),
      Field(
        "common-share", .quantity(.share, share), "Share of the set that is alike in all guests."),
    ])

  static let processes = Section(
    "processes", "The processes of a guest and the memory that they take.",
    [
      Field("base", .quantity(.count, 0...1e6), "Processes that exist without load."),
      Field("base-anonymous", .quantity(.bytes, 0...1e13), "Anonymous memory of those, in all."),
      Field("worker-anonymous", .quantity(.bytes, 0...1e12), "Anonymous memory of one worker."),
      Field("spare-workers", .quantity(.count, 0...1e6), "Workers kept ready without load."),
      Field(
        "active-share", .quantity(.share, share), "Share of anonymous memory touched in any minute."
      ),
      Field("text", .quantity(.bytes, 0...1e12), "Programs and libraries, alike in all guests."),
      Field("kernel-per-process", .quantity(.bytes, 0...1e9), "Kernel memory per process."),
      Field("sockets-per-worker", .quantity(.count, 0...1e6), "Sockets per worker."),
      Field("image", .quantity(.bytes, 0...1e15), "System image on disk."),
      Field("data", .quantity(.bytes, 0...1e15), "Private data on disk."),
    ])

  static let background = Section(
    "background", "Periodic work of a guest: cron, log writers, daemons.",
    [
      Field("period", .quantity(.seconds, 1e-3...1e7), "Between two rounds."),
      Field(
        "user-computation", .quantity(.seconds, 0...1e5),
        "Of a round, at the reference processor's speed."),
      Field("operations", .nested("list"), "Of a round; see *operation*.", .optional("none")),
    ])

  static let laws = [
    "constant", "uniform", "exponential", "erlang", "hyperexponential", "gamma", "lognormal",
    "pareto",
    "bounded-pareto", "empirical",
  ]

  /// The keys that a law takes, in one form or two.
  static let lawKeys = [
    "constant": [["value"]],
    "uniform": [["low", "high"]],
    "exponential": [["mean"]],
    "erlang": [["mean", "stages"]],
    "hyperexponential": [["mean", "variation"], ["probability", "first-mean", "second-mean"]],
    "gamma": [["mean", "variation"], ["shape", "scale"]],
    "lognormal": [["mean", "variation"]],
    "pareto": [["mean", "shape"], ["minimum", "shape"]],
    "bounded-pareto": [["minimum", "maximum", "shape"]],
    "empirical": [["quantiles"]],
  ]

  /// Keys by which the second form of a law is told.
  static let formKeys = ["probability", "scale", "minimum"]

  static let distribution = Section(
    "distribution",
    "A distribution; `variation` is the standard deviation over the mean. A `range` beside the law "
      + "holds for its mean; `value`, `mean`, `scale` and pareto's `minimum` may be quantities in "
      + "long form instead.",
    [
      Field(
        "law", .choice(laws), "The law; a key that it does not take is refused."),
      Field("value", .text, "constant", .optional("by law")),
      Field(
        "mean", .text, "exponential, erlang, hyperexponential, gamma, lognormal, pareto",
        .optional("by law")),
      Field("variation", .text, "hyperexponential, gamma, lognormal", .optional("by law")),
      Field("low", .text, "uniform", .optional("by law")),
      Field("high", .text, "uniform", .optional("by law")),
      Field("stages", .text, "erlang", .optional("by law")),
      Field("shape", .text, "pareto, bounded-pareto; gamma with scale", .optional("by law")),
      Field("scale", .text, "gamma, instead of mean and variation", .optional("by law")),
      Field("minimum", .text, "pareto instead of mean, bounded-pareto", .optional("by law")),
      Field("maximum", .text, "bounded-pareto", .optional("by law")),
      Field(
        "probability", .text, "hyperexponential by its two phases: of the first",
        .optional("by law")),
      Field("first-mean", .text, "hyperexponential by its two phases", .optional("by law")),
      Field("second-mean", .text, "hyperexponential by its two phases", .optional("by law")),
      Field(
        "quantiles", .nested("list"), "empirical: `[probability, value]` from 0 to 1",
        .optional("by law")),
    ])
}
