import NNDiagnostics

extension Parser {
  /// Statements up to the end of the text or, in a body, up to its `}`, which is not taken. `open` is the body's `{`.
  mutating func parseStatements(inBody open: Int?) -> [Statement] {
    var statements: [Statement] = []
    let isClosed = open.map { brackets.closer(of: $0) != nil } ?? true
    var previousSeparator: Token?
    while true {
      var separator: Token?
      while current.kind == .newline || current.is(.semicolon) {
        if separator?.is(.semicolon) != true { separator = current }
        if current.kind == .newline { separator = current }
        advance()
      }
      previousSeparator = separator
      if isAtEnd { break }
      if current.is(.closeBrace) {
        if open != nil { break }
        report(.strayCloser(current.span, "}"))
        advance()
        continue
      }
      if !isClosed, let word = current.word, ["def", "param", "include"].contains(word) { break }
      let before = index
      if let statement = parseStatement(isFirst: statements.isEmpty && open == nil) {
        warnOfSemicolon(previousSeparator, between: statements.last, and: statement)
        statements.append(statement)
      }
      if !isAtStatementEnd {
        reportUnexpected(.separator)
        recover()
        // What follows the `|` are stages that have lost their beginning; they say nothing that can be checked.
        while current.is(.pipe) {
          advance()
          recover()
        }
      }
      if index == before { advance() }
    }
    return statements
  }

  /// `let base = data a.csv; split …` reads as one flow to those who know other languages.
  private mutating func warnOfSemicolon(
    _ separator: Token?, between previous: Statement?, and next: Statement
  ) {
    guard let separator, separator.is(.semicolon), case .binding(let binding)? = previous, !binding.isBroken,
      case .flow(let bound) = binding.binding, !bound.stages.isEmpty,
      case .flow(let flow) = next, flow.start == nil, let stage = flow.stages.first, !stage.isBroken,
      !["data", "model"].contains(stage.name.text)
    else { return }
    problems.append(
      .mistake(.semicolonInLet(separator.span, name: binding.name.text, stage: stage.name.text)))
  }

  private mutating func parseStatement(isFirst: Bool) -> Statement? {
    switch current.word {
    case "let": return parseLet().map(Statement.binding)
    case "def": return parseDefinition().map(Statement.definition)
    case "param": return parseParameter().map(Statement.parameter)
    case "include": return parseInclude().map(Statement.include)
    case .some(let word) where isName(word) && peek().is(.assign): return parseBareAssignment()
    default: break
    }
    if current.is(.pipe) {
      if isShell, isFirst, bodies == 0 {
        continuesPrevious = true
      } else {
        report(.emptyPipe(current.span, .leading))
      }
      advance()
      skipNewlines()
      if isAtStatementEnd { return nil }
    }
    return parseFlow().map(Statement.flow)
  }

  /// `lr = 0.1`, where `let` was meant.
  private mutating func parseBareAssignment() -> Statement? {
    let start = current.span.start
    let name = Name(current.word ?? "", span: current.span)
    let place = Span(start, peek().span.end)
    advance()
    advance()
    report(.missingLet(place, fix: rewriteUpToHere(from: start, "let \(name.text) = ")))
    lastProblemIndex = -1
    return .binding(finishLet(name, from: start))
  }

  /// The name that a `let`, `def` or `param` declares; nil, and reported, if there is none.
  mutating func parseDeclaredName(_ role: String) -> Name? {
    let token = current
    switch token.kind {
    case .word(let word) where isName(word):
      advance()
      return Name(word, span: token.span)
    case .word(let word) where word.hasSuffix(":") && isName(word.dropLast()):
      // `let lr: 0.1`; the missing `=` is reported by whoever expects it.
      let span = Span(token.span.start, token.span.end - 1)
      advance()
      return Name(String(word.dropLast()), span: span)
    case .word, .string:
      report(.notAName(token.span, role: role))
      advance()
      return nil
    case .variable(let name, _):
      report(.dollarInDeclaration(token.span, name: name))
      advance()
      return Name(name, span: token.span)
    default:
      reportUnexpected(.name)
      return nil
    }
  }

  private mutating func parseLet() -> Let? {
    let start = current.span.start
    advance()
    guard let name = parseDeclaredName("the name of a value") else {
      recoverStatement()
      return nil
    }
    if !takeAssign(after: name) {
      reportUnexpected(.assignment)
      recoverStatement()
      return Let(name: name, binding: .flow(brokenFlow()), isBroken: true, span: span(from: start))
    }
    return finishLet(name, from: start)
  }

  /// What stands behind the `=`.
  private mutating func finishLet(_ name: Name, from start: Int) -> Let {
    let binding = parseBinding(name)
    return Let(
      name: name, binding: binding ?? .flow(brokenFlow()), isBroken: binding == nil, span: span(from: start))
  }

  /// Takes `=`, or a habit that stands for it; false if there is nothing of the kind.
  private mutating func takeAssign(after name: Name) -> Bool {
    if take(.assign) { return true }
    if current.is(.equal) {
      report(.doubleAssign(current.span))
      advance()
      return true
    }
    guard current.startsValue else { return false }
    if current.kind != .invalid {
      report(.missingAssign(current.span, fix: rewriteUpToHere(from: name.span.start, "\(name.text) = ")))
    }
    return true
  }

  /// A value if one fits, else a flow. Nil, and reported, if neither can be read.
  private mutating func parseBinding(_ name: Name) -> Let.Binding? {
    if isAtStatementEnd {
      report(.missingValue(Span(lastEnd, lastEnd), name: name.span))
      return nil
    }
    let canBeFlow: Bool
    switch current.kind {
    case .word(let word): canBeFlow = isName(word)
    // A bracket begins no flow, but what is missing is said more plainly there.
    case .variable, .mark(.openAngle), .mark(.openBrace): canBeFlow = true
    default: canBeFlow = false
    }
    if current.startsValue {
      let saved = self
      if let value = parseValue() {
        if isAtStatementEnd && !isAtBracketOnNextLine { return .value(value) }
        if !canBeFlow {
          reportExtra(.letValue)
          return .value(value)
        }
      } else if !canBeFlow {
        recoverStatement()
        return nil
      }
      self = saved
    }
    guard canBeFlow else {
      reportUnexpected(.value)
      recoverStatement()
      return nil
    }
    return parseFlow().map(Let.Binding.flow)
  }

  /// `let m = model`, then `<` on the next line: a flow, not the word `model`.
  private var isAtBracketOnNextLine: Bool {
    guard current.kind == .newline else { return false }
    let next = tokens[behindNewlines]
    return next.is(.openAngle) || next.is(.openBrace)
  }

  /// Reports what follows a complete statement on its line, and passes it.
  mutating func reportExtra(_ completed: StructureProblem.Completed) {
    guard !isAtStatementEnd else { return }
    let isNew = lastProblemIndex != index && current.kind != .invalid
    let from = current.span.start
    recoverStatement()
    if isNew { problems.append(.structure(.extra(Span(from, max(from, lastEnd)), after: completed))) }
  }

  /// Passes everything up to the end of the statement.
  mutating func recoverStatement() {
    recover()
    while current.is(.pipe) || current.kind == .newline && isAtPipe {
      skipNewlines()
      advance()
      recover()
    }
  }

  /// Stands where a flow was wanted and none could be read.
  func brokenFlow() -> Flow {
    Flow(start: nil, stages: [unreadableStage(from: lastEnd)], span: Span(lastEnd, lastEnd))
  }

  private mutating func parseParameter() -> Parameter? {
    let start = current.span.start
    advance()
    guard let name = parseDeclaredName("the name of a parameter") else {
      recoverStatement()
      return nil
    }
    var value: Value?
    if current.is(.assign) || current.is(.equal) || current.startsValue, takeAssign(after: name) {
      if isAtStatementEnd {
        report(.missingValue(Span(lastEnd, lastEnd), name: name.span))
      } else {
        value = parseRequiredValue()
      }
    }
    reportExtra(.parameter)
    return Parameter(name: name, defaultValue: value, span: span(from: start))
  }

  private mutating func parseInclude() -> Include? {
    let start = current.span.start
    advance()
    if current.is(.openParenthesis), touchesPrevious { return parseCallOfInclude(from: start) }
    guard let path = parseRequiredValue() else {
      recoverStatement()
      return nil
    }
    reportExtra(.include)
    return Include(path: path, span: span(from: start))
  }

  /// `include("common.nn")`: reads what was meant.
  private mutating func parseCallOfInclude(from start: Int) -> Include? {
    var paths: [Value] = []
    parseBracketed(.parenthesis, reportsUnclosed: false) { parser in
      guard let path = parser.parseRequiredValue() else { return false }
      paths.append(path)
      return true
    }
    let span = span(from: start)
    let texts = paths.map { "include \(source.text($0.span))" }
    report(.callOfStage(span, fix: Mistake.Rewrite(span: span, text: texts.joined(separator: "; "))))
    recoverStatement()
    return paths.first.map { Include(path: $0, span: span) }
  }

  /// A value; nil, and reported, if there is none.
  mutating func parseRequiredValue() -> Value? {
    guard current.startsValue else {
      reportUnexpected(.value)
      return nil
    }
    return parseValue()
  }
}
