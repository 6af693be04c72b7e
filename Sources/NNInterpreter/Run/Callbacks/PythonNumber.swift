import NNReport

/// Numbers as Python writes them, for files that Keras would have written.
enum PythonNumber {
  /// `repr` of a float: the shortest text that reads back as the same, `0.5`, `1e-05`, `nan`.
  static func text(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
    let number = DecimalDigits(shortest: value.magnitude)
    let sign = value.sign == .minus ? "-" : ""
    if number.exponent < -4 || number.exponent >= 16 {
      return sign + scientific(number, decimals: number.digits.count - 1)
    }
    return sign + number.fixed(decimals: max(number.digits.count - 1 - number.exponent, 1))
  }

  /// `1.25e-07`, of what was rounded before.
  static func scientific(_ number: DecimalDigits, decimals: Int) -> String {
    var text = String(number[power: number.exponent])
    if decimals > 0 {
      text += "." + (1...decimals).map { String(number[power: number.exponent - $0]) }.joined()
    }
    let size = String(abs(number.exponent))
    return text + "e" + (number.exponent < 0 ? "-" : "+") + (size.count < 2 ? "0" : "") + size
  }
}
