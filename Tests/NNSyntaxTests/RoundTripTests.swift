import NNDiagnostics
import Testing

@testable import NNSyntax

@Suite struct RoundTripTests {
  @Test(arguments: validSamples) func validSamplesAreSound(_ text: String) {
    let source = SourceFile(name: "sample", text: text)
    #expect(Renderer().text(of: parse(source).problems) == "")
    #expect(brokenInvariants(of: source) == [])
  }
}
