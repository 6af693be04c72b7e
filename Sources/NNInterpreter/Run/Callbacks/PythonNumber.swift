/// Numbers as Python writes them, for files that Keras would have written.
enum PythonNumber {
  /// `repr` of a float: the shortest text that reads back as the same, `0.5`, `1e-05`, `nan`.
  static func text(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
    let digits = DecimalDigits(shortest: value)
    let sign = value.sign == .minus ? "-" : ""
    if digits.exponent < -4 || digits.exponent >= 16 {
      return sign + digits.scientific(decimals: digits.digits.count - 1)
    }
    return sign + digits.fixed(decimals: max(digits.digits.count - 1 - digits.exponent, 1))
  }
}

/// The decimal digits of a magnitude, d₀.d₁d₂… × 10^exponent; zero is the one digit 0.
struct DecimalDigits {
  private(set) var digits: [UInt8]
  private(set) var exponent: Int

  /// As few digits as tell the value from its neighbours.
  init(shortest value: Double) {
    var bytes = Array(value.magnitude.description.utf8)
    var power = 0
    if let mark = bytes.firstIndex(of: UInt8(ascii: "e")) {
      power = Int(String(decoding: bytes[(mark + 1)...], as: UTF8.self)) ?? 0
      bytes.removeSubrange(mark...)
    }
    let point = bytes.firstIndex(of: UInt8(ascii: ".")) ?? bytes.count
    digits = bytes.filter { $0 != UInt8(ascii: ".") }.map { $0 &- UInt8(ascii: "0") }
    exponent = power + point - 1
    trim()
  }

  /// Every digit of a finite value: a double is m · 2^e, and with e < 0 that is m · 5^−e / 10^−e.
  init(exact value: Double) {
    let magnitude = value.magnitude
    guard magnitude.isFinite, magnitude > 0 else {
      digits = [0]
      exponent = 0
      return
    }
    let power = Int(magnitude.exponent) - 52
    let scaled = magnitude.significand * 0x1p52
    // Limbs of nine digits, the lowest first.
    var limbs: [UInt64] = []
    var rest = UInt64(scaled)
    while rest > 0 {
      limbs.append(rest % Self.limb)
      rest /= Self.limb
    }
    for _ in 0..<abs(power) { Self.multiply(&limbs, by: power < 0 ? 5 : 2) }
    digits = []
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

  /// Drops zeros at both ends.
  private mutating func trim() {
    let leading = digits.prefix { $0 == 0 }.count
    guard leading < digits.count else {
      digits = [0]
      exponent = 0
      return
    }
    digits.removeFirst(leading)
    exponent -= leading
    while digits.count > 1, digits.last == 0 { digits.removeLast() }
  }

  /// Rounded to so many digits behind the point, a tie to the even digit.
  func rounded(decimals: Int) -> DecimalDigits { rounded(significant: exponent + 1 + decimals) }

  /// Rounded to so many digits, a tie to the even one.
  func rounded(significant count: Int) -> DecimalDigits {
    guard count < digits.count else { return self }
    var result = self
    guard count >= 0 else {
      result.digits = [0]
      result.exponent = 0
      return result
    }
    let isAbove = digits[count] > 5 || digits[count] == 5 && digits[(count + 1)...].contains { $0 != 0 }
    let isTie = digits[count] == 5 && !isAbove
    let last = count > 0 ? digits[count - 1] : 0
    result.digits.removeSubrange(count...)
    if isAbove || isTie && last % 2 == 1 {
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
    if result.digits.isEmpty { result.digits = [0] }
    let isZero = result.digits.allSatisfy { $0 == 0 }
    result.trim()
    if isZero { result.exponent = 0 }
    return result
  }

  private func digit(_ power: Int) -> String {
    let index = exponent - power
    return digits.indices.contains(index) ? String(digits[index]) : "0"
  }

  /// `12.50`, of what was rounded before.
  func fixed(decimals: Int) -> String {
    var text = ""
    for power in stride(from: max(exponent, 0), through: -decimals, by: -1) {
      if power == -1 { text += "." }
      text += digit(power)
    }
    return text
  }

  /// `1.25e-07`, of what was rounded before.
  func scientific(decimals: Int) -> String {
    var text = digit(exponent)
    if decimals > 0 { text += "." + (1...decimals).map { digit(exponent - $0) }.joined() }
    let size = String(abs(exponent))
    return text + "e" + (exponent < 0 ? "-" : "+") + (size.count < 2 ? "0" : "") + size
  }
}
