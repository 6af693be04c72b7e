import NNDiagnostics
import Testing

@testable import NNSyntax

/// Broken texts must never trap the parser, hang it, or make it say a thing twice. Everything is seeded.
@Suite struct FuzzTests {
  @Test func randomBytes() {
    var generator = SeededGenerator(1)
    for round in 0..<400 {
      let bytes = (0..<generator.below(80)).map { _ in
        // Mostly ASCII, so that words and brackets come about.
        generator.below(4) == 0 ? UInt8(generator.below(256)) : UInt8(32 + generator.below(95))
      }
      expectSound(bytes, "round \(round)")
    }
  }

  @Test func tokenSoup() {
    var generator = SeededGenerator(2)
    for round in 0..<700 {
      let pieces = (0..<(1 + generator.below(24))).map { _ in generator.pick(soupPieces) }
      expectSound(Array(pieces.joined(separator: generator.below(3) == 0 ? "" : " ").utf8), "round \(round)")
    }
  }

  @Test func truncations() {
    for sample in validSamples {
      let bytes = Array(sample.utf8)
      for end in stride(from: 0, through: bytes.count, by: 5) {
        expectSound(Array(bytes[..<end]), "first \(end)")
      }
    }
  }

  @Test func deletions() {
    for (index, sample) in validSamples.enumerated() {
      let tokens = tokenize(SourceFile(name: "sample", text: sample)).tokens
      for token in tokens {
        var bytes = Array(sample.utf8)
        bytes.removeSubrange(token.span.start..<token.span.end)
        expectSound(bytes, "sample \(index) without \(token)")
      }
    }
  }

  @Test func insertionsAndSwaps() {
    var generator = SeededGenerator(3)
    for round in 0..<400 {
      var bytes = Array(generator.pick(validSamples).utf8)
      for _ in 0..<(1 + generator.below(3)) {
        let place = generator.below(bytes.count + 1)
        bytes.insert(contentsOf: Array(generator.pick(soupPieces).utf8), at: place)
      }
      expectSound(bytes, "round \(round)")
    }
  }

  @Test(arguments: ["(", "[", "<", "x {"]) func nestedBrackets(_ bracket: String) {
    let text = "fit " + String(repeating: bracket, count: 100_000)
    let problems = parse(SourceFile(name: "nested", text: text)).problems
    #expect(problems.filter { $0.code == "E0133" }.count == 1)
    #expect(problems.count <= 2, "\(problems.map(\.message))")
  }

  /// Time must grow with the text, not with its square: a hundredfold of what a person writes still takes no time.
  @Test(arguments: [
    "a(", "a [", "model < ", "x { ", "a (1+", "a b=(", ")", "]", ">", "}", "| ", "a=", "a,", "$a", "\"",
    "let a = ", "{ x } ",
  ])
  func repetitions(of piece: String) {
    let text = String(repeating: piece, count: 1_000)
    for head in ["", "fit "] {
      let problems = parse(SourceFile(name: "repeated", text: head + text)).problems
      #expect(!problems.isEmpty)
    }
  }

  @Test func veryManyProblemsAreCut() {
    let source = SourceFile(name: "many", text: String(repeating: "fit ) ; ", count: 5000))
    let problems = parse(source).problems
    #expect(problems.count == 1001)
    #expect(problems.last?.code == "E0135")
    #expect(problems.last?.message == "there are 4000 more problems from here on")
  }

  @Test func longArithmetic() {
    let text = "print (" + Array(repeating: "1", count: 100_000).joined(separator: "+") + ")"
    let result = parse(SourceFile(name: "long", text: text))
    #expect(result.problems.map(\.code) == ["E0134"])
  }

  private func expectSound(_ bytes: [UInt8], _ what: String) {
    let failures = brokenInvariants(of: SourceFile(name: "fuzz", bytes: bytes))
    if !failures.isEmpty {
      Issue.record(
        "\(what), \(String(decoding: bytes, as: UTF8.self).debugDescription): \(failures.joined(separator: "; "))"
      )
    }
  }
}
