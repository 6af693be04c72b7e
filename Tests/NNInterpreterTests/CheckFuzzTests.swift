import Foundation
import NNDiagnostics
import NNSyntax
import Testing

@testable import NNInterpreter

/// Scripts with a few of their tokens lost, doubled, swapped or replaced: the checker finds what is wrong and never falls over.
/// `NN_CHECK_ROUNDS` asks for more rounds.
@Suite struct CheckFuzzTests {
  static let samples = [
    """
    param n=4; param kind=relu
    let rate = (0.1 / $n); let names = [a, b]
    let base = data table:t target=answer | filter a >= 0 | split test=20% seed=1
    def block(width, rate=10%) { let half = ($width / 2); dense $half $kind; dropout $rate; dense $width }
    def train(epochs, lr=$rate) { compile lr=$lr metrics=[accuracy]; fit epochs=$epochs seed=1 }
    let one = $base | model < block 8; residual < block 8 >; output > | train 2 | evaluate
    $one | train 1 lr=0.5 | expect loss < 100 | save m.safetensors
    """,
    """
    data table:t | select a b answer | drop a | sample 50% seed=2 | describe
    def twice(n) { head $n; head $n }
    let all = data table:t; let other = $all; let n = 3
    def outer(n) { twice $n; let inner = $all | twice (2 * $n) | head 1; twice n=$n }
    $other | outer 3 | model < parallel < < dense 3 > < dense 4; batchnorm > >; output >
    fit epochs=1 seed=3 callbacks=[early_stopping(monitor=loss, patience=2), csv_logger("log.csv")] validation_split=20%
    print "n: ${n}" $n (1 + 2 * 3) [1, "b"]; predict to=p.csv; plot
    """,
  ]
  static let pieces = [
    "let", "def", "param", "include", "x", "$x", "$base", "$n", "block", "train", "twice", "=", "|", ";",
    "\n", "<", ">",
    "(", ")", "{", "}", "[", "]", ",", "0", "-1", "1e300", "nan", "inf", "99999999999999999999", "'q'",
    "\"$n ${base}\"",
    "answer", "filter a < 3", "dense 8", "model < output >", "fit", "include missing.nn",
    "repeat 3 < dense 2 >", "(1 / 0)",
    "def d() { d }", "let block = 3", "def relu() { fit }",
  ]

  /// The tokens of a text, each with the blanks in front of it.
  private static func words(of text: String) -> [String] {
    let source = SourceFile(name: "sample", text: text)
    var end = 0
    return tokenize(source).tokens.map { token in
      defer { end = token.span.end }
      return source.text(Span(end, token.span.end))
    }
  }

  @Test(arguments: samples) func whatIsWholeIsRight(_ sample: String) {
    let (result, text) = Interpreter().explain(
      SourceFile(name: "sample", text: Self.words(of: sample).joined()), options: RunTests.options)
    #expect(result.diagnostics.filter { $0.severity == .error }.map(\.message) == [])
    #expect(text != nil)
  }

  @Test func whatIsBrokenIsSaid() {
    let rounds = ProcessInfo.processInfo.environment["NN_CHECK_ROUNDS"].flatMap { Int($0) } ?? 200
    var state: UInt64 = 11
    func below(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(max(bound, 1)))
    }
    var wrong = 0
    for round in 0..<rounds {
      let sample = Self.samples[below(Self.samples.count)]
      var words = Self.words(of: sample)
      for _ in 0..<(1 + below(3)) {
        let place = below(words.count)
        switch below(5) {
        case 0: words.remove(at: place)
        case 1: words.insert(" " + Self.pieces[below(Self.pieces.count)], at: place)
        case 2: words[place] = " " + Self.pieces[below(Self.pieces.count)]
        case 3: words.swapAt(place, below(words.count))
        default: words.insert(words[place], at: below(words.count + 1))
        }
      }
      let source = SourceFile(name: "broken \(round)", text: words.joined())
      var options = RunTests.options
      options.settings = below(4) == 0 ? [("n", ["5", "x", "[1, 2]", ""][below(4)]), ("other", "1")] : []
      let (result, text) = Interpreter().explain(source, options: options)
      let errors = result.diagnostics.filter { $0.severity == .error }
      #expect(errors.isEmpty == (text != nil), "\(source.text(source.span))")
      if !errors.isEmpty { wrong += 1 }
      for diagnostic in result.diagnostics {
        #expect(diagnostic.code.wholeMatch(of: #/[EW][0-9]{4}/#) != nil && diagnostic.code != "E1000")
        #expect(!diagnostic.message.isEmpty)
        guard let span = diagnostic.span else { continue }
        #expect(
          diagnostic.source != nil && span.start >= 0 && span.start <= span.end && span.end <= source.end,
          "\(diagnostic.code) \(span)\n\(source.text(source.span))")
        for fix in diagnostic.fixIts { #expect(fix.span.start >= 0 && fix.span.end <= source.end) }
      }
      var seen: Set<String> = []
      for diagnostic in result.diagnostics {
        let key = "\(diagnostic.code) \(String(describing: diagnostic.span)) \(diagnostic.message)"
        #expect(seen.insert(key).inserted, "\(key) twice\n\(source.text(source.span))")
      }
    }
    #expect(wrong > rounds / 3 && wrong < rounds, "\(wrong) of \(rounds) are wrong")
  }
}
