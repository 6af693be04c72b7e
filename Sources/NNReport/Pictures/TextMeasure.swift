import NNDiagnostics

/// How wide a text is about to be, without asking a font: by the widths of DejaVu Sans, which is the widest of the fonts that
/// pictures are set in, so that nothing overlaps in another one. The same on every machine.
enum TextMeasure {
  /// In pixels at a font size in pixels.
  static func width(_ text: String, size: Double, isBold: Bool = false) -> Double {
    var em = 0.0
    for character in text { em += width(of: character) }
    return em * size * (isBold ? 1.1 : 1)
  }

  /// The text cut to a width in pixels, with `…` where something was left out.
  static func shortened(_ text: String, to room: Double, size: Double, isBold: Bool = false) -> String {
    guard width(text, size: size, isBold: isBold) > room else { return text }
    var result = ""
    var used = width("…", size: size, isBold: isBold)
    for character in text {
      let more = width(of: character) * size * (isBold ? 1.1 : 1)
      if used + more > room { break }
      result.append(character)
      used += more
    }
    while result.last == " " { result.removeLast() }
    return result + "…"
  }

  /// The text in lines of at most a width, broken between words; a word that is too long is cut.
  static func wrapped(_ text: String, to room: Double, size: Double) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      let longer = line.isEmpty ? String(word) : line + " " + word
      if line.isEmpty || width(longer, size: size) <= room {
        line = longer
      } else {
        lines.append(line)
        line = String(word)
      }
    }
    if !line.isEmpty { lines.append(line) }
    return lines.map { shortened($0, to: room, size: size) }
  }

  private static func width(of character: Character) -> Double {
    guard let value = character.asciiValue else { return Double(displayWidth(of: character)) * 0.64 }
    switch value {
    case UInt8(ascii: "i"), UInt8(ascii: "l"), UInt8(ascii: "j"), UInt8(ascii: "I"), UInt8(ascii: "'"),
      UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: ";"), UInt8(ascii: "|"),
      UInt8(ascii: " "):
      return 0.32
    case UInt8(ascii: "f"), UInt8(ascii: "t"), UInt8(ascii: "r"), UInt8(ascii: "("), UInt8(ascii: ")"),
      UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "!"), UInt8(ascii: "-"):
      return 0.41
    case UInt8(ascii: "m"), UInt8(ascii: "w"), UInt8(ascii: "M"), UInt8(ascii: "W"), UInt8(ascii: "%"),
      UInt8(ascii: "@"), UInt8(ascii: "="), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "+"):
      return 0.9
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): return 0.72
    default: return 0.63
    }
  }
}
