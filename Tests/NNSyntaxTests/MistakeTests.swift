import NNDiagnostics
import Testing

@testable import NNSyntax

/// What newcomers type, what it should have been, and nothing else is said about it.
@Suite struct MistakeTests {
  /// Words that only look like another language's pipe.
  @Test(arguments: [
    "print % filter <\n  dense 1\n  fit\n>", "data - filter < dense 1 >", "print && filter", "print - % a",
    "model < dense 1 > print %",
  ]) func isNoMistake(_ text: String) {
    #expect(parse(SourceFile(name: "", text: text)).problems.isEmpty)
  }

  static let mistakes: [(String, String, String)] = [
    ("predict x > y", "E0140", "predict x to=y"),
    ("save > net.onnx", "E0140", "save net.onnx"),
    ("predict x >> y.csv", "E0140", "predict x to=y.csv"),
    ("data a.csv > fit", "E0165", "data a.csv | fit"),
    ("data a.csv |> fit", "E0165", "data a.csv | fit"),
    ("data a.csv -> model < dense 1 >", "E0165", "data a.csv | model < dense 1 >"),
    ("data a.csv %>% filter x < 3", "E0165", "data a.csv | filter x < 3"),
    ("filter x > 3 > model < dense 1 >", "E0165", "filter x > 3 | model < dense 1 >"),
    ("save a.onnx > predict x", "E0165", "save a.onnx | predict x"),
    ("evaluate < test.csv", "E0141", "evaluate test.csv"),
    ("model < dense(6, relu) >", "E0142", "model < dense 6 relu >"),
    ("model < dense (6, relu) >", "E0142", "model < dense 6 relu >"),
    ("fit(data.csv, epochs=3)", "E0142", "fit data.csv epochs=3"),
    ("fit()", "E0142", "fit"),
    ("compile opt=adam (lr=0.1)", "E0143", "compile opt=adam(lr=0.1)"),
    ("compile opt=adam ()", "E0143", "compile opt=adam()"),
    ("fit callbacks=[early_stopping (patience=3)]", "E0143", "fit callbacks=[early_stopping(patience=3)]"),
    ("select a, b", "E0144", "select a b"),
    ("select a,b,c", "E0144", "select a b c"),
    ("select a,", "E0144", "select a"),
    ("filter x = 3", "E0145", "filter x == 3"),
    ("expect val_mae =< 0.3", "E0145", "expect val_mae <= 0.3"),
    ("filter x <> 3", "E0145", "filter x != 3"),
    ("filter x => 3", "E0145", "filter x >= 3"),
    ("filter x === 3", "E0145", "filter x == 3"),
    ("filter x !== 3", "E0145", "filter x != 3"),
    ("filter x===3", "E0145", "filter x==3"),
    ("filter x > 3 and y < 2", "E0146", "filter x > 3 | filter y < 2"),
    ("expect a > 3 && b < 2 | print x", "E0146", "expect a > 3 | expect b < 2 | print x"),
    ("fit epochs: 5", "E0147", "fit epochs=5"),
    ("compile opt=adam(lr: 0.1)", "E0147", "compile opt=adam(lr=0.1)"),
    ("data a.csv types=[zip: categorical]", "E0147", "data a.csv types=[zip:categorical]"),
    ("model < dense 6 | dense 2 >", "E0148", "model < dense 6; dense 2 >"),
    ("model < dense 6\n  | dense 2 >", "E0148", "model < dense 6\n; dense 2 >"),
    ("model\n\n< dense 6 >", "E0149", "model < dense 6 >"),
    ("let m = model\n< dense 6 >", "E0149", "let m = model < dense 6 >"),
    ("folds 5\n{ fit }", "E0149", "folds 5 { fit }"),
    ("save $dir/best.onnx", "E0151", "save \"$dir/best.onnx\""),
    ("save runs/$name.csv", "E0151", "save \"runs/$name.csv\""),
    ("save $a$b", "E0151", "save \"$a$b\""),
    ("save ${dir}x/y", "E0151", "save \"${dir}x/y\""),
    ("let x = $a$b", "E0151", "let x = \"$a$b\""),
    ("fit a=\"1\"b=2", "E0151", "fit a=\"1\" b=2"),
    ("let lr 0.1", "E0152", "let lr = 0.1"),
    ("let lr: 0.1", "E0152", "let lr = 0.1"),
    ("lr = 0.1", "E0153", "let lr = 0.1"),
    ("fit epochs==5", "E0154", "fit epochs=5"),
    ("let x == 5", "E0154", "let x = 5"),
    ("$base fit", "E0155", "$base | fit"),
    ("fit metrics=[mae mse]", "E0156", "fit metrics=[mae, mse]"),
    ("fit metrics=[\n  mae\n  mse\n]", "E0156", "fit metrics=[\n  mae,\n  mse\n]"),
    ("compile opt=adam(lr 0.1)", "E0157", "compile opt=adam(lr=0.1)"),
    ("fit metrics=[, mae]", "E0158", "fit metrics=[ mae]"),
    ("let $x = 3", "E0159", "let x = 3"),
    ("print ${x}", "E0160", "print $x"),
    ("def f { fit }", "E0161", "def f() { fit }"),
    ("fit a )", "E0122", "fit a "),
    ("print [1, 2)", "E0123", "print [1, 2]"),
    ("model < dense 6 | compile", "E0121", "model < dense 6 > | compile"),
    ("fit metrics=[mae", "E0121", "fit metrics=[mae]"),
    ("folds 5 { fit", "E0121", "folds 5 { fit }"),
    ("print (1 + 2", "E0121", "print (1 + 2)"),
    ("print \"x", "E0109", "print \"x\""),
    ("print “x”", "E0105", "print \"x\""),
    ("print `a b`", "E0106", "print 'a b'"),
    ("print \"C:\\data\"", "E0110", "print \"C:\\\\data\""),
    ("print \"5$\"", "E0108", "print \"5\\$\""),
    ("data a.csv | | fit", "E0127", "data a.csv |  fit"),
  ]

  /// What stands close to a comparison, or behind it, is no part of it.
  @Test(arguments: ["==", "!=", "<", "<=", ">", ">="])
  func comparisonsNeedNoBlanks(_ comparison: String) {
    func tree(_ text: String) -> String {
      let result = parse(SourceFile(name: "t", text: text))
      #expect(result.problems.map(\.code) == [], "\(text)")
      return TreePrinter.text(of: result.script)
    }
    for text in ["filter x\(comparison)3", "filter x \(comparison)3", "filter x\(comparison) 3"] {
      #expect(tree(text) == tree("filter x \(comparison) 3"))
    }
    // Two marks with a blank between them are two.
    for text in ["filter x \(comparison) = 3", "filter x \(comparison) == 3"] {
      let problems = parse(SourceFile(name: "t", text: text)).problems
      #expect(
        problems.first?.code == "E0120" && problems.first?.location?.column == 11 + comparison.count,
        "\(text)")
    }
  }

  /// Only a comma, or `and`, makes what follows a second condition.
  @Test func valuesBehindAConditionAreNoConjunction() {
    func codes(_ text: String) -> [String] { parse(SourceFile(name: "x", text: text)).problems.map(\.code) }
    #expect(codes("filter a < 3 5 6") == codes("filter a < 3 5"))
    #expect(codes("filter a < 3, b < 2") == ["E0146"])
    #expect(!codes("filter a < 3 5 6").contains("E0146"))
  }

  /// A list whose end is still to come on its line goes on behind a mark that has no place in it.
  @Test(arguments: [
    ("print f(a | g(b), c)", "E0120"), ("print [1; f(2), 3]", "E0120"),
    ("print [1 | f(2), [3], 4] y=2", "E0120"),
    ("print f(g(1); [2])", "E0120"), ("print f(a < b, c)", "E0120"), ("print [a { b, c]", "E0120"),
    ("print [a } b, c]", "E0122"), ("model < dense x=[a > b, c] >", "E0122"),
    ("folds 5 { print [a } b, c] }", "E0122"),
  ])
  func marksInBracketsDoNotEndThem(_ text: String, _ code: String) {
    let result = parse(SourceFile(name: "t", text: text))
    #expect(result.problems.map(\.code) == [code])
    #expect(result.script.statements.count == 1)
  }

  /// Where no end is to come, a list ends before the mark, and what is behind it is read for itself.
  @Test(arguments: [
    ("print [a; print f(b", 2, ["E0121", "E0121"]), ("print [a; print [b]", 2, ["E0121"]),
    ("print [a | print [b", 1, ["E0121", "E0121"]), ("print [a | print [b]", 1, ["E0121"]),
    ("print [a; print [b]\nprint c]", 3, ["E0121", "E0122"]),
    ("print [a | print f(b)\nprint c]", 2, ["E0121", "E0122"]),
    ("folds 5 { print [a } print (1 + 2", 1, ["E0121", "E0121"]),
  ])
  func marksEndBracketsThatNothingCloses(_ text: String, _ statements: Int, _ codes: [String]) {
    let result = parse(SourceFile(name: "t", text: text))
    #expect(result.problems.map(\.code) == codes)
    #expect(result.script.statements.count == statements)
  }

  @Test(arguments: mistakes)
  func isMended(_ text: String, _ code: String, _ mended: String) {
    let result = parse(SourceFile(name: "t", text: text))
    #expect(result.problems.map(\.code) == [code], "\(Renderer().text(of: result.problems))")
    let fixed = result.source.applyingFixes(of: result.problems)
    #expect(fixed == mended)
    #expect(parse(SourceFile(name: "fixed", text: fixed)).problems.map(\.message) == [])
  }

  /// Mistakes on lines of their own do not hide each other, nor make others. (An open `<` goes on over lines.)
  @Test func mistakesAreIndependent() {
    let lines = Self.mistakes.filter { !$0.0.contains("\n") && $0.1 != "E0121" && $0.1 != "E0141" }
    #expect(lines.count > 40)
    for shift in 0..<3 {
      let order = lines[(shift * 11)...] + lines[..<(shift * 11)]
      let text = order.map(\.0).joined(separator: "\n")
      let result = parse(SourceFile(name: "t", text: text))
      #expect(result.problems.map(\.code) == order.map(\.1))
      #expect(result.problems.compactMap { $0.location?.line } == Array(1...lines.count))
      #expect(result.source.applyingFixes(of: result.problems) == order.map(\.2).joined(separator: "\n"))
    }
  }

  /// The tree of a mended text is the tree of what was meant, so that the checker can go on.
  @Test(arguments: [
    (
      "model < dense(6, relu) | dense 2 > compile opt=adam (lr=0.1)",
      "model < dense 6 relu; dense 2 > compile opt=adam(lr=0.1)"
    ),
    ("let lr 0.1; x = 3", "let lr = 0.1; let x = 3"),
    ("fit epochs: 5 a==3", "fit epochs=5 a=3"),
    ("save $dir/x", "save \"$dir/x\""),
    ("filter x = 3", "filter x == 3"),
    ("model\n< dense 3 >", "model < dense 3 >"),
    ("predict x > y", "predict x to=y"),
  ])
  func theTreeHoldsWhatWasMeant(_ text: String, _ meant: String) {
    func tree(_ text: String) -> String {
      TreePrinter.text(of: parse(SourceFile(name: "t", text: text)).script).replacing(" broken", with: "")
    }
    #expect(tree(text) == tree(meant))
  }

  @Test func codesAreUniqueAndInOrderOfPlaces() {
    let text = "fit )\nlet x\nselect a, b\nfilter y = 1\nfit epochs: 3"
    let result = parse(SourceFile(name: "t", text: text))
    #expect(result.problems.map(\.code) == ["E0122", "E0120", "E0144", "E0145", "E0147"])
    #expect(result.problems.compactMap { $0.location?.line } == [1, 2, 3, 4, 5])
  }

  @Test func semicolonInLetIsOnlyAWarning() {
    let result = parse(SourceFile(name: "t", text: "let base = data a.csv; split test=20%"))
    #expect(result.problems.map(\.severity) == [.warning])
    #expect(result.source.applyingFixes(of: result.problems) == "let base = data a.csv | split test=20%")
  }
}
