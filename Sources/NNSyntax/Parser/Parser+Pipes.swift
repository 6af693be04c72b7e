import NNDiagnostics

/// The `|` between stages, and what other languages write there.
extension Parser {
  /// Takes a `|` here or at the start of a following line, and the line ends behind it; reports doubled ones.
  mutating func takePipe() -> Bool {
    guard isAtPipe else { return false }
    skipNewlines()
    let first = current
    var isDoubled = false
    advance()
    if current.is(.closeAngle), touchesPrevious, !brackets.closesSomething(index) {
      let span = Span(first.span.start, current.span.end)
      advance()
      report(.foreignPipe(span))
      lastProblemIndex = -1
    }
    while true {
      skipNewlines()
      guard current.is(.pipe) else { break }
      report(.emptyPipe(current.span, .double))
      isDoubled = true
      advance()
    }
    if isAtEnd { stopsInTheMiddle = true }
    if isAtEnd || current.is(.semicolon) || current.is(.closeBrace) && bodies > 0 {
      // Of several with nothing behind them each but the first has been reported.
      if !isDoubled, lastProblemIndex != index { report(.emptyPipe(first.span, .trailing)) }
    }
    return true
  }

  /// Takes what another language writes for `|`, and reports it.
  mutating func takeForeignPipe(after owner: Name) -> Bool {
    guard let count = foreignPipe(after: owner) else { return false }
    let start = current.span.start
    for _ in 0..<count { advance() }
    report(.foreignPipe(span(from: start)))
    lastProblemIndex = -1
    return true
  }

  /// How many tokens stand here for `|`: `>`, `>>`, `->`, `%>%`, each with a stage behind it. A `>` with a file behind it,
  /// as in `predict x > y`, does not.
  func foreignPipe(after owner: Name) -> Int? {
    func touches(_ distance: Int, _ isSo: (Token) -> Bool) -> Bool {
      let token = peek(distance)
      return isSo(token) && token.span.start == peek(distance - 1).span.end
    }
    func isStage(at distance: Int) -> Bool { peek(distance).word.map { isName($0) } ?? false }
    func isAngle(_ token: Token) -> Bool { token.is(.closeAngle) }
    switch current.kind {
    case .word("%") where touches(1, isAngle) && touches(2, { $0.word == "%" }):
      return isStage(at: 3) ? 3 : nil
    case .word("-") where touches(1, isAngle): return isStage(at: 2) ? 2 : nil
    case .mark(.closeAngle) where !brackets.closesSomething(index):
      let count = touches(1, isAngle) ? 2 : 1
      guard isStage(at: count) else { return nil }
      if isEnd(peek(count + 1)) {
        let isKnown = peek(count).word.map { Self.stageWords.contains($0) } ?? false
        return isKnown && !Self.writers.contains(owner.text) ? count : nil
      }
      return count
    default: return nil
    }
  }

  /// The stages that may be meant to write what stands behind a `>`.
  static let writers: Set = ["predict", "plot", "report", "save"]

  private func isEnd(_ token: Token) -> Bool {
    switch token.kind {
    case .newline, .end, .mark(.semicolon), .mark(.pipe), .mark(.closeBrace): true
    default: false
    }
  }
}
