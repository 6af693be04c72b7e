import Testing

@testable import NNDiagnostics

@Suite struct SpellingTests {
  let names = ["relu", "sigmoid", "softmax", "tanh", "elu", "val_loss", "dense", "mae"]

  @Test(arguments: [
    ("rleu", "relu"), ("Relu", "relu"), ("RELU", "relu"), ("sigmod", "sigmoid"), ("sofmax", "softmax"),
    ("Dense", "dense"),
    ("vall_oss", "val_loss"), ("valloss", "val_loss"), ("dnese", "dense"), ("mea", "mae"),
  ])
  func findsWhatWasMeant(_ word: String, _ meant: String) {
    #expect(Spelling.nearest(to: word, in: names) == meant)
  }

  @Test(arguments: ["", "x", "banana", "compile", "s", String(repeating: "relu", count: 1000)])
  func findsNothingFarAway(_ word: String) {
    #expect(Spelling.nearest(to: word, in: names) == nil)
  }

  @Test func shortWordsNeedCare() {
    #expect(Spelling.nearest(to: "lt", in: ["lr"]) == "lr")
    #expect(Spelling.nearest(to: "ab", in: ["cd", "ax"]) == "ax")
    #expect(Spelling.nearest(to: "q", in: ["lr", "w"]) == nil)
    #expect(Spelling.nearest(to: "Q", in: ["lr", "q"]) == "q")
  }

  @Test func theWordItselfIsNoSuggestion() {
    #expect(Spelling.nearest(to: "relu", in: ["relu", "elu"]) == "elu")
  }

  @Test func caseComesBeforeLetters() {
    #expect(Spelling.nearest(to: "MAE", in: ["mse", "mape", "mae"]) == "mae")
  }

  @Test func ranksSeveral() {
    #expect(Spelling.nearest(to: "los", in: ["loss", "lots", "boss", "val"], limit: 2) == ["loss", "lots"])
    #expect(Spelling.nearest(to: "loss", in: ["losses"], limit: 0) == [])
  }

  @Test(arguments: [
    ("", "", 0), ("a", "", 1), ("", "abc", 3), ("abc", "abc", 0), ("abc", "acb", 1), ("kitten", "sitting", 3),
    ("ca", "abc", 3),
  ])
  func distances(_ first: String, _ second: String, _ expected: Int) {
    #expect(Spelling.distance(first, second) == expected)
  }
}
