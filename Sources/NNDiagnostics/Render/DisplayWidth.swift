/// How many terminal columns a text takes: 2 for East Asian wide characters and emoji, 0 for marks that
/// combine with the character before them, 1 for the rest.
///
/// Source: Unicode Standard Annex 11 (East Asian Width) and UTS 51 (emoji presentation); ambiguous widths are 1.
public func displayWidth(of text: String) -> Int {
  text.reduce(0) { $0 + displayWidth(of: $1) }
}

/// The terminal columns of one character.
public func displayWidth(of character: Character) -> Int {
  let scalars = character.unicodeScalars
  guard let first = scalars.first else { return 0 }
  if first.value >= 0x20, first.value < 0x7F, scalars.count == 1 { return 1 }
  // U+FE0F asks for the emoji form, which is wide.
  if scalars.contains(where: { $0.value == 0xFE0F }), first.properties.isEmoji { return 2 }
  return scalars.contains(where: isWide) ? 2 : isZeroWidth(first) ? 0 : 1
}

/// The text in lines of at most a width, broken between words; the lines behind the first begin with blanks.
/// - Parameter behind: columns that are taken before it on the first line.
public func wrapping(_ text: String, toWidth width: Int, behind: Int = 0, indent: Int = 0) -> String {
  guard behind + displayWidth(of: text) > width else { return text }
  var result = ""
  var used = behind
  for (index, word) in text.split(separator: " ", omittingEmptySubsequences: false).enumerated() {
    let columns = displayWidth(of: String(word))
    if index > 0 {
      let breaks = used + 1 + columns > width
      result += breaks ? "\n" + String(repeating: " ", count: max(0, indent)) : " "
      used = breaks ? max(0, indent) : used + 1
    }
    result += word
    used += columns
  }
  return result
}

private func isZeroWidth(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.properties.generalCategory {
  case .nonspacingMark, .enclosingMark, .control: true
  case .format: scalar.value != 0xAD  // a soft hyphen is drawn
  default: (0x1160...0x11FF).contains(scalar.value)  // medial and final jamo join the syllable before them
  }
}

private func isWide(_ scalar: Unicode.Scalar) -> Bool {
  guard scalar.value >= 0x1100 else { return false }
  if scalar.properties.isEmojiPresentation { return true }
  var low = 0
  var high = wideRanges.count
  while low < high {
    let middle = (low + high) / 2
    let range = wideRanges[middle]
    if scalar.value < range.lowerBound {
      high = middle
    } else if scalar.value > range.upperBound {
      low = middle + 1
    } else {
      return true
    }
  }
  return false
}

/// The ranges of width W and F that are not emoji, ascending (EastAsianWidth.txt).
private let wideRanges: [ClosedRange<UInt32>] = [
  0x1100...0x115F, 0x2329...0x232A, 0x2630...0x2637, 0x268A...0x268F, 0x2E80...0x2E99, 0x2E9B...0x2EF3,
  0x2F00...0x2FD5, 0x2FF0...0x303E, 0x3041...0x3096, 0x3099...0x30FF, 0x3105...0x312F, 0x3131...0x318E,
  0x3190...0x31E5, 0x31EF...0x321E, 0x3220...0x3247, 0x3250...0xA48C, 0xA490...0xA4C6, 0xA960...0xA97C,
  0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE52, 0xFE54...0xFE66, 0xFE68...0xFE6B,
  0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x16FE4, 0x16FF0...0x16FF6, 0x17000...0x18CD5,
  0x18CFF...0x18D1E,
  0x18D80...0x18DF2, 0x1AFF0...0x1AFFE, 0x1B000...0x1B122, 0x1B132...0x1B132, 0x1B150...0x1B152,
  0x1B155...0x1B155, 0x1B164...0x1B167, 0x1B170...0x1B2FB, 0x1D300...0x1D356, 0x1D360...0x1D376,
  0x1F200...0x1F202, 0x1F210...0x1F23B, 0x1F240...0x1F248, 0x1F250...0x1F251, 0x1F260...0x1F265,
  0x20000...0x2FFFD, 0x30000...0x3FFFD,
]
