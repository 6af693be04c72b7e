import NNReport

/// How a number is written in a file's name: Python's `[[fill]align][sign][0][width][.precision][type]`, without
/// grouping and the alternate form. `02d`, `.2f`, `.3e`.
struct PythonFormat: Sendable, Equatable {
  private var fill: Character = " "
  private var align: Character = ">"
  private var sign: Character = "-"
  private var width = 0
  private var precision: Int?
  /// nil where none is written.
  private var type: Character?

  /// - Returns: nil if this is none of those formats.
  init?(_ text: Substring) {
    var rest = text[...]
    let aligns: Set<Character> = ["<", ">", "^", "="]
    var isAligned = false
    if rest.count >= 2, let mark = rest.dropFirst().first, aligns.contains(mark), let first = rest.first {
      fill = first
      align = mark
      isAligned = true
      rest = rest.dropFirst(2)
    } else if let mark = rest.first, aligns.contains(mark) {
      align = mark
      isAligned = true
      rest = rest.dropFirst()
    }
    if let mark = rest.first, ["+", "-", " "].contains(mark) {
      sign = mark
      rest = rest.dropFirst()
    }
    if rest.first == "0" {
      if !isAligned {
        fill = "0"
        align = "="
      }
      rest = rest.dropFirst()
    }
    guard let width = Self.count(&rest) else { return nil }
    self.width = width
    if rest.first == "." {
      rest = rest.dropFirst()
      guard rest.first?.isWholeNumber == true, let precision = Self.count(&rest) else { return nil }
      self.precision = precision
    }
    if let letter = rest.first {
      type = letter
      rest = rest.dropFirst()
    }
    guard rest.isEmpty else { return nil }
  }

  /// The digits at the front as a number, 0 if there are none; nil if it is more than any name needs.
  private static func count(_ text: inout Substring) -> Int? {
    let digits = text.prefix { ("0"..."9").contains($0) }
    text = text.dropFirst(digits.count)
    if digits.isEmpty { return 0 }
    return Int(digits).flatMap { $0 <= 100 ? $0 : nil }
  }

  private static let floatTypes: Set<Character> = ["e", "E", "f", "F", "g", "G", "%"]
  private static let radixes: [Character: Int] = ["b": 2, "o": 8, "x": 16, "X": 16]

  /// Whether Python writes a whole number, or one with a fraction, so.
  func fits(isWhole: Bool) -> Bool {
    guard let type else { return !isWhole || precision == nil }
    if Self.floatTypes.contains(type) { return true }
    return isWhole && precision == nil && (type == "d" || Self.radixes[type] != nil)
  }

  func text(_ value: Int) -> String {
    if let type, Self.floatTypes.contains(type) { return text(Double(value)) }
    let radix = type.flatMap { Self.radixes[$0] } ?? 10
    return padded(String(value.magnitude, radix: radix, uppercase: type == "X"), isNegative: value < 0)
  }

  func text(_ number: Double) -> String {
    let value = type == "%" ? number * 100 : number
    var body: String
    if value.isFinite {
      body = digits(value.magnitude)
    } else {
      body = (value.isNaN ? "nan" : "inf") + (type == "%" ? "%" : "")
    }
    if let type, type.isUppercase { body = body.uppercased() }
    return padded(body, isNegative: value.sign == .minus && !value.isNaN)
  }

  /// A magnitude, as the type has it.
  private func digits(_ value: Double) -> String {
    switch type {
    case "f", "F": return fixed(value, precision ?? 6)
    case "%": return fixed(value, precision ?? 6) + "%"
    case "e", "E":
      let decimals = precision ?? 6
      let rounded = DecimalDigits(exact: value).rounded(significant: decimals + 1, tie: .toEven)
      return PythonNumber.scientific(rounded, decimals: decimals)
    case "g", "G": return general(value, precision ?? 6, keepsPoint: false)
    default:
      guard let precision else { return PythonNumber.text(value) }
      return general(value, precision, keepsPoint: true)
    }
  }

  private func fixed(_ value: Double, _ decimals: Int) -> String {
    DecimalDigits(exact: value).rounded(decimals: decimals, tie: .toEven).fixed(decimals: decimals)
  }

  /// Fixed or scientific, whichever is shorter; without trailing zeros. Without a type a fixed one keeps a digit behind its
  /// point.
  private func general(_ value: Double, _ precision: Int, keepsPoint: Bool) -> String {
    let significant = max(precision, 1)
    let rounded = DecimalDigits(exact: value).rounded(significant: significant, tie: .toEven)
    if rounded.exponent < -4 || rounded.exponent >= significant - (keepsPoint ? 1 : 0) {
      return PythonNumber.scientific(rounded, decimals: rounded.digits.count - 1)
    }
    return rounded.fixed(decimals: max(rounded.digits.count - 1 - rounded.exponent, keepsPoint ? 1 : 0))
  }

  private func padded(_ body: String, isNegative: Bool) -> String {
    let mark = isNegative ? "-" : sign == "-" ? "" : String(sign)
    let room = max(width - body.count - mark.count, 0)
    let padding = String(repeating: fill, count: room)
    switch align {
    case "<": return mark + body + padding
    case "=": return mark + padding + body
    case "^":
      return String(repeating: fill, count: room / 2) + mark + body
        + String(repeating: fill, count: room - room / 2)
    default: return padding + mark + body
    }
  }
}
