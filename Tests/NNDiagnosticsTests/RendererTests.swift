import NNDiagnostics
import Testing

@Suite struct RendererTests {
  func render(
    _ text: String, _ span: Span, label: String? = nil, notes: [Diagnostic.Note] = [], help: String? = nil,
    fixIts: [Diagnostic.FixIt] = [], width: Int = 100
  ) -> String {
    let source = SourceFile(name: "s.nn", text: text)
    return Renderer(width: width).text(
      of: Diagnostic(
        code: "E0203", "wrong", source: source, span: span, label: label, notes: notes, help: help,
        fixIts: fixIts))
  }

  @Test func everythingInItsPlace() {
    let fix = Diagnostic.FixIt("did you mean relu?", span: Span(16, 20), replacement: "relu")
    let text = render(
      "model < dense 6 rleu >\n", Span(16, 20), label: "not an activation",
      notes: [Diagnostic.Note("seen before")],
      help: "help activations lists them", fixIts: [fix])
    #expect(
      text == """
        error[E0203]: wrong
         --> s.nn:1:17
          |
        1 | model < dense 6 rleu >
          |                 ^^^^ not an activation
          = note: seen before
          = help: help activations lists them
          = fix: did you mean relu?

        """)
  }

  @Test func wordsGoOnInANewLineWhereAsked() {
    let source = SourceFile(name: "s.nn", text: "fit")
    let diagnostic = Diagnostic(
      code: "E0203", "a message that is longer than forty cells are wide", source: source, span: Span(0, 3),
      help: "the first, the second, the third and the fourth of them")
    var renderer = Renderer(width: 40, wraps: true)
    #expect(
      renderer.text(of: diagnostic) == """
        error[E0203]: a message that is longer
          than forty cells are wide
         --> s.nn:1:1
          |
        1 | fit
          | ^^^
          = help: the first, the second, the
                  third and the fourth of them

        """)
    renderer.wraps = false
    #expect(renderer.text(of: diagnostic).contains("the third and the fourth"))
  }

  @Test func withoutPlaceOnlyWords() {
    let text = Renderer().text(of: Diagnostic(.warning, code: "W0101", "careful", help: "do this"))
    #expect(text == "warning[W0101]: careful\n  = help: do this\n")
  }

  @Test func tabsAreFourCells() {
    #expect(render("\tfit\tx", Span(5, 6)).hasSuffix("1 |     fit    x\n  |            ^\n"))
  }

  @Test func wideCharactersTakeTwoCells() {
    let text = "名前 = x"
    #expect(render(text, Span(9, 10)).hasSuffix("1 | 名前 = x\n  |        ^\n"))
    #expect(render(text, Span(0, 6)).hasSuffix("1 | 名前 = x\n  | ^^^^\n"))
    #expect(render("👍 x", Span(5, 6)).hasSuffix("  |    ^\n"))
    #expect(render("e\u{301}\u{301} x", Span(6, 7)).hasSuffix("  |   ^\n"))
  }

  @Test func emptySpansGetOneMark() {
    #expect(render("fit", Span(3, 3), label: "more").hasSuffix("1 | fit\n  |    ^ more\n"))
    #expect(render("", Span(0, 0)).hasSuffix("1 |\n  | ^\n"))
  }

  @Test func spansOverLinesShowFirstAndLast() {
    let text = "a < b\n  c\n  d\n  e >\nf"
    #expect(
      render(text, Span(2, 19), label: "all of it").hasSuffix(
        """
          |
        1 | a < b
          |   ^^^
          …
        4 |   e >
          |   ^^^ all of it

        """))
    // A span that takes the line's end along stays on its line.
    #expect(render(text, Span(4, 6), label: "here").hasSuffix("1 | a < b\n  |     ^ here\n"))
    #expect(render("ab\ncd\nef", Span(0, 8)).hasSuffix("1 | ab\n  | ^^\n2 | cd\n  | ^^\n3 | ef\n  | ^^\n"))
  }

  @Test func gutterFitsTheGreatestNumber() {
    let text = String(repeating: "x\n", count: 11) + "y"
    let rendered = render(text, Span(22, 23), notes: [Diagnostic.Note("first here", span: Span(0, 1))])
    #expect(
      rendered == """
        error[E0203]: wrong
          --> s.nn:12:1
           |
        12 | y
           | ^
           = note: first here
          --> s.nn:1:1
           |
         1 | x
           | -

        """)
  }

  @Test func notesOnTheSameLineShareIt() {
    let rendered = render("f(a]", Span(3, 4), notes: [Diagnostic.Note("opened here", span: Span(1, 2))])
    #expect(rendered.hasSuffix("1 | f(a]\n  |    ^\n  |  - opened here\n"))
  }

  @Test func notesInOtherFilesNameThem() {
    let other = SourceFile(name: "other.nn", text: "def f() {}")
    let rendered = render(
      "f", Span(0, 1), notes: [Diagnostic.Note("defined here", source: other, span: Span(4, 5))])
    #expect(rendered.contains("--> other.nn:1:5\n  |\n1 | def f() {}\n  |     -\n"))
  }

  @Test(arguments: [0, 37, 500, 990]) func longLinesAreCutAroundTheSpan(_ start: Int) {
    let text = String(repeating: "0123456789", count: 100)
    let lines = render(text, Span(start, start + 5), width: 60).split(separator: "\n")
    let source = lines[3].dropFirst(4)
    let marks = lines[4].dropFirst(4)
    #expect(lines.allSatisfy { $0.count <= 60 }, "\(lines)")
    let indent = marks.prefix { $0 == " " }.count
    #expect(marks.dropFirst(indent) == "^^^^^")
    let expected = String(repeating: "0123456789", count: 2).dropFirst(start % 10).prefix(5)
    #expect(source.dropFirst(indent).prefix(5) == expected)
  }

  /// A line of a megabyte is not looked through for each of a thousand problems in it, and is cut between characters.
  @Test(arguments: ["0123456789", "0名23é56789"]) func veryLongLinesAreCut(_ piece: String) {
    for shift in 0..<10 {
      let text = String(repeating: "x", count: shift) + String(repeating: piece, count: 5000)
      let middle = shift + piece.utf8.count * 2500
      let lines = render(text, Span(middle, middle + 1), width: 60).split(separator: "\n")
      #expect(lines[1].hasSuffix(":1:\(shift + piece.count * 2500 + 1)"))
      #expect(lines[3].dropFirst(4).hasPrefix("…") && lines[3].hasSuffix("…"))
      #expect(!lines[3].contains("\u{FFFD}"))
      let marked = render(text, Span(middle, middle + 20_000), width: 60).split(separator: "\n")
      #expect(marked[3].hasSuffix("…") && !marked[3].contains("\u{FFFD}"), "\(marked)")
    }
  }

  @Test func longSpansAreCut() {
    let text = String(repeating: "x", count: 1000)
    let lines = render(text, Span(10, 990), width: 60).split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 60 }, "\(lines)")
    #expect(lines[3].hasSuffix("…"))
  }

  @Test func wideCharactersNeverBreakTheWidth() {
    let text = String(repeating: "名", count: 200)
    let lines = render(text, Span(300, 306), width: 60).split(separator: "\n")
    // Each wide character takes two cells, and the cut ones leave at most the dots.
    #expect(lines[3].count <= 4 + 2 + 28)
    #expect(lines[4].hasSuffix("^^^^"))
  }

  @Test func controlCharactersNeverReachTheTerminal() {
    let source = SourceFile(name: "a\u{1B}]0;x\u{7}.nn", text: "\u{1B}[2J\u{0}\u{7F}\u{85}\u{202E}x\u{9B}31m")
    let diagnostic = Diagnostic(
      code: "E0203", "bad \u{1B}[31m\nname", source: source, span: Span(0, 4), label: "la\u{1B}bel",
      notes: [Diagnostic.Note("no\u{8}te")], help: "he\u{1B}lp",
      fixIts: [Diagnostic.FixIt("fi\u{1B}x", span: Span(0, 1), replacement: "")])
    let text = Renderer().text(of: diagnostic)
    let forbidden = text.unicodeScalars.filter {
      $0.value < 0x20 && $0 != "\n" || (0x7F...0x9F).contains($0.value) || $0.value == 0x202E
    }
    #expect(forbidden.isEmpty)
    #expect(text.contains("␛[2J␀␡<U+85><U+202E>x<U+9B>31m"))
    #expect(text.contains("  | ^^^^\n") || text.contains("  | ^^^^ la␛bel\n"))
  }

  @Test func bytesThatAreNotUTF8AreShown() {
    let source = SourceFile(name: "s.nn", bytes: [0x61, 0xFF, 0x62])
    let text = Renderer().text(of: Diagnostic(code: "E0101", "no", source: source, span: Span(1, 2)))
    #expect(text.hasSuffix("1 | a\u{FFFD}b\n  |  ^\n"))
  }

  @Test func colorOnlyWhenAsked() {
    let diagnostic = Diagnostic(
      code: "E0203", "wrong", source: SourceFile(name: "s", text: "x"), span: Span(0, 1))
    #expect(!Renderer().text(of: diagnostic).contains("\u{1B}"))
    let colored = Renderer(usesColor: true).text(of: diagnostic)
    #expect(colored.hasPrefix("\u{1B}[1;31merror[E0203]\u{1B}[0m"))
    // Without the sequences it is the same text.
    var plain = ""
    var isEscape = false
    for scalar in colored.unicodeScalars {
      if scalar == "\u{1B}" { isEscape = true } else if !isEscape { plain.unicodeScalars.append(scalar) }
      if scalar == "m" { isEscape = false }
    }
    #expect(plain == Renderer().text(of: diagnostic))
  }

  @Test func placesOutsideTheTextDoNoHarm() {
    #expect(render("ab", Span(50, 90)).contains("1 | ab\n  |   ^"))
    #expect(render("ab", Span(-4, -2)).contains("1 | ab\n"))
    #expect(render("ab\ncd", Span(4, 1)).contains("2 | cd"))
  }

  @Test func severalAreSeparatedByAnEmptyLine() {
    let diagnostic = Diagnostic(code: "E1", "one")
    #expect(Renderer().text(of: [diagnostic, diagnostic]) == "error[E1]: one\n\nerror[E1]: one\n")
    #expect(Renderer().text(of: []) == "")
  }
}
