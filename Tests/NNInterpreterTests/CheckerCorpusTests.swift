import Foundation
import NNData
import NNDiagnostics
import NNInterpreter
import Support
import Testing

/// What fuzzing has come upon in the checker (Fuzz/Corpus/checker), read again.
@Suite struct CheckerCorpusTests {
  @Test func corpusIsSound() throws {
    let folder = repository.appendingPathComponent("Fuzz/Corpus/checker")
    var options = RunOptions()
    options.folder = "/nonexistent"
    options.tables = [
      "t": try Table(
        source: "t",
        columns: [
          Column(name: "a", numbers: (0..<8).map { Float($0) }),
          Column(name: "b", numbers: (0..<8).map { Float($0 * $0) }),
          Column(name: "c", texts: (0..<8).map { $0 % 3 == 0 ? "x" : "y" }),
        ])
    ]
    var count = 0
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
      let source = SourceFile(
        name: name, bytes: Array(try Data(contentsOf: folder.appendingPathComponent(name))))
      for diagnostic in Interpreter().check(source, options: options).diagnostics {
        #expect(!diagnostic.code.isEmpty && !diagnostic.message.isEmpty, "\(name)")
        for span in [diagnostic.span].compactMap({ $0 }) + diagnostic.fixIts.map(\.span) {
          #expect(
            0 <= span.start && span.start <= span.end && span.end <= source.bytes.count,
            "\(name): \(diagnostic.code)")
        }
      }
      for offset in [0, source.bytes.count / 2, source.bytes.count] {
        let completions = Completer(source, at: offset, options: options).completions
        #expect(completions.span.end <= source.bytes.count, "\(name)")
        _ = Hover(source, at: offset, options: options)
      }
      count += 1
    }
    #expect(count > 5, "the corpus is not where it should be")
  }
}
