/// A finite double as its shortest decimal digits, d₀.d₁d₂… × 10^exponent.
///
/// Numbers for people are rounded here, in decimal, and not by `printf`: what looks like a tie (0.12345) is one,
/// and no locale turns the point into a comma. Zero is an empty list of digits.
struct Decimal: Equatable {
  var isNegative: Bool
  /// Each 0…9; the first is not 0 and the last is not 0.
  var digits: [UInt8]
  /// The power of ten of the first digit.
  var exponent: Int

  /// - Parameter value: a finite number; what is not finite counts as zero.
  init(_ value: Double) {
    isNegative = value.sign == .minus
    digits = []
    exponent = 0
    guard value.isFinite, value != 0 else { return }
    // Swift's description is the shortest text that reads back as the same double, as `12.5` or `1.25e-07`.
    var pointAt: Int?
    var power = 0
    var bytes = Array(value.magnitude.description.utf8)
    if let mark = bytes.firstIndex(of: UInt8(ascii: "e")) {
      power = Int(String(decoding: bytes[(mark + 1)...], as: UTF8.self)) ?? 0
      bytes.removeSubrange(mark...)
    }
    for byte in bytes {
      if byte == UInt8(ascii: ".") {
        pointAt = digits.count
      } else if byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
        digits.append(byte - UInt8(ascii: "0"))
      }
    }
    exponent = power + (pointAt ?? digits.count) - 1
    let leading = digits.prefix { $0 == 0 }.count
    digits.removeFirst(leading)
    exponent -= leading
    dropTrailingZeros()
  }

  /// Rounded to a count of significant digits, ties away from zero.
  func rounded(significant count: Int) -> Decimal {
    guard count < digits.count else { return self }
    var result = self
    guard count >= 0 else {
      result.digits = []
      result.exponent = 0
      return result
    }
    let roundsUp = digits[count] >= 5
    result.digits.removeSubrange(count...)
    if roundsUp {
      var place = count - 1
      while place >= 0, result.digits[place] == 9 {
        result.digits[place] = 0
        place -= 1
      }
      if place >= 0 {
        result.digits[place] += 1
      } else {
        result.digits.insert(1, at: 0)
        result.exponent += 1
      }
    }
    result.dropTrailingZeros()
    if result.digits.isEmpty { result.exponent = 0 }
    return result
  }

  /// Rounded to a count of digits after the point; a negative count rounds to tens, hundreds, ….
  func rounded(decimals: Int) -> Decimal {
    rounded(significant: exponent + 1 + decimals)
  }

  /// Plain notation, `-12.50`. `nil` decimals are as many as there are.
  func fixed(decimals: Int?) -> String {
    guard !digits.isEmpty else {
      guard let decimals, decimals > 0 else { return "0" }
      return "0." + String(repeating: "0", count: decimals)
    }
    let places = max(0, decimals ?? digits.count - 1 - exponent)
    var text = isNegative ? "-" : ""
    for power in stride(from: max(exponent, 0), through: -places, by: -1) {
      if power == -1 { text += "." }
      let index = exponent - power
      text += digits.indices.contains(index) ? String(digits[index]) : "0"
    }
    return text
  }

  /// Exponent notation, `1.235e-5`; with trailing zeros, filled up to a count of digits.
  func scientific(trailingZeros: Bool, digits count: Int) -> String {
    guard let first = digits.first else { return "0" }
    var rest = digits.dropFirst().map { String($0) }.joined()
    if trailingZeros { rest += String(repeating: "0", count: max(0, count - digits.count)) }
    return (isNegative ? "-" : "") + String(first) + (rest.isEmpty ? "" : "." + rest) + "e\(exponent)"
  }

  private mutating func dropTrailingZeros() {
    while digits.last == 0 { digits.removeLast() }
  }
}
