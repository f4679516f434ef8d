/// A share on the command line: `0.05`, `5%` or `5 %`.
struct Share {
  let value: Double
  /// As it was written.
  let text: String

  init?(argument: String) {
    var digits = Substring(argument)
    let isPercent = digits.last == "%"
    if isPercent { digits.removeLast() }
    while isPercent, digits.last == " " { digits.removeLast() }
    guard let number = Double(digits), number.isFinite else { return nil }
    text = argument
    value = isPercent ? number / 100 : number
  }
}
