import NNDiagnostics
import Testing

@testable import NNSyntax

@Test func theSentenceParses() {
  let result = parse(
    SourceFile(
      name: "sentence.nn",
      text: "model < dense 6 relu input 4; dense 6 relu; dense 2 > compile loss=mae opt=sgd; "
        + "fit data.csv epochs=100 seed=42"))
  #expect(result.problems.isEmpty)
  #expect(!result.isIncomplete)
  #expect(
    Printer.text(of: result.script) == """
      model < dense 6 relu input 4; dense 6 relu; dense 2 > | compile loss=mae opt=sgd
      fit data.csv epochs=100 seed=42

      """)
}
