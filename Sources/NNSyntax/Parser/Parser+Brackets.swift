import NNDiagnostics

extension Parser {
  /// The items of `( … )` or `[ … ]`, separated by commas, standing at the opening bracket; line ends are free.
  /// `item` reads one and returns false if it could not, which it has reported. Returns whether the bracket was closed, and by its like.
  @discardableResult
  mutating func parseBracketed(
    _ bracket: StructureProblem.Bracket, reportsUnclosed: Bool = true,
    item: (inout Parser) -> Bool
  ) -> Bool {
    let open = current
    let closerIndex = brackets.closer(of: index)
    guard enter() else { return false }
    defer { leave() }
    if closerIndex != nil { freeLines += 1 }
    advance()
    let closer: Token.Mark = bracket == .parenthesis ? .closeParenthesis : .closeBracket
    var expectsItem = true
    var missesComma = false
    while true {
      if expectsItem || tokens[behindNewlines].is(.comma) { skipNewlines() }
      if current.is(closer) {
        // The line end behind it counts again.
        if closerIndex != nil { freeLines -= 1 }
        advance()
        return true
      }
      if current.is(.comma) {
        if expectsItem { report(.emptyItem(current.span)) }
        advance()
        expectsItem = true
        continue
      }
      // In a bracket that is never closed, a comma behind the next says that only the one before it is missing.
      let canGoOn = current.startsValue && (expectsItem || closerIndex != nil || peek().is(.comma))
      guard canGoOn else {
        endBracket(open, bracket, closerIndex, expectsItem: expectsItem, reportsUnclosed: reportsUnclosed)
        return false
      }
      if !expectsItem, !missesComma, lastProblemIndex != index {
        let place = Span(lastEnd, lastEnd)
        report(.missingComma(current.span, fix: Mistake.Rewrite(span: place, text: ",")))
        lastProblemIndex = -1
        missesComma = true
      }
      let before = index
      if !item(&self) { recoverItem(closerIndex) }
      expectsItem = false
      if index == before { advance() }
    }
  }

  /// Something that is neither an item nor the end: reports it, and passes the bracket if its end is known.
  private mutating func endBracket(
    _ open: Token, _ bracket: StructureProblem.Bracket, _ closerIndex: Int?, expectsItem: Bool,
    reportsUnclosed: Bool
  ) {
    if let closerIndex, closerIndex >= index {
      reportUnexpected(expectsItem ? .value : .comma)
      jump(to: closerIndex)
      freeLines -= 1
      advance()
      return
    }
    if closerIndex != nil { freeLines -= 1 }
    if case .mark(let mark) = current.kind, mark == .closeParenthesis || mark == .closeBracket,
      !brackets.closesSomething(index)
    {
      report(
        .wrongCloser(current.span, found: mark.rawValue, bracket: bracket, opened: open.span))
      advance()
      return
    }
    if reportsUnclosed { reportUnclosed(open, bracket) }
  }

  /// After an item that could not be read: to the next comma, or the end of the bracket.
  private mutating func recoverItem(_ closerIndex: Int?) {
    while !isAtEnd {
      if let closerIndex, index >= closerIndex { return }
      switch current.kind {
      case .newline:
        if closerIndex == nil { return }
        advance()
      case .mark(let mark):
        switch mark {
        case .comma: return
        case .openParenthesis, .openBracket, .openAngle, .openBrace:
          if brackets.closer(of: index) != nil { skipBracket() } else { advance() }
        case .closeParenthesis, .closeBracket, .closeAngle, .closeBrace, .semicolon, .pipe:
          if closerIndex == nil { return }
          advance()
        default: advance()
        }
      default: advance()
      }
    }
  }
}
