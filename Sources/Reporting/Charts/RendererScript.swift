/// The script that the renderer's Python runs: specifications on stdin, pictures on stdout.
///
/// It is part of the program rather than a file beside it, so that an installed binary has it.
enum RendererScript {
  /// The Vega-Lite version asked for; a newer package still brings it, so pictures stay the same.
  static let grammar = "6.1"

  /// Ends well where the package is there.
  static let probe = "import vl_convert"

  static let text = """
    import base64, json, sys
    import vl_convert
    request = json.load(sys.stdin)
    version = request["grammar"]
    answer = {"renderer": "vl-convert-python " + vl_convert.__version__, "charts": []}
    for chart in request["charts"]:
        text = json.dumps(chart["specification"])
        svg = vl_convert.vegalite_to_svg(text, vl_version=version, allowed_base_urls=[])
        png = vl_convert.svg_to_png(svg, scale=2)
        answer["charts"].append(
            {"id": chart["id"], "svg": svg, "png": base64.b64encode(png).decode("ascii")})
    if request["bundle"]:
        answer["bundle"] = vl_convert.javascript_bundle(vl_version=version)
    json.dump(answer, sys.stdout)
    """
}
