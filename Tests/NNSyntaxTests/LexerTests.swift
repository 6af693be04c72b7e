import NNDiagnostics
import Testing

@testable import NNSyntax

@Suite struct LexerTests {
  func kinds(_ text: String) -> [Token.Kind] {
    tokenize(SourceFile(name: "t", text: text)).tokens.dropLast().map(\.kind)
  }

  func codes(_ bytes: [UInt8]) -> [String] {
    tokenize(SourceFile(name: "t", bytes: bytes)).problems.map(\.code)
  }

  @Test(arguments: [
    "relu", "data.csv", "../runs/2026-01-02/best.safetensors", "-0.5", "1e-3", "20%", "30s", "a#b",
    "C:\\dir\\x", "~/x", "*.csv",
    "a+b*c", "epochs:", "名前", "naïve", "@home", "a&b", "?", "^", "s3://bucket/key", "a\\b", "&&",
  ])
  func aWordIsOneToken(_ word: String) {
    #expect(kinds(word) == [.word(word)])
    #expect(kinds(" \t\(word);") == [.word(word), .mark(.semicolon)])
  }

  @Test(arguments: Token.Mark.allCases) func marksNeedNoBlanks(_ mark: Token.Mark) {
    #expect(kinds("a\(mark.rawValue)b") == [.word("a"), .mark(mark), .word("b")])
  }

  @Test func theLongerMarkWins() {
    #expect(kinds("<==") == [.mark(.lessOrEqual), .mark(.assign)])
    #expect(kinds("===") == [.mark(.equal), .mark(.assign)])
    #expect(kinds("> =") == [.mark(.closeAngle), .mark(.assign)])
    #expect(kinds("!==") == [.mark(.notEqual), .mark(.assign)])
  }

  @Test func finalBackslashJoinsLines() {
    #expect(kinds("a \\\nb") == [.word("a"), .word("b")])
    #expect(kinds("a\\\r\nb") == [.word("a"), .word("b")])
    #expect(kinds("a \\ \t\nb") == [.word("a"), .word("b")])
    #expect(kinds("a \\x b") == [.word("a"), .word("\\x"), .word("b")])
    // Only the line end right behind it.
    #expect(kinds("a \\\n\nb") == [.word("a"), .newline, .word("b")])
    #expect(tokenize(SourceFile(name: "t", text: "a \\")).endsWithBackslash)
    #expect(tokenize(SourceFile(name: "t", text: "a \\\n")).endsWithBackslash)
    #expect(!tokenize(SourceFile(name: "t", text: "a \\\nb")).endsWithBackslash)
    #expect(!tokenize(SourceFile(name: "t", text: "'a \\'")).endsWithBackslash)
  }

  @Test func commentsAreKept() {
    let lexed = tokenize(SourceFile(name: "t", text: "#!nn\r\nfit#x # über \u{1B}\n;#y"))
    #expect(lexed.comments.map(\.text) == ["#!nn", "# über \u{1B}", "#y"])
    #expect(lexed.comments.map { lexed.source.text($0.span) } == lexed.comments.map(\.text))
    #expect(lexed.problems.isEmpty)
    #expect(lexed.tokens.map(\.kind) == [.newline, .word("fit#x"), .newline, .mark(.semicolon), .end])
  }

  @Test func variablesEndWithTheirName() {
    #expect(kinds("$a_1.csv") == [.variable("a_1", isBraced: false), .word(".csv")])
    #expect(kinds("${a}b") == [.variable("a", isBraced: true), .word("b")])
    #expect(kinds("x$a$b") == [.word("x"), .variable("a", isBraced: false), .variable("b", isBraced: false)])
    #expect(kinds("$") == [.invalid])
    #expect(kinds("$1a {") == [.invalid, .mark(.openBrace)])
    #expect(kinds("${a b}").first == .invalid)
  }

  @Test func stringsKnowTheirPieces() {
    func pieces(_ text: String) -> [StringLiteral.Piece]? {
      guard case .string(let literal)? = kinds(text).first else { return nil }
      return literal.pieces
    }
    #expect(pieces("\"\"") == [])
    #expect(pieces("\"a\\n\\t\\\\\\\"\\$b\"") == [.text("a\n\t\\\"$b")])
    #expect(pieces("\"\\u{e9}\\u{1F600}\"") == [.text("é😀")])
    #expect(
      pieces("\"a$b-${c}d\"") == [
        .text("a"), .variable("b", Span(2, 4)), .text("-"), .variable("c", Span(5, 9)), .text("d"),
      ])
    #expect(pieces("'a\\n$b\"'") == [.text("a\\n$b\"")])
    #expect(pieces("''") == [])
  }

  @Test(
    arguments: [
      ([0x66, 0xFF], ["E0101"]), ([0xC0, 0x80], ["E0101"]), ([0xED, 0xA0, 0x80], ["E0101"]),
      ([0xF4, 0x90, 0x80, 0x80], ["E0101"]),
      ([0xE2, 0x82], ["E0101"]), ([0xFF, 0xFE, 0x66, 0x00], ["E0102"]),
      ([0xFE, 0xFF, 0x00, 0x66], ["E0102"]), ([0x00], ["E0103"]),
      ([0x61, 0x00, 0x00, 0x61], ["E0103"]), ([0x0D], ["E0103"]), ([0x0D, 0x0A], []), ([0x0C], ["E0103"]),
      ([0x7F], ["E0103"]),
      ([0xC2, 0x85], ["E0103"]), ([0xC2, 0xA0], ["E0104"]), ([0xE2, 0x80, 0xA8], ["E0104"]),
      ([0x61, 0xEF, 0xBB, 0xBF], ["E0104"]),
      ([0xEF, 0xBB, 0xBF], []), ([0x21], ["E0107"]), ([0x24], ["E0108"]), ([0x22], ["E0109"]),
      ([0x27], ["E0109"]), ([0x60], ["E0106"]),
    ] as [([UInt8], [String])])
  func wrongCharactersAreReportedOnce(_ bytes: [UInt8], _ expected: [String]) {
    #expect(codes(bytes) == expected)
  }

  @Test func stringsHoldBlanksAndComments() {
    #expect(codes(Array("\"a\u{A0}b # no comment\" # \u{A0}“”".utf8)) == [])
  }

  @Test func spansCountBytes() {
    let tokens = tokenize(SourceFile(name: "t", text: "\u{FEFF}é \"ü\" $x")).tokens
    #expect(tokens.map(\.span) == [Span(3, 5), Span(6, 10), Span(11, 13), Span(13, 13)])
  }
}
