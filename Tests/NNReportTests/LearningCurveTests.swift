import NNDiagnostics
import NNReport
import Testing

@Suite struct LearningCurveTests {
  @Test func drawsTwoSeriesWithAxesLegendAndTheKeptEpoch() {
    // Values by hand: the pictures must not depend on this machine's exp().
    let loss: [Double] = [8, 6, 4.5, 3.5, 2.75, 2.25, 2, 1.75, 1.625, 1.5, 1.4375, 1.375]
    let validation: [Double] = [9, 7, 5.5, 4.5, 4, 3.5, 3.25, 3, 3, 3.125, 3.25, 3.5]
    let curve = LearningCurve(
      series: [.init("loss", loss), .init("val_loss", validation)], keptEpoch: 8, width: 50, height: 12)
    #expect(
      curve.render() == """
        ━━ loss 1.375   ╌╌ val_loss 3.500   ▲ kept epoch 8
          │⠑
        8 ┤⠢⡀⠣
          │ ⠈⢆ ⠢
        6 ┤   ⠑⢄ ⠑ ⡀
          │     ⠉⠢⣀⠈ ⢄
        4 ┤        ⠑⠤⣀ ⠑ ⠤ ⣀
          │           ⠉⠒⠢⢄⡀  ⠉ ⠒ ⠒ ⠤ ⢄ ⡀       ⣀ ⣀ ⡠ ⠤ ⠔ ⠒
          │               ⠈⠑⠒⠤⠤⣀⣀⣀⡀    ⠈ ⠉ ⠉ ⠉
        2 ┤                       ⠈⠉⠉⠉⠑⠒⠒⠒⠒⠤⠤⠤⠤⠤⠤⠤⠤⢄⣀⣀⣀⣀⣀⣀
          └┬────────────────┬───────────▲────────────────┬
           1                5                     epoch 12
        """)
  }

  @Test func usesALogScaleOverMoreThanTwoDecadesAndSaysSo() {
    let values: [Double] = [1000, 500, 200, 100, 50, 20, 10, 5, 2, 1]
    let curve = LearningCurve(series: [.init("loss", values)], width: 40, height: 10)
    #expect(
      curve.render() == """
        ━━ loss 1.000   log scale
            │⠉⠒⠤⢄⣀
            │     ⠉⠒⠤⢄⡀
        100 ┤         ⠈⠉⠒⠢⢄⣀
            │               ⠉⠑⠢⢄⣀
            │                    ⠉⠒⠢⠤⣀
            │                         ⠉⠑⠒⠤⣀
          1 ┤                              ⠉⠑⠢⠤⣀
            └┬──────────────┬──────────────────┬
             1              5           epoch 10
        """)
    let narrow = LearningCurve(series: [.init("loss", [100, 10, 1])], width: 40, height: 10)
    #expect(!narrow.render().contains("log scale"))
    let withZero = LearningCurve(series: [.init("loss", [1000, 1, 0])], width: 40, height: 10)
    #expect(!withZero.render().contains("log scale"))
  }

  @Test func leavesGapsForWhatIsNotFinite() {
    let curve = LearningCurve(
      series: [.init("loss", [4, 3, .nan, 2, .infinity, 1, 1])], width: 30, height: 7)
    #expect(
      curve.render() == """
        ━━ loss 1.000 (2 not finite)
        4 ┤⠑⠢⢄⡀
          │   ⠈⠑
        2 ┤             ⠤
          │                      ⣀⣀⣀⣀⣀
          └┬────────────────┬────────┬
           1                5  epoch 7
        """)
  }

  @Test func drawsOneEpoch() {
    #expect(
      LearningCurve(series: [.init("loss", [0.5])], width: 30, height: 7).render() == """
        ━━ loss 0.5000
        0.55 ┤
             │
        0.50 ┤            ⠉
        0.45 ┤
             └────────────┬───────────
                          epoch 1
        """)
  }

  @Test func drawsAConstantInTheMiddle() {
    #expect(
      LearningCurve(series: [.init("loss", [0, 0, 0])], width: 30, height: 7).render() == """
        ━━ loss 0
         1 ┤
           │
         0 ┤⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉
        -1 ┤
           └┬────────────┬───────────┬
            1            2     epoch 3
        """)
  }

  @Test func colorsEachSeriesWithoutDashes() {
    let curve = LearningCurve(
      series: [.init("loss", [2, 1]), .init("val_loss", [2, 1.5])], width: 24, height: 6, isColored: true)
    #expect(
      curve.render().replacing("\u{1B}", with: "␛") == """
        ␛[38;5;32m━━␛[0m loss 1.000
        ␛[38;5;214m━━␛[0m val_loss 1.500
        2 ┤␛[38;5;32m⠉⠙⠛⠒⠲⠶⠶⢖⣤⣤␛[0m␛[38;5;214m⡤⠤⠤⣀⣀⣀⣀⣀␛[0m
        1 ┤          ␛[38;5;32m⠈⠉⠉⠑⠒⠒⠢⠤⠭⢍⣉␛[0m
          └┬───────────────────┬
           1             epoch 2
        """)
  }

  @Test func showsTheRangeWhereEpochsShareADot() {
    let values = (0..<5_000).map { Double($0 % 2) }
    let rendered = LearningCurve(series: [.init("loss", values)], width: 30, height: 7).render()
    #expect(
      rendered == """
        ━━ loss 1.000
        1 ┤⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿
          │⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿
          │⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿
        0 ┤⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿
          └┬─────────────────────────┬
           1                epoch 5000
        """)
  }

  @Test func staysWithinItsSize() {
    let awkward: [[Double]] = [
      [], [.nan], [.infinity, -.infinity], [.leastNonzeroMagnitude], [-1e308, 1e308], [1e-308, 1e308],
      [1, 1 + 1e-15],
      [0.03000200, 0.03000100, 0.03000123], [1e15, 2e15], Array(repeating: .nan, count: 3_000) + [1],
    ]
    for values in awkward {
      for (width, height) in [(24, 6), (72, 16), (400, 200)] {
        let curve = LearningCurve(series: [.init("loss", values)], keptEpoch: 2, width: width, height: height)
        let lines = curve.render().split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.allSatisfy { displayWidth(of: String($0)) <= width }, "\(values.prefix(4)) at \(width)")
        #expect(lines.count <= height, "\(values.prefix(4)) at \(height)")
      }
    }
    let extremes = LearningCurve(
      series: [.init("loss", [1, 2])], firstEpoch: .max, keptEpoch: .min, width: .min, height: .max)
    #expect(!extremes.render().isEmpty)
  }

  @Test func countsEpochsOnFromTheFirst() {
    let curve = LearningCurve(
      series: [.init("loss", (0..<50).map { 50 - Double($0) })], firstEpoch: 101, keptEpoch: 150, width: 40,
      height: 7)
    #expect(
      curve.render() == """
        ━━ loss 1.000   ▲ kept epoch 150
        40 ┤⠉⠒⠒⠢⠤⠤⢄⣀⡀
           │        ⠈⠉⠑⠒⠒⠤⠤⢄⣀⣀
        20 ┤                  ⠉⠉⠒⠒⠒⠤⠤⣀⣀⡀
           │                           ⠈⠉⠑⠒⠒⠢⠤⢄⣀
           └┬─────────────┬────────────────────▲
            101          120           epoch 150
        """)
  }

  @Test func wrapsALongLegend() {
    let curve = LearningCurve(
      series: ["loss", "val_loss", "a\u{1B}metric"].map { .init($0, [1, 2]) }, width: 30, height: 9)
    #expect(
      curve.render().split(separator: "\n").prefix(2).joined(separator: "\n") == """
        ━━ loss 2.000
        ╌╌ val_loss 2.000
        """)
  }

  @Test("a series of some epochs is drawn between them, and what is not measured is not counted")
  func someEpochs() {
    let some = LearningCurve.Series("val_loss", measured: [4, nil, 3, nil, 2])
    #expect(some.values == [4, 3.5, 3, 2.5, 2])
    let ends = LearningCurve.Series("val_loss", measured: [nil, 4, nil, 2, nil, nil])
    #expect(ends.values[2] == 3)
    let text = LearningCurve(series: [ends]).render()
    #expect(text.contains("val_loss 2.000") && !text.contains("not finite"))
    let none = LearningCurve(series: [LearningCurve.Series("a", measured: [nil, nil])]).render()
    #expect(!none.contains("not finite") && !none.contains("nan"))
    let broken = LearningCurve.Series("a", measured: [1, nil, .nan, nil])
    #expect(LearningCurve(series: [broken]).render().contains("(2 not finite)"))
  }
}
