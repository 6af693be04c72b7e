import NNReport
import Testing

@Suite struct NumberFormatTests {
  static let metrics: [(Double, String)] = [
    (0.25, "0.2500"), (0, "0"), (-0.0, "0"), (100, "100.0"), (1, "1.000"), (-1.5, "-1.500"),
    (0.12345, "0.1235"), (0.999_96, "1.000"), (9_999.5, "10000"), (123_456.7, "123457"),
    (9_999_999.7, "1.000e7"), (12_345_678, "1.235e7"), (1e-4, "0.0001000"), (0.000_099_999, "0.0001000"),
    (0.000_099_99, "9.999e-5"), (1.0 / 3, "0.3333"), (2.0 / 3 * 100, "66.67"),
    (.leastNonzeroMagnitude, "5.000e-324"),
    (1.797_693_134_862_315_7e308, "1.798e308"), (.infinity, "inf"), (-.infinity, "-inf"), (.nan, "nan"),
  ]

  @Test(arguments: metrics)
  func metricsHaveFourSignificantDigits(value: Double, text: String) {
    #expect(formatMetric(value) == text)
  }

  @Test func trailingZerosAreOptional() {
    #expect(formatMetric(0.25, trailingZeros: false) == "0.25")
    #expect(formatMetric(100, trailingZeros: false) == "100")
    #expect(formatMetric(2e9, trailingZeros: false) == "2e9")
    #expect(formatMetric(1.0 / 3, significantDigits: 2) == "0.33")
    #expect(formatMetric(0.5, significantDigits: .min) == "0.5")
  }

  @Test func everyFormattedMetricIsWithinHalfADigit() {
    var value = 1.0e-12
    while value < 1e12 {
      let read = Double(formatMetric(value)) ?? .nan
      #expect(abs(read - value) <= value * 5.0001e-4, "\(value) as \(formatMetric(value))")
      value *= 1.37
    }
  }

  @Test func sharesHaveThreeDigits() {
    #expect(
      [0, 1, 1.0 / 15, 0.9996, 0.0004].map(formatShare) == ["0.000", "1.000", "0.067", "1.000", "0.000"])
    #expect(formatShare(.nan) == "nan")
  }

  static let counts: [(Int, String)] = [
    (0, "0"), (999, "999"), (1_000, "1,000"), (53_940, "53,940"), (-1_234_567, "-1,234,567"),
    (1_000_001, "1,000,001"), (.min, "-9,223,372,036,854,775,808"),
  ]

  @Test(arguments: counts)
  func countsHaveTheirThousandsApart(count: Int, text: String) {
    #expect(formatCount(count) == text)
  }

  static let durations: [(Double, String)] = [
    (0, "0 ms"), (0.001_24, "1.2 ms"), (0.0853, "85 ms"), (0.0994, "99 ms"), (0.0999, "0.1 s"),
    (3.2, "3.2 s"),
    (9.96, "10 s"), (59.4, "59 s"), (59.6, "1 min 00 s"), (125, "2 min 05 s"), (3_599.6, "1 h 00 min"),
    (3_720, "1 h 02 min"), (360_000, "100 h 00 min"), (-1, "–"), (.nan, "–"), (.infinity, "–"),
  ]

  @Test(arguments: durations)
  func durationsShowTheUnitsThatMatter(seconds: Double, text: String) {
    #expect(formatDuration(seconds) == text)
  }
}
