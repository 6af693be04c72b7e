import NNDiagnostics
import Testing

@testable import NNSyntax

@Suite struct ShellTests {
  func read(_ text: String) -> ParseResult { parse(SourceFile(name: "<shell>", text: text), mode: .shell) }

  @Test(arguments: [
    "model <", "model < dense 6", "model < dense 6\n", "model < dense 6; repeat 3 <", "fit callbacks=[",
    "fit callbacks=[a,",
    "compile opt=adam(lr=0.1", "compile opt=adam(lr=", "print (1 +", "print (1", "sweep lr=[1, 2] {",
    "sweep lr=[1] {\nfit", "data a.csv |",
    "data a.csv |\n", "data a.csv | # c", "fit \\", "fit \\\n", "def f(", "def f(a,", "def f(a) {",
    "def f(a) { fit }; folds 5 {", "$base |",
    "let x = [1,", "let x = data a.csv |", "filter a < (1",
  ])
  func asksForMore(_ text: String) {
    #expect(read(text).isIncomplete)
  }

  @Test(arguments: [
    "", "fit", "fit;", "model < dense 6 >", "let x =", "fit epochs=", "filter a <", "model", "fit )",
    "print \"open", "model < dense(6, relu)",
    "fit epochs==3 callbacks=[", "print 'a \\'", "# data a |", "fit # [", "def f(a)", "expect a", "param",
    "]",
  ])
  func asksForNoMore(_ text: String) {
    #expect(!read(text).isIncomplete)
  }

  @Test func completeTextsAreNoProblem() {
    for text in ["", "\n", "fit", "model <\ndense 3\n>", "fit \\\nepochs=3"] {
      #expect(read(text).problems.isEmpty, "\(text)")
    }
  }

  @Test func aLineThatStartsWithAPipeGoesOn() {
    let result = read("| fit epochs=3 | evaluate")
    #expect(result.continuesPrevious)
    #expect(result.problems.isEmpty)
    #expect(Printer.text(of: result.script) == "fit epochs=3 | evaluate\n")
    #expect(!read("fit").continuesPrevious)
    #expect(read("fit\n;| evaluate").problems.map(\.code) == ["E0127"])
    let script = parse(SourceFile(name: "script", text: "| fit"))
    #expect(!script.continuesPrevious)
    #expect(script.problems.map(\.code) == ["E0127"])
  }

  @Test func commentsComeAlong() {
    #expect(
      parse(SourceFile(name: "s", text: "fit # one\n# two")).comments.map(\.text) == ["# one", "# two"])
  }
}
