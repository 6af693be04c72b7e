import Testing

@testable import NNData

@Suite("Numbers")
struct NumberParsingTests {
  /// What the standard library reads, which is correctly rounded.
  private func expect(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
    let expected = Float(text)
    let found = parseFloat(text)
    if let expected, expected.isFinite {
      #expect(found?.bitPattern == expected.bitPattern, "\(text)", sourceLocation: sourceLocation)
    } else {
      #expect(found == nil, "\(text)", sourceLocation: sourceLocation)
    }
  }

  @Test(
    "spellings that are hard to round",
    arguments: [
      // Ties between float32s, and their neighbours.
      "16777217", "16777219", "16777217.0000000000000000000001", "16777216.9999999999999999999999",
      "1.00000005960464477539062500", "1.00000005960464477539062501", "1.00000005960464477539062499",
      "1.000000178813934326171875", "0.000000059604644775390625", "8388608.5", "8388609.5", "33554434",
      "33554438",
      // The ends of the range.
      "3.4028234663852886e38", "3.4028235677973366e38", "3.40282356779733661637539395458142568447e38",
      "3.40282356779733661637539395458142568448e38", "1e38", "-1e38", "1e39", "1e-38",
      "1.1754943508222875e-38",
      "1.17549435e-38", "1.4012984643e-45", "7.006492321624085e-46", "7.006492321624086e-46", "1e-45",
      "1e-46",
      "1e-400", "-1e-400", "1e400", "0e999999999999", "0.0e-99999999999", "1e-99999999999999999999",
      // Many digits.
      "0.1234567890123456789012345678901234567890", "123456789012345678901234567890",
      "00000000000000000000000000000000000001.5", "9007199254740993", "9223372036854775807",
      "18446744073709551615", "18446744073709551616", "1.8446744073709551617e19",
      "0.000000000000000000000000000000000000000000001e45", "1000000000000000000000000000000e-30",
      "-0", "-0.0", "+0", "5.", ".5", "+.5e+1", "1E5", "1e+05",
    ])
  func hard(_ text: String) { expect(text) }

  @Test(
    "what is not a number",
    arguments: [
      "", " ", "+", "-", ".", "e", "1e", "1e+", ".e1", "0x1p3", "inf", "nan", "1 ", " 1", "1f", "1..2", "--1",
      "1e1.5", "1,5", "1\u{0}",
    ])
  func notNumbers(_ text: String) { #expect(parseFloat(text) == nil) }

  @Test("random spellings of random floats", arguments: 0..<4)
  func random(_ seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    for _ in 0..<2000 {
      let pattern = UInt32.random(in: 0...UInt32.max, using: &generator)
      let value = Float(bitPattern: pattern)
      guard value.isFinite else { continue }
      expect("\(value)")
      expect("\(Double(value))")
      // Half way to the next float32, exactly, and a double's unit to both sides.
      let middle = (Double(value) + Double(value.nextUp)) / 2
      if middle.isFinite {
        expect("\(middle)")
        expect("\(middle.nextUp)")
        expect("\(middle.nextDown)")
      }
    }
  }

  @Test("random digits, points and exponents", arguments: 0..<4)
  func randomDigits(_ seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed) + 100)
    for _ in 0..<2000 {
      let count = Int.random(in: 1...24, using: &generator)
      var text = Bool.random(using: &generator) ? "-" : ""
      let point = Int.random(in: 0...count, using: &generator)
      for place in 0..<count {
        if place == point { text += "." }
        text += String(Int.random(in: 0...9, using: &generator))
      }
      if Bool.random(using: &generator) { text += "e\(Int.random(in: -50...45, using: &generator))" }
      expect(text)
      // The scanner's own loop must say the same as the general parser.
      let table = try? read("x,y\n\(text),1\n", types: ["x": .numeric])
      guard case .numeric(let numbers) = table?["x"]?.values else {
        Issue.record("\(text) was not read")
        continue
      }
      #expect(numbers.first?.bitPattern == parseFloat(text)?.bitPattern ?? Float.nan.bitPattern, "\(text)")
    }
  }

  @Test("a float's shortest text reads back")
  func shortest() {
    var generator = SeededGenerator(seed: 9)
    for _ in 0..<5000 {
      let value = Float(bitPattern: UInt32.random(in: 0...UInt32.max, using: &generator))
      guard value.isFinite else { continue }
      #expect(parseFloat(shortestText(value))?.bitPattern == value.bitPattern)
    }
    #expect(shortestText(3) == "3")
    #expect(shortestText(-0.0) == "-0")
    #expect(shortestText(0.1) == "0.1")
    #expect(shortestText(16_777_216) == "16777216")
  }
}

@Suite("Runs of digits")
struct DigitRunTests {
  @Test("every length, before every byte that may end one")
  func lengths() {
    let text = "98765432109876543210"
    for count in 0...20 {
      for ending in [UInt8](0...255) where !(0x30...0x39).contains(ending) {
        // What stands behind the end must not matter.
        for behind in [UInt8(ascii: "7"), 0xFF, 0] {
          let bytes = Array(text.utf8.prefix(count)) + [ending] + [UInt8](repeating: behind, count: 8)
          var index = 0
          var mantissa: UInt64 = 0
          bytes.withUnsafeBufferPointer { bytes in
            DigitRun.powersOfTen.withUnsafeBufferPointer { tens in
              guard let base = bytes.baseAddress, let tens = tens.baseAddress else { return }
              DigitRun.take(base, &index, into: &mantissa, tens: tens)
            }
          }
          let expected = text.utf8.prefix(count).reduce(UInt64(0)) { $0 &* 10 &+ UInt64($1 - 48) }
          #expect(index == count && mantissa == expected, "\(count) digits before byte \(ending)")
        }
      }
    }
  }
}
