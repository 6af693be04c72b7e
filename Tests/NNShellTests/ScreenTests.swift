import NNDiagnostics
import TerminalScreen
import Testing

@testable import NN
@testable import NNShell

/// The tests' own terminal, for the other tests stand on it.
@Suite struct ScreenTests {
  private func screen(_ text: String, rows: Int = 4, columns: Int = 10) -> Screen {
    var screen = Screen(rows: rows, columns: columns)
    screen.feed(Array(text.utf8))
    return screen
  }

  @Test func wrapsOnlyWhenAnotherCharacterComes() {
    #expect(screen("0123456789").row == 0)
    #expect(screen("0123456789a").lines.prefix(2) == ["0123456789", "a"])
    #expect(screen("0123456789\r\nb").lines.prefix(2) == ["0123456789", "b"])
    #expect(screen("012345678世").lines.prefix(2) == ["012345678", "世"])
  }

  @Test func scrolls() {
    let screen = screen("a\r\nb\r\nc\r\nd\r\ne")
    #expect(screen.scrolled == ["a"])
    #expect(screen.lines == ["b", "c", "d", "e"])
    #expect(screen.transcript == "a\nb\nc\nd\ne")
  }

  @Test func movesErasesAndColors() {
    let one = screen("abc\u{1B}[2D\u{1B}[1mX\u{1B}[0m\u{1B}7\r\nlow\u{1B}8\u{1B}[K")
    #expect(one.lines.prefix(2) == ["aX", "low"])
    #expect(one.style(of: "X")?.isBold == true)
    #expect(one.style(of: "a") == Screen.Style())
    #expect(one.unknown.isEmpty)
    #expect(screen("abc\u{1B}[2D\u{1B}[@Y").line(0) == "aYbc")
    #expect(screen("abc\u{1B}[2D\u{1B}[P").line(0) == "ac")
  }
}

/// A line's places and colours, drawn on the tests' terminal beside what readline would have drawn.
@Suite struct LinePainterTests {
  private func columns(_ scalar: Unicode.Scalar) -> Int { displayWidth(of: String(scalar)) }

  @Test(arguments: [
    ("abc", 0, 10, 0, 3), ("0123456789", 0, 10, 1, 0), ("01234", 5, 10, 1, 0), ("012345678世", 0, 10, 1, 2),
    ("世世世世世", 0, 10, 1, 0), ("a\nb", 2, 10, 1, 1), ("\tb", 0, 20, 0, 9), ("a\u{301}b", 0, 10, 0, 2),
    ("\u{1}", 0, 10, 0, 2),
  ]) func places(text: String, prompt: Int, width: Int, row: Int, column: Int) {
    let layout = LineLayout(prompt: prompt, text: Array(text.utf8), width: width, columns: columns)
    #expect(layout.end == LineLayout.Place(row: row, column: column))
    #expect(layout.places.count == text.utf8.count + 1)
  }

  /// Draws a line plainly with the cursor somewhere, paints it, and compares.
  @Test(
    arguments: [20, 21, 40, 80],
    ["model < dense 12 relu; output >", "data \"世界 data.csv\" | fit epochs=3 # 注", "", "a\nbb\nccc"])
  func paintingLeavesTextAndCursor(width: Int, line: String) {
    let prompt = "iris ▸ "
    let text = Array(line.utf8)
    let painter = LinePainter(width: width, height: 24, prompt: 7, columns: columns)
    let layout = painter.layout(text)
    for cursor in Set([0, text.count / 2, text.count]) where layout.places.indices.contains(cursor) {
      var screen = Screen(rows: 24, columns: width)
      // Near the bottom, so that the hint has to scroll.
      screen.feed(Array("\u{1B}[24;1H".utf8))
      screen.feed(Array((prompt + line.replacing("\n", with: "\r\n")).utf8))
      let isFull = layout.end.column == 0 && layout.end.row > 0 && !line.hasSuffix("\n")
      if isFull { screen.feed(Array("\r\n".utf8)) }
      let place = layout.places[cursor]
      let up = layout.end.row - place.row
      screen.feed(
        Array(
          ((up > 0 ? "\u{1B}[\(up)A" : "") + "\r" + (place.column > 0 ? "\u{1B}[\(place.column)C" : "")).utf8)
      )
      let before = screen
      let look = LinePainter.Look(
        highlights: LineAssistant().highlights(line, cursor: cursor), brackets: [], hint: "a hint")
      screen.feed(Array(painter.paint(text, cursor: cursor, look: look).utf8))
      #expect(screen.transcript.replacing("\na hint", with: "") == before.transcript, "\(cursor)")
      #expect(screen.transcript.hasSuffix("a hint"))
      #expect(screen.column == before.column)
      #expect(screen.currentLine == before.currentLine)
      #expect(screen.unknown.isEmpty)
      if line.hasPrefix("model") { #expect(screen.style(of: "model")?.color == "38;5;32") }
      screen.feed(Array(painter.erase(text, cursor: cursor).utf8))
      #expect(screen.transcript == before.transcript)
    }
  }

  @Test func wordsHaveTheirKinds() {
    func kinds(_ line: String, cursor: Int = -1) -> [String] {
      LineAssistant().highlights(line, cursor: cursor).filter { $0.kind != .mark }.map { highlight in
        let bytes = Array(line.utf8)[highlight.span.start..<highlight.span.end]
        return "\(String(decoding: bytes, as: UTF8.self)):\(highlight.kind)"
      }
    }
    #expect(
      kinds("fit data.csv epochs=3 seed $s # go")
        == ["fit:stage", "epochs:option", "3:number", "seed:option", "$s:variable", "# go:comment"])
    #expect(
      kinds("model < dense 8 relu; dens 3 > | fitt")
        == [
          "model:stage", "dense:layer", "8:number", "relu:name", "dens:unknown", "3:number", "fitt:unknown",
        ])
    #expect(kinds("compile opt=adam(lr=0.1, lrr=1)").contains("lrr:unknown"))
    // What is still being typed may become something.
    #expect(kinds("mod", cursor: 3) == [])
    #expect(kinds("modx", cursor: 4) == ["modx:unknown"])
    #expect(kinds(":save x.nn") == [":save:keyword"])
    #expect(kinds("def block(w) { dense $w relu }; model < block 3 >").contains("block:layer"))
  }

  @Test func bracketsFindEachOther() {
    let assistant = LineAssistant()
    #expect(assistant.matchingBrackets("model < dense 2 >", cursor: 17) == [6, 16])
    #expect(assistant.matchingBrackets("model < dense 2 >", cursor: 6) == [6, 16])
    #expect(assistant.matchingBrackets("print (1 + [2", cursor: 13) == [])
  }
}
