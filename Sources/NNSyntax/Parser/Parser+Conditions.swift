import NNDiagnostics

extension Parser {
  /// What follows `filter` and `expect`.
  mutating func parseConditionStage(_ name: Name) -> Stage {
    let start = name.span.start
    let before = problems.count
    guard let condition = parseCondition() else {
      recover()
      return Stage(name: name, arguments: [], isBroken: true, span: span(from: start))
    }
    var isBroken = problems.count > before
    if !isAtStatementEnd, !isAtPipe, foreignPipe(after: name) == nil {
      isBroken = true
      if isConjunction(current) || current.is(.comma) && peek().startsValue {
        parseConjunctions(name)
      } else if lastProblemIndex != index, current.kind != .invalid {
        let from = current.span.start
        recover()
        problems.append(.structure(.extra(span(from: from), after: .condition)))
      }
      if foreignPipe(after: name) == nil { recover() }
    }
    return Stage(
      name: name, arguments: [], tail: .condition(condition), isBroken: isBroken, span: span(from: start))
  }

  static let conjunctions: Set = ["and", "or", "&&", "&", "AND", "OR"]

  private func isConjunction(_ token: Token) -> Bool {
    token.word.map { Self.conjunctions.contains($0) } ?? false
  }

  /// `filter a < 3 and b < 2`, standing at the first `and`: reads the other conditions for their own mistakes.
  private mutating func parseConjunctions(_ name: Name) {
    let first = current.span
    var isAnd = true
    var edits: [(Span, String)] = []
    let before = problems.count
    while isConjunction(current) || current.is(.comma) && peek().startsValue {
      isAnd = isAnd && !["or", "OR", "||"].contains(current.word ?? "")
      edits.append((widened(current.span), " | \(name.text) "))
      advance()
      guard !isAtStatementEnd, !isAtPipe, parseCondition() != nil else { break }
    }
    let whole = span(from: name.span.start)
    // The first condition's own is the last one before these.
    for case .mistake(.comparison(let place, let meant)) in problems[max(before - 1, 0)...]
    where place.start >= whole.start {
      edits.append((place, meant))
    }
    edits.sort { $0.0.start < $1.0.start }
    let fix = isAnd ? rewrite(whole, edits) : nil
    problems.insert(.mistake(.conjunction(first, fix: fix)), at: before)
    lastProblemIndex = index
  }

  private mutating func parseCondition() -> Condition? {
    let start = current.span.start
    let token = current
    var subject: Value
    switch token.kind {
    case .word(let word):
      advance()
      subject = .word(word, token.span)
    case .string(let literal):
      advance()
      subject = .string(literal)
    default:
      reportUnexpected(.subject)
      return nil
    }
    if isTouched {
      subject = parseTouching(after: subject)
    }
    guard let (comparison, comparisonSpan) = parseComparison() else { return nil }
    guard current.startsValue else {
      reportUnexpected(.value)
      return nil
    }
    guard let value = parseValue() else { return nil }
    return Condition(
      subject: subject, comparison: comparison, comparisonSpan: comparisonSpan, value: value,
      span: span(from: start))
  }

  private mutating func parseComparison() -> (Condition.Comparison, Span)? {
    let token = current
    let next = peek()
    let touches = next.span.start == token.span.end
    guard case .mark(let mark) = token.kind else {
      reportUnexpected(.comparison)
      return nil
    }
    /// Reads what was typed, one token or two, as the comparison that was meant.
    func mend(_ meant: Condition.Comparison, _ count: Int, _ parser: inout Parser) -> (
      Condition.Comparison, Span
    ) {
      let span = Span(token.span.start, count == 2 ? next.span.end : token.span.end)
      parser.report(.comparison(span, meant: meant.rawValue))
      for _ in 0..<count { parser.advance() }
      return (meant, span)
    }
    switch mark {
    case .assign where touches && next.is(.openAngle): return mend(.lessOrEqual, 2, &self)
    case .assign where touches && next.is(.closeAngle): return mend(.greaterOrEqual, 2, &self)
    case .assign: return mend(.equal, 1, &self)
    case .openAngle where touches && next.is(.closeAngle): return mend(.notEqual, 2, &self)
    case .equal where touches && next.is(.assign): return mend(.equal, 2, &self)
    case .notEqual where touches && next.is(.assign): return mend(.notEqual, 2, &self)
    default: break
    }
    guard let comparison = Condition.Comparison(rawValue: mark.rawValue) else {
      reportUnexpected(.comparison)
      return nil
    }
    advance()
    return (comparison, token.span)
  }
}
