import NNData

/// C99 source, written piece by piece.
struct CText {
  private(set) var text = ""
  private var depth = 0

  mutating func line(_ line: String = "") {
    if !line.isEmpty { text += String(repeating: "  ", count: depth) + line }
    text += "\n"
  }

  /// Lines as they stand.
  mutating func block(_ lines: String) { text += lines.hasSuffix("\n") ? lines : lines + "\n" }

  mutating func open(_ line: String) {
    self.line(line + " {")
    depth += 1
  }

  mutating func close(_ end: String = "}") {
    depth -= 1
    line(end)
  }

  /// An array's values, some to a line.
  mutating func array(_ head: String, _ values: [String], perLine: Int = 8) {
    open(head + " =")
    var start = 0
    while start < values.count {
      line(values[start..<min(start + perLine, values.count)].joined(separator: ", ") + ",")
      start += perLine
    }
    close("};")
  }
}

/// Values as C99 spells them.
enum C {
  /// A float32 to the bit.
  static func float(_ value: Float) -> String {
    // Six hexadecimal digits hold its 23 bits behind the point.
    let text = double(Double(value), digits: 6)
    return value.isFinite ? text + "f" : text
  }

  /// A double to the bit.
  static func double(_ value: Double) -> String { double(value, digits: 13) }

  private static func double(_ value: Double, digits: Int) -> String {
    if value.isNaN { return "NAN" }
    if value.isInfinite { return value < 0 ? "-INFINITY" : "INFINITY" }
    let magnitude = value.magnitude
    let sign = value.sign == .minus ? "-" : ""
    if magnitude == magnitude.rounded(.towardZero), magnitude < 100_000 {
      return "\(sign)\(Int(magnitude)).0"
    }
    let fraction = UInt64((magnitude.significand - 1) * Double(UInt64(1) << UInt64(4 * digits)))
    return sign + hexadecimal(exponent: Int(magnitude.exponent), fraction: fraction, digits: digits)
  }

  private static func hexadecimal(exponent: Int, fraction: UInt64, digits: Int) -> String {
    var text = String(fraction, radix: 16)
    text = String(repeating: "0", count: max(0, digits - text.count)) + text
    while text.hasSuffix("0") { text.removeLast() }
    return "0x1" + (text.isEmpty ? "" : "." + text) + "p\(exponent)"
  }

  /// A literal; what is not plain ASCII is spelt by its bytes, so that the source has no encoding of its own.
  static func string(_ text: String) -> String {
    var result = "\""
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): result += "\\" + String(UnicodeScalar(byte))
      // Two question marks may begin a trigraph.
      case UInt8(ascii: "?"): result += "\\?"
      case 0x20..<0x7F: result += String(UnicodeScalar(byte))
      default:
        let digits = String(byte, radix: 8)
        result += "\\" + String(repeating: "0", count: 3 - digits.count) + digits
      }
    }
    return result + "\""
  }

  /// A text within a comment: on one line, and unable to end it.
  static func comment(_ text: String) -> String {
    var result = ""
    for scalar in shown(text, limit: 200).unicodeScalars {
      // `*/` ends a comment, `/*` within one is warned of, `??` may be a trigraph, and a `\` may join lines.
      switch scalar {
      case "*", "?", "\\": result += scalar == "*" ? "\u{2217}" : scalar == "?" ? "\u{FF1F}" : "\u{FF3C}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

/// Names of columns as C's identifiers, each once.
struct CNames {
  private var taken: Set<String>

  private static let keywords: Set<String> = [
    "auto", "break", "case", "char", "const", "continue", "default", "do", "double", "else", "enum", "extern",
    "float",
    "for", "goto", "if", "inline", "int", "long", "register", "restrict", "return", "short", "signed",
    "sizeof", "static",
    "struct", "switch", "typedef", "union", "unsigned", "void", "volatile", "while",
    // Of C++, so that its programs can take the declarations, and macros of the headers used.
    "bool", "true", "false", "class", "new", "delete", "this", "template", "namespace", "public", "private",
    "protected",
    "operator", "virtual", "friend", "try", "catch", "throw", "using", "typename", "explicit", "export",
    "mutable", "and",
    "or", "not", "xor", "final", "errno", "NULL", "NAN", "INFINITY", "EOF", "stdin", "stdout", "stderr",
    "unix", "linux", "asm",
  ]

  init() { taken = Self.keywords }

  mutating func name(_ text: String) -> String {
    var name = CNames.plain(text)
    let stem = name
    var number = 2
    while !taken.insert(name).inserted {
      name = "\(stem)_\(number)"
      number += 1
    }
    return name
  }

  /// Letters and digits of ASCII, a line for everything else.
  static func plain(_ text: String) -> String {
    var name = ""
    for scalar in text.unicodeScalars {
      let isPlain =
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
      name += isPlain ? String(scalar) : name.hasSuffix("_") ? "" : "_"
    }
    while name.hasSuffix("_") { name.removeLast() }
    if name.isEmpty || name == "_" { return "column" }
    // A digit cannot begin a name, and a line and a capital letter begin those of the compiler.
    if let first = name.first, first.isNumber || first == "_" { name = "c" + name }
    return name
  }
}
