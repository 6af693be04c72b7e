/// What stands for characters that must not reach a terminal.
enum VisibleText {
  /// What to show in a character's place: itself, blanks for a tab, a visible stand-in for what would steer the terminal
  /// or turn the text around.
  static func shown(_ character: Character) -> String {
    if character == "\t" { return "    " }
    guard character.unicodeScalars.contains(where: steers) else { return String(character) }
    var result = ""
    for scalar in character.unicodeScalars {
      switch scalar.value {
      case 0..<0x20: result.unicodeScalars.append(Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}")
      case 0x7F: result.unicodeScalars.append("\u{2421}")
      case _ where steers(scalar): result += "<U+\(String(scalar.value, radix: 16, uppercase: true))>"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func steers(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F...0x9F, 0x200B, 0x200E, 0x200F, 0x2028...0x202E, 0x2060...0x2069, 0xFEFF: true
    default: false
    }
  }

  static func sanitized(_ text: String) -> String {
    text.contains { $0.unicodeScalars.contains(where: steers) } ? text.map(shown).joined() : text
  }

  /// A source line as it is shown.
  static func expanded(_ text: String) -> String {
    text.contains { $0 == "\t" || $0.unicodeScalars.contains(where: steers) }
      ? text.map(shown).joined() : text
  }
}
