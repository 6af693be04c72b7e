import NNDiagnostics
import Testing

@testable import NNSyntax

/// Collects what the conformance texts and the soups bring about, and looks at the words.
@Suite struct SyntaxProblemTests {
  @Test func everyMessageReadsWell() {
    var generator = SeededGenerator(11)
    var seen: [String: Diagnostic] = [:]
    for _ in 0..<1500 {
      let text = (0..<(2 + generator.below(16))).map { _ in generator.pick(soupPieces) }.joined(
        separator: " ")
      for problem in parse(SourceFile(name: "soup", text: text)).problems { seen[problem.code] = problem }
    }
    #expect(seen.count > 35, "only \(seen.keys.sorted())")
    for (code, problem) in seen {
      let isWarning = problem.severity == .warning
      #expect(code.count == 5 && code.hasPrefix(isWarning ? "W01" : "E01"), "\(code)")
      let texts =
        [problem.message] + problem.notes.map(\.message) + problem.fixIts.map(\.message)
        + [problem.label, problem.help].compactMap { $0 }
      for text in texts {
        #expect(!text.isEmpty && !text.hasSuffix("."), "\(code): \(text)")
        #expect(!text.contains("\n"), "\(code): \(text)")
        #expect(text.count <= 200, "\(code): \(text)")
      }
    }
  }
}
