import NNDiagnostics
import Testing

@testable import NNSyntax

/// The layout that `nn fmt` gives. That it keeps the tree and the comments, and itself, `brokenInvariants` looks at for
/// every text of the other suites.
@Suite struct FormatterTests {
  func formatted(_ text: String) throws -> String {
    try Formatter.text(of: SourceFile(name: "t", text: text))
  }

  @Test(arguments: [
    ("", ""),
    ("\u{FEFF}a\r\nb", "a\nb\n"),
    ("a   b=1  [1,2,]", "a b=1 [1, 2]\n"),
    ("a;b # c", "a\nb  # c\n"),
    ("# first\n\n\n\na\n\n\n# c  \nb", "# first\n\na\n\n# c\nb\n"),
    ("m<d 1;d 2>x", "m < d 1; d 2 > | x\n"),
    ("m<\nd 1;d 2>x", "m <\n  d 1\n  d 2\n> | x\n"),
    ("m <\n\n  d 1  # c\n\n\n  # e\n  d 2 >", "m <\n  d 1  # c\n\n  # e\n  d 2\n>\n"),
    ("m < parallel < <d 1>\n<d 2> > >", "m <\n  parallel <\n    < d 1 >\n    < d 2 >\n  >\n>\n"),
    ("a |\nb | c", "a\n  | b\n  | c\n"),
    ("a # c\n\n# e\n| b", "a  # c\n\n  # e\n  | b\n"),
    ("f { }", "f { }\n"),
    ("f { # c\n}", "f {  # c\n}\n"),
    ("f 5 { a; g { b } } h|i", "f 5 {\n  a\n  g {\n    b\n  }\n} | h | i\n"),
    ("def f( w,r=10% ) { a }", "def f(w, r=10%) {\n  a\n}\n"),
    ("x \"\\u{41}$b\" 'c'", "x \"\\u{41}$b\" 'c'\n"),
    ("a c=[ # why\n b(x=1) # one\n, d]", "a c=[  # why\n  b(x=1),  # one\n  d,\n]\n"),
    ("a c=[\nb,d]", "a c=[\n  b,\n  d,\n]\n"),
    // A comment where no line may end goes to the next place where one may.
    ("a (1 + # c\n 2) | b", "a (1 + 2) | b  # c\n"),
    // Printed at the end of a line, this word would take the next line along.
    ("x a\\;y", "x a\\;\ny\n"),
    ("x a\\ |\ny", "x a\\ | y\n"),
    ("x a\\; # c\ny", "x a\\  # c\ny\n"),
  ])
  func laysOut(_ text: String, _ expected: String) throws {
    #expect(try formatted(text) == expected)
    #expect(brokenInvariants(of: SourceFile(name: "t", text: text)) == [])
  }

  @Test func longLinesAreBroken() throws {
    let layers = (1...12).map { "dense \($0) relu" }.joined(separator: "; ")
    let lines = try formatted("model < \(layers) > compile").split(separator: "\n")
    #expect(lines.first == "model <")
    #expect(lines.last == "> | compile")
    #expect(lines.count == 14)
    let flow = try formatted(
      "data table.csv target=price | \(String(repeating: "head 5 | ", count: 9))describe")
    #expect(flow.hasPrefix("data table.csv target=price\n  | head 5\n"))
    let options = (1...20).map { "option\($0)=\($0)" }.joined(separator: " ")
    let wrapped = try formatted("fit \(options)").split(separator: "\n")
    #expect(wrapped.count == 3)
    #expect(wrapped.allSatisfy { $0.count <= Formatter.lineLength })
    #expect(wrapped[0].hasSuffix(" \\"))
    #expect(wrapped[1].hasPrefix("  option"))
    let list = try formatted("print [\((1...40).map { "value\($0)" }.joined(separator: ", "))]")
    #expect(list.hasPrefix("print [\n  value1,\n"))
    #expect(list.hasSuffix("  value40,\n]\n"))
  }

  @Test func mistakesAreThrown() throws {
    let error = try #require(throws: Formatter.Unreadable.self) { try formatted("a | ; b (") }
    #expect(error.problems.map(\.code) == ["E0127", "E0121"])
  }
}

/// Sentences of the grammar with line ends, comments and blanks wherever they may stand, and of every length.
@Suite struct FormattedSentenceTests {
  @Test func sentencesWithComments() throws {
    let samples = validSamples
    var generator = SeededGenerator(11)
    for round in 0..<400 {
      let text = decorated(generator.pick(samples), &generator)
      let source = SourceFile(name: "decorated", text: text)
      let failures = brokenInvariants(of: source)
      if !failures.isEmpty { Issue.record("round \(round):\n\(text)\n\(failures.joined(separator: "\n"))") }
    }
  }

  /// The text with comments, line ends and blanks put in front of some of its tokens; where that breaks it, the invariants
  /// of broken texts hold.
  private func decorated(_ text: String, _ generator: inout SeededGenerator) -> String {
    let source = SourceFile(name: "sample", text: text)
    var result = Array(text.utf8)
    for token in tokenize(source).tokens.reversed() where generator.below(8) == 0 {
      let pieces = [" # c\n", "\n", "\n\n\n", "  ", " \\\n ", "\n# own line\n", " #\t \n"]
      result.insert(contentsOf: Array(generator.pick(pieces).utf8), at: token.span.start)
    }
    return String(decoding: result, as: UTF8.self)
  }
}
