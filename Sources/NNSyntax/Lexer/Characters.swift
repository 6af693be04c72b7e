/// What the lexer asks about characters: which ones look like blanks, quotes or nothing at all.
enum Characters {
  /// Reads one scalar of UTF-8; nil where the bytes are not UTF-8.
  static func scalar(in bytes: [UInt8], at offset: Int) -> (scalar: Unicode.Scalar, length: Int)? {
    guard offset < bytes.count else { return nil }
    let first = bytes[offset]
    if first < 0x80 { return (Unicode.Scalar(first), 1) }
    let length: Int
    let least: UInt32
    var value: UInt32
    switch first {
    case 0xC2...0xDF: (length, least, value) = (2, 0x80, UInt32(first & 0x1F))
    case 0xE0...0xEF: (length, least, value) = (3, 0x800, UInt32(first & 0x0F))
    case 0xF0...0xF4: (length, least, value) = (4, 0x10000, UInt32(first & 0x07))
    default: return nil
    }
    guard offset + length <= bytes.count else { return nil }
    for next in bytes[(offset + 1)..<(offset + length)] {
      guard next & 0xC0 == 0x80 else { return nil }
      value = value << 6 | UInt32(next & 0x3F)
    }
    guard value >= least, let scalar = Unicode.Scalar(value) else { return nil }
    return (scalar, length)
  }

  /// White space other than blank, tab and line end, and what is as invisible as white space.
  static func isForeignBlank(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0xA0, 0x1680, 0x180E, 0x2000...0x200B, 0x2028, 0x2029, 0x202F, 0x205F, 0x2060, 0x3000, 0xFEFF: true
    default: false
    }
  }

  /// Characters that change how a text looks, or a terminal behaves, without being seen.
  static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09: false
    case 0...0x1F, 0x7F...0x9F, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  static func isCurlyDouble(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x201C...0x201F, 0xAB, 0xBB: true
    default: false
    }
  }

  static func isCurlySingle(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x2018...0x201B, 0x2039, 0x203A: true
    default: false
    }
  }

  /// `U+00A0 (no-break space)`, or the number alone.
  static func description(of scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    let number = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    let known: String? =
      switch scalar.value {
      case 0x00: "NUL"
      case 0x0D: "carriage return"
      case 0x1B: "escape"
      case 0xA0: "no-break space"
      case 0x200B: "zero-width space"
      case 0x2028: "line separator"
      case 0x2029: "paragraph separator"
      case 0x202F: "narrow no-break space"
      case 0x2060: "word joiner"
      case 0x3000: "ideographic space"
      case 0xFEFF: "byte order mark"
      default: scalar.properties.name?.lowercased()
      }
    return known.map { "\(number) (\($0))" } ?? number
  }
}
