import Yams

/// What keeps a text from being YAML, in words of this program, and what to do about it.
///
/// The parser of YAML tells its errors apart by sentences, so those are what is looked up here.
struct SyntaxFault {
  var code = Finding.Code.syntax
  var message: String
  /// Counted from 1, as the column.
  var line: Int
  var column: Int

  private init(_ message: String, _ line: Int, _ column: Int) {
    self.message = message
    self.line = line
    self.column = column
  }

  init(_ error: any Error, in source: SourceLines) {
    switch error {
    case YamlError.scanner(let context, let problem, let mark, _),
      YamlError.parser(let context, let problem, let mark, _):
      self.init(problem, at: mark, context, in: source)
    case YamlError.composer(_, let problem, let mark, _):
      // The composer has no third error.
      self.init(
        problem.contains("alias")
          ? Self.alias(source.alias(at: mark.line, mark.column))
          : "a second document begins here (`---`); keep one in a file", mark.line, mark.column)
    case YamlError.reader(_, let offset, _, let yaml):
      let before = yaml.prefix(offset ?? 0)
      let lines = before.split(separator: "\n", omittingEmptySubsequences: false)
      self.init(
        "a control character stands here; remove it", max(1, lines.count),
        (lines.last?.unicodeScalars.count ?? 0) + 1)
    default: self.init(Self.unknown, 1, 1)
    }
  }

  private init(
    _ problem: String, at mark: Mark, _ context: YamlError.Context?, in source: SourceLines
  ) {
    let during = context?.text ?? ""
    if source.scalar(at: mark.line, mark.column) == "\t" || problem.contains("tab character") {
      self.init(
        "a tab stands here, and YAML is indented with blanks only; put blanks in its place",
        mark.line, mark.column)
    } else if problem.hasPrefix("Maximum nesting level") {
      self.init(
        "more than \(FileLimits.depth) levels deep; no file needs that", mark.line, mark.column)
      code = .limit
    } else if let context, during.hasSuffix("a quoted scalar"),
      problem.hasPrefix("found unexpected")
    {
      self.init(Self.openQuote, context.mark.line, context.mark.column)
    } else if let quote = source.longQuotes.first(where: {
      $0.line < mark.line && ($0.end ?? mark.line) == mark.line
    }) {
      self.init(
        Self.openQuote + "; it ends only in line \(mark.line), where the text goes on", quote.line,
        quote.column)
    } else if let context, problem == "could not find expected ':'" {
      self.init(
        "a key without `:` behind it; write `key: value`, or put text of several lines in quotes",
        context.mark.line, context.mark.column)
    } else if during.hasSuffix("a flow node"), source.isEnd(mark.line, mark.column),
      let open = source.openBracket
    {
      let expected = open.sign == "[" ? "']'" : "'}'"
      self.init(
        Self.sentence("did not find expected ',' or \(expected)", during, from: open.line),
        mark.line,
        mark.column)
    } else {
      self.init(
        Self.sentence(problem, during, from: context?.mark.line ?? 1), mark.line, mark.column)
    }
  }

  private static let openQuote = "the quote that opens here is not closed on its line; close it"
  private static let unknown =
    "the text cannot be read on from here; check quotes, brackets and indentation before it"

  /// What is said of a name behind `*`, whether anything has that name or not.
  static func alias(_ written: String) -> String {
    "aliases (\(quoted(written))) are not read; write the text out"
  }

  private static func sentence(_ problem: String, _ during: String, from line: Int) -> String {
    if during.hasSuffix("directive") || problem.contains("directive")
      || problem.hasPrefix("found incompatible")
    {
      return "lines that begin with `%` are not read; remove it"
    }
    if during.hasSuffix(" tag") || problem.contains("tag handle") {
      return "tags (`!name`) are not read; leave it out, or put the text in quotes"
    }
    if during.hasSuffix("an anchor") || during.hasSuffix("an alias") {
      return "anchors and aliases (`&`, `*`) are not read; put the text in quotes"
    }
    switch problem {
    case "mapping values are not allowed in this context":
      return
        "a second `: ` where one value belongs; put text that holds `: ` in quotes, or begin the "
        + "next key on a line of its own, indented as the keys beside it"
    case "block sequence entries are not allowed in this context":
      return
        "an entry of a list (`- `) cannot begin here; put it on a line of its own, or the text in "
        + "quotes"
    case "mapping keys are not allowed in this context":
      return "`? ` cannot stand here; write `key: value`"
    case "found character that cannot start any token":
      return "a word cannot begin with this character; put the text in quotes"
    case "found unknown escape character", "did not find expected hexdecimal number",
      "found invalid Unicode character escape code":
      return
        "behind `\\` in double quotes stands what is no escape; write `\\\\` for the sign itself, "
        + "or use single quotes"
    case "found unexpected ':'":
      return "this `:` has no blank behind it; write `key: value`, or put the text in quotes"
    case "found an indentation indicator equal to 0":
      return "`0` behind `|` or `>` is no indentation; leave it out"
    case "did not find expected comment or line break":
      return "behind `|` or `>` only a comment may stand; begin the text on the next line"
    case "did not find expected ',' or ']'":
      return
        "the list that opens with `[` in line \(line) is not closed before this; write `]` at its "
        + "end, or `,` between its entries"
    case "did not find expected ',' or '}'":
      return
        "the mapping that opens with `{` in line \(line) is not closed before this; write `}` at "
        + "its end, or `,` between its keys"
    case "did not find expected '-' indicator":
      return
        "this is no entry of the list that begins in line \(line); begin it with `- `, or indent "
        + "it as what it belongs to"
    case "did not find expected key":
      return
        "this is no key of the mapping that begins in line \(line); indent it as what it belongs "
        + "to, write `,` between keys, or put text that holds quotes in other quotes"
    case "did not find expected node content":
      return "a value belongs here; write one, or remove the sign before it"
    case "did not find expected <document start>":
      return "what the file holds has ended before this; remove it, or indent it as the rest"
    default: return unknown
    }
  }
}
