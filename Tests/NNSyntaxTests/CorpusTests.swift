import Foundation
import NNDiagnostics
import Testing

@testable import NNSyntax

/// What fuzzing has come upon (Fuzz/Corpus), read again: each text that once broke something, or that reached what no other did.
@Suite struct CorpusTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
    "../../Fuzz/Corpus")

  @Test func corpusIsSound() throws {
    var count = 0
    for target in ["lexer", "parser", "formatter"] {
      let folder = Self.folder.appendingPathComponent(target)
      for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
        let bytes = Array(try Data(contentsOf: folder.appendingPathComponent(name)))
        let failures = brokenInvariants(of: SourceFile(name: name, bytes: bytes))
        if !failures.isEmpty { Issue.record("\(target)/\(name): \(failures.joined(separator: "; "))") }
        count += 1
      }
    }
    #expect(count > 20, "the corpus is not where it should be")
  }
}
