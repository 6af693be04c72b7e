import NNDiagnostics
import NNReport
import Testing

@Suite struct SparklineTests {
  @Test func drawsABarAValue() {
    #expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7]) == "▁▂▃▄▅▆▇█")
    #expect(sparkline([3, .nan, 1, .infinity, 2]) == "█ ▁ ▅")
  }

  @Test func constantsAndNothing() {
    #expect(sparkline([2, 2, 2]) == "▄▄▄")
    #expect(sparkline([]) == "")
    #expect(sparkline([.nan, .nan]) == "  ")
    #expect(sparkline([-1.7e308, 1.7e308, 0]) == "▁█▅")
  }

  @Test func averagesWhatDoesNotFit() {
    #expect(sparkline([0, 0, 4, 4, 7, 7], width: 3) == "▁▅█")
    #expect(sparkline((0..<1_000).map(Double.init), width: 8) == "▁▂▃▄▅▆▇█")
    #expect(sparkline([1, .nan, .nan, .nan], width: 2) == "▄ ")
  }
}

@Suite struct ProgressLineTests {
  private let line = ProgressLine(
    epoch: 37, epochs: 100, epochShare: 0.5, values: [("loss", 0.251_31), ("val_loss", 0.3)],
    epochsPerSecond: 812, secondsLeft: 1.23)

  static let widths: [(Int, String)] = [
    (
      120,
      "fit  37/100 ━━━━━━━━━━━━━━━─────────────────────────  loss 0.2513  val_loss 0.3000  812 epochs/s  1.2 s left"
    ),
    (80, "fit  37/100 ━━━━╸───────  loss 0.2513  val_loss 0.3000  812 epochs/s  1.2 s left"),
    (66, "fit  37/100 ━━━━╸───────  loss 0.2513  val_loss 0.3000  1.2 s left"),
    (45, "fit  37/100 ━━━─────  loss 0.2513  1.2 s left"),
    (30, "fit  37/100  loss 0.2513"), (20, "fit  37/100"), (10, "fit  37/1…"), (0, "…"),
  ]

  @Test(arguments: widths)
  func losesItsPartsInOrder(width: Int, text: String) {
    #expect(line.render(width: width) == text)
  }

  @Test func neverIsWiderThanTheTerminal() {
    for width in 1...130 {
      #expect(displayWidth(of: line.render(width: width)) <= width, "at \(width)")
    }
  }

  @Test func keepsBothLossesBeforeOtherMetrics() {
    var many = line
    many.values = [("loss", 0.25), ("accuracy", 0.5), ("f1", 0.5), ("val_loss", 0.3), ("val_accuracy", 0.4)]
    #expect(
      many.render(width: 70) == "fit  37/100 ━━━━━━──────────  loss 0.2500  val_loss 0.3000  1.2 s left")
    for width in 1...130 {
      #expect(displayWidth(of: many.render(width: width)) <= width, "at \(width)")
    }
  }

  @Test func knowsNothingYet() {
    #expect(ProgressLine(epoch: 0, epochs: 5).render(width: 20) == "fit 0/5 ────────────")
    #expect(ProgressLine(epoch: 0, epochs: 0).render(width: 20) == "fit 0/0 ────────────")
    #expect(ProgressLine(epoch: 5, epochs: 5, epochShare: 7).render(width: 20) == "fit 5/5 ━━━━━━━━━━━━")
    #expect(
      ProgressLine(epoch: 1, epochs: 4, values: [("loss", .nan)]).render(width: 30)
        == "fit 1/4 ━━━─────────  loss nan")
  }

  @Test func colorsTheBar() {
    let narrow = ProgressLine(
      epoch: 12, epochs: 60, values: [("loss", 0.5)], epochsPerSecond: 10, secondsLeft: 5,
      trend: [4, 3, 2, 1])
    #expect(narrow.render(width: 37) == "fit 12/60  █▆▃▁  loss 0.5000")
    let colored = ProgressLine(epoch: 1, epochs: 2, isColored: true).render(width: 16)
    #expect(colored.replacing("\u{1B}", with: "␛") == "fit 1/2 ␛[38;5;32m━━━━␛[0m␛[2m────␛[0m")
  }
}

@Suite struct DisplayTextTests {
  static let texts: [(String, Int)] = [
    ("", 0), ("abc", 3), ("日本", 4), ("e\u{301}", 1), ("한글", 4), ("🙂", 2), ("👩‍👩‍👧", 2), ("❤\u{FE0F}", 2),
    ("❤", 1),
    ("⣿━▲…–", 5), ("ｆ", 2), ("🇩🇪", 2),
  ]

  @Test(arguments: texts)
  func widthsAreThoseOfTerminals(text: String, width: Int) {
    #expect(displayWidth(of: text) == width)
  }

  @Test func controlsBecomeVisible() {
    #expect(
      escapingControls("a\tb\r\n\u{1B}[0m\u{7F}\u{85}\u{202E}x") == #"a\tb\r\n\u{1b}[0m\u{7f}\u{85}\u{202e}x"#
    )
    #expect(escapingControls("Größe 日本 🙂") == "Größe 日本 🙂")
  }

  @Test func truncationKeepsWholeCharacters() {
    #expect(truncating("abcdef", toWidth: 4) == "abc…")
    #expect(truncating("abcd", toWidth: 4) == "abcd")
    #expect(truncating("日本語", toWidth: 4) == "日…")
    #expect(truncating("日本語", toWidth: 0) == "")
  }
}

@Suite struct WrappingTests {
  @Test func breaksBetweenWords() {
    #expect(wrapping("one two three", toWidth: 20) == "one two three")
    #expect(wrapping("one two three", toWidth: 8, indent: 2) == "one two\n  three")
    #expect(wrapping("  one  two", toWidth: 6, indent: 4) == "  one \n    two")
    #expect(wrapping("unbreakable word", toWidth: 4) == "unbreakable\nword")
    #expect(wrapping("", toWidth: 0) == "")
  }
}

@Suite struct ValueLinesTests {
  private let few: [(name: String, value: Double)] = [("loss", 0.25), ("mae", 12), ("val_loss", 0.5)]

  @Test func oneLineWhereItFits() {
    #expect(ValueLines(few, indent: 2).render(width: 80) == "  loss 0.2500  mae 12.00  val_loss 0.5000")
    #expect(
      ValueLines(few).render(width: 50, remark: "(3 rows)")
        == "loss 0.2500  mae 12.00  val_loss 0.5000  (3 rows)")
    #expect(
      ValueLines(few).render(width: 48, remark: "(3 rows)")
        == "loss 0.2500  mae 12.00  val_loss 0.5000\n(3 rows)")
    #expect(ValueLines([]).render(width: 80) == "")
    #expect(ValueLines([("loss", .nan)]).render(width: 4) == "loss nan")
  }

  @Test func aLineForEachMetricWhereItDoesNot() {
    #expect(
      ValueLines(few, indent: 2).render(width: 40) == """
                training  validation
          loss    0.2500      0.5000
          mae      12.00
        """)
    #expect(
      ValueLines([("test_loss", 0.5), ("test_mae", 12), ("test_r2", 0.75)]).render(
        width: 30, remark: "(3 rows)")
          == """
          test_loss  0.5000
          test_mae    12.00
          test_r2    0.7500
          (3 rows)
          """)
  }

  @Test func aValueOfValidationAloneIsNotLost() {
    let text = ValueLines([("loss", 1), ("val_loss", 2), ("val_f1", 0.5)]).render(width: 10)
    #expect(text.contains("val_f1") && text.contains("0.5000"))
  }

  @Test func whatIsShownCannotSteerTheTerminal() {
    let text = ValueLines([("a\u{1B}[31m", 1), ("b", 2), ("c", 3)]).render(width: 5)
    #expect(!text.contains("\u{1B}"))
  }
}
