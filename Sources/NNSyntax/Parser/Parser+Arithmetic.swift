import NNDiagnostics

/// `( … )`. Words know no operators (`a-b` is one word), so inside arithmetic they are cut anew: `2*3` is a number, an
/// operator and a number there.
private struct Fragment {
  enum Kind {
    case number(Double, String)
    case variable(String)
    case sign(Expression.Operator)
    case open
    case close
    /// A word that is not arithmetic.
    case word
    /// A token that is not arithmetic.
    case foreign
    /// Reported by the lexer.
    case invalid
    case end
  }

  var kind: Kind
  var span: Span
  var token: Int
}

extension Parser {
  /// Arithmetic, standing at its `(`. Nil if it cannot be read, which has been reported.
  mutating func parseArithmetic() -> Value? {
    let open = current
    let closerIndex = brackets.closer(of: index)
    guard depth < Self.maximumDepth else {
      _ = enter()
      return nil
    }
    var (fragments, stop) = fragments(closerIndex)
    fragments.append(Fragment(kind: .end, span: tokens[stop].span, token: stop))
    for fragment in fragments {
      if case .variable(let name) = fragment.kind,
        case .variable(_, isBraced: true) = tokens[fragment.token].kind
      {
        report(.bracedVariable(fragment.span, name: name))
      }
    }
    var reader = ArithmeticReader(fragments: fragments, depth: depth)
    let result = reader.readParenthesized()
    func finish(_ parser: inout Parser) {
      parser.jump(to: stop)
      if closerIndex != nil { parser.advance() }
    }
    switch result {
    case .success(let expression):
      finish(&self)
      return .arithmetic(expression, span(from: open.span.start))
    case .failure(let failure):
      report(failure, reader.failed)
      finish(&self)
      if closerIndex == nil {
        lastProblemIndex = -1
        reportUnclosed(open, .parenthesis)
      }
      lastProblemIndex = index
      return nil
    }
  }

  private mutating func report(_ failure: ArithmeticReader.Failure, _ fragment: Fragment) {
    switch failure {
    case .tooDeep:
      if !isTooDeep { report(.tooDeep(fragment.span, limit: Self.maximumDepth)) }
      isTooDeep = true
    case .tooLong: report(.tooLong(fragment.span, limit: Self.maximumOperators))
    case .expected(let expected):
      switch fragment.kind {
      case .invalid, .end: break
      case .word: report(.notArithmetic(fragment.span))
      default: report(.unexpected(fragment.span, found: .text, expected: expected))
      }
    }
  }

  /// The pieces of the arithmetic that begins here, and the index of the token that ends it.
  private func fragments(_ closerIndex: Int?) -> ([Fragment], Int) {
    var result: [Fragment] = []
    var position = index
    scan: while position < tokens.count - 1 {
      let token = tokens[position]
      func add(_ kind: Fragment.Kind) {
        result.append(Fragment(kind: kind, span: token.span, token: position))
      }
      switch token.kind {
      case .word(let word): result += arithmeticFragments(word, token.span, position)
      case .variable(let name, _): add(.variable(name))
      case .mark(.openParenthesis): add(.open)
      case .mark(.closeParenthesis):
        add(.close)
        if position == closerIndex { break scan }
      case .newline:
        if closerIndex == nil {
          switch result.last?.kind {
          case .sign, .open, nil: break
          default: break scan
          }
        }
      case .invalid: add(.invalid)
      case .end: break scan
      case .mark, .string:
        if closerIndex == nil, case .mark = token.kind { break scan }
        add(.foreign)
      }
      position += 1
    }
    return (result, position)
  }

  /// Whether these parentheses, behind a blank, hold what a call holds: nothing, one word, options or commas.
  func looksLikeCall(_ open: Int) -> Bool {
    guard !looksLikeArithmetic(open) else { return false }
    guard let closer = brackets.closer(of: open) else {
      return tokens[open...].prefix(3).contains { $0.is(.assign) }
    }
    var depth = 0
    for token in tokens[(open + 1)..<closer] {
      switch token.kind {
      case .mark(.openParenthesis), .mark(.openBracket): depth += 1
      case .mark(.closeParenthesis), .mark(.closeBracket): depth -= 1
      case .mark(.assign), .mark(.comma): if depth == 0 { return true }
      default: break
      }
    }
    return closer - open <= 2
  }

  /// Whether everything in these parentheses is a number, a sign or a variable.
  func looksLikeArithmetic(_ open: Int) -> Bool {
    let closer = brackets.closer(of: open)
    var position = open + 1
    var isEmpty = true
    while position < tokens.count {
      if position == closer { return !isEmpty }
      switch tokens[position].kind {
      case .word(let word):
        let parts = arithmeticFragments(word, tokens[position].span, position)
        if parts.contains(where: { if case .word = $0.kind { true } else { false } }) { return false }
      case .variable, .invalid, .mark(.openParenthesis), .mark(.closeParenthesis): break
      case .newline:
        if closer == nil { return !isEmpty }
        position += 1
        continue
      case .end: return !isEmpty
      case .string, .mark: return false
      }
      isEmpty = false
      position += 1
    }
    return !isEmpty
  }
}

/// Cuts a word into numbers and operators; a word that is not made of these stays whole.
private func arithmeticFragments(_ word: String, _ span: Span, _ token: Int) -> [Fragment] {
  let bytes = Array(word.utf8)
  var result: [Fragment] = []
  var position = 0
  while position < bytes.count {
    let start = position
    let kind: Fragment.Kind
    let sign = Expression.Operator(rawValue: String(decoding: [bytes[position]], as: UTF8.self))
    if let sign {
      kind = .sign(sign)
      position += 1
    } else if let end = endOfUnsignedNumber(in: bytes[...], from: position) {
      let spelling = String(decoding: bytes[position..<end], as: UTF8.self)
      guard let value = number(fromWord: spelling) else {
        return [Fragment(kind: .word, span: span, token: token)]
      }
      kind = .number(value, spelling)
      position = end
      // `5m`, `3x`: not a number followed by something.
      if position < bytes.count,
        Expression.Operator(rawValue: String(decoding: [bytes[position]], as: UTF8.self)) == nil
      {
        return [Fragment(kind: .word, span: span, token: token)]
      }
    } else {
      return [Fragment(kind: .word, span: span, token: token)]
    }
    result.append(
      Fragment(kind: kind, span: Span(span.start + start, span.start + position), token: token))
  }
  return result
}

/// expression = term { ( "+" | "-" ) term }, and so on, over fragments that end with `.end`.
private struct ArithmeticReader {
  enum Failure: Error {
    case expected(StructureProblem.Expectation)
    case tooDeep
    case tooLong
  }

  let fragments: [Fragment]
  var depth: Int
  var position = 0
  var operators = 0

  init(fragments: [Fragment], depth: Int) {
    self.fragments = fragments
    self.depth = depth
  }

  var current: Fragment { fragments[min(position, fragments.count - 1)] }
  var failed: Fragment { current }

  mutating func readParenthesized() -> Result<Expression, Failure> {
    do { return .success(try parenthesized().inner) } catch { return .failure(error) }
  }

  private mutating func parenthesized() throws(Failure) -> (inner: Expression, span: Span) {
    let open = current
    guard depth < Parser.maximumDepth else { throw .tooDeep }
    depth += 1
    position += 1
    let inner = try expression()
    guard case .close = current.kind else { throw .expected(.arithmeticOperator) }
    let span = open.span.union(current.span)
    position += 1
    depth -= 1
    return (inner, span)
  }

  private mutating func expression() throws(Failure) -> Expression {
    var result = try term()
    while case .sign(let sign) = current.kind, sign == .add || sign == .subtract {
      try countOperator()
      result = combine(result, sign, try term())
    }
    return result
  }

  private mutating func term() throws(Failure) -> Expression {
    var result = try factor()
    while case .sign(let sign) = current.kind, sign == .multiply || sign == .divide {
      try countOperator()
      result = combine(result, sign, try factor())
    }
    return result
  }

  private mutating func countOperator() throws(Failure) {
    operators += 1
    guard operators <= Parser.maximumOperators else { throw .tooLong }
    position += 1
  }

  private func combine(_ left: Expression, _ sign: Expression.Operator, _ right: Expression) -> Expression {
    .binary(left, sign, right, left.span.union(right.span))
  }

  private mutating func factor() throws(Failure) -> Expression {
    let start = current
    if case .sign(.subtract) = start.kind {
      position += 1
      let operand = try unsigned()
      return .negate(operand, start.span.union(operand.span))
    }
    return try unsigned()
  }

  private mutating func unsigned() throws(Failure) -> Expression {
    let fragment = current
    switch fragment.kind {
    case .number(let value, let spelling):
      position += 1
      return .number(value, spelling: spelling, fragment.span)
    case .variable(let name):
      position += 1
      return .variable(name, fragment.span)
    case .open:
      let (inner, span) = try parenthesized()
      return .parenthesized(inner, span)
    default: throw .expected(.factor)
    }
  }
}
