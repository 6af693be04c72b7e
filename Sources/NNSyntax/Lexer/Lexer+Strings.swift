import NNDiagnostics

extension Lexer {
  /// `"…"`: text, escapes, `$name` and `${name}`.
  mutating func scanString() {
    let start = offset
    offset += 1
    let pieces = scanPieces { $0.byte($0.offset) == UInt8(ascii: "\"") ? 1 : nil }
    finishString(start, pieces, isRaw: false, quote: "\"")
  }

  /// `'…'`: every character means itself.
  mutating func scanRawString() {
    let start = offset
    offset += 1
    while offset < bytes.count, !isLineEnd(offset), bytes[offset] != UInt8(ascii: "'") {
      if !reportControl(isRaw: true) { offset += 1 }
    }
    let content = text(start + 1, offset)
    finishString(start, content.isEmpty ? [] : [.text(content)], isRaw: true, quote: "'")
  }

  private mutating func finishString(
    _ start: Int, _ pieces: [StringLiteral.Piece], isRaw: Bool, quote: String
  ) {
    if offset < bytes.count, !isLineEnd(offset) {
      offset += 1
    } else {
      problems.append(.unterminatedString(place(start, offset), quote: quote))
    }
    let span = place(start, offset)
    tokens.append(Token(.string(StringLiteral(pieces: pieces, isRaw: isRaw, span: span)), span))
  }

  /// Reads up to the closing quote, whose length `closing` tells, or up to the line's end; neither is consumed.
  mutating func scanPieces(closing: (borrowing Lexer) -> Int?) -> [StringLiteral.Piece] {
    var pieces: [StringLiteral.Piece] = []
    var pending: [UInt8] = []
    func flush() {
      if !pending.isEmpty { pieces.append(.text(String(decoding: pending, as: UTF8.self))) }
      pending = []
    }
    while offset < bytes.count, !isLineEnd(offset), closing(self) == nil {
      switch bytes[offset] {
      case UInt8(ascii: "\\"): pending += Array(scanEscape().utf8)
      case UInt8(ascii: "$"):
        let start = offset
        if let name = scanInterpolation() {
          flush()
          pieces.append(.variable(name, place(start, offset)))
        }
      default:
        let start = offset
        if !reportControl(isRaw: false) { offset += 1 }
        pending += bytes[start..<offset]
      }
    }
    flush()
    return pieces
  }

  /// What an escape stands for; a wrong one is reported and stands for itself.
  private mutating func scanEscape() -> String {
    let start = offset
    let simple: String? =
      switch byte(offset + 1) {
      case UInt8(ascii: "$"): "$"
      case UInt8(ascii: "\""): "\""
      case UInt8(ascii: "\\"): "\\"
      case UInt8(ascii: "n"): "\n"
      case UInt8(ascii: "t"): "\t"
      default: nil
      }
    if let simple {
      offset += 2
      return simple
    }
    guard byte(offset + 1) == UInt8(ascii: "u") else {
      var length = 1
      if offset + 1 < bytes.count, !isLineEnd(offset + 1) {
        length += Characters.scalar(in: bytes, at: offset + 1)?.length ?? 1
      }
      offset += length
      problems.append(.unknownEscape(place(start, offset), text(start, offset)))
      return text(start, offset)
    }
    offset += 2
    guard byte(offset) == UInt8(ascii: "{") else {
      while let byte = byte(offset), isNameByte(byte) { offset += 1 }
      problems.append(.badUnicodeEscape(place(start, offset)))
      return text(start, offset)
    }
    offset += 1
    let digits = offset
    while let byte = byte(offset), isNameByte(byte) { offset += 1 }
    let value = UInt32(text(digits, offset), radix: 16)
    let isClosed = byte(offset) == UInt8(ascii: "}")
    if isClosed { offset += 1 }
    guard isClosed, let value, let scalar = Unicode.Scalar(value) else {
      problems.append(.badUnicodeEscape(place(start, offset)))
      return text(start, offset)
    }
    return String(Character(scalar))
  }

  /// The name after a `$` inside a string; nil, and reported, if there is none.
  private mutating func scanInterpolation() -> String? {
    let start = offset
    if let end = endOfName(from: start + 1) {
      offset = end
      return text(start + 1, end)
    }
    guard byte(start + 1) == UInt8(ascii: "{") else {
      offset += 1
      problems.append(.loneDollar(place(start, offset), inString: true))
      return nil
    }
    if let end = endOfName(from: start + 2), byte(end) == UInt8(ascii: "}") {
      offset = end + 1
      return text(start + 2, end)
    }
    offset += 2
    while let byte = byte(offset), byte != UInt8(ascii: "}"), byte != UInt8(ascii: "\""), !isLineEnd(offset) {
      offset += 1
    }
    if byte(offset) == UInt8(ascii: "}") { offset += 1 }
    problems.append(.badInterpolation(place(start, offset)))
    return nil
  }
}
