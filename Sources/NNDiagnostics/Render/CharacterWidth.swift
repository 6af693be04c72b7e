/// How characters look on a terminal: how many cells they take, and what stands for those that must not reach it.
enum CharacterWidth {
  /// Cells that a character takes. Wide are the East Asian scripts and emoji (Unicode's UAX #11, in ranges).
  static func cells(_ character: Character) -> Int {
    guard let first = character.unicodeScalars.first else { return 0 }
    if first.properties.isEmojiPresentation { return 2 }
    if character.unicodeScalars.count > 1, character.unicodeScalars.contains("\u{FE0F}") { return 2 }
    switch first.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    switch first.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
      0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
      0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }

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
