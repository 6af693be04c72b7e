/// Decimal text to float32, correctly rounded (to nearest, ties to even).
///
/// A number is `[+-] digits [. digits] [e [+-] digits]`, with a digit before or after the point; nothing
/// else is one: no `inf`, `nan`, hexadecimal, or thousands separators.
///
/// The fast path works in double. Its result d is off by at most two units in its own last place from the
/// exact value x: rounding the digits to a double costs at most half a unit, dividing or multiplying by a power of
/// ten that is exact in double half a unit more (twice, where d lies just above a power of two), and digits
/// after the nineteenth less than a hundredth. So d rounds to the same float32 as x, unless the middle between
/// two neighbours among the float32s lies that close to d; then, and where the result would be subnormal, too
/// large, or needs another power, the standard library's parser decides.
enum NumberParsing {
  /// The powers of ten that are exact in double.
  static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
  ]

  /// The tables as pointers, for the scanner's loop.
  struct Tables {
    /// ``powersOfTen``.
    let powers: UnsafePointer<Double>
    /// ``DigitRun/powersOfTen``.
    let tens: UnsafePointer<UInt64>
  }

  // SAFETY: written once, before anyone can see it, and never freed.
  nonisolated(unsafe) static let tables = Tables(
    powers: permanent(powersOfTen), tens: permanent(DigitRun.powersOfTen))

  private static func permanent<Value: BitwiseCopyable>(_ values: [Value]) -> UnsafePointer<Value> {
    let copy = UnsafeMutablePointer<Value>.allocate(capacity: max(values.count, 1))
    for (index, value) in values.enumerated() { (copy + index).initialize(to: value) }
    return UnsafePointer(copy)
  }

  /// The number of a cell in the commonest form: perhaps a blank and a minus, up to nineteen digits, perhaps a `point`
  /// among or before them. `end` is behind it; whether the cell ends there is for the caller to see. `nil` is no
  /// verdict.
  ///
  /// - Parameter base: text with a line feed and seven bytes behind its end.
  @inline(__always)
  static func plain(
    _ base: UnsafePointer<UInt8>, from start: Int, separator: UInt8, point: UInt8, tables: Tables
  ) -> (value: Float, end: Int)? {
    // SAFETY: nothing is read beyond the line feed, at which every test below stops, but by DigitRun.
    var index = start
    if base[index] == 0x20, separator != 0x20 { index &+= 1 }
    // Added, not branched upon: half of the numbers are negative in no order that could be foretold.
    let minus = base[index] == UInt8(ascii: "-") ? 1 : 0
    index &+= minus
    let digitsStart = index
    var mantissa: UInt64 = 0
    DigitRun.take(base, &index, into: &mantissa, tens: tables.tens)
    var digits = index &- digitsStart
    var exponent = 0
    if base[index] == point {
      index &+= 1
      let fractionStart = index
      DigitRun.take(base, &index, into: &mantissa, tens: tables.tens)
      exponent = fractionStart &- index
      digits = digits &- exponent
    }
    guard digits > 0, digits <= 19,
      let value = fast(mantissa: mantissa, exponent: exponent, isNegative: minus != 0, powers: tables.powers)
    else { return nil }
    return (value, index)
  }

  /// ±`mantissa` · 10^`exponent` as float32, or `nil` where the fast path cannot tell.
  @inline(__always)
  static func fast(
    mantissa: UInt64, exponent: Int, isNegative: Bool, powers: UnsafePointer<Double>
  ) -> Float? {
    var value = Double(mantissa)
    if exponent < 0 {
      guard exponent >= -22 else { return mantissa == 0 ? (isNegative ? -0.0 : 0.0) : nil }
      // SAFETY: the table has 23 entries, and -exponent lies in 1...22.
      value /= powers[0 &- exponent]
    } else if exponent > 0 {
      guard exponent <= 22 else { return mantissa == 0 ? (isNegative ? -0.0 : 0.0) : nil }
      // SAFETY: as above.
      value *= powers[exponent]
    }
    // The 29 bits of a double that a float32 lacks; their middle is a tie.
    let rest = Int64(bitPattern: value.bitPattern & 0x1FFF_FFFF)
    guard (rest &- 0x1000_0000).magnitude > 4 else { return nil }
    // At least 1e-22 if not zero, so never subnormal in float32; at most 2^64 · 1e22.
    guard value < 0x1p127 else { return nil }
    let magnitude = Float(value)
    return isNegative ? -magnitude : magnitude
  }
}

/// The parts of a decimal spelling.
struct DecimalSpelling {
  var isNegative = false
  /// The first nineteen significant digits.
  var mantissa: UInt64 = 0
  /// The power of ten that `mantissa` is multiplied by.
  var exponent = 0

  /// Reads all of `bytes`, or gives `nil` where they are not a number.
  init?(_ bytes: UnsafeBufferPointer<UInt8>) {
    var index = 0
    func byte() -> UInt8 { index < bytes.count ? bytes[index] : 0 }
    if byte() == UInt8(ascii: "-") || byte() == UInt8(ascii: "+") {
      isNegative = byte() == UInt8(ascii: "-")
      index += 1
    }
    var digits = 0
    var significant = 0
    func take(_ digit: UInt8) {
      if significant < 19 {
        mantissa = mantissa * 10 + UInt64(digit)
        if mantissa > 0 { significant += 1 }
      } else {
        exponent += 1
      }
    }
    while case let digit = byte() &- 48, digit < 10 {
      take(digit)
      digits += 1
      index += 1
    }
    if byte() == UInt8(ascii: ".") {
      index += 1
      while case let digit = byte() &- 48, digit < 10 {
        exponent -= 1
        take(digit)
        digits += 1
        index += 1
      }
    }
    guard digits > 0 else { return nil }
    if byte() | 0x20 == UInt8(ascii: "e") {
      index += 1
      var isNegativePower = false
      if byte() == UInt8(ascii: "-") || byte() == UInt8(ascii: "+") {
        isNegativePower = byte() == UInt8(ascii: "-")
        index += 1
      }
      var power = 0
      var powerDigits = 0
      while case let digit = byte() &- 48, digit < 10 {
        // Far beyond what any number of digits here can make up for.
        if power < 1_000_000_000 { power = power * 10 + Int(digit) }
        powerDigits += 1
        index += 1
      }
      guard powerDigits > 0 else { return nil }
      exponent += isNegativePower ? -power : power
    }
    guard index == bytes.count else { return nil }
  }
}

/// The float32 that `bytes` spell, or `nil` where they are not a number or one too large for float32.
/// What is too small to be told from zero is zero.
func parseFloat(_ bytes: UnsafeBufferPointer<UInt8>) -> Float? {
  guard let spelling = DecimalSpelling(bytes) else { return nil }
  let fast = NumberParsing.fast(
    mantissa: spelling.mantissa, exponent: spelling.exponent, isNegative: spelling.isNegative,
    powers: NumberParsing.tables.powers)
  if let fast { return fast }
  // The spelling is plain ASCII here, and the standard library reads it whatever the locale.
  guard let value = Float(String(decoding: bytes, as: UTF8.self)), value.isFinite else { return nil }
  return value
}

/// The number in a cell: quotes may hold blanks around it.
func parseCell(_ content: UnsafeBufferPointer<UInt8>) -> Float? {
  var start = 0
  var end = content.count
  while start < end, content[start] == 0x20 { start += 1 }
  while end > start, content[end - 1] == 0x20 { end -= 1 }
  return parseFloat(UnsafeBufferPointer(rebasing: content[start..<end]))
}

/// The same for a string, without blanks.
public func parseFloat(_ text: String) -> Float? {
  var text = text
  // SAFETY: the bytes are read within the call only.
  return text.withUTF8 { parseFloat($0) }
}

/// The double that a decimal spelling stands for, by the same grammar; `nil` where it is none or not finite.
public func parseDouble(_ text: String) -> Double? {
  var copy = text
  // SAFETY: the bytes are read within the call only.
  let isNumber = copy.withUTF8 { DecimalSpelling($0) != nil }
  guard isNumber, let value = Double(text), value.isFinite else { return nil }
  return value
}
