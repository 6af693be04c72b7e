import NNDiagnostics

/// Characters that have no place outside strings.
extension Lexer {
  /// Reports what is not UTF-8, once for the whole text: a file in another encoding has one mistake, not a thousand.
  mutating func checkEncoding() {
    var position = 0
    var first: Span?
    var count = 0
    while position < bytes.count {
      if bytes[position] < 0x80 {
        position += 1
      } else if let (_, length) = Characters.scalar(in: bytes, at: position) {
        position += length
      } else {
        if first == nil { first = place(position, position + 1) }
        count += 1
        position += 1
      }
    }
    if let first { problems.append(.notUTF8(first, count: count)) }
  }

  /// Handles a blank, quote or control character that may not stand here; false if none does.
  mutating func scanForeign() -> Bool {
    guard let (scalar, length) = Characters.scalar(in: bytes, at: offset) else { return false }
    let start = offset
    if Characters.isForeignBlank(scalar) {
      while let (next, length) = Characters.scalar(in: bytes, at: offset), next == scalar { offset += length }
      problems.append(.foreignBlank(place(start, offset), scalar))
      return true
    }
    if Characters.isControl(scalar) {
      while let (next, length) = Characters.scalar(in: bytes, at: offset), next == scalar, !isLineEnd(offset)
      {
        offset += length
      }
      problems.append(.controlCharacter(place(start, offset), scalar, isRawString: nil))
      return true
    }
    let isDouble = Characters.isCurlyDouble(scalar)
    guard isDouble || Characters.isCurlySingle(scalar) else { return false }
    scanCurlyString(isDouble: isDouble, length: length)
    return true
  }

  /// `“…”` is read as the string that was meant; one without its partner is nothing.
  private mutating func scanCurlyString(isDouble: Bool, length: Int) {
    let start = offset
    let isClosing: (borrowing Lexer) -> Int? = { lexer in
      guard let (scalar, length) = Characters.scalar(in: lexer.bytes, at: lexer.offset) else { return nil }
      let closes = isDouble ? Characters.isCurlyDouble(scalar) : Characters.isCurlySingle(scalar)
      return closes || scalar == (isDouble ? "\"" : "'") ? length : nil
    }
    let problemCount = problems.count
    offset += length
    let pieces = isDouble ? scanPieces(closing: isClosing) : scanRawPieces(closing: isClosing)
    guard offset < bytes.count, let closing = isClosing(self) else {
      problems.removeSubrange(problemCount...)
      offset = start + length
      problems.append(.curlyQuote(place(start, offset), isDouble: isDouble, content: nil))
      tokens.append(Token(.invalid, place(start, offset)))
      return
    }
    let content = text(start + length, offset)
    offset += closing
    let span = place(start, offset)
    problems.append(.curlyQuote(span, isDouble: isDouble, content: content))
    tokens.append(Token(.string(StringLiteral(pieces: pieces, isRaw: !isDouble, span: span)), span))
  }

  private mutating func scanRawPieces(closing: (borrowing Lexer) -> Int?) -> [StringLiteral.Piece] {
    let start = offset
    while offset < bytes.count, !isLineEnd(offset), closing(self) == nil {
      offset += Characters.scalar(in: bytes, at: offset)?.length ?? 1
    }
    return start == offset ? [] : [.text(text(start, offset))]
  }

  /// SQL quotes names with backticks; read it as the raw string that was meant.
  mutating func scanBackticks() {
    let start = offset
    var end = offset + 1
    while end < bytes.count, !isLineEnd(end), bytes[end] != UInt8(ascii: "`") { end += 1 }
    guard end < bytes.count, bytes[end] == UInt8(ascii: "`") else {
      problems.append(.backtick(place(start, start + 1), content: nil))
      take(.invalid, 1)
      return
    }
    let content = text(start + 1, end)
    offset = end + 1
    let span = place(start, offset)
    problems.append(.backtick(span, content: content))
    let literal = StringLiteral(pieces: content.isEmpty ? [] : [.text(content)], isRaw: true, span: span)
    tokens.append(Token(.string(literal), span))
  }

  /// Inside a string: reports and passes a control character; false if none stands here.
  mutating func reportControl(isRaw: Bool) -> Bool {
    guard bytes[offset] < 0x20 || bytes[offset] >= 0x7F,
      let (scalar, length) = Characters.scalar(in: bytes, at: offset), Characters.isControl(scalar)
    else { return false }
    problems.append(.controlCharacter(place(offset, offset + length), scalar, isRawString: isRaw))
    offset += length
    return true
  }
}
