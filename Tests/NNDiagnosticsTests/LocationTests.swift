import NNDiagnostics
import Testing

@Suite struct LocationTests {
  let source = SourceFile(name: "s.nn", text: "fit a\nfit bcd")

  @Test func locationHasBothEnds() {
    let diagnostic = Diagnostic(code: "E0120", "wrong", source: source, span: Span(4, 9))
    let location = diagnostic.location
    #expect(location?.file == "s.nn")
    #expect(location?.line == 1 && location?.column == 5)
    #expect(location?.endLine == 2 && location?.endColumn == 4)
  }

  @Test func withoutPlaceThereIsNoLocation() {
    #expect(Diagnostic(code: "E0001", "wrong").location == nil)
  }

  @Test func adviceJoinsHelpAndFixes() {
    var diagnostic = Diagnostic(code: "E0120", "wrong", source: source, span: Span(0, 3))
    #expect(diagnostic.advice == nil)
    diagnostic.help = "look there"
    diagnostic.fixIts = [Diagnostic.FixIt("did you mean fat?", span: Span(0, 3), replacement: "fat")]
    #expect(diagnostic.advice == "look there; did you mean fat?")
  }

  @Test func fixesAreAppliedFromTheEnd() {
    func fix(_ start: Int, _ end: Int, _ text: String) -> Diagnostic {
      Diagnostic(
        code: "E", "", source: source, span: Span(start, end),
        fixIts: [Diagnostic.FixIt("", span: Span(start, end), replacement: text)])
    }
    #expect(source.applyingFixes(of: [fix(0, 3, "train"), fix(10, 13, "x")]) == "train a\nfit x")
    // The one that overlaps the later one, and the one outside the text, are left out.
    #expect(
      source.applyingFixes(of: [fix(4, 11, "?"), fix(10, 13, "x"), fix(12, 99, "!")]) == "fit a\nfit x")
    #expect(source.applyingFixes(of: []) == "fit a\nfit bcd")
  }
}
