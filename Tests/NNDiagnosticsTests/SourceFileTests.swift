import NNDiagnostics
import Testing

@Suite struct SourceFileTests {
  @Test func countsLinesAndColumnsFromOne() {
    let source = SourceFile(name: "a", text: "ab\ncd\r\n\ne")
    #expect(source.position(of: 0) == SourcePosition(line: 1, column: 1))
    #expect(source.position(of: 2) == SourcePosition(line: 1, column: 3))
    #expect(source.position(of: 3) == SourcePosition(line: 2, column: 1))
    #expect(source.position(of: 7) == SourcePosition(line: 3, column: 1))
    #expect(source.position(of: 8) == SourcePosition(line: 4, column: 1))
    #expect((1...5).map(source.line) == ["ab", "cd", "", "e", ""])
  }

  @Test func columnsCountCharactersAsReadersSeeThem() {
    // An e with a separate accent, a family emoji and a Chinese character: three columns.
    let source = SourceFile(name: "a", text: "e\u{301}👨‍👩‍👧名x")
    let offset = source.bytes.count - 1
    #expect(source.position(of: offset).column == 4)
  }

  @Test func byteOrderMarkIsNoCharacter() {
    let source = SourceFile(name: "a", bytes: [0xEF, 0xBB, 0xBF] + Array("fit\nx".utf8))
    #expect(source.position(of: 3) == SourcePosition(line: 1, column: 1))
    #expect(source.position(of: 0) == SourcePosition(line: 1, column: 1))
    #expect(source.position(of: 7) == SourcePosition(line: 2, column: 1))
    #expect(source.line(1) == "fit")
  }

  @Test func placesOutsideTheTextAreClamped() {
    let source = SourceFile(name: "a", text: "fit")
    #expect(source.position(of: 99) == SourcePosition(line: 1, column: 4))
    #expect(source.position(of: -1) == SourcePosition(line: 1, column: 1))
    #expect(source.text(Span(-5, 99)) == "fit")
    #expect(source.text(Span(2, 1)) == "")
    #expect(source.line(0) == "" && source.line(9) == "")
    #expect(SourceFile(name: "empty", text: "").position(of: 0) == SourcePosition(line: 1, column: 1))
  }
}
