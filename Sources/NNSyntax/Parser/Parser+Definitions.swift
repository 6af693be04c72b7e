import NNDiagnostics

extension Parser {
  /// `def NAME(formals) { … }`.
  mutating func parseDefinition() -> Definition? {
    let start = current.span.start
    advance()
    guard let name = parseDeclaredName("the name of a definition") else {
      recoverStatement()
      return nil
    }
    var formals: [Formal] = []
    if current.is(.openParenthesis) {
      formals = parseFormals()
    } else if current.is(.openBrace) || current.kind == .newline && tokens[behindNewlines].is(.openBrace) {
      report(.missingFormals(Span(start, lastEnd), name: name.text))
      lastProblemIndex = -1
    } else {
      reportUnexpected(.formals)
      recoverStatement()
      return nil
    }
    takeBracketOnNextLine(.openBrace, from: start)
    guard current.is(.openBrace) else {
      reportUnexpected(.body)
      recoverStatement()
      return nil
    }
    let body = parseBody()
    if !isAtStatementEnd { reportExtra(.definition) }
    return Definition(name: name, formals: formals, body: body, span: span(from: start))
  }

  private mutating func parseFormals() -> [Formal] {
    var formals: [Formal] = []
    parseBracketed(.parenthesis) { parser in
      let start = parser.current.span.start
      guard let name = parser.parseDeclaredName("a parameter's name") else { return false }
      var value: Value?
      let hasColon = parser.lastEnd > name.span.end
      if hasColon, parser.current.startsValue {
        let fix = parser.rewriteUpToHere(from: start, "\(name.text)=")
        parser.report(.colon(Span(start, parser.lastEnd), fix: fix))
        value = parser.parseValue()
      } else if parser.take(.assign) {
        guard let read = parser.parseRequiredValue() else { return false }
        value = read
      }
      formals.append(Formal(name: name, defaultValue: value, span: parser.span(from: start)))
      return true
    }
    return formals
  }

  /// `{ … }`, with the braces in its span.
  mutating func parseBody() -> Script {
    let open = current
    let openIndex = index
    guard enter() else { return Script(statements: [], span: span(from: open.span.start)) }
    advance()
    bodies += 1
    let statements = parseStatements(inBody: openIndex)
    bodies -= 1
    if !take(.closeBrace) {
      reportUnclosed(open, .brace)
      stepBackToLineEnd()
    }
    leave()
    return Script(statements: statements, span: span(from: open.span.start))
  }

  /// Where an unclosed bracket ends before a statement of the outside: back to the line end in front of that.
  mutating func stepBackToLineEnd() {
    while index > 0, tokens[index - 1].kind == .newline { index -= 1 }
  }

  /// Reports and passes the line ends in front of a bracket that should have stood on the line above.
  @discardableResult
  mutating func takeBracketOnNextLine(_ mark: Token.Mark, from start: Int) -> Bool {
    guard current.kind == .newline, tokens[behindNewlines].is(mark) else { return false }
    let head = source.text(Span(start, lastEnd))
    let place = Span(lastEnd, tokens[behindNewlines].span.end)
    let isShort = head.utf8.count <= 40 && !head.contains("\n")
    let fix =
      isShort
      ? Mistake.Rewrite(span: Span(start, place.end), text: "\(head) \(mark.rawValue)")
      : Mistake.Rewrite(span: place, text: " \(mark.rawValue)")
    skipNewlines()
    report(.bracketOnNextLine(current.span, bracket: mark.rawValue, fix: fix))
    lastProblemIndex = -1
    return true
  }
}
