import NNDiagnostics
import NNSyntax
import Testing

@testable import NNInterpreter

/// A mistake is reported once, whatever follows from it, and no text makes the checker trap.
@Suite struct CheckerTests {
  private func codes(_ script: String) -> [String] {
    Interpreter().check(SourceFile(name: "test", text: script)).diagnostics.map(\.code)
  }

  @Test(arguments: [
    // What a broken stage would have given is not missed by the next ones.
    ("dta x.csv | describe | fit", ["E0201"]),
    ("modle < dense 8 > | compile loss=mse | summary", ["E0201"]),
    ("data nothere.csv | model < dense 4; output > | fit | evaluate", ["E0401"]),
    ("model < dens 4 > | compile loss=mse | fit nothere.csv", ["E0202", "E0401"]),
    ("let x = $nothing\nprint $x\nprint \"$x\" ($x + 1)", ["E0211"]),
    ("param w\nmodel < dense $w >", ["E0216"]),
    ("data | describe", ["E0209"]),
    ("$nowhere | describe | plot history", ["E0211"]),
    // Independent mistakes are all there.
    ("describe; summary", ["E0301", "E0302"]),
  ]) func reportsOnce(script: String, expected: [String]) {
    #expect(codes(script) == expected)
  }

  @Test func problemsStandInTheSourcesOrder() {
    let diagnostics = Interpreter().check(
      SourceFile(name: "test", text: "print $a\nmodle < >\nprint ,\nprint $b")
    ).diagnostics
    let starts = diagnostics.compactMap { $0.span?.start }
    #expect(starts == starts.sorted())
    #expect(starts.count == diagnostics.count)
  }

  @Test func ofVeryManyMistakesTheFirstAreTold() {
    let wrong = (0..<3000).map { "nothing\($0)" }.joined(separator: "\n")
    let errors = Interpreter().check(SourceFile(name: "test", text: wrong)).diagnostics
    #expect(errors.count == 1001)
    #expect(errors.last?.message == "there are 2000 more problems from here on")
    // Warnings alone do not keep a script from running, however many there are.
    let unused = (0..<1200).map { "let a\($0) = 1" }.joined(separator: "\n")
    let warned = Interpreter().check(SourceFile(name: "test", text: unused))
    #expect(warned.status == .done)
    #expect(warned.diagnostics.count == 1001)
    #expect(warned.diagnostics.last?.code == "E0135")
    #expect(warned.diagnostics.allSatisfy { $0.severity == .warning })
  }

  /// A definition's body sees what stood before it, whatever has come since and whoever uses it.
  @Test func definitionsSeeWhatCameBefore() {
    let script = """
      let width = 2
      def inner() { dense $width }
      let width = 3
      def outer() { inner; dense $width }
      def inner() { outer; dense 9 }
      let width = 4
      model < inner; dense $width > | summary
      print $later
      def late() { dense $later }
      let later = 5
      model < late >
      """
    let result = Interpreter().check(SourceFile(name: "test", text: script))
    #expect(result.diagnostics.map(\.code) == ["E0211", "E0211"])
    var interpreter = Interpreter()
    let lines = script.split(separator: "\n").prefix(7).joined(separator: "\n")
    #expect(interpreter.run(SourceFile(name: "test", text: lines)).status == .done)
    #expect(
      interpreter.experiment.model?.plan.layers.compactMap { $0.arguments.integer("units") } == [2, 3, 9, 4])
  }

  @Test func everySpanIsInsideTheSource() {
    let text =
      "data x.csv target=[a, b] | split test=2 | model < dense 4 rellu; output > fit epochs=x seed=-1 | expect q < 1"
    for diagnostic in Interpreter().check(SourceFile(name: "test", text: text)).diagnostics {
      if let span = diagnostic.span {
        #expect(span.start >= 0 && span.end <= text.utf8.count && span.start <= span.end)
      }
    }
  }

  /// Words of the language in any order, seeded: the checker takes everything and ends.
  @Test func soupDoesNotTrap() {
    let words =
      Catalog.stages.map { $0.declaration.name } + Catalog.layers.map(\.name)
      + Catalog.stages.flatMap { $0.declaration.options.map(\.name) } + [
        "|", ";", "<", ">", "[", "]", "(", ")", "=", ",", "$x", "let", "param", "x", "1e999", "-1", "0",
        "20%", "nan",
        "99999999999999999999", "\"\"", "'a'", "relu", "adam(lr=0)", "early_stopping()", "table:t", "{", "}",
        "\n",
        "16777216", "(1 / 0)", "($x * 2)", "none", "true", "mse", "accuracy",
      ]
    var state: UInt64 = 42
    func next(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % count
    }
    for _ in 0..<1500 {
      let text = (0..<(1 + next(24))).map { _ in words[next(words.count)] }.joined(separator: " ")
      _ = Interpreter().check(SourceFile(name: "soup", text: text))
    }
  }
}
