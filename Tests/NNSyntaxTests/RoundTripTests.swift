import Foundation
import NNDiagnostics
import Testing

@testable import NNSyntax

@Suite struct RoundTripTests {
  @Test(arguments: validSamples) func validSamplesAreSound(_ text: String) {
    let source = SourceFile(name: "sample", text: text)
    #expect(Renderer().text(of: parse(source).problems) == "")
    #expect(brokenInvariants(of: source) == [])
  }

  /// The programs that the project shows.
  @Test func scriptsAreSound() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "../../scripts")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
      $0.hasSuffix(".nn")
    }
    #expect(!names.isEmpty)
    for name in names {
      let data = try Data(contentsOf: folder.appendingPathComponent(name))
      let source = SourceFile(name: name, bytes: Array(data))
      #expect(Renderer().text(of: parse(source).problems) == "")
      #expect(brokenInvariants(of: source) == [])
    }
  }
}
