import NNDiagnostics

extension Parser {
  /// A value, standing at a token that starts one. Nil if it cannot be read, which has been reported.
  mutating func parseValue() -> Value? {
    let first = current
    guard var value = parsePrimary() else { return nil }
    if case .word(let word, let place) = value, isName(word), current.is(.openParenthesis), !touchesPrevious,
      looksLikeCall(index)
    {
      value = parseCallBehindBlank(Name(word, span: place))
    }
    if isTouched { return parseTouching(after: value) }
    if freeLines > 0, current.is(.openBrace), touchesPrevious { return parseTouchingBraces(from: first) }
    if case .variable(let name, isBraced: true) = first.kind {
      report(.bracedVariable(first.span, name: name))
    }
    return value
  }

  private mutating func parsePrimary() -> Value? {
    let token = current
    switch token.kind {
    case .word(let word):
      advance()
      if current.is(.openParenthesis), touchesPrevious, isName(word) {
        return .call(parseCall(Name(word, span: token.span)))
      }
      return .word(word, token.span)
    case .string(let literal):
      advance()
      return .string(literal)
    case .variable(let name, _):
      advance()
      return .variable(name, token.span)
    case .mark(.openBracket): return parseList()
    case .mark(.openParenthesis): return parseArithmetic()
    case .invalid:
      advance()
      return nil
    default:
      reportUnexpected(.value)
      return nil
    }
  }

  private mutating func parseList() -> Value {
    let start = current.span.start
    var values: [Value] = []
    parseBracketed(.bracket) { parser in
      let token = parser.current
      if let name = parser.colonName(token, before: parser.peek()) {
        parser.advance()
        parser.reportColon(token, name, inList: true)
        let word = parser.current.word
        guard let value = parser.parseValue() else { return false }
        if let word {
          values.append(.word("\(name.text):\(word)", Span(token.span.start, value.span.end)))
        }
        return true
      }
      if parser.peek().is(.assign) {
        parser.advance()
        parser.reportUnexpected(.comma)
        return false
      }
      guard let value = parser.parseValue() else { return false }
      values.append(value)
      return true
    }
    return .list(values, span(from: start))
  }

  /// A call, standing at its `(`.
  private mutating func parseCall(_ name: Name) -> Call {
    var arguments: [Argument] = []
    let before = problems.count
    var isBroken = false
    let isClosed = parseBracketed(.parenthesis) { parser in
      if parser.current.kind == .invalid { isBroken = true }
      return parser.parseArgument(into: &arguments, owner: nil, inCall: true)
    }
    return Call(
      name: name, arguments: arguments, isBroken: isBroken || !isClosed || problems.count > before,
      span: span(from: name.span.start))
  }

  /// `adam (lr=0.1)`.
  private mutating func parseCallBehindBlank(_ name: Name) -> Value {
    let gap = Span(name.span.end, current.span.start)
    let before = problems.count
    let place = current.span
    var call = parseCall(name)
    call.isBroken = true
    let mistake = Mistake.blankBeforeCall(
      place, name: name.text, fix: rewrite(call.span, [(gap, "")]))
    // The inner mistakes come behind it in the text.
    problems.insert(.mistake(mistake), at: before)
    return .call(call)
  }

  /// Whether another value begins right here. (What the lexer has reported is no value.)
  var isTouched: Bool { touchesPrevious && current.startsValue && current.kind != .invalid }

  /// Values that touch: reported once, and read as the string that was meant where all of them are simple.
  mutating func parseTouching(after first: Value) -> Value {
    let junction = lastEnd
    if let word = current.word, isName(word), peek().is(.assign) {
      // A list that ends here, unclosed, touches the name as its last entry does.
      if lastTouchedIndex != index {
        report(
          .touching(
            current.span, isQuoting: false, fix: Mistake.Rewrite(span: Span(junction, junction), text: " ")))
      }
      lastTouchedIndex = index
      lastProblemIndex = -1
      return first
    }
    var pieces = simplePieces(first)
    var last = first
    while isTouched {
      guard let next = parsePrimary() else { break }
      last = next
      if let more = simplePieces(next) { pieces?.append(contentsOf: more) } else { pieces = nil }
    }
    let span = Span(first.span.start, max(lastEnd, last.span.end))
    guard let pieces else {
      report(
        .touching(span, isQuoting: false, fix: Mistake.Rewrite(span: Span(junction, junction), text: " ")))
      return first
    }
    let literal = StringLiteral(pieces: joined(pieces), isRaw: false, span: span)
    report(
      .touching(
        span, isQuoting: true, fix: Mistake.Rewrite(span: span, text: Printer.text(of: literal))))
    return .string(literal)
  }

  /// `checkpoint(e{epoch}.safetensors)`: what stands in one piece with braces is a string that lacks its quotes.
  private mutating func parseTouchingBraces(from first: Token) -> Value {
    while touchesPrevious, current.is(.openBrace) || current.startsValue {
      let isBrace = current.is(.openBrace)
      advance()
      while isBrace, !isAtEnd, !tokens[index - 1].is(.closeBrace) {
        if case .mark(let mark) = current.kind, mark != .closeBrace { break }
        advance()
      }
    }
    let span = Span(first.span.start, lastEnd)
    let literal = StringLiteral(pieces: [.text(source.text(span))], isRaw: false, span: span)
    report(
      .touching(span, isQuoting: true, fix: Mistake.Rewrite(span: span, text: Printer.text(of: literal))))
    return .string(literal)
  }

  private func simplePieces(_ value: Value) -> [StringLiteral.Piece]? {
    switch value {
    case .word(let word, _): [.text(word)]
    case .string(let literal): literal.pieces
    case .variable(let name, let span): [.variable(name, span)]
    case .list, .call, .arithmetic: nil
    }
  }

  private func joined(_ pieces: [StringLiteral.Piece]) -> [StringLiteral.Piece] {
    var result: [StringLiteral.Piece] = []
    for piece in pieces {
      if case .text(let text) = piece, case .text(let before)? = result.last {
        result[result.count - 1] = .text(before + text)
      } else {
        result.append(piece)
      }
    }
    return result
  }
}
