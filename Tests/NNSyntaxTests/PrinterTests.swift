import NNDiagnostics
import Testing

@testable import NNSyntax

@Suite struct PrinterTests {
  func printed(_ text: String) -> String { Printer.text(of: parse(SourceFile(name: "t", text: text)).script) }

  @Test(arguments: [
    ("a   b=1  [1,2,]", "a b=1 [1, 2]\n"),
    ("m<d 1;d 2>x", "m < d 1; d 2 > | x\n"),
    ("m < r 2 < d 1 >; d 2 >", "m < r 2 < d 1 > d 2 >\n"),
    ("m < >", "m < >\n"),
    ("f { }", "f { }\n"),
    ("f 5 { a; g { b } }", "f 5 {\n  a\n  g {\n    b\n  }\n}\n"),
    ("def f( ) { a }", "def f() {\n  a\n}\n"),
    ("$a|b", "$a | b\n"),
    ("filter a<3", "filter a < 3\n"),
    ("x (1+2)", "x (1 + 2)\n"),
    ("x \"$a$b c${d}e\"", "x \"$a$b c${d}e\"\n"),
    ("x \"\\u{7}\"", "x \"\\u{7}\"\n"),
    // Printed at the end of a line, this word would take the next line along.
    ("x a\\;y", "x a\\;\ny\n"),
  ])
  func writesOneWay(_ text: String, _ expected: String) {
    #expect(printed(text) == expected)
    #expect(printed(expected) == expected)
  }

  @Test func stringsMadeByHandArePrintable() {
    func text(_ pieces: [StringLiteral.Piece], isRaw: Bool) -> String {
      Printer.text(of: StringLiteral(pieces: pieces, isRaw: isRaw, span: Span(0, 0)))
    }
    #expect(text([.text("it's")], isRaw: true) == "\"it's\"")
    #expect(text([.text("a\nb")], isRaw: true) == "\"a\\nb\"")
    #expect(text([.variable("a", Span(0, 0)), .text("1")], isRaw: false) == "\"${a}1\"")
  }
}
