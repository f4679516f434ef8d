/// A drawn chart made fit for standing in a page with others.
enum EmbeddedDrawing {
  /// The SVG element with its ids made unlike those of other charts, and a description for readers
  /// of the page who do not see it.
  static func markup(_ svg: String, chart: Chart) -> Markup {
    guard let start = svg.firstRange(of: "<svg") else { return .text("") }
    var text = String(svg[start.lowerBound...])
    for reference in [" id=\"", "url(#", "href=\"#"] {
      text = text.split(separator: reference, omittingEmptySubsequences: false)
        .joined(separator: reference + chart.id + "-")
    }
    let label = Markup.escaped(Markup.plain("\(chart.title). \(chart.summary)"))
    return .trusted("<svg role=\"img\" aria-label=\"\(label)\"" + text.dropFirst(4))
  }
}
