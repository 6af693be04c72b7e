import Foundation
import NNDiagnostics
import Testing

@testable import NNSyntax

/// grammar/nn.ebnf is the authority: the parser accepts what it derives, and rejects what it does not.
@Suite struct GrammarTests {
  /// `NN_GRAMMAR_ROUNDS=100000 swift test --filter GrammarTests` looks longer: so many sentences, and so many broken ones.
  static let rounds = ProcessInfo.processInfo.environment["NN_GRAMMAR_ROUNDS"].flatMap(Int.init) ?? 2000

  let grammar: Grammar

  init() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../..")
    let text = try String(contentsOf: root.appendingPathComponent("grammar/nn.ebnf"), encoding: .utf8)
    grammar = try Grammar(ebnf: text)
  }

  @Test func derivedSentencesAreAccepted() {
    var sentences = SentenceGenerator(grammar, seed: 7)
    var lengths = 0
    for _ in 0..<Self.rounds {
      let text = sentences.sentence().text
      let failures = brokenInvariants(of: SourceFile(name: "derived", text: text))
      let problems = errors(in: text)
      if !problems.isEmpty { Issue.record("not accepted:\n\(text)\n\(Renderer().text(of: problems))") }
      if !failures.isEmpty { Issue.record("\(text)\n\(failures)") }
      lengths += text.utf8.count
    }
    #expect(lengths > 10 * Self.rounds, "the sentences are too short to say much")
  }

  /// A sentence broken in one place is accepted by both, or by neither.
  @Test func mutationsAreJudgedAlike() {
    var sentences = SentenceGenerator(grammar, seed: 8)
    var recognizer = Recognizer(grammar)
    var generator = SeededGenerator(9)
    var rejected = 0
    var count = 0
    while count < Self.rounds {
      var sentence = sentences.sentence()
      guard !sentence.terminals.isEmpty else { continue }
      count += 1
      mutate(&sentence, &generator)
      let isSentence = recognizer.accepts(sentence)
      let problems = errors(in: sentence.text)
      if !isSentence { rejected += 1 }
      let failures = brokenInvariants(of: SourceFile(name: "mutated", text: sentence.text))
      if !failures.isEmpty { Issue.record("\(sentence.text)\n\(failures)") }
      if isSentence != problems.isEmpty {
        Issue.record(
          "the grammar \(isSentence ? "accepts" : "rejects"):\n\(sentence.text)\n\(Renderer().text(of: problems))"
        )
      }
    }
    #expect(
      rejected > count / 5 && rejected < count * 9 / 10, "\(rejected) of \(count) mutations are no sentences")
  }

  @Test func recognizerAgreesWithGenerator() {
    var sentences = SentenceGenerator(grammar, seed: 10)
    var recognizer = Recognizer(grammar)
    for _ in 0..<100 {
      let sentence = sentences.sentence()
      let isAccepted = recognizer.accepts(sentence)
      #expect(isAccepted, "\(sentence.text)")
    }
  }

  private func errors(in text: String) -> [Diagnostic] {
    parse(SourceFile(name: "derived", text: text)).problems.filter { $0.severity == .error }
  }

  private func mutate(_ sentence: inout Sentence, _ generator: inout SeededGenerator) {
    let place = generator.below(sentence.terminals.count)
    switch generator.below(4) {
    case 0: sentence.terminals.remove(at: place)
    case 1: sentence.terminals.insert(replacement(&generator), at: place)
    case 2: sentence.terminals[place] = replacement(&generator)
    default:
      let other = min(place + 1, sentence.terminals.count - 1)
      sentence.terminals.swapAt(place, other)
    }
  }

  private func replacement(_ generator: inout SeededGenerator) -> Sentence.Terminal {
    let marks = [";", "|", "<", ">", "(", ")", "[", "]", "{", "}", "=", ",", "<=", "==", "!=", "$"]
    return switch generator.below(3) {
    case 0: Sentence.Terminal(text: generator.pick(marks), kind: .mark)
    case 1:
      SentenceGenerator.lexical(
        generator.pick(["NEWLINE", "STRING", "NUMBER", "STAGE", "NAME", "WORD"]), &generator)
    default:
      Sentence.Terminal(
        text: generator.pick(["let", "def", "param", "include", "filter", "expect", "parallel"]), kind: .word)
    }
  }
}
