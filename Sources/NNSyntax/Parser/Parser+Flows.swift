import NNDiagnostics

extension Parser {
  /// `$name | stages` or stages. Nil, and reported, if nothing of the kind begins here.
  mutating func parseFlow() -> Flow? {
    let start = current.span.start
    var name: Name?
    if case .variable(let text, let isBraced) = current.kind {
      if isBraced { report(.bracedVariable(current.span, name: text)) }
      name = Name(text, span: current.span)
      advance()
      if !takePipe() {
        if isAtStatementEnd { return Flow(start: name, stages: [], span: span(from: start)) }
        if let word = current.word, isName(word), !touchesPrevious {
          let text = source.text(Span(start, lastEnd))
          report(.missingPipe(current.span, fix: rewriteUpToHere(from: start, "\(text) | ")))
          lastProblemIndex = -1
        }
      }
    }
    let stages = parseStages()
    guard name != nil || !stages.isEmpty else { return nil }
    return Flow(start: name, stages: stages, span: span(from: start))
  }

  private mutating func parseStages() -> [Stage] {
    var stages: [Stage] = []
    while true {
      let before = index
      if isAtStatementEnd { break }
      guard let stage = parseStage() else { break }
      stages.append(stage)
      if takePipe() || takeForeignPipe(after: stage.name) { continue }
      let isClosed: Bool
      switch stage.tail {
      case .block, .body: isClosed = true
      case .none, .condition: isClosed = false
      }
      // What is missing before it is reported.
      let isCondition = ["expect", "filter"].contains(current.word) && lastProblemIndex == index
      if isCondition { lastProblemIndex = -1 }
      guard isClosed || isCondition, index > before, current.word != nil else { break }
    }
    return stages
  }

  /// One stage. A stage that cannot be read is passed, marked as broken; nil if nothing could be passed.
  private mutating func parseStage() -> Stage? {
    let token = current
    let start = token.span.start
    guard case .word(let word) = token.kind, isName(word) else { return parseBrokenStage() }
    if let keyword = ["let", "def", "param", "include"].first(where: { $0 == word }) {
      report(.statementInFlow(token.span, keyword: keyword))
      advance()
      recoverStatement()
      return unreadableStage(from: start)
    }
    advance()
    let name = Name(word, span: token.span)
    if word == "filter" || word == "expect", !(current.is(.openParenthesis) && touchesPrevious) {
      return parseConditionStage(name)
    }
    var (arguments, isBroken) = parseArguments(of: name, inBlock: false)
    for mark in [Token.Mark.openAngle, .openBrace] where takeBracketOnNextLine(mark, from: start) {
      isBroken = true
    }
    var tail = Stage.Tail.none
    if current.is(.openAngle) {
      if let argument = parseRedirectIn(start) {
        arguments.append(argument)
        isBroken = true
      } else {
        let block = parseBlock(of: name)
        isBroken = isBroken || block.isBroken
        tail = .block(block)
      }
    } else if current.is(.openBrace) {
      tail = .body(parseBody())
    }
    return Stage(
      name: name, arguments: arguments, tail: tail, isBroken: isBroken, span: span(from: start))
  }

  /// Passes what cannot be a stage, so that those behind the next `|` are still read.
  private mutating func parseBrokenStage() -> Stage? {
    let start = current.span.start
    let before = index
    switch current.kind {
    case .word:
      if lastProblemIndex != index { report(.notAName(current.span, role: "a stage")) }
      advance()
    case .variable:
      if lastProblemIndex != index { report(.variableInFlow(current.span)) }
      advance()
    case .mark(.openAngle), .mark(.openBrace), .mark(.openParenthesis), .mark(.openBracket):
      reportUnexpected(.stage)
      skipBracket()
    default:
      reportUnexpected(.stage)
    }
    recover()
    guard index > before else { return nil }
    return unreadableStage(from: start)
  }

  /// Stands for what cannot be a stage.
  func unreadableStage(from start: Int) -> Stage {
    Stage(name: Name("", span: Span(start, start)), arguments: [], isBroken: true, span: span(from: start))
  }

  /// `predict < data.csv`: a word that is no layer's name, and nothing that closes the `<`.
  private mutating func parseRedirectIn(_ start: Int) -> Argument? {
    guard brackets.closer(of: index) == nil, let word = peek().word, !isName(word) else { return nil }
    let end = peek().span.end
    let head = source.text(Span(start, lastEnd))
    if number(fromWord: word) != nil {
      report(.comparisonElsewhere(current.span))
    } else {
      report(
        .redirectIn(
          current.span, fix: Mistake.Rewrite(span: Span(start, end), text: "\(head) \(word)")))
    }
    advance()
    let place = current.span
    advance()
    recover()
    return Argument(name: nil, value: .word(word, place), span: place)
  }
}
