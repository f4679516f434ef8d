import Virtualization

extension Section {
  static let check = Section(
    "check",
    "Published measurements of several systems on one host, beside which predictions stand.",
    [
      Field("title", .text, "One line for people."),
      Field("source", .text, "Where the measurements were published."),
      Field("host", .text, "The id of the host on which all was measured."),
      Field("systems", .nested("list"), "The columns, native first; see *check-system*."),
      Field("rows", .nested("list"), "The measurements; see *check-row*."),
    ])

  static let checkSystem = Section(
    "check-system", "A measured system and the approach that models it.",
    [
      Field("name", .text, "As the publication names it."),
      Field("approach", .text, "The id of the approach."),
      Field(
        "prices", .nested("mapping"),
        "What was solved for, and from which priced row: a mechanism, `kernel-work.` and an "
          + "operation, or `kernel-slowdown`.", .optional("not stated")),
    ])

  static let checkRow = Section(
    "check-row", "One measured operation mix.",
    [
      Field("row", .text, "As the publication names it."),
      Field("class", .text, "Rows of one class share the factor of the baseline."),
      Field(
        "role", .choice(["priced", "predicted"]),
        "Whether prices were derived from it."),
      Field(
        "native", .choice(["input"]),
        "Says that the native service time of the row was looked up in the row itself.",
        .optional("it was not")),
      Field(
        "native-from", .nested("mapping"),
        "With `native: input` of a predicted row: how the native value is predicted without the "
          + "row; see *check-composition*.",
        .optional("it is not predicted")),
      Field(
        "in-view", .choice(["native", "all"]),
        "Whose published values of the row were in view when anything was chosen after them, so "
          + "that its predictions are not blind: the native one, or those of all systems.",
        .optional("nobody's")),
      Field("published", .nested("mapping"), "A time for every system."),
      Field(
        "user-computation", .amount(.seconds, 0...1e6), "At the reference speed.",
        .optional("0 s")),
      Field("operations", .nested("list"), "What the row exercises; see *check-operation*."),
      Field(
        "refill", .nested("mapping"), "Tasks that displace each other's cache; see *check-refill*.",
        .optional("none")),
    ])

  static let checkComposition = Section(
    "check-composition", "A native time made of priced rows.",
    [
      Field(
        "rows", .nested("mapping"),
        "How often the native time of each priced row is contained: a number or a fraction, "
          + "negative for what is taken off."),
      Field("reason", .text, "Why the row should be made of these."),
    ])

  static let checkRefill = Section(
    "check-refill", "Tasks that take turns on one core.",
    [
      Field("tasks", .amount(.count, 1...1e6), "How many take turns."),
      Field("working-set", .amount(.bytes, 0...1e12), "Of each, with its kernel stack."),
    ])

  /// An operation of a workload, except that its count is a fact of the measuring program.
  static let checkOperation = Section(
    "check-operation", "An operation that a row exercises, how often and with which attributes.",
    operation.fields.compactMap { field in
      switch field.key {
      case "count":
        Field("count", .amount(.count, 0...1e9), "Occurrences in the row.", .optional("1"))
      case "moves-response": nil
      default: field
      }
    })
}
