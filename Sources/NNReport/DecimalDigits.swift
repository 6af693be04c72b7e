/// A finite double in decimal, d₀.d₁d₂… × 10^exponent.
///
/// Numbers for people and for files are rounded here, in decimal, and not by `printf`: no locale turns the point into a
/// comma. Zero is an empty list of digits.
public struct DecimalDigits: Equatable, Sendable {
  /// What becomes of a number that lies in the middle between two.
  public enum Tie: Sendable {
    /// As people round: of the shortest digits, 0.125 is 0.13.
    case awayFromZero
    /// As Python's `format` does with all digits: 0.125 is 0.12.
    case toEven
  }

  public private(set) var isNegative: Bool
  /// Each 0…9; the first is not 0 and the last is not 0.
  public private(set) var digits: [UInt8]
  /// The power of ten of the first digit.
  public private(set) var exponent: Int

  /// As few digits as tell the value from its neighbours, so that what looks like a tie (0.12345) is one.
  /// - Parameter value: a finite number; what is not finite counts as zero.
  public init(shortest value: Double) {
    isNegative = value.sign == .minus
    digits = []
    exponent = 0
    guard value.isFinite, value != 0 else { return }
    // Swift's description is the shortest text that reads back as the same double, as `12.5` or `1.25e-07`.
    var power = 0
    var bytes = Array(value.magnitude.description.utf8)
    if let mark = bytes.firstIndex(of: UInt8(ascii: "e")) {
      power = Int(String(decoding: bytes[(mark + 1)...], as: UTF8.self)) ?? 0
      bytes.removeSubrange(mark...)
    }
    let point = bytes.firstIndex(of: UInt8(ascii: ".")) ?? bytes.count
    digits = bytes.filter { $0 != UInt8(ascii: ".") }.map { $0 &- UInt8(ascii: "0") }
    exponent = power + point - 1
    trim()
  }

  /// Every digit: a double is m · 2^e, and with e < 0 that is m · 5^−e / 10^−e.
  /// - Parameter value: a finite number; what is not finite counts as zero.
  public init(exact value: Double) {
    isNegative = value.sign == .minus
    digits = []
    exponent = 0
    let magnitude = value.magnitude
    guard magnitude.isFinite, magnitude > 0 else { return }
    let power = Int(magnitude.exponent) - 52
    // Limbs of nine digits, the lowest first.
    var limbs: [UInt64] = []
    var rest = UInt64(magnitude.significand * 0x1p52)
    while rest > 0 {
      limbs.append(rest % Self.limb)
      rest /= Self.limb
    }
    for _ in 0..<abs(power) { Self.multiply(&limbs, by: power < 0 ? 5 : 2) }
    for limb in limbs.reversed() {
      let text = String(limb)
      digits += [UInt8](repeating: 0, count: 9 - text.utf8.count) + text.utf8.map { $0 &- UInt8(ascii: "0") }
    }
    exponent = digits.count - 1 + min(power, 0)
    trim()
  }

  private static let limb: UInt64 = 1_000_000_000

  private static func multiply(_ limbs: inout [UInt64], by factor: UInt64) {
    var carry: UInt64 = 0
    for index in limbs.indices {
      let product = limbs[index] * factor + carry
      limbs[index] = product % limb
      carry = product / limb
    }
    if carry > 0 { limbs.append(carry) }
  }

  /// Rounded to a count of significant digits.
  public func rounded(significant count: Int, tie: Tie = .awayFromZero) -> DecimalDigits {
    guard count < digits.count else { return self }
    var result = self
    guard count >= 0 else {
      result.digits = []
      result.exponent = 0
      return result
    }
    let isTie = digits[count] == 5 && count + 1 == digits.count
    let last = count > 0 ? digits[count - 1] : 0
    let roundsUp = isTie && tie == .toEven ? last % 2 == 1 : digits[count] >= 5
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
    result.trim()
    return result
  }

  /// Rounded to a count of digits after the point; a negative count rounds to tens, hundreds, ….
  public func rounded(decimals: Int, tie: Tie = .awayFromZero) -> DecimalDigits {
    rounded(significant: exponent + 1 + decimals, tie: tie)
  }

  /// The digit of a power of ten, 0 where there is none.
  public subscript(power power: Int) -> UInt8 {
    let index = exponent - power
    return digits.indices.contains(index) ? digits[index] : 0
  }

  /// Plain notation, `-12.50`, of what was rounded before; zero has no sign. `nil` decimals are as many as there are.
  public func fixed(decimals: Int?) -> String {
    guard !digits.isEmpty else {
      guard let decimals, decimals > 0 else { return "0" }
      return "0." + String(repeating: "0", count: decimals)
    }
    let places = max(0, decimals ?? digits.count - 1 - exponent)
    var text = isNegative ? "-" : ""
    for power in stride(from: max(exponent, 0), through: -places, by: -1) {
      if power == -1 { text += "." }
      text += String(self[power: power])
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

  /// Drops zeros at both ends.
  private mutating func trim() {
    let leading = digits.prefix { $0 == 0 }.count
    digits.removeFirst(leading)
    exponent -= leading
    while digits.last == 0 { digits.removeLast() }
    if digits.isEmpty { exponent = 0 }
  }
}
