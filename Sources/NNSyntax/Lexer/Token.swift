import NNDiagnostics

/// The smallest piece of a source text that means something, with its place.
public struct Token: Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    /// A bare word, with its spelling.
    case word(String)
    /// `"…"` or `'…'`.
    case string(StringLiteral)
    /// `$name`. `isBraced` is the spelling `${name}`, which only a string may hold; the parser says so.
    case variable(String, isBraced: Bool)
    case mark(Mark)
    /// One line end; the parser decides whether it separates.
    case newline
    /// Something the lexer has reported already: it stands in for a value, so that nobody reports it again.
    case invalid
    /// The end of the text; always the last token, with an empty span.
    case end
  }

  /// Punctuation and comparison operators.
  public enum Mark: String, Sendable, Hashable, CaseIterable {
    case semicolon = ";"
    case pipe = "|"
    case comma = ","
    case assign = "="
    case openAngle = "<"
    case closeAngle = ">"
    case openParenthesis = "("
    case closeParenthesis = ")"
    case openBracket = "["
    case closeBracket = "]"
    case openBrace = "{"
    case closeBrace = "}"
    case lessOrEqual = "<="
    case greaterOrEqual = ">="
    case equal = "=="
    case notEqual = "!="
  }

  public var kind: Kind
  public var span: Span

  public init(_ kind: Kind, _ span: Span) {
    self.kind = kind
    self.span = span
  }

  /// The word's spelling, if this is a bare word.
  public var word: String? {
    if case .word(let text) = kind { text } else { nil }
  }

  public func `is`(_ mark: Mark) -> Bool { kind == .mark(mark) }

  /// Whether a value may begin here.
  var startsValue: Bool {
    switch kind {
    case .word, .string, .variable, .invalid: true
    case .mark(let mark): mark == .openBracket || mark == .openParenthesis
    case .newline, .end: false
    }
  }
}

/// A comment without its line end, kept for the formatter.
public struct Comment: Sendable, Hashable {
  /// As written, the `#` within.
  public var text: String
  public var span: Span

  public init(_ text: String, span: Span) {
    self.text = text
    self.span = span
  }
}

/// A text cut into tokens, with its comments and everything that was wrong with its characters.
public struct LexedSource: Sendable {
  public var source: SourceFile
  /// In order; the last one is `.end`.
  public var tokens: [Token]
  public var comments: [Comment]
  public var problems: [LexicalProblem]
  /// The text stops after a `\` that asks for another line.
  public var endsWithBackslash: Bool
}

/// Whether a word can be a name: `[A-Za-z_][A-Za-z0-9_]*`.
public func isName(_ word: some StringProtocol) -> Bool {
  guard let first = word.utf8.first, isNameStart(first) else { return false }
  return word.utf8.allSatisfy(isNameByte)
}

func isNameStart(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
  default: false
  }
}

func isNameByte(_ byte: UInt8) -> Bool {
  isNameStart(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}
