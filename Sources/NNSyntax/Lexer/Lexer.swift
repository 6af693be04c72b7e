import NNDiagnostics

/// Cuts a text into tokens. It knows no grammar: whether a line end separates, and what a word stands for, the
/// parser decides. Whatever is wrong with a character is reported here and never again.
struct Lexer {
  let bytes: [UInt8]
  private let base: Int
  /// Into `bytes`.
  var offset = 0
  var tokens: [Token] = []
  var comments: [Comment] = []
  var problems: [LexicalProblem] = []
  var endsWithBackslash = false

  init(_ source: SourceFile) {
    bytes = source.bytes
    base = source.base
  }

  mutating func run() {
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      problems.append(.utf16(place(0, 2)))
      offset = bytes.count
    } else {
      checkEncoding()
      if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
      while offset < bytes.count { scanToken() }
    }
    tokens.append(Token(.end, place(bytes.count, bytes.count)))
  }

  /// The place of some bytes.
  func place(_ start: Int, _ end: Int) -> Span { Span(base + start, base + end) }

  func byte(_ position: Int) -> UInt8? {
    position < bytes.count ? bytes[position] : nil
  }

  func text(_ start: Int, _ end: Int) -> String {
    String(decoding: bytes[start..<end], as: UTF8.self)
  }

  private mutating func scanToken() {
    let start = offset
    switch bytes[offset] {
    case UInt8(ascii: " "), UInt8(ascii: "\t"): offset += 1
    case UInt8(ascii: "\n"): take(.newline, 1)
    case UInt8(ascii: "\r") where byte(offset + 1) == UInt8(ascii: "\n"): take(.newline, 2)
    case UInt8(ascii: "#"):
      while offset < bytes.count, !isLineEnd(offset) { offset += 1 }
      comments.append(Comment(text(start, offset), span: place(start, offset)))
    case UInt8(ascii: ";"): take(.mark(.semicolon), 1)
    case UInt8(ascii: "|"): take(.mark(.pipe), 1)
    case UInt8(ascii: ","): take(.mark(.comma), 1)
    case UInt8(ascii: "("): take(.mark(.openParenthesis), 1)
    case UInt8(ascii: ")"): take(.mark(.closeParenthesis), 1)
    case UInt8(ascii: "["): take(.mark(.openBracket), 1)
    case UInt8(ascii: "]"): take(.mark(.closeBracket), 1)
    case UInt8(ascii: "{"): take(.mark(.openBrace), 1)
    case UInt8(ascii: "}"): take(.mark(.closeBrace), 1)
    case UInt8(ascii: "="): takeComparison(.assign, .equal)
    case UInt8(ascii: "<"): takeComparison(.openAngle, .lessOrEqual)
    case UInt8(ascii: ">"): takeComparison(.closeAngle, .greaterOrEqual)
    case UInt8(ascii: "!"):
      if byte(offset + 1) == UInt8(ascii: "=") {
        take(.mark(.notEqual), 2)
      } else {
        problems.append(.loneExclamation(place(start, start + 1)))
        take(.invalid, 1)
      }
    case UInt8(ascii: "\""): scanString()
    case UInt8(ascii: "'"): scanRawString()
    case UInt8(ascii: "$"): scanVariable()
    case UInt8(ascii: "`"): scanBackticks()
    case UInt8(ascii: "\\") where endOfFinalBackslash(offset) != nil:
      offset = endOfFinalBackslash(offset) ?? bytes.count
      endsWithBackslash = offset == bytes.count
    default:
      if !scanForeign() { scanWord() }
    }
  }

  mutating func take(_ kind: Token.Kind, _ length: Int) {
    tokens.append(Token(kind, place(offset, offset + length)))
    offset += length
  }

  private mutating func takeComparison(_ short: Token.Mark, _ long: Token.Mark) {
    if byte(offset + 1) == UInt8(ascii: "=") { take(.mark(long), 2) } else { take(.mark(short), 1) }
  }

  /// LF or CRLF.
  func isLineEnd(_ position: Int) -> Bool {
    switch byte(position) {
    case UInt8(ascii: "\n"): true
    case UInt8(ascii: "\r"): byte(position + 1) == UInt8(ascii: "\n")
    default: false
    }
  }

  /// Where the next line begins, if a `\` that nothing but blanks follow on its line stands here.
  private func endOfFinalBackslash(_ position: Int) -> Int? {
    var next = position + 1
    while let byte = byte(next), byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") { next += 1 }
    if next >= bytes.count { return bytes.count }
    guard isLineEnd(next) else { return nil }
    return bytes[next] == UInt8(ascii: "\n") ? next + 1 : next + 2
  }

  private mutating func scanWord() {
    let start = offset
    while let byte = byte(offset) {
      if byte < 0x80 {
        if Self.endsWord[Int(byte)] { break }
        if byte == UInt8(ascii: "\\"), endOfFinalBackslash(offset) != nil { break }
        offset += 1
      } else if let (scalar, length) = Characters.scalar(in: bytes, at: offset) {
        if Characters.isForeignBlank(scalar) || Characters.isControl(scalar)
          || Characters.isCurlyDouble(scalar) || Characters.isCurlySingle(scalar)
        {
          break
        }
        offset += length
      } else {
        // Not UTF-8: reported once for the whole text, and taken as part of the word.
        offset += 1
      }
    }
    // Every caller stands at a character that a word may hold; this keeps the loop alive if one does not.
    if offset == start { offset += 1 }
    tokens.append(Token(.word(text(start, offset)), place(start, offset)))
  }

  /// Which ASCII characters end a word.
  private static let endsWord: [Bool] = (0..<128).map { (byte: UInt8) in
    byte <= 0x20 || byte == 0x7F || ";|<>()[]{}=!,\"'$`".utf8.contains(byte)
  }

  private mutating func scanVariable() {
    let start = offset
    if let end = endOfName(from: offset + 1) {
      offset = end
      tokens.append(Token(.variable(text(start + 1, end), isBraced: false), place(start, end)))
    } else if byte(offset + 1) == UInt8(ascii: "{"), let end = endOfName(from: offset + 2),
      byte(end) == UInt8(ascii: "}")
    {
      offset = end + 1
      tokens.append(Token(.variable(text(start + 2, end), isBraced: true), place(start, end + 1)))
    } else {
      offset += 1
      problems.append(.loneDollar(place(start, start + 1), inString: false))
      // The rest of the word goes with it, so that it does not become a value of its own.
      while let byte = byte(offset), byte >= 0x80 || !Self.endsWord[Int(byte)] { offset += 1 }
      tokens.append(Token(.invalid, place(start, offset)))
    }
  }

  /// The end of the name that begins at `start`; nil if none does.
  func endOfName(from start: Int) -> Int? {
    guard let first = byte(start), isNameStart(first) else { return nil }
    var end = start + 1
    while let byte = byte(end), isNameByte(byte) { end += 1 }
    return end
  }
}

/// Cuts a text into tokens.
public func tokenize(_ source: SourceFile) -> LexedSource {
  var lexer = Lexer(source)
  lexer.run()
  return LexedSource(
    source: source, tokens: lexer.tokens, comments: lexer.comments, problems: lexer.problems,
    endsWithBackslash: lexer.endsWithBackslash)
}
