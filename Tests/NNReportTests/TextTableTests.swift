import NNDiagnostics
import NNReport
import Testing

@Suite struct TextTableTests {
  private let table = TextTable(
    headers: ["column", "kind", "missing", "mean"],
    rows: [
      ["petal_length", "numeric", "0", "3.758"], ["species", "categorical", "1,234", "–"],
      ["share", "numeric", "3%", "-1.2e-05"],
    ])

  @Test func alignsNumbersRightAndTextLeft() {
    #expect(
      table.render() == """
        column        kind         missing      mean
        ────────────  ───────────  ───────  ────────
        petal_length  numeric            0     3.758
        species       categorical    1,234         –
        share         numeric           3%  -1.2e-05
        """)
  }

  @Test func measuresWideCharactersAndEscapesControls() {
    let table = TextTable(
      headers: ["名前", "n"], rows: [["日本", "1"], ["e\u{301}", "2"], ["a\nb\u{1B}[31m", "3"], ["🙂", "4"]])
    #expect(
      table.render() == """
        名前            n
        ──────────────  ─
        日本            1
        é               2
        a\\nb\\u{1b}[31m  3
        🙂              4
        """)
  }

  @Test func shrinksTextThenDropsColumnsToKeepToAWidth() {
    #expect(
      table.render(maxWidth: 38) == """
        column    kind       missing      mean
        ────────  ─────────  ───────  ────────
        petal_l…  numeric          0     3.758
        species   categori…    1,234         –
        share     numeric         3%  -1.2e-05
        """)
    let wide = TextTable(
      headers: (1...9).map { "column_\($0)" }, rows: [(1...9).map { "\($0).25" }])
    #expect(
      wide.render(maxWidth: 40) == """
        column_1  column_2  …  column_9
        ────────  ────────  ─  ────────
            1.25      2.25  …      9.25
        """)
  }

  @Test func keepsToAnyWidth() {
    for width in 1...60 {
      let lines = table.render(maxWidth: width).split(separator: "\n")
      // Two columns, `…` and the gaps between are the least that is left.
      #expect(lines.allSatisfy { displayWidth(of: String($0)) <= max(width, 7) }, "width \(width)")
    }
  }

  @Test func fillsShortRowsAndCutsLongOnes() {
    let table = TextTable(
      headers: ["a", "b"], rows: [["1"], ["2", "x", "y"]], alignments: [.left, .right], indent: 2)
    #expect(
      table.render() == """
          a  b
          ─  ─
          1
          2  x
        """)
    #expect(TextTable(headers: [], rows: [["1"]]).render() == "")
  }

  @Test func colorsOnlyOnRequest() {
    let table = TextTable(headers: ["a", "b"], rows: [["1", "x"]], isColored: true)
    #expect(
      table.render().replacing("\u{1B}", with: "␛") == """
        ␛[1ma␛[0m  ␛[1mb␛[0m
        ␛[2m─␛[0m  ␛[2m─␛[0m
        1  x
        """)
    #expect(!self.table.render().contains("\u{1B}"))
  }
}
