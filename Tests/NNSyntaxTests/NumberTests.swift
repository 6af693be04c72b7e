import Testing

@testable import NNSyntax

@Suite struct NumberTests {
  @Test(
    arguments: [
      ("6", 6), ("-0.5", -0.5), ("+3", 3), ("1e-3", 0.001), ("1E5", 1e5), ("1e+2", 100), ("20%", 0.2),
      ("-5%", -0.05), (".5", 0.5),
      ("5.", 5), ("007", 7), ("1.5e3%", 15), ("0", 0), ("9007199254740993", 9_007_199_254_740_992),
      ("1e308", 1e308), ("1e-400", 0),
    ] as [(String, Double)])
  func numbers(_ word: String, _ value: Double) {
    #expect(number(fromWord: word) == value)
  }

  @Test(arguments: [
    "", "-", "+", ".", "%", "-%", "e3", "1e", "1e+", "30s", "5m", "0x10", "1_000", "inf", "nan", "-inf",
    "1e999", "1.2.3", "1-2", "--1",
    "20%%", "%5", "１", "1 ", "data.csv", "1,5",
  ])
  func otherWords(_ word: String) {
    #expect(number(fromWord: word) == nil)
  }
}
